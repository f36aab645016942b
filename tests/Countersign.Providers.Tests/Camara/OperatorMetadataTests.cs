using System.Text;
using Countersign.Providers.Camara;
using Countersign.Providers.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Providers.Tests.Camara;

/// <summary>What an operator publishes.</summary>
public sealed class OperatorMetadataTests
{
    [Theory]
    [InlineData(ScriptedOperator.Discovery)]
    [InlineData(ScriptedOperator.Keys)]
    public async Task A_byte_order_mark_is_passed_over(string path)
    {
        using var network = new ScriptedOperator();
        var answer = network.Answers[path];
        network.Answers[path] = async (request, body, token) =>
        {
            using var plain = await answer(request, body, token);
            return ScriptedOperator.Raw([.. Encoding.UTF8.GetPreamble(), .. await plain.Content.ReadAsByteArrayAsync(token)]);
        };
        using var one = network.AskedBy(new FakeTimeProvider(), NullLogger.Instance);

        var published = await one.Metadata.GetAsync(TestContext.Current.CancellationToken);

        Assert.Equal(("https://operator.example/token", 0), (published.Token.OriginalString, published.Keys.Count));
    }
}
