using Countersign.Core.Money;
using Countersign.Core.Projects;

namespace Countersign.Core.Tests.Projects;

public sealed class GuardedSettingsTests
{
    private static readonly ProjectSettings _some = new()
    {
        OneCall = [VerificationType.VerifiedUser, VerificationType.Prefill],
        DisclosesSsn = true,
        IdentityReasons = IdentityReasons.Full,
        Caps = new Caps(10, 100, "EUR"),
    };

    private static readonly (string Name, Func<ProjectSettings, ProjectSettings> Change, string Widened)[] _rows =
    [
        ("nothing", settings => settings, ""),
        ("another setting", settings => settings with { NumberChange = NumberChangeRule.On, Countries = ["US"] }, ""),
        ("fewer types", settings => settings with { OneCall = [VerificationType.Prefill] }, ""),
        ("no types", settings => settings with { OneCall = [] }, ""),
        ("another order", settings => settings with { OneCall = [VerificationType.Prefill, VerificationType.VerifiedUser] }, ""),
        ("another type", settings => settings with { OneCall = [VerificationType.PrefillForBiz] }, "OneCall"),
        ("four digits", settings => settings with { DisclosesSsn = false }, ""),
        ("reasons after the proof", settings => settings with { IdentityReasons = IdentityReasons.Proven }, ""),
        ("lower caps", settings => settings with { Caps = new Caps(9.99m, 100, "EUR") }, ""),
        ("a higher day", settings => settings with { Caps = new Caps(10.01m, 100, "EUR") }, "Caps"),
        ("a higher month", settings => settings with { Caps = new Caps(10, 101, "EUR") }, "Caps"),
        ("no day", settings => settings with { Caps = new Caps(null, 100, "EUR") }, "Caps"),
        ("no month", settings => settings with { Caps = new Caps(10, null, "EUR") }, "Caps"),
        ("another currency", settings => settings with { Caps = new Caps(1, 10, "USD") }, "Caps"),
        ("no caps", settings => settings with { Caps = null }, "Caps"),
    ];

    public static TheoryData<string> Names => [.. _rows.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_permits_more_is_wider(string name)
    {
        var row = _rows.Single(row => row.Name == name);

        Assert.Equal(row.Widened, string.Join(' ', GuardedSettings.WidenedBy(_some, row.Change(_some))));
    }

    [Fact]
    public void To_a_new_project_all_is_wider_but_caps()
    {
        Assert.Equal(["OneCall", "DisclosesSsn", "IdentityReasons"], GuardedSettings.WidenedBy(new ProjectSettings(), _some));
        Assert.Empty(GuardedSettings.WidenedBy(_some with { Caps = new Caps(null, 100, "EUR") }, _some));
    }
}
