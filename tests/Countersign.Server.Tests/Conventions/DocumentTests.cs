using System.Text.RegularExpressions;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Conventions;

/// <summary>What is true of the documents as a whole.</summary>
public sealed partial class DocumentTests
{
    private static readonly string _template = "Context,Choice,(Instead of,)?Price,Look again";

    [Fact]
    public void The_readme_is_for_a_visitor_in_a_hurry() =>
        Assert.InRange(File.ReadAllLines(Path.Combine(Repository.Root, "README.md")).Length, 20, 80);

    [Fact]
    public void Every_decision_has_the_headings_of_the_template()
    {
        var decisions = Directory.GetFiles(Path.Combine(Repository.Root, "docs", "decisions"), "0*.md");

        Assert.NotEmpty(decisions);
        Assert.All(decisions, decision => Assert.Matches(
            $"^{_template}$",
            string.Join(',', Heading().Matches(File.ReadAllText(decision)).Select(heading => heading.Groups["text"].Value.Trim()))));
    }

    [Fact]
    public void Every_link_between_documents_leads_somewhere()
    {
        string[] folders = ["docs", Path.Combine("docs", "decisions"), "."];
        var documents = folders.SelectMany(folder => Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.md")).ToArray();

        Assert.All(documents, document => Assert.Empty(DeadLinks(document)));
    }

    private static IEnumerable<string> DeadLinks(string document) => Link().Matches(WithoutCode(document))
        .Select(link => link.Groups["to"].Value)
        .Where(link => !link.Contains("://", StringComparison.Ordinal) && !link.StartsWith("mailto:", StringComparison.Ordinal))
        .Where(link => !Leads(document, link));

    private static bool Leads(string document, string link)
    {
        var (path, anchor) = link.Split('#') is [var before, var after] ? (before, after) : (link, null);
        var target = path.Length == 0 ? document : Path.Combine(Path.GetDirectoryName(document)!, path);
        return anchor is null ? Path.Exists(target) : File.Exists(target) && Anchors(target).Contains(anchor);
    }

    // As GitHub makes them: letters in lower case, hyphens for spaces, nothing else but digits, hyphens and underscores.
    private static IEnumerable<string> Anchors(string document) => AnyHeading().Matches(WithoutCode(document))
        .Select(heading => heading.Groups["text"].Value.Trim().ToLowerInvariant())
        .Select(text => NoAnchor().Replace(text, "").Replace(' ', '-'));

    private static string WithoutCode(string document) => Code().Replace(File.ReadAllText(document), "");

    [GeneratedRegex("^## (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("^#{1,6} (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex AnyHeading();

    [GeneratedRegex(@"\[[^\]]*\]\((?<to>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NoAnchor();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();
}
