using Countersign.Core.Assurance;
using Countersign.Core.Projects;

namespace Countersign.Core.Tests.Assurance;

public sealed class OneCallBatchTests
{
    private static readonly ProjectSettings _some = new() { OneCall = [VerificationType.VerifiedUser, VerificationType.HumanAssurance] };

    // "-" is an item that is no question, "!" one that the project may not ask.
    [Theory]
    [InlineData("a b c", "")]
    [InlineData("a a", "1")]
    [InlineData("a b a c b a", "2 4 5")]
    [InlineData("- a - a", "3")]
    [InlineData("!a a a", "2")]
    [InlineData("a !a", "")]
    [InlineData("none none", "")]
    public void A_batch_names_a_line_once(string lines, string repeated)
    {
        var found = Batch(areKept: true).RepeatedIn(_some, [.. lines.Split(' ').Select(Question)]);

        Assert.Equal(repeated, string.Join(' ', found.Order()));
    }

    [Theory]
    [InlineData("a b", true)]
    [InlineData("a !b", true)]
    [InlineData("!a !b", false)]
    [InlineData("!a -", false)]
    [InlineData("- -", true)]
    public void A_batch_of_which_nothing_may_be_asked_is_not_permitted(string lines, bool isPermitted)
    {
        Assert.Equal(isPermitted, Batch(areKept: true).IsPermitted(_some, [.. lines.Split(' ').Select(Question)]));
        Assert.True(Batch(areKept: false).IsPermitted(new ProjectSettings(), [.. lines.Split(' ').Select(Question)]));
    }

    private static OneCallQuestion? Question(string line) => line == "-" ? null : new OneCallQuestion(
        line[0] == '!' ? VerificationType.Prefill : VerificationType.VerifiedUser, line.TrimStart('!'), null, null, []);

    private static OneCallBatch Batch(bool areKept) => new(new ProjectPermissions(areKept), new Letters());

    private sealed class Letters : INumberPlan
    {
        public PhoneNumber? Read(string text) => text.Length == 1 ? PhoneNumber.Parse($"+1202555010{text[0] - 'a'}") : null;

        public PhoneNumber FormOf(PhoneNumber number) => number;

        public IReadOnlyList<PhoneNumber> FormerFormsOf(PhoneNumber number) => [];

        public string? CountryOf(PhoneNumber number) => null;
    }
}
