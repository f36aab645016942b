using System.CommandLine;
using System.Text.Json;
using Countersign.Cli.Match;

namespace Countersign.Cli.Tests.Match;

public sealed class MatchCommandTests
{
    private static readonly string[] _bob = ["match", "explain", "--given", "Bob", "--family", "Smith", "--record-given", "Robert", "--record-family", "Smith"];

    [Fact]
    public void Explain_says_the_rule_of_each_field_in_plain_words()
    {
        var (code, output, _) = Run(_bob);

        Assert.Equal(0, code);
        Assert.Contains("given name:  matched, score 92, nickname: One is a short or familiar form of the other", output, StringComparison.Ordinal);
        Assert.Contains("family name: matched, score 100, exact", output, StringComparison.Ordinal);
        Assert.Contains("together:    matched, score 92 (policy standard, rules version 2)", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lenient", 0)]
    [InlineData("standard", MatchCommand.NoMatch)]
    public void Explain_ends_with_the_answer(string policy, int expected)
    {
        var (code, _, _) = Run("match", "explain", "--given", "Kathrine", "--family", "Smith", "--record-given", "Katherine", "--record-family", "Smith", "--policy", policy);

        Assert.Equal(expected, code);
    }

    [Theory]
    [InlineData("--policy", "loose")]
    [InlineData("--set", "all")]
    [InlineData("--wrong", "-1")]
    public void What_is_not_offered_is_refused_with_a_sentence(string option, string value)
    {
        var (code, _, error) = Run("match", "evaluate", option, value);

        Assert.NotEqual(0, code);
        Assert.NotEmpty(error);
    }

    [Fact]
    public void Evaluate_prints_figures_with_intervals_the_hand_labelled_beside_them_and_wrong_pairs()
    {
        var (code, output, _) = Run("match", "evaluate", "--wrong", "3");

        Assert.Equal(0, code);
        Assert.Contains("policy standard, held-out pairs", output, StringComparison.Ordinal);
        Assert.Matches(@"nickname +same +1200 +\d+\.\d\d % \[ *\d+\.\d\d, +\d+\.\d\d\] +\d+ +\d+ ", output);
        Assert.Contains("held-out: false-match rate", output, StringComparison.Ordinal);
        Assert.Contains("hand: precision", output, StringComparison.Ordinal);
        Assert.Contains("Wrong pairs of the hand set, 3 of ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_prints_json_for_programs()
    {
        var (code, output, _) = Run("match", "evaluate", "--set", "hand", "--policy", "lenient", "--json");

        var json = JsonDocument.Parse(output).RootElement;
        Assert.Equal(0, code);
        Assert.Equal("lenient", json.GetProperty("policy").GetString());
        Assert.InRange(json.GetProperty("set").GetProperty("recall").GetProperty("share").GetDouble(), 0.8, 1);
    }

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = Program.Commands(CliEnvironment.OfProcess).Parse(arguments).Invoke(new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
