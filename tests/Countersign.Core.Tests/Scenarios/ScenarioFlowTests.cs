using Countersign.Core.History;
using Countersign.Core.Possession;
using Countersign.Core.Scenarios;

namespace Countersign.Core.Tests.Scenarios;

/// <summary>What a flow's project and server were set to, as far as the flow shows it.</summary>
public sealed class ScenarioFlowTests
{
    private static readonly ScenarioFlow _plain = new()
    {
        Product = "verified-users", Type = "mobile", Life = 900, CodeLife = 120, LinkLife = 180, MobileAuthLife = 6, Entries = 1,
        Resends = 3, NumberChanges = 3,
    };

    public static TheoryData<string, Func<ScenarioFlow, ScenarioFlow>> Shown => new()
    {
        { "1 possession.reported", flow => flow },
        { "1 permission.missing", flow => flow with { MayNotChangeNumber = true } },
        { "1 possession.proven method=otp reason=without-browser", flow => flow with { ProvesItself = true } },
        { "1 possession.failed method=mobile-auth reason=expired", flow => flow with { TakesNoText = true } },
        { "1 possession.failed method=mobile-auth reason=no-text", flow => flow with { TakesNoText = true } },
        { "1 possession.failed method=mobile-auth reason=wrong-entries", flow => flow with { TakesNoText = true } },
        { "1 possession.failed method=mobile-auth reason=given-up", flow => flow },
        { "1 possession.failed method=otp reason=expired", flow => flow },
        { "1 possession.proven method=mobile-auth", flow => flow },
        { "1 binding.another-person", flow => flow with { IsAskedFor = true } },
        { "1 possession.proven method=device-key", flow => flow with { IsRemembered = true } },
        { "1 possession.failed method=device-key reason=given-up", flow => flow },
        { "1 possession.proven method=device-key reason=without-browser", flow => flow with { ProvesItself = true } },
        { "1 device.notice-unsent", flow => flow with { TellsOfDevices = true } },
        { "1 possession.not-accepted reason=recycled", flow => flow with { Refuses = ["recycled"] } },
        { "1 possession.not-accepted reason=risk-unknown", flow => flow with { Refuses = ["sim-swap"], RefusesUnknown = true } },
        { "1 binding.done reason=risk-unknown", flow => flow },
        { "1 entry.wrong", flow => flow with { Entries = 3 } },
        { "1 entry.wrong | 2 entry.wrong | 3 entry.wrong | 4 entry.wrong", flow => flow with { Entries = 5 } },
        { "1 entry.wrong | 2 possession.failed method=otp reason=wrong-entries", flow => flow with { Entries = 2 } },
        { "2 possession.failed method=otp reason=wrong-entries", flow => flow },
        { "1 text.resent | 2 text.resent", flow => flow with { CodeLife = 898.001m } },
    };

    [Theory, MemberData(nameof(Shown))]
    public void What_a_flow_shows_is_what_it_was_set_to(string facts, Func<ScenarioFlow, ScenarioFlow> difference) =>
        AreEqual(difference(_plain), WrittenFlow.Of(facts).Exported().Flow);

    [Fact]
    public void Of_a_text_about_a_device_a_person_is_told_because_it_is_so_set() => AreEqual(
        _plain with { TellsOfDevices = true },
        WrittenFlow.Of("1 flow.finished", "deviceNotice 1 sent: first 2 accepted 3").Exported().Flow);

    [Theory]
    [InlineData("1 entry.wrong", FlowType.Desktop, true)]
    [InlineData("1 possession.failed method=instant-link reason=wrong-entries", FlowType.Desktop, true)]
    [InlineData("1 possession.failed method=instant-link reason=expired", FlowType.Desktop, false)]
    [InlineData("1 entry.wrong", FlowType.Mobile, false)]
    public void A_link_for_which_something_was_entered_wrongly_asks_for_digits(string facts, FlowType type, bool matchesLinks) =>
        Assert.Equal(matchesLinks, (WrittenFlow.Of(facts) with { Type = type }).Exported().Flow.MatchesLinks);

