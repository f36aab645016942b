using Countersign.Core.Flows;
using Countersign.Core.Limits;
using Countersign.Core.Money;
using Countersign.Core.Possession;
using Countersign.Core.Pumping;
using Countersign.Core.Tests.Fakes;
using Countersign.Core.Texts;

namespace Countersign.Core.Tests.Flows;

/// <summary>What becomes of a flow by limits of texts, and by the fate of its own.</summary>
public sealed class FlowTextsTests
{
    private static readonly PhoneNumber _other = PhoneNumber.Parse("+12025550143");

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_first_text_there_is_nothing_to_enter()
    {
        var stage = new FlowStage(new TextLimitOptions { PerHour = 1 });
        await SendAsync(stage, Keep(stage));

        var refused = await SendAsync(stage, Keep(stage));

        Assert.Equal(new PossessionState.Failed(PossessionFailure.BudgetSpent), refused.Possession);
        Assert.Equal(
            [FlowEventCode.BudgetSpent, FlowEventCode.PossessionFailed, FlowEventCode.FlowFinished],
            refused.Timeline.Select(fact => fact.Code));
        Assert.Equal(
            new LimitEvidence(LimitRule.TextsOfProjectInHour, Count: 1, Max: 1, Seconds: 3600, Sample.Now.AddHours(1)),
            refused.Timeline[0].Limit);
        Assert.Single(stage.Gateway.Taken);
    }

    [Fact]
    public async Task Of_a_repetition_too_many_nobody_is_told_but_the_timeline_and_that_once()
    {
        var stage = new FlowStage(new TextLimitOptions { PerHour = 1 });
        var sent = await SendAsync(stage, Keep(stage));

        await SendAsync(stage, sent, isResend: true);
        var refused = await SendAsync(stage, sent, isResend: true);

        Assert.Equal(sent.Possession, refused.Possession);
        Assert.Equal([.. sent.Timeline.Select(fact => fact.Code), FlowEventCode.BudgetSpent], refused.Timeline.Select(fact => fact.Code));
        Assert.Single(stage.Gateway.Taken);
    }

    [Fact]
    public async Task A_limit_that_is_reached_anew_is_told_anew()
    {
        var stage = new FlowStage(new TextLimitOptions { PerHour = 2 });
        var sent = await SendAsync(stage, Keep(stage));
        stage.Clock.Now = Sample.Now.AddMinutes(30);
        await SendAsync(stage, Keep(stage));
        Assert.Equal(Sample.Now.AddHours(1), (await SendAsync(stage, sent, isResend: true)).Timeline[^1].Limit?.Until);

        stage.Clock.Now = Sample.Now.AddHours(1);
        await SendAsync(stage, Keep(stage));
        var again = await SendAsync(stage, sent, isResend: true);

        Assert.Equal(2, again.Timeline.Count(fact => fact.Code == FlowEventCode.BudgetSpent));
    }

    [Fact]
    public async Task A_limit_in_shadow_refuses_nothing_and_is_told_once()
    {
        var stage = new FlowStage(new TextLimitOptions { PerPrefix = 1, Prefix = LimitMode.Shadow });
        await SendAsync(stage, Keep(stage));

        var sent = await SendAsync(stage, Keep(stage));
        var again = await SendAsync(stage, sent, isResend: true);

        Assert.Equal((1, 3), (Assert.IsType<PossessionState.Challenged>(again.Possession).Resends, stage.Gateway.Taken.Count));
        var told = Assert.Single(again.Timeline, fact => fact.Code == FlowEventCode.BudgetSpent).Limit!;
        Assert.Equal((LimitRule.TextsOfPrefix, true), (told.Rule, told.IsShadow));
    }

    [Fact]
    public async Task A_limit_of_sources_that_is_enforced_refuses_beside_one_in_shadow()
    {
        var stage = new FlowStage(
            new TextLimitOptions { PerPrefix = 1, Prefix = LimitMode.Enforce, PerAddress = 1, Address = LimitMode.Shadow });
        await SendAsync(stage, Keep(stage));

        var refused = await SendAsync(stage, Keep(stage));

        Assert.Equal(new PossessionState.Failed(PossessionFailure.BudgetSpent), refused.Possession);
        var told = refused.Timeline[0].Limit!;
        Assert.Equal((LimitRule.TextsOfPrefix, false), (told.Rule, told.IsShadow));
    }

