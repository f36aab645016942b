using Countersign.Core.Devices;
using Countersign.Core.Possession;
using Countersign.Core.Projects;

namespace Countersign.Core.Tests.Projects;

/// <summary>A project that was there before a default became stricter keeps what it had until somebody chooses.</summary>
public sealed class StricterDefaultsTests
{
    private static readonly StricterDefaults _live = StricterDefaults.InLive(new PossessionOptions { EntriesWithRetry = 3 });
    private static readonly Project _new = new(ProjectId.Parse("shop"), "Shop", new ProjectSettings());
    private static readonly string[] _names =
        ["GuessProbability", "OneCall", "DisclosesSsn", "NumberChange", "DeviceNotice", "LinkConfirmation"];

    [Fact]
    public void A_project_of_before_keeps_all_that_it_had()
    {
        var read = _live.Read(_new, _ => false);

        Assert.All(_names, name => Assert.True(read.Keeps(name), name));
        var settings = read.Settings;
        Assert.Equal((0.0006m, true, NumberChangeRule.On), (settings.GuessProbability, settings.DisclosesSsn, settings.NumberChange));
        Assert.Equal((DeviceNotice.Off, LinkConfirmation.Tap), (settings.DeviceNotice, settings.LinkConfirmation));
        Assert.Equal(Enum.GetValues<VerificationType>(), settings.OneCall);
    }

    [Fact]
    public void In_the_sandbox_nothing_is_stricter()
    {
        Assert.Empty(StricterDefaults.None.Settings);
        Assert.Same(_new, StricterDefaults.None.Read(_new, _ => false));
    }

    [Fact]
    public void What_was_settled_is_not_kept_and_what_is_stored_is_kept_as_it_is()
    {
        var settled = _live.Written(_new);
        Assert.Equal(_names.Order(), settled.Kept.Keys.Order());
        Assert.Same(settled, _live.Read(settled, _ => true));
        Assert.Same(settled, _live.Read(settled, _ => false));

        var kept = _new with { Kept = new Dictionary<string, bool> { ["DisclosesSsn"] = true } };
        var written = _live.Written(kept);
        Assert.True(written.Keeps("DisclosesSsn"));
        Assert.False(_live.Read(written, _ => true).Settings.DisclosesSsn);
        Assert.True(_live.Read(written, name => name != "DisclosesSsn").Settings.DisclosesSsn);
    }

    [Fact]
    public void A_project_that_has_chosen_the_stricter_way_of_confirming_keeps_nothing_of_it()
    {
        var strict = _new with { Settings = new ProjectSettings { LinkConfirmation = LinkConfirmation.Match } };

        var read = _live.Read(strict, _ => false);

        Assert.Equal(LinkConfirmation.Match, read.Settings.LinkConfirmation);
        Assert.False(read.Keeps("LinkConfirmation"));
        Assert.True(read.Keeps("NumberChange"));
    }

    [Fact]
    public void A_configuration_carries_over_what_is_kept_but_for_what_it_chooses()
    {
        var stored = _live.Read(_new, _ => false);
        var configured = _new with
        {
            Name = "Another", Kept = new Dictionary<string, bool> { ["NumberChange"] = false }, Origin = ProjectOrigin.Configuration,
        };

        var carried = _live.Carry(configured, stored);

        Assert.Equal(("Another", ProjectOrigin.Configuration), (carried.Name, carried.Origin));
        Assert.Equal((true, NumberChangeRule.Off), (carried.Settings.DisclosesSsn, carried.Settings.NumberChange));
        Assert.Equal((true, false), (carried.Keeps("DisclosesSsn"), carried.Keeps("NumberChange")));
        Assert.Same(configured, _live.Carry(configured, stored: null));
        Assert.False(_live.Carry(configured, _live.Written(_new)).Settings.DisclosesSsn);
    }

    [Fact]
    public void A_row_is_called_as_its_setting() => Assert.Equal(_names, _live.Settings.Select(setting => setting.ToString()));
}