    [Theory]
    [InlineData("1 challenge.accepted", FlowEnd.RanOutChallenging, "pre-fill")]
    [InlineData("1 challenge.accepted | 2 complete.accepted", FlowEnd.Completed, "pre-fill")]
    [InlineData("1 possession.reported", FlowEnd.RanOutAwaitingChallenge, "pre-fill")]
    [InlineData("1 possession.reported", FlowEnd.RanOutReady, "pre-fill")]
    [InlineData("1 possession.reported", FlowEnd.RanOutAwaitingComplete, "identity")]
    [InlineData("1 complete.accepted", FlowEnd.RanOutCompleting, "identity")]
    [InlineData("1 complete.accepted", FlowEnd.RanOutAwaitingChallenge, "pre-fill")]
    public void A_pre_fill_flow_that_came_to_its_last_call_without_a_challenge_had_an_identity_at_its_start(
        string facts, string end, string shape) =>
        Assert.Equal(shape, (WrittenFlow.Of(facts) with
        {
            Product = Product.PreFill, Ending = new Ending(end, WrittenFlow.Begun.AddSeconds(900)),
        }).Exported().Flow.Shape);

    public static TheoryData<string, string[], decimal> CodeLives => new()
    {
        { "1 otp.begun | 9 possession.proven method=otp", [], 120 },
        { "1 otp.begun | 300 possession.proven method=otp", [], 299.001m },
        { "1 otp.begun | 300 possession.failed method=otp reason=given-up", [], 299.001m },
        { "1 otp.begun | 61 possession.failed method=otp reason=expired", [], 60 },
        { "1 otp.begun | 9 entry.wrong | 61 possession.failed method=otp reason=expired", [], 60 },
        { "1 otp.begun | 41 text.resent | 101 possession.failed method=otp reason=expired", [], 60 },
        { "1 otp.begun | 41 number.changed | 101 possession.failed method=otp reason=expired", [], 60 },
        { "1 otp.begun | 241 text.resent | 301 possession.proven method=otp", [], 240.001m },
        { "1 otp.begun | 201 text.resent | 601 text.resent | 901 possession.proven method=otp", [], 400.001m },
        { "1 otp.begun | 900 possession.failed method=otp reason=expired", [], 120 },
        { "1 otp.begun", [], 899.001m },
        { "850 otp.begun", [], 120 },
        { "1 otp.begun | 9 possession.proven method=otp | 400 identity.matched", [], 120 },
        { "1 otp.begun | 9 possession.failed method=otp reason=given-up | 400 identity.matched", [], 120 },
        // A text is handed over while twenty seconds of its life are left.
        { "1 otp.begun | 9 possession.proven method=otp", ["otp 1 sent: first 131 accepted 132"], 150 },
        { "1 otp.begun | 9 possession.proven method=otp",
            ["otp 1 undelivered: first 2 refused:other 131, second 131 undelivered 132"], 150 },
        { "1 otp.begun | 9 possession.proven method=otp", ["otp 1 refused: first 2 refused:other 131"], 150 },
        { "1 otp.begun | 9 possession.proven method=otp", ["otp 1 expired: first 2 refused:other 131"], 120 },
        { "1 otp.begun | 9 possession.proven method=otp",
            ["otp 1 expired: first 2 refused:other 131", "otp 200 sent: first 200 accepted 201"], 150 },
        { "1 otp.begun | 9 possession.proven method=otp",
            ["otp 1 expired: first 2 refused:other 131", "deviceNotice 200 sent: first 200 accepted 201"], 120 },
        { "1 otp.begun | 9 possession.proven method=otp", ["deviceNotice 1 sent: first 200 accepted 201"], 120 },
        // It waits for a gateway only while that is so.
        { "1 otp.begun | 9 possession.proven method=otp", ["otp 1 queued: first 2 refused:throttled 3 again=141"], 160 },
        { "1 otp.begun | 9 possession.proven method=otp", ["otp 1 refused: first 2 refused:throttled 3 again=61"], 79.999m },
        { "1 otp.begun | 9 possession.proven method=otp", ["otp 1 expired: first 2 refused:throttled 3 again=141"], 120 },
        { "1 otp.begun | 9 possession.proven method=otp",
            ["otp 1 refused: first 2 refused:throttled 3 again=71, second 4 refused:throttled 5 again=61"], 79.999m },
        { "1 otp.begun | 9 possession.proven method=otp",
            ["otp 1 refused: first 2 refused:throttled 3 again=4, first 4 refused:throttled 5 again=61"], 79.999m },
        { "1 otp.begun | 9 possession.proven method=otp",
            [
                "otp 1 refused: first 2 refused:throttled 3 again=4, first 4 refused:throttled 5 again=6, "
                    + "first 6 refused:throttled 7 again=61",
            ], 120 },
        { "1 otp.begun | 9 possession.proven method=otp",
            ["otp 1 refused: first 2 refused:throttled 3 again=61, second 4 refused:invalidDestination 5"], 120 },
        { "1 otp.begun | 9 possession.proven method=otp",
            ["otp 1 refused: first 2 refused:throttled 3 again=61, second 4 refused:other 5"], 79.999m },
        { "1 otp.begun | 9 possession.failed method=otp reason=given-up",
            ["otp 1 refused: first 2 refused:throttled 3 again=900"], 120 },
        // Too little time was left.
        { "1 otp.begun | 61 text.unavailable reason=too-little-time", ["otp 1 expired:"], 899.001m },
        { "1 otp.begun | 61 possession.failed method=otp reason=no-text cause=too-little-time", ["otp 1 expired:"], 79.999m },
        { "1 otp.begun | 61 possession.failed method=otp reason=no-text cause=too-little-time",
            ["otp 1 expired: first 2 refused:other 71"], 79.999m },
        { "1 otp.begun | 61 possession.failed method=otp reason=no-text cause=too-little-time",
            ["otp 1 refused: first 2 refused:expired 61"], 120 },
        { "1 otp.begun | 61 text.refused gateway=first reason=too-little-time | 62 possession.proven method=otp",
            ["otp 1 sent: first 61 accepted 62"], 120 },
        { "1 otp.begun | 61 possession.failed method=otp reason=no-text cause=too-little-time", ["otp 62 expired:"], 120 },
    };

