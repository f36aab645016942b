using System.CommandLine;
using System.Text.Json;

namespace Countersign.NameMatching.Tests;

public sealed class ProgramTests
{
    [Theory]
    [InlineData("--policy", "loose")]
    [InlineData("--set", "all")]
    [InlineData("--wrong", "-1")]
    public void What_is_not_offered_is_refused_with_a_sentence(string option, string value)
    {
        var (code, _, error) = Run(option, value);

        Assert.NotEqual(0, code);
        Assert.NotEmpty(error);
    }

    [Fact]
    public void It_prints_figures_with_intervals_the_hand_labelled_beside_them_and_wrong_pairs()
    {
        var (code, output, _) = Run("--wrong", "3");

        Assert.Equal(0, code);
        Assert.Contains("policy standard, held-out pairs", output, StringComparison.Ordinal);
        Assert.Matches(@"nickname +same +1200 +\d+\.\d\d % \[ *\d+\.\d\d, +\d+\.\d\d\] +\d+ +\d+ ", output);
        Assert.Contains("held-out: false-match rate", output, StringComparison.Ordinal);
        Assert.Contains("hand: precision", output, StringComparison.Ordinal);
        Assert.Contains("Wrong pairs of the hand set, 3 of ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void It_prints_json_for_programs()
    {
        var (code, output, _) = Run("--set", "hand", "--policy", "lenient", "--json");

        var json = JsonDocument.Parse(output).RootElement;
        Assert.Equal(0, code);
        Assert.Equal("lenient", json.GetProperty("policy").GetString());
        Assert.InRange(json.GetProperty("set").GetProperty("recall").GetProperty("share").GetDouble(), 0.8, 1);
    }

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = Program.NewCommand().Parse(arguments).Invoke(new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
