using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Possession;
using Countersign.Core.Unify;
using Countersign.Core.VerifiedUser;
using static Countersign.Core.Possession.PossessionEvent;

namespace Countersign.Core.Tests.Flows;

public sealed class FlowTests
{
    [Fact]
    [Trait("attack", "S09")]
    public void A_deadline_is_judged_when_the_flow_is_read()
    {
        var flow = Sample.Challenged(PossessionMethod.Otp);

        Assert.Same(flow, flow.At(Sample.Deadline.AddTicks(-1)));
        Assert.True(flow.At(Sample.Deadline).IsDecided);
    }

    [Fact]
    public void The_running_challenge_is_due_at_its_deadline()
    {
        Assert.Null(Sample.Flow().NextDeadline);
        Assert.Equal(Sample.Deadline, Sample.Challenged(PossessionMethod.InstantLink).NextDeadline);
    }

    [Fact]
    public void A_match_whose_asker_may_have_died_is_due_when_another_may_ask()
    {
        var flow = Sample.Challenged(PossessionMethod.Otp).After(new ProofAccepted(), Sample.Now);

        Assert.Equal(Sample.Now + VerifiedUserMachine.MatchTime, flow.NextDeadline);
    }

    [Fact]
    public void Nothing_is_due_in_a_decided_flow()
    {
        Assert.Null(Sample.Challenged(PossessionMethod.Otp).After(new GivenUp(), Sample.Now).NextDeadline);
    }

    [Fact]
    public void Failed_possession_decides_the_flow_without_an_identity_match()
    {
        var flow = Sample.Challenged(PossessionMethod.InstantLink).After(new Declined(), Sample.Now);

        Assert.Equal(new VerifiedUserState.Done(null, PhoneRisk.Unknown), flow.Tail);
    }

    [Fact]
    public void Proven_possession_asks_for_the_identity()
    {
        var flow = Sample.Challenged(PossessionMethod.InstantLink).After(new ProofAccepted(), Sample.Now);

        Assert.IsType<VerifiedUserState.Matching>(flow.Tail);
        Assert.False(flow.IsDecided);
    }

    [Fact]
    public void What_changes_nothing_returns_the_flow_itself()
    {
        var flow = Sample.Flow();

        Assert.Same(flow, flow.After(new ProofRejected(), Sample.Now));
        Assert.Same(flow, flow.After(new VerifiedUserEvent.TakenOver(), Sample.Now));
    }

    [Fact]
    public void The_method_a_browser_is_at_follows_the_plan()
    {
        var flow = Sample.Flow();

        Assert.Equal(PossessionMethod.MobileAuth, flow.CurrentMethod);
        Assert.Equal(PossessionMethod.Otp, flow.After(new MethodUnavailable(PossessionMethod.MobileAuth), Sample.Now).CurrentMethod);
        Assert.Null(flow.After(new GivenUp(), Sample.Now).CurrentMethod);
    }

    [Fact]
    public void The_timeline_keeps_its_newest_fifty_events()
    {
        var flow = Sample.Flow();
        for (var i = 0; i < 200; i++)
        {
            flow = flow.After(new ChallengeSent(PossessionMethod.MobileAuth, Sample.Challenge(i)), Sample.Now.AddSeconds(i % 60));
        }
        flow = flow.After(new GivenUp(), Sample.Now);

        Assert.Equal(50, flow.Timeline.Count);
        Assert.Equal(FlowEventCode.FlowFinished, flow.Timeline[^1].Code);
    }

