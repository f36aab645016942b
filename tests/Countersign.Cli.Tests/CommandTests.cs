using System.CommandLine;
using System.Text.RegularExpressions;
using Countersign.Cli.Tests.Fixtures;

namespace Countersign.Cli.Tests;

public sealed partial class CommandTests
{
    private static readonly string _page = File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", "cli.md"));

    public static TheoryData<string> CommandLines => [.. Lines(Program.Commands(CliEnvironment.OfProcess), "countersign")];

    [Fact]
    public void Without_arguments_the_command_says_what_it_is_for()
    {
        var result = Program.Commands(CliEnvironment.OfProcess).Parse([]);

        Assert.Contains("Countersign", result.RootCommandResult.Command.Description, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(CommandLines))]
    public void Every_command_has_its_row_and_an_example(string command)
    {
        Assert.Contains($"\n| `{command}` | ", _page, StringComparison.Ordinal);
        Assert.Contains($"\n{command}", _page, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_row_is_a_command()
    {
        var told = Row().Matches(_page).Select(row => row.Groups["command"].Value).ToList();

        Assert.NotEmpty(told);
        Assert.Empty(told.Except(CommandLines.Select(row => row.Data)));
    }

    [Fact]
    public void Every_example_is_understood()
    {
        var examples = Example().Matches(_page).Select(line => line.Groups["arguments"].Value).ToList();

        Assert.NotEmpty(examples);
        Assert.All(examples, example => Assert.Empty(Program.Commands(CliEnvironment.OfProcess).Parse(example).Errors));
    }

    [Theory]
    [MemberData(nameof(CommandLines))]
    public async Task Every_command_has_a_help(string command)
    {
        var run = await CommandLine.RunAsync(new Dictionary<string, string>(), [.. command.Split(' ')[1..], "--help"]);

        Assert.Equal(0, run.Code);
        Assert.Contains("Usage:", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void No_command_takes_a_key_on_its_command_line()
    {
        var options = CommandLines.Select(row => row.Data).SelectMany(line =>
            Program.Commands(CliEnvironment.OfProcess).Parse([.. line.Split(' ')[1..]]).CommandResult.Command.Options)
            .Select(option => option.Name);

        Assert.DoesNotContain(options, option => option is "--key" or "--secret" or "--admin-key" or "--password");
    }

    // Most that have commands below them do nothing by themselves.
    private static IEnumerable<string> Lines(Command command, string line) =>
        (command.Action is null ? [] : new[] { line })
            .Concat(command.Subcommands.SelectMany(child => Lines(child, $"{line} {child.Name}")));

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Countersign.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }
        return folder.FullName;
    }

    [GeneratedRegex(
        @"^\| `(?<command>countersign [^`]*)` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();

    [GeneratedRegex(
        @"^countersign (?<arguments>.*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Example();
}
