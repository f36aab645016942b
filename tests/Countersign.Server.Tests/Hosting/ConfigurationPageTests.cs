using System.Text.RegularExpressions;
using Countersign.Server.Hosting;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Hosting;

/// <summary>docs/configuration.md tells every setting there is, and none that is not.</summary>
public sealed partial class ConfigurationPageTests
{
    private static readonly string _page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "configuration.md"));

    public static TheoryData<string> Settings =>
        [.. SettingNames.Ours.All.Select(setting => setting["Countersign:".Length..])];

    [Theory]
    [MemberData(nameof(Settings))]
    public void Every_setting_has_its_row(string setting) => Assert.Contains($"\n| `{setting}` | ", _page, StringComparison.Ordinal);

    [Fact]
    public void Every_row_is_a_setting()
    {
        var known = SettingNames.Ours.All.Select(setting => setting["Countersign:".Length..]).ToHashSet(StringComparer.Ordinal);

        var told = Row().Matches(_page).Select(row => row.Groups["name"].Value).ToList();

        Assert.NotEmpty(told);
        Assert.Empty(told.Except(known));
    }

    [GeneratedRegex(@"^\| `(?<name>[A-Z][^`]*)` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();
}
