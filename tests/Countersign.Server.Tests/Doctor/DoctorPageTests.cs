using System.Text.RegularExpressions;
using Countersign.Core.Doctor;
using Countersign.Server.Hosting;

namespace Countersign.Server.Tests.Doctor;

/// <summary>What each check says to do can be done. Its row in docs/doctor.md is held by the tests of the core.</summary>
public sealed partial class DoctorPageTests
{
    public static TheoryData<string> Ids => [.. Checks.All.Select(check => check.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void What_a_check_names_is_there(string id)
    {
        var check = Checks.All.Single(one => one.Id == id);
        var settings = SettingNames.Ours.All.ToList();

        var named = Setting().Matches(check.Do).Select(match => match.Value).ToList();

        Assert.All(named, setting => Assert.Contains(
            settings, known => known == setting || known.StartsWith($"{setting}:", StringComparison.Ordinal)));
    }

    [GeneratedRegex(@"Countersign(:[A-Za-z0-9<>]+)+")]
    private static partial Regex Setting();
}
