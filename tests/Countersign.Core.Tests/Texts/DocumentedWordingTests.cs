using System.Text.RegularExpressions;
using Countersign.Core;
using Countersign.Core.Texts;

namespace Countersign.Core.Tests.Texts;

/// <summary>The wordings that our own pages show are taken, by the same rules as everybody's.</summary>
public sealed partial class DocumentedWordingTests
{
    [Fact]
    public void What_the_documents_show_is_taken()
    {
        var wordings = Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Append(Path.Combine(Repository.Root, "README.md"))
            .SelectMany(page => Quoted().Matches(File.ReadAllText(page)).Select(match => match.Groups["wording"].Value))
            .ToList();

        Assert.NotEmpty(wordings);
        Assert.All(wordings, wording => Assert.Equal("", ProblemOf(wording, FlowType.Mobile)));
    }

    [Fact]
    public void What_we_send_ourselves_is_taken()
    {
        var link = SmsTemplate.DefaultLink(new Brand("Shop", []), 64, TimeSpan.FromMinutes(3)).Fill("####", isLink: true);
        var code = SmsTemplate.DefaultOtp(new Brand("Shop", []), 6, TimeSpan.FromMinutes(2)).Fill("######", isLink: false);

        Assert.Equal(("", ""), (ProblemOf(link, FlowType.Desktop), ProblemOf(code, FlowType.Mobile)));
    }

    private static string ProblemOf(string wording, FlowType type)
    {
        _ = SmsTemplate.TryParse(wording, type, maxProofLength: type == FlowType.Desktop ? 64 : 0, suffix: 0, out var problem);
        return problem;
    }

    [GeneratedRegex("\"(?<wording>[^\"\\n]*#{4,6}[^\"\\n]*)\"", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Quoted();
}