    [Theory]
    [InlineData(LimitMode.Enforce)]
    [InlineData(LimitMode.Shadow)]
    public async Task What_the_guard_refuses_uses_up_nothing_of_the_sources(LimitMode mode)
    {
        var stage = new FlowStage(new TextLimitOptions { PerPrefix = 1, Prefix = mode }) { Pumping = { Denied = LimitMode.Enforce } };
        var number = new PumpingKeys(stage.Hasher, new TenDigits()).Abuse(AbuseTarget.Number, Sample.Flow().Number.E164);
        await stage.Abuse.TryAddAsync(
            new AbuseEntry(
                number, AbuseVerdict.Denied, "", Finding: null, LimitMode.Enforce, "ops", Sample.Now, Sample.Now.AddMinutes(10)), Test);
        var refused = await SendAsync(stage, Keep(stage));
        Assert.Equal(PumpingRule.Denied, refused.Timeline[0].Limit!.Rule);

        stage.Clock.Now = Sample.Now.AddMinutes(10);
        var sent = await SendAsync(stage, Keep(stage));

        Assert.Single(stage.Gateway.Taken);
        Assert.DoesNotContain(sent.Timeline, fact => fact.Code == FlowEventCode.BudgetSpent);
    }

    [Fact]
    public async Task A_text_counts_once_however_often_its_call_is_decided()
    {
        var stage = new FlowStage(new TextLimitOptions { PerPrefix = 2, Prefix = LimitMode.Enforce });
        var isFirst = true;
        stage.Flows.BeforeSave = flow =>
        {
            if (isFirst)
            {
                stage.Flows.Kept[flow.Id] = stage.Flows.Kept[flow.Id] with { Version = flow.Version + 1 };
            }
            isFirst = false;
        };

        await SendAsync(stage, Keep(stage));
        await SendAsync(stage, Keep(stage));
        await SendAsync(stage, Keep(stage));

        Assert.Equal(2, stage.Gateway.Taken.Count);
    }

    [Theory]
    [InlineData("waits for it", true)]
    [InlineData("has gone on", false)]
    [InlineData("is at another method", false)]
    [InlineData("has another number", false)]
    [InlineData("has sent another text", false)]
    [InlineData("is gone", false)]
    public async Task A_text_that_was_left_behind_goes_out_where_its_flow_still(string state, bool isSent)
    {
        var stage = new FlowStage();
        var flow = Challenged(stage);
        var text = TextOf(flow);
        stage.Texts.Kept.Add(new StoredText(text, TextFate.Queued(Sample.Now)));
        switch (state)
        {
            case "has gone on":
                stage.Flows.Kept[flow.Id] = flow.After(new PossessionEvent.GivenUp(), Sample.Now);
                break;
            case "is at another method":
                stage.Flows.Kept[flow.Id] = flow with { Possession = Sample.Challenged(PossessionMethod.InstantLink).Possession };
                break;
            case "has another number":
                stage.Flows.Kept[flow.Id] = flow with { Number = _other };
                break;
            case "has sent another text":
                stage.Texts.Kept.Add(new StoredText(TextOf(flow), TextFate.Queued(Sample.Now)));
                break;
            case "is gone":
                stage.Flows.Kept.Clear();
                break;
        }

        stage.Clock.Now += TextTimes.TakeUp;
        await stage.Runner.CatchUpTextAsync(text.Id, Test);

        Assert.Equal(isSent ? [text.Id] : [], stage.Gateway.Taken.Select(taken => taken.Id));
        Assert.Equal(isSent ? TextState.Sent : TextState.Expired, stage.Texts.Kept[0].Fate.State);
    }

    [Theory]
    [InlineData(TextKind.Link, true)]
    [InlineData(TextKind.Otp, false)]
    public async Task A_flow_at_its_link_waits_for_a_link(TextKind kind, bool isSent)
    {
        var stage = new FlowStage();
        var flow = Sample.Challenged(PossessionMethod.InstantLink);
        stage.Flows.Kept[flow.Id] = flow;
        var text = TextOf(flow) with { Kind = kind };
        stage.Texts.Kept.Add(new StoredText(text, TextFate.Queued(Sample.Now)));

        stage.Clock.Now += TextTimes.TakeUp;
        await stage.Runner.CatchUpTextAsync(text.Id, Test);

        Assert.Equal(isSent, stage.Gateway.Taken.Count == 1);
    }