    [Theory, MemberData(nameof(CodeLives))]
    public void A_code_lives_as_long_as_is_set_unless_the_flow_shows_otherwise(string facts, string[] texts, decimal life) =>
        Assert.Equal(life, WrittenFlow.Of(facts, texts).Exported().Flow.CodeLife);

    [Theory]
    [InlineData("1 mobile-auth.begun | 4 mobile-auth.expired", 3)]
    [InlineData("1 mobile-auth.begun | 4 possession.failed method=mobile-auth reason=expired", 3)]
    [InlineData("1 mobile-auth.begun | 4 possession.proven method=mobile-auth", 6)]
    [InlineData("1 mobile-auth.begun | 9 possession.proven method=mobile-auth", 8.001)]
    [InlineData("1 mobile-auth.begun | 9 mobile-auth.refused", 8.001)]
    [InlineData("1 mobile-auth.begun | 2 mobile-auth.refused | 9 possession.proven method=otp", 6)]
    [InlineData("1 mobile-auth.begun | 2 mobile-auth.unavailable | 9 possession.proven method=otp", 6)]
    [InlineData("1 mobile-auth.begun | 4 mobile-auth.expired | 9 possession.proven method=otp", 3)]
    [InlineData("1 mobile-auth.begun | 4 mobile-auth.expired | 11 mobile-auth.begun | 13 mobile-auth.expired", 2)]
    [InlineData("1 mobile-auth.begun | 4 mobile-auth.expired | 11 mobile-auth.begun | 16 mobile-auth.expired", 3)]
    public void A_network_has_as_long_as_is_set_unless_the_flow_shows_otherwise(string facts, decimal life) =>
        Assert.Equal(life, WrittenFlow.Of(facts).Exported().Flow.MobileAuthLife);

    [Fact]
    public void On_a_desktop_a_flow_shows_how_long_a_link_lives() => AreEqual(
        _plain with { Type = "desktop", LinkLife = 60 },
        WrittenFlow.Of("1 instant-link.begun | 61 possession.failed method=instant-link reason=expired").OnDesktop().Exported().Flow);

    [Fact]
    public void What_no_flow_shows_is_as_the_server_is_set()
    {
        var options = new PossessionOptions
        {
            OtpLife = TimeSpan.FromSeconds(31), LinkLife = TimeSpan.FromSeconds(32), MobileAuthLife = TimeSpan.FromSeconds(3.5),
            EntriesWithRetry = 7, Resends = 1, NumberChanges = 0,
        };

        AreEqual(
            _plain with { CodeLife = 31, LinkLife = 32, MobileAuthLife = 3.5m, Entries = 7, Resends = 1, NumberChanges = 0 },
            WrittenFlow.Of("1 entry.wrong").Exported(options).Flow);
        var used = WrittenFlow.Of("1 number.changed | 2 text.resent | 3 text.resent | 4 possession.proven method=otp");
        Assert.Equal((2, 1), (used.Exported(options).Flow.Resends, used.Exported(options).Flow.NumberChanges));
    }

    private static void AreEqual(ScenarioFlow expected, ScenarioFlow flow)
    {
        Assert.Equal(expected.Refuses ?? [], flow.Refuses ?? []);
        Assert.Equal(expected with { Refuses = null }, flow with { Refuses = null });
    }
}
