using System.Text;
using Countersign.Core.Flows;

namespace Countersign.Core.Tests.Flows;

public sealed class KeyedCallTests
{
    private static readonly KeyedCall _call = new(Sample.Hash(1), Sample.Hash(2), Sample.Now, Sample.Now.AddDays(-1));

    [Fact]
    public void A_key_that_was_reserved_is_abandoned_after_a_minute() =>
        Assert.Equal(Sample.Now.AddMinutes(-1), _call.AbandonedBefore());

    /// <summary>It holds a browser's credential and what the call was about.</summary>
    [Fact]
    public void An_answer_prints_nothing_of_itself()
    {
        var answer = Encoding.UTF8.GetBytes("secret");

        Assert.Equal(["***", "***"], [new KeyedAnswer(_call, answer).ToString(), new Remembered.Answered(answer).ToString()]);
    }
}