    [Fact]
    public async Task A_notice_that_a_cap_holds_back_leaves_its_flow_as_it_is_and_says_that_the_person_was_not_told()
    {
        var stage = new FlowStage();
        var flow = Keep(stage) with { Possession = new PossessionState.Succeeded(PossessionMethod.Otp) };
        stage.Flows.Kept[flow.Id] = flow;
        stage.Caps.OfProjects[flow.ProjectId] = new Caps(PerDay: 1, PerMonth: null, "USD");
        var notice = TextOf(flow) with { Kind = TextKind.DeviceNotice, Project = flow.ProjectId };
        stage.Texts.Kept.Add(new StoredText(notice, TextFate.Queued(notice)));

        await stage.Runner.CatchUpTextAsync(notice.Id, Test);

        var told = stage.Flows.Kept[flow.Id];
        Assert.Equal(flow.Possession, told.Possession);
        Assert.Equal([FlowEventCode.CapUnpriced, FlowEventCode.DeviceNoticeUnsent], told.Timeline.Select(fact => fact.Code));
        Assert.Equal(FlowReason.BudgetSpent, told.Timeline[^1].Reason);
        Assert.Empty(stage.Gateway.Taken);
    }

    [Fact]
    public async Task A_text_that_cannot_be_sent_ends_its_method_and_says_why()
    {
        var stage = new FlowStage { Gateway = { IsStopped = true } };

        var flow = await SendAsync(stage, Keep(stage));

        Assert.Equal(new PossessionState.Failed(PossessionFailure.Unavailable), flow.Possession);
        var failed = Assert.Single(flow.Timeline, fact => fact.Code == FlowEventCode.PossessionFailed);
        Assert.Equal((FlowReason.NoText, FlowReason.OptedOut), (failed.Reason, failed.Cause));
        Assert.Equal(flow, stage.Flows.Kept[flow.Id]);
    }

    [Fact]
    public async Task A_text_that_is_forgotten_meanwhile_ends_its_method_all_the_same()
    {
        var stage = new FlowStage { Gateway = { IsStopped = true } };
        stage.Gateway.Meanwhile = () => Done(stage.Texts.Kept.Clear);

        Assert.IsType<PossessionState.Failed>((await SendAsync(stage, Keep(stage))).Possession);
    }

    [Theory]
    [InlineData("another number")]
    [InlineData("another text")]
    public async Task What_the_person_has_asked_for_meanwhile_has_a_fate_of_its_own(string asked)
    {
        var stage = new FlowStage { Gateway = { IsStopped = true } };
        var kept = Keep(stage);
        stage.Gateway.Meanwhile = () => Done(() =>
        {
            var present = stage.Flows.Kept[kept.Id];
            if (asked == "another number")
            {
                stage.Flows.Kept[kept.Id] = present with { Number = _other, Version = present.Version + 1 };
            }
            else
            {
                stage.Texts.Kept.Add(new StoredText(TextOf(present, "222222"), TextFate.Queued(Sample.Now)));
            }
        });

        var flow = await SendAsync(stage, kept);

        Assert.IsType<PossessionState.Challenged>(flow.Possession);
        Assert.Equal((FlowEventCode.TextUnavailable, FlowReason.OptedOut), (flow.Timeline[^1].Code, flow.Timeline[^1].Reason));
    }

    /// <summary>Where an earlier text stands, whether it went to the flow's number and whether it carried the same code.</summary>
    public static TheoryData<TextState, bool, bool, bool> EarlierTexts => new()
    {
        { TextState.Sending, true, true, true },
        { TextState.Sent, true, true, true },
        { TextState.Delivered, true, true, true },
        { TextState.Unknown, true, true, true },
        { TextState.Queued, true, true, false },
        { TextState.Refused, true, true, false },
        { TextState.Undelivered, true, true, false },
        { TextState.Expired, true, true, false },
        { TextState.Sent, false, true, false },
        { TextState.Sent, true, false, false },
    };

    [Theory]
    [MemberData(nameof(EarlierTexts))]
    public async Task A_repetition_that_cannot_be_sent_ends_nothing_where_an_earlier_text_may_bring_its_code(
        TextState state, bool isToNumber, bool isSameCode, bool mayArrive)
    {
        var stage = new FlowStage { Gateway = { IsStopped = true } };
        var flow = Challenged(stage);
        KeepEarlier(stage, flow, state, isToNumber, isSameCode);

        var told = await SendAsync(stage, flow, isResend: true);

        Assert.Equal(mayArrive, told.Possession is PossessionState.Challenged);
        Assert.Equal(mayArrive, told.Timeline.Any(fact => fact.Code == FlowEventCode.TextUnavailable));
    }

