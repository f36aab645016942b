using System.Text.RegularExpressions;
using Countersign.Cli.Attacks;
using Countersign.Cli.Attacks.Plays;

namespace Countersign.Cli.Tests.Attacks;

/// <summary>No attack is forgotten: each is played from outside, by a test, or is a limit that a page states.</summary>
public sealed partial class AttackTableTests
{
    private static readonly string _root = Root();

    public static TheoryData<string> Ids => [.. AttackTable.All.Select(attack => attack.Id)];

    [Fact]
    public void Each_known_attack_is_there_in_its_order() =>
        Assert.Equal(KnownAttack.All, AttackTable.All.Select(attack => attack.Known));

    [Theory]
    [MemberData(nameof(Ids))]
    public void Each_has_clauses_and_is_played_or_says_where(string id)
    {
        var attack = AttackTable.All.Single(one => one.Id == id);

        Assert.NotEmpty(attack.Clauses);
        Assert.Equal(attack.Play is null, attack.Elsewhere is not null);
        Assert.True(attack.Elsewhere is null or { Next: not null, Verdict: Verdict.LimitStated or Verdict.NotApplicable });
    }

    /// <summary>Both tables then say of it that this test plays it.</summary>
    [Fact]
    public void Each_test_that_is_named_is_there_and_bears_the_id()
    {
        var files = Directory.GetFiles(Path.Combine(_root, "tests"), "*.cs", SearchOption.AllDirectories)
            .ToLookup(Path.GetFileNameWithoutExtension, File.ReadAllLines, StringComparer.Ordinal);
        (string Id, string Test)[] named =
        [
            .. AttackTable.All.Where(attack => TestOf(attack) is not null).Select(attack => (attack.Id, TestOf(attack)!)),
            // In Live alone.
            ("I04", NameAttacks.SourceIsDown),
        ];

        var missing = named.Where(one => !files[one.Test.Split('.')[0]].Any(lines => Bears(lines, one.Test.Split('.')[1], one.Id)));

        Assert.Empty(missing);
    }

    [Fact]
    public void Each_page_that_is_named_is_there_with_its_heading()
    {
        var named = Directory.GetFiles(Path.Combine(_root, "src", "Countersign.Cli", "Attacks"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Pages().Matches(File.ReadAllText(file)))
            .Select(page => (File: page.Groups["file"].Value, Heading: page.Groups["heading"].Value)).Distinct().ToList();

        Assert.NotEmpty(named);
        Assert.All(named, page =>
        {
            var text = File.ReadAllText(Path.Combine(_root, page.File));
            Assert.True(
                page.Heading.Length == 0 || text.Split('\n').Any(line => line.StartsWith('#') && AnchorOf(line) == page.Heading),
                $"{page}");
        });
    }

    [Fact]
    public void The_page_lists_them_as_they_are()
    {
        var page = File.ReadAllText(Path.Combine(_root, "docs", "attacks.md"));

        var rows = AttackTable.All.Select(attack => $"| {attack.Id} | {attack.Known.Try} | {HowOf(attack)} |");

        Assert.Equal(rows, page.Split('\n').Where(line => Row().IsMatch(line)));
    }

    private static string HowOf(Attack attack) =>
        attack.Play is not null ? "from outside"
        : TestOf(attack) is { } test ? $"by the test `{test}`"
        : "a limit that is stated";

    /// <summary>A trait with the id stands above a test, before anything that is no attribute or comment.</summary>
    private static bool Bears(string[] lines, string method, string id) => lines
        .Take(Array.FindIndex(lines, line => line.Contains($" {method}(", StringComparison.Ordinal))).Reverse()
        .TakeWhile(line => line.TrimStart() is ['[' or '/', ..])
        .Any(line => line.Contains($"[Trait(\"attack\", \"{id}\")]", StringComparison.Ordinal));

    private static string? TestOf(Attack attack) =>
        attack.Elsewhere?.Next is { } next && next.Split("by the test ") is [_, var test] ? test.TrimEnd('.') : null;

    // As GitHub makes them.
    private static string AnchorOf(string heading) =>
        string.Concat(heading.TrimStart('#').Trim().ToLowerInvariant().Replace(' ', '-').Where(c => char.IsLetterOrDigit(c) || c is '-'));

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Countersign.slnx")))
        {
            folder = folder.Parent!;
        }
        return folder.FullName;
    }

    [GeneratedRegex(@"(?<file>(docs/[\w-]+|SECURITY)\.md)(#(?<heading>[\w-]+))?", RegexOptions.ExplicitCapture)]
    private static partial Regex Pages();

    [GeneratedRegex("^[|] [A-Z][0-9]{2} [|]")]
    private static partial Regex Row();
}
