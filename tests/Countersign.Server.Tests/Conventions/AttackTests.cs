using System.Text.RegularExpressions;
using Countersign.Cli.Attacks;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Conventions;

/// <summary>Each attack is played by a test, or its limit is stated, and docs/threat-model.md says so.</summary>
public sealed partial class AttackTests
{
    /// <summary>Set by <c>./eng/attacks</c>: the table is written into the page instead of compared with it.</summary>
    private const string WriteSwitch = "COUNTERSIGN_WRITE_ATTACKS";

    private const string Begin = "<!-- The table of attacks: written by ./eng/attacks -->\n";
    private const string End = "<!-- The end of the table of attacks -->\n";

    private static readonly Lazy<IReadOnlyList<Played>> _played = new(() => [.. Sources().SelectMany(PlayedIn)]);

    /// <summary>A test that plays an attack.</summary>
    /// <param name="File">From the repository's root, with slashes.</param>
    private sealed record Played(string Id, string File, string Method);

    [Fact]
    public void Each_attack_is_played_by_a_test_or_has_its_limit_stated()
    {
        var played = _played.Value.Select(one => one.Id).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(KnownAttack.All.Where(attack => attack.Limit is null && !played.Contains(attack.Id)).Select(attack => attack.Id));
    }

    [Fact]
    public void No_test_plays_an_attack_that_there_is_not() => Assert.Empty(
        _played.Value.Where(one => KnownAttack.All.All(attack => attack.Id != one.Id)).Select(one => $"{one.Id} of {one.File}"));

    /// <summary>An id is cited elsewhere: none is left out, and none is given again.</summary>
    [Fact]
    public void The_ids_of_a_kind_are_numbered_without_a_gap() => Assert.Equal(
        KnownAttack.Kinds.SelectMany(kind => Enumerable.Range(1, KnownAttack.All.Count(attack => attack.Id[0] == kind.Letter))
            .Select(number => $"{kind.Letter}{number:00}")),
        KnownAttack.All.Select(attack => attack.Id));

    [Fact]
    public void The_table_in_the_page_is_that_of_the_tests()
    {
        var file = Path.Combine(Repository.Root, "docs", "threat-model.md");
        var page = File.ReadAllText(file);
        var (before, rest) = Cut(page, Begin);
        var (table, after) = Cut(rest, End);

        if (Environment.GetEnvironmentVariable(WriteSwitch) == "1")
        {
            File.WriteAllText(file, before + Begin + Table() + End + after);
            return;
        }
        Assert.True(table == Table(), "The table of docs/threat-model.md is another. Run ./eng/attacks and look at the difference.");
    }

    [Theory]
    [InlineData("threat-model.md")]
    [InlineData("clauses.md")]
    public void A_page_names_no_attack_that_there_is_not(string page)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", page));

        var named = Named().Matches(text).Select(match => match.Value).Distinct(StringComparer.Ordinal).ToList();

        Assert.NotEmpty(named);
        Assert.Empty(named.Except(KnownAttack.All.Select(attack => attack.Id)));
    }

    /// <summary>What is met is shown by a test or a page; what is not has its reason.</summary>
    [Fact]
    public void Each_clause_says_whether_it_is_met_and_why()
    {
        string[] states = ["met", "partly", "not met", "not ours"];
        var rows = File.ReadLines(Path.Combine(Repository.Root, "docs", "clauses.md"))
            .Where(line => line.StartsWith('|') && !line.StartsWith("|---", StringComparison.Ordinal))
            .Select(line => line.Trim('|', ' ').Split(" | "))
            .Where(row => row[0] is not ("clause" or "section")).ToList();

        Assert.NotEmpty(rows);
        Assert.All(rows, row =>
        {
            Assert.True(row.Length == 4 && states.Contains(row[2]) && row[3].Length > 0, $"{string.Join(" | ", row)}");
            Assert.True(row[2] != "met" || Named().IsMatch(row[3]) || row[3].Contains("](", StringComparison.Ordinal), row[0]);
        });
    }

    [Fact]
    public void A_test_is_found_by_what_stands_above_it()
    {
        string[] source =
        [
            "    [Theory]", "    [Trait(\"attack\", \"S01\")]", "    [InlineData(1)]", "    // More.", "    [Trait(\"attack\", \"L01\")]",
            "    public async Task Nobody_gets_in(int one)", "    {", "    }", "", "    [Fact]", "    public void It_opens() => Open();",
        ];

        Assert.Equal(["S01 Nobody_gets_in", "L01 Nobody_gets_in"], PlayedIn("A.cs", source).Select(one => $"{one.Id} {one.Method}"));
    }

    private static string Table() => string.Concat(KnownAttack.Kinds.Select(kind =>
        $"\n### {kind.Name}\n\n| id | somebody tries | what is promised | what stays | tests |\n|---|---|---|---|---|\n"
        + string.Concat(KnownAttack.All.Where(attack => attack.Id[0] == kind.Letter).Select(Row)))) + "\n";

    private static string Row(KnownAttack attack)
    {
        var tests = string.Join("<br>", _played.Value.Where(one => one.Id == attack.Id).Select(Sentence));
        return $"| {attack.Id} | {attack.Try} | {attack.Promise} | {attack.Limit} | {tests} |\n";
    }

    // The names of tests are sentences.
    private static string Sentence(Played one) => $"[{one.Method.Replace('_', ' ')}](../{one.File})";

    private static IEnumerable<string> Sources() => Directory
        .EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
        .Where(file => !file.Split('/').Any(folder => folder is "obj" or "bin" or "node_modules"))
        .Order(StringComparer.Ordinal);

    private static IEnumerable<Played> PlayedIn(string file) => PlayedIn(file, File.ReadLines(Path.Combine(Repository.Root, file)));

    private static IEnumerable<Played> PlayedIn(string file, IEnumerable<string> lines)
    {
        var ids = new List<string>();
        foreach (var line in lines)
        {
            if (Bears().Match(line) is { Success: true } bears)
            {
                ids.Add(bears.Groups["id"].Value);
            }
            else if (ids.Count > 0 && Method().Match(line) is { Success: true } method)
            {
                foreach (var id in ids)
                {
                    yield return new Played(id, file, method.Groups["name"].Value);
                }
                ids.Clear();
            }
        }
    }

    private static (string Before, string After) Cut(string text, string mark)
    {
        var at = text.IndexOf(mark, StringComparison.Ordinal);
        Assert.True(at >= 0, $"docs/threat-model.md lacks the line {mark}");
        return (text[..at], text[(at + mark.Length)..]);
    }

    [GeneratedRegex("""^    \[Trait\("attack", "(?<id>[^"]*)"\)\]$""")]
    private static partial Regex Bears();

    [GeneratedRegex(@"^    public .*?\b(?<name>\w+)\(")]
    private static partial Regex Method();

    [GeneratedRegex(@"\b[SLTAFIWDO]\d\d\b")]
    private static partial Regex Named();
}