    [Theory]
    [MemberData(nameof(EarlierTexts))]
    public async Task What_was_not_delivered_has_not_arrived_unless_an_earlier_text_may_have_brought_its_code(
        TextState state, bool isToNumber, bool isSameCode, bool mayArrive)
    {
        var stage = new FlowStage();
        var flow = Challenged(stage);
        KeepEarlier(stage, flow, state, isToNumber, isSameCode);
        await SendAsync(stage, flow, isResend: true);

        await ReceiveAsync(stage, ReceiptState.Undelivered);

        var told = stage.Flows.Kept[flow.Id];
        Assert.Equal(mayArrive ? null : false, Assert.IsType<PossessionState.Challenged>(told.Possession).HasArrived);
        Assert.Single(told.Timeline, fact => fact.Code == FlowEventCode.TextUndelivered);
    }

    [Fact]
    public async Task What_was_not_delivered_to_a_former_number_says_nothing_of_the_present_one()
    {
        var stage = new FlowStage();
        var flow = await SendAsync(stage, Keep(stage));
        stage.Flows.Kept[flow.Id] = flow with { Number = _other };

        await ReceiveAsync(stage, ReceiptState.Undelivered);

        Assert.Null(Assert.IsType<PossessionState.Challenged>(stage.Flows.Kept[flow.Id].Possession).HasArrived);
    }

    [Fact]
    public async Task A_text_that_was_delivered_leaves_its_flow_as_it_is()
    {
        var stage = new FlowStage();
        var flow = await SendAsync(stage, Keep(stage));

        await ReceiveAsync(stage, ReceiptState.Delivered);

        Assert.Equal(flow, stage.Flows.Kept[flow.Id]);
    }

    [Theory]
    [InlineData(true, false, FlowReason.OptedOut)]
    [InlineData(false, true, null)]
    public async Task A_notice_that_cannot_be_sent_is_told_and_ends_nothing(bool isStopped, bool isSent, string? unsent)
    {
        var stage = new FlowStage { Gateway = { IsStopped = isStopped } };
        var flow = Challenged(stage);
        var notice = TextOf(flow) with { Kind = TextKind.DeviceNotice };
        stage.Texts.Kept.Add(new StoredText(notice, TextFate.Queued(notice)));

        await stage.Runner.CatchUpTextAsync(notice.Id, Test);

        var told = stage.Flows.Kept[flow.Id];
        Assert.Equal(flow.Possession, told.Possession);
        Assert.Equal(isSent, stage.Gateway.Taken.Count == 1);
        Assert.Equal(unsent, told.Timeline.SingleOrDefault(fact => fact.Code == FlowEventCode.DeviceNoticeUnsent)?.Reason);
    }

    [Theory]
    [InlineData("nothing else", true)]
    [InlineData("another number", false)]
    [InlineData("another text", false)]
    public async Task A_text_that_a_cap_holds_back_at_last_ends_its_method_where_the_person_still_waits_for_it(string asked, bool ends)
    {
        var stage = new FlowStage();
        var kept = Keep(stage);
        stage.Gateway.Meanwhile = () => Done(() =>
        {
            stage.Caps.OfProjects[kept.ProjectId] = new Caps(PerDay: 1, PerMonth: null, "USD");
            var present = stage.Flows.Kept[kept.Id];
            if (asked == "another number")
            {
                stage.Flows.Kept[kept.Id] = present with { Number = _other, Version = present.Version + 1 };
            }
            else if (asked == "another text")
            {
                stage.Texts.Kept.Add(new StoredText(TextOf(present, "222222"), TextFate.Queued(Sample.Now)));
            }
        });

        var flow = await SendAsync(stage, kept, project: kept.ProjectId);

        Assert.Equal(ends, flow.Possession == new PossessionState.Failed(PossessionFailure.BudgetSpent));
        Assert.Equal(!ends, flow.Possession is PossessionState.Challenged);
        Assert.Contains(flow.Timeline, fact => fact.Code == FlowEventCode.CapUnpriced);
        Assert.Empty(stage.Gateway.Taken);
    }

    [Fact]
    public async Task A_proof_counts_where_the_first_text_did_and_not_where_it_was_repeated()
    {
        var stage = new FlowStage { Pumping = { PrefixConversion = LimitMode.Shadow } };
        var sent = await SendAsync(stage, Keep(stage));
        stage.Clock.Now += TimeSpan.FromMinutes(5);

        var again = await SendAsync(stage, sent, isResend: true);

        Assert.Equal(new PumpingMark(Sample.Now, IsHeld: false, Address: null), sent.Pumping);
        Assert.Equal(sent.Pumping, again.Pumping);
    }

