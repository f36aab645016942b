using System.Reflection;
using System.Text.RegularExpressions;
using Countersign.Core.Doctor;

namespace Countersign.Core.Tests.Doctor;

/// <summary>docs/doctor.md has each check, as it is told.</summary>
public sealed partial class ChecksTests
{
    /// <summary>Set by <c>./eng/doctor</c>: the table is written into the page instead of compared with it.</summary>
    private const string WriteSwitch = "COUNTERSIGN_WRITE_DOCTOR";

    private const string Begin = "<!-- The table of checks: written by ./eng/doctor -->\n";
    private const string End = "<!-- The end of the table of checks -->\n";

    private static readonly string _docs = Path.Combine(Repository.Root, "docs");

    public static TheoryData<string> Ids => [.. Checks.All.Select(check => check.Id)];

    [Fact]
    public void Every_check_is_in_the_list_once()
    {
        var declared = typeof(Checks).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Where(property => property.PropertyType == typeof(Check)).Select(property => (Check)property.GetValue(null)!);

        Assert.Equal(declared.Order(ById), Checks.All.Order(ById));
        Assert.Equal(Checks.All.Count, Checks.All.Select(check => check.Id).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void The_table_in_the_page_is_that_of_the_checks()
    {
        var file = Path.Combine(_docs, "doctor.md");
        var page = File.ReadAllText(file);
        var (begin, end) = (page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, page.IndexOf(End, StringComparison.Ordinal));

        if (Environment.GetEnvironmentVariable(WriteSwitch) == "1")
        {
            File.WriteAllText(file, page[..begin] + Table() + page[end..]);
            return;
        }
        Assert.True(page[begin..end] == Table(), "The table of docs/doctor.md is another. Run ./eng/doctor and look at the difference.");
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_page_of_a_check_is_there_and_what_it_says_is_a_row_of_a_table(string id)
    {
        var check = Checks.All.Single(one => one.Id == id);

        var (page, anchor) = check.Page.Split('#') is [var name, var section] ? (name, section) : (check.Page, null);
        var headings = File.ReadLines(Path.Combine(_docs, page)).Where(line => line.StartsWith('#')).Select(AnchorOf);

        Assert.Matches("^[a-z]+(-[a-z]+)*\\.[a-z]+(-[a-z]+)*$", id);
        Assert.True(anchor is null || headings.Contains(anchor, StringComparer.Ordinal), $"{check.Page} is not there");
        Assert.EndsWith(".", check.Do, StringComparison.Ordinal);
        Assert.False(check.LooksAt.EndsWith('.') || check.LooksAt.Contains('|', StringComparison.Ordinal));
    }

    private static Comparer<Check> ById { get; } = Comparer<Check>.Create((one, other) => string.CompareOrdinal(one.Id, other.Id));

    private static string Table() =>
        "| check | looks at | at worst | what to do | more |\n|---|---|---|---|---|\n" + string.Concat(Checks.All.Select(check =>
            $"| `{check.Id}` | {check.LooksAt} | {DoctorReport.WordOf(check.Worst)} "
                + $"| {Setting().Replace(check.Do, match => $"`{match.Value}`")} | [{check.Page.Split('#')[0]}]({check.Page}) |\n"));

    // As GitHub makes them.
    private static string AnchorOf(string heading) =>
        Unlinked().Replace(heading.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"Countersign(:[A-Za-z0-9<>]+)+")]
    private static partial Regex Setting();

    [GeneratedRegex(@"[^a-z0-9 -]")]
    private static partial Regex Unlinked();
}
