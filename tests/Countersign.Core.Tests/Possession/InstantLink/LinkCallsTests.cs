using Countersign.Core.Flows;
using Countersign.Core.Numbers;
using Countersign.Core.Possession;
using Countersign.Core.Possession.InstantLink;
using Countersign.Core.Projects;
using Countersign.Core.Tests.Fakes;
using Countersign.Core.VerifiedUser;

namespace Countersign.Core.Tests.Possession.InstantLink;

public sealed class LinkCallsTests
{
    private const string Token = "AAAAAAAAAAAAAAAAAAAAAA";

    private readonly FlowStage _stage = new();
    private readonly InstantLinkMethod _method;
    private readonly LinkCalls _calls;

    public LinkCallsTests()
    {
        var numbers = new NumberChange(NotAsked.Port<INumberAdmission>(), NotAsked.Port<INumberPlan>(), _stage.Options);
        _method = new InstantLinkMethod(new PublicAddress(() => "https://id.example"), numbers, _stage.Hasher, _stage.Options);
        _calls = new LinkCalls(_method, _stage.Flows, _stage.Runner, _stage.Projects, _stage.Clock);
    }

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_link_leads_to_its_flow_and_to_who_asks()
    {
        var flow = Sent();

        var opened = await OpenAsync();

        Assert.Equal((flow.Id, "Shop", 1), (opened.Flow.Id, opened.Project.Name, opened.EntriesLeft));
        Assert.Null(await _calls.FindAsync("BBBBBBBBBBBBBBBBBBBBBB", Test));
    }

    [Fact]
    public async Task Of_a_flow_whose_life_is_over_nothing_is_found()
    {
        Sent();
        _stage.Clock.Now = Sample.Now.AddMinutes(15);

        Assert.Null(await _calls.FindAsync(Token, Test));
    }

    [Fact]
    public async Task A_link_of_a_project_that_is_gone_asks_nobody()
    {
        Sent();
        _stage.Project = FlowStage.Shop with { Id = ProjectId.Parse("another") };

        Assert.Null(await _calls.FindAsync(Token, Test));
    }

    [Fact]
    public async Task The_result_is_there_when_the_press_is_answered_and_the_desktop_is_woken()
    {
        var flow = Sent();

        var outcome = await _calls.ConfirmAsync(await OpenAsync(), default, browser: null, Test);

        Assert.IsType<VerifiedUserState.Done>(Assert.IsType<LinkConfirmOutcome.Confirmed>(outcome).Link.Flow.Tail);
        Assert.Equal([flow.Id], _stage.WakeUps.Signalled);
    }

    [Fact]
    public async Task Of_two_presses_one_has_confirmed_it()
    {
        Sent();
        var (one, other) = (await OpenAsync(), await OpenAsync());

        Assert.IsType<LinkConfirmOutcome.Confirmed>(await _calls.ConfirmAsync(one, default, browser: null, Test));
        Assert.IsType<LinkConfirmOutcome.NotConfirmed>(await _calls.ConfirmAsync(other, default, browser: null, Test));
    }

    [Fact]
    public async Task Wrong_digits_are_counted()
    {
        Sent(digits: "123456");

        var outcome = await _calls.ConfirmAsync(await OpenAsync(), new Secret("654321"), browser: null, Test);

        Assert.Equal(2, Assert.IsType<LinkConfirmOutcome.NotConfirmed>(outcome).Link.EntriesLeft);
    }

    [Fact]
    public async Task A_newer_link_has_taken_the_place_of_one_that_was_opened()
    {
        var flow = Sent();
        var opened = await OpenAsync();
        _stage.Flows.Kept[flow.Id] = flow.After(new PossessionEvent.Resent(Sample.Challenge(seed: 7)), Sample.Now);

        Assert.IsType<LinkConfirmOutcome.Gone>(await _calls.ConfirmAsync(opened, default, browser: null, Test));
        Assert.Null(await _calls.DeclineAsync(opened, Test));
    }

    [Fact]
    public async Task A_flow_that_has_gone_confirms_nothing()
    {
        var flow = Sent();
        var opened = await OpenAsync();
        _stage.Flows.Kept.Remove(flow.Id);

        Assert.IsType<LinkConfirmOutcome.Gone>(await _calls.ConfirmAsync(opened, default, browser: null, Test));
    }

    [Fact]
    public async Task Who_declines_ends_it()
    {
        Sent();

        var declined = await _calls.DeclineAsync(await OpenAsync(), Test);

        Assert.Equal(new PossessionState.Failed(PossessionFailure.Declined), declined!.Flow.Possession);
    }

    [Fact]
    public async Task What_is_decided_is_told_again_and_not_changed()
    {
        Sent();
        var opened = await OpenAsync();
        await _calls.ConfirmAsync(opened, default, browser: null, Test);
        var decided = _stage.Flows.Kept[opened.Flow.Id];

        await _calls.RepeatAsync(opened, Test);

        Assert.Same(decided, _stage.Flows.Kept[opened.Flow.Id]);
        Assert.Equal(2, _stage.WakeUps.Signalled.Count);
    }

    private Flow Sent(string? digits = null)
    {
        var flow = Sample.Flow(FlowType.Desktop);
        var challenge = new Challenge(
            _method.HashOf(Token), Sample.Now, Sample.Deadline, new ChallengeLimits(digits is null ? 1 : 3, Resends: 3));
        flow = (flow with { MatchDigits = digits is null ? null : MatchDigits.HashOf(_stage.Hasher, flow.Id, new Secret(digits)) })
            .After(new PossessionEvent.ChallengeSent(PossessionMethod.InstantLink, challenge), Sample.Now);
        _stage.Flows.Kept[flow.Id] = flow;
        return flow;
    }

    private async Task<OpenedLink> OpenAsync()
    {
        var opened = await _calls.FindAsync(Token, Test);
        Assert.NotNull(opened);
        return opened;
    }
}