    [Theory]
    [InlineData("otp", 1)]
    [InlineData("instant-link", 1)]
    [InlineData("mobile-auth", 0)]
    [InlineData("device-key", 0)]
    public async Task What_a_text_has_proven_shows_once_that_its_numbers_are_no_pumpers(string method, int proven)
    {
        var stage = new FlowStage { Pumping = { PrefixConversion = LimitMode.Shadow } };
        var flow = (Keep(stage) with
        {
            Possession = new PossessionState.Ready(new PossessionPlan(new PossessionMethod(method))),
            Pumping = new PumpingMark(Sample.Now, IsHeld: false, Address: null),
        }).After(new PossessionEvent.ChallengeSent(new PossessionMethod(method), ChallengeAt(Sample.Now)), Sample.Now);
        stage.Flows.Kept[flow.Id] = flow;

        await stage.Runner.ChangeAsync(flow.Id, (present, now) => present.With(new FlowEvent(now, FlowEventCode.EntryWrong)), Test);
        await stage.Runner.ChangeAsync(flow.Id, (present, now) => present.After(new PossessionEvent.ProofAccepted(), now), Test);
        await stage.Runner.ChangeAsync(flow.Id, (present, now) => present.With(new FlowEvent(now, FlowEventCode.TextResent)), Test);
        await stage.Counted.FlushAsync(Test);

        Assert.IsType<PossessionState.Succeeded>(stage.Flows.Kept[flow.Id].Possession);
        Assert.Equal(proven, stage.Traffic.Proven);
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public async Task An_address_of_persons_who_passed_a_challenge_is_not_counted(bool isPassed, int taken)
    {
        var stage = new FlowStage(new TextLimitOptions { PerAddress = 1, Address = LimitMode.Enforce });
        for (var i = 0; i < 2; i++)
        {
            var flow = Keep(stage) with { IsChallengePassed = isPassed };
            await SendAsync(stage, stage.Flows.Kept[flow.Id] = flow);
        }

        Assert.Equal(taken, stage.Gateway.Taken.Count);
    }

    /// <summary>A new flow whose only method is a code.</summary>
    private static Flow Keep(FlowStage stage)
    {
        var flow = Sample.Flow() with
        {
            ExpiresAt = Sample.Now.AddHours(3),
            Possession = new PossessionState.Ready(new PossessionPlan(PossessionMethod.Otp)),
        };
        stage.Flows.Kept[flow.Id] = flow;
        return flow;
    }

    private static Flow Challenged(FlowStage stage)
    {
        var sent = new PossessionEvent.ChallengeSent(PossessionMethod.Otp, ChallengeAt(Sample.Now));
        var flow = Keep(stage).After(sent, Sample.Now);
        return stage.Flows.Kept[flow.Id] = flow;
    }

    private static void KeepEarlier(FlowStage stage, Flow flow, TextState state, bool isToNumber, bool isSameCode)
    {
        var text = TextOf(flow, isSameCode ? "111111" : "222222") with { To = isToNumber ? flow.Number : _other };
        stage.Texts.Kept.Add(new StoredText(text, TextFate.Queued(Sample.Now) with { State = state }));
    }

    private static Challenge ChallengeAt(DateTimeOffset now) => Sample.Challenge() with { SentAt = now, Deadline = now.AddHours(2) };

    private static OutgoingText TextOf(Flow flow, string code = "111111") => new(
        Guid.CreateVersion7(Sample.Now), flow.Id, flow.Number, TextKind.Otp, new Secret($"{code} is your code."), new Secret(code),
        Sample.Now, Sample.Now.AddHours(2));

    /// <summary>Sends a code as the flow's first text, or again.</summary>
    private static async Task<Flow> SendAsync(FlowStage stage, Flow flow, bool isResend = false, ProjectId? project = null)
    {
        var sent = await stage.Runner.ChangeAsync(
            flow.Id,
            (present, now) => ValueTask.FromResult(new Decision(
                present.After(
                    isResend
                        ? new PossessionEvent.Resent(ChallengeAt(now))
                        : new PossessionEvent.ChallengeSent(PossessionMethod.Otp, ChallengeAt(now)), now),
                TextOf(present) with { Project = project })
            {
                IsResend = isResend,
                From = new BrowserNetwork("192.0.2.1", IsOfOne: true),
            }),
            Test);
        return Assert.IsType<Flow>(sent);
    }

    /// <summary>A receipt of the text that went out last.</summary>
    private static async Task ReceiveAsync(FlowStage stage, ReceiptState state) => Assert.True(await stage.Runner.ReceiveAsync(
        stage.Gateway.Issue(stage.Gateway.Taken[^1].Id, 1, OneGateway.Alpha), OneGateway.Alpha, state, null, Test));

    private static Task Done(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
