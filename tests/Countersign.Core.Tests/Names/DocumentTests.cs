using Countersign.Core.Names;

namespace Countersign.Core.Tests.Names;

/// <summary>The examples in docs/name-matching.md are true, and no rule is without one.</summary>
public sealed class DocumentTests
{
    private static readonly string[][] _examples = [.. ReadExamples()];

    public static TheoryData<string, string, string, string, string, string> Examples =>
        [.. _examples.Select(row =>
            new TheoryDataRow<string, string, string, string, string, string>(row[0], row[1], row[2], row[3], row[4], row[5]))];

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_is_true(string rule, string field, string recorded, string given, string verdict, string score)
    {
        var comparison = NameMatcher.Compare(Name(field, recorded), Name(field, given), MatchPolicy.Standard);

        var result = field == "family" ? comparison.Family : comparison.Given;
        Assert.Equal((rule, verdict, score), (result.Rule.Name, Say(result.Match), $"{result.Score}"));
    }

    [Fact]
    public void Every_rule_has_an_example()
    {
        Assert.Empty(MatchRule.All.Select(rule => rule.Name).Except(_examples.Select(row => row[0]), StringComparer.Ordinal));
    }

    [Fact]
    public void The_page_names_the_version() =>
        Assert.Contains($"have a version, now **{NameMatcher.Version}**", File.ReadAllText(Page()), StringComparison.Ordinal);

    private static PersonName Name(string field, string text)
    {
        var written = text == "(151 letters)" ? new string('a', 151) : text;
        return field switch
        {
            "given" => new PersonName(written, "Rossi"),
            "family" => new PersonName("Anna", written),
            _ => new PersonName(written.Split(' ')[0], written.Split(' ')[1]),
        };
    }

    private static string Say(IdentityMatch match) => match switch
    {
        IdentityMatch.Matched => "matched",
        IdentityMatch.Differs => "differs",
        _ => "not available",
    };

    private static IEnumerable<string[]> ReadExamples() => File.ReadLines(Page())
        .SkipWhile(line => line != "## Rules").SkipWhile(line => !line.StartsWith("|---", StringComparison.Ordinal)).Skip(1)
        .TakeWhile(line => line.StartsWith('|'))
        .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries));

    private static string Page() => Path.Combine(Repository.Root, "docs", "name-matching.md");
}