    [Fact]
    public void The_timeline_tells_the_story_and_no_personal_data()
    {
        var flow = Sample.Flow()
            .After(new ChallengeSent(PossessionMethod.MobileAuth, Sample.Challenge()), Sample.Now)
            .After(new MethodUnavailable(PossessionMethod.MobileAuth), Sample.Now)
            .After(new ChallengeSent(PossessionMethod.Otp, Sample.Challenge()), Sample.Now)
            .After(new ProofRejected(), Sample.Now)
            .After(new Resent(Sample.Challenge(2)), Sample.Now)
            .After(new ProofAccepted(), Sample.Now)
            .After(new VerifiedUserEvent.IdentityAnswered(new IdentityAnswer(IdentityMatch.Differs), PhoneRisk.Unknown), Sample.Now);

        Assert.Equal(
            [
                new(Sample.Now, FlowEventCode.MobileAuthBegun), new(Sample.Now, FlowEventCode.MobileAuthUnavailable) { Next = "otp" },
                new(Sample.Now, FlowEventCode.OtpBegun), new(Sample.Now, FlowEventCode.EntryWrong),
                new(Sample.Now, FlowEventCode.TextResent), new(Sample.Now, FlowEventCode.PossessionProven) { Method = "otp" },
                new FlowEvent(Sample.Now, FlowEventCode.IdentityDiffers),
            ],
            flow.Timeline);
    }

    [Fact]
    public void The_timeline_names_each_reason_of_failure()
    {
        var reasons = Enum.GetValues<PossessionFailure>().Select(reason => reason switch
        {
            PossessionFailure.Expired => Sample.Challenged(PossessionMethod.Otp).At(Sample.Deadline),
            PossessionFailure.WrongProof =>
                Sample.Challenged(PossessionMethod.Otp, Sample.Challenge() with { Limits = new ChallengeLimits(1) })
                    .After(new ProofRejected(), Sample.Now),
            PossessionFailure.Unavailable =>
                Sample.Challenged(PossessionMethod.Otp).After(new MethodUnavailable(PossessionMethod.Otp), Sample.Now),
            PossessionFailure.GivenUp => Sample.Flow().After(new GivenUp(), Sample.Now),
            PossessionFailure.BudgetSpent =>
                Sample.Challenged(PossessionMethod.Otp).After(new BudgetSpent(PossessionMethod.Otp), Sample.Now),
            PossessionFailure.Cancelled => Sample.Flow().After(new Cancelled(), Sample.Now),
            _ => Sample.Challenged(PossessionMethod.InstantLink).After(new Declined(), Sample.Now),
        }).Select(flow => flow.Timeline[^2]);

        Assert.Equal(
            [FlowReason.Expired, FlowReason.WrongEntries, FlowReason.NoText, FlowReason.GivenUp, FlowReason.Declined,
                FlowReason.BudgetSpent, FlowReason.Cancelled],
            reasons.Select(happened => happened.Code == FlowEventCode.PossessionFailed ? happened.Reason : null));
    }

    [Fact]
    public void A_test_user_who_needs_no_browser_has_proven_the_plans_first_method()
    {
        Assert.Equal(new PossessionState.Succeeded(PossessionMethod.MobileAuth), Sample.Flow().ProvenWithoutBrowser().Possession);
        Assert.Equal(
            new FlowEvent(Sample.Now, FlowEventCode.PossessionProven) { Method = "mobile-auth", Reason = FlowReason.WithoutBrowser },
            Sample.Flow().ProvenWithoutBrowser().Timeline[0]);
        Assert.Equal(new PossessionState.NotApplicable(), Sample.Flow(FlowType.None).ProvenWithoutBrowser().Possession);
    }

    [Fact]
    public void By_the_relying_partys_own_check_the_browser_has_nothing_left_to_prove()
    {
        var asked = Sample.Flow() with { Tail = new UnifyProgress(new UnifyState.AwaitingOwnCheck()) };
        var proven = asked with { Possession = new PossessionState.Succeeded(PossessionMethod.DeviceKey) };

        Assert.Equal(new PossessionState.NotApplicable(), asked.After(new UnifyEvent.OwnCheckPassed(), Sample.Now).Possession);
        Assert.Equal(proven.Possession, proven.After(new UnifyEvent.PossessionSettled(), Sample.Now).Possession);
    }
}
