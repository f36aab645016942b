using System.CommandLine;
using Countersign.Cli.Match;
using Countersign.Cli.Tests.Fixtures;

namespace Countersign.Cli.Tests.Match;

public sealed class MatchCommandTests
{
    private static readonly string[] _bob = ["match", "explain", "--given", "Bob", "--family", "Smith", "--record-given", "Robert",
        "--record-family", "Smith"];

    [Fact]
    public void Explain_says_the_rule_of_each_field_in_plain_words()
    {
        var (code, output, _) = Run(_bob);

        Assert.Equal(0, code);
        Assert.Contains(
            "given name:  matched, score 92, nickname: One is a short or familiar form of the other", output, StringComparison.Ordinal);
        Assert.Contains("family name: matched, score 100, exact", output, StringComparison.Ordinal);
        Assert.Contains("together:    matched, score 92 (policy standard, rules version 2)", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lenient", 0)]
    [InlineData("standard", MatchCommand.NoMatch)]
    public void Explain_ends_with_the_answer(string policy, int expected)
    {
        var (code, _, _) = Run("match", "explain", "--given", "Kathrine", "--family", "Smith", "--record-given", "Katherine",
            "--record-family", "Smith", "--policy", policy);

        Assert.Equal(expected, code);
    }

    [Fact]
    public void A_policy_that_is_none_is_refused_with_a_sentence()
    {
        var (code, _, error) = Run([.. _bob, "--policy", "loose"]);

        Assert.NotEqual(0, code);
        Assert.NotEmpty(error);
    }

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = Program.Commands(CliEnvironment.OfProcess).Parse(arguments)
            .Invoke(new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
