using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Possession;
using Countersign.Core.PreFill;
using static Countersign.Core.PreFill.PreFillEvent;

namespace Countersign.Core.Tests.PreFill;

public sealed class PreFillFlowTests
{
    [Fact]
    public void What_a_person_was_asked_for_is_gone_once_the_challenge_is_answered()
    {
        var asked = Proven().After(new ValidateAsked(StartShape.PreFill), Sample.Now).After(new ChallengeAsked(), Sample.Now);

        var answered = asked.After(new ChallengeAnswered(Sample.Now + PreFillMachine.AnswerTime), Sample.Now);

        Assert.Equal((PartialDate.Parse("1981-01"), Ssn.Parse("0596")),
            (((PreFillProgress)asked.Tail).BirthDate, ((PreFillProgress)asked.Tail).Ssn));
        Assert.Equal(new PreFillProgress(StartShape.PreFill, new PreFillState.AwaitingComplete(IsChallenged: true)), answered.Tail);
    }

    [Fact]
    public void A_pre_fill_flow_has_nothing_due_beyond_possession()
    {
        var flow = Proven().After(new ValidateAsked(StartShape.PreFill), Sample.Now).After(new ChallengeAsked(), Sample.Now);

        Assert.Null(flow.NextDeadline);
        Assert.False(flow.IsBusy);
        Assert.True(flow.IsDecided);
    }

    [Fact]
    public void The_timeline_has_each_step()
    {
        PreFillEvent[] all = [new ValidateAsked(StartShape.PreFill), new ChallengeAsked(),
            new ChallengeAnswered(Sample.Now + PreFillMachine.AnswerTime), new CompleteAsked(),
            new CompleteAnswered(Sample.Now + PreFillMachine.AnswerTime)];

        var flow = all.Aggregate(Proven(), (present, happened) => present.After(happened, Sample.Now));

        Assert.Equal(
            [
                FlowEventCode.PossessionReported, FlowEventCode.ChallengeAccepted, FlowEventCode.ChallengeAnswered,
                FlowEventCode.CompleteAccepted, FlowEventCode.CompleteAnswered,
            ],
            flow.Timeline.Select(happened => happened.Code).Skip(1));
    }

    private static Flow Proven() => (Sample.Flow() with
    {
        Tail = new PreFillProgress(
            StartShape.PreFill, new PreFillState.AwaitingPossession(), PartialDate.Parse("1981-01"), Ssn.Parse("0596")),
    }).After(new PossessionEvent.ProvenAtOnce(PossessionMethod.MobileAuth), Sample.Now);
}
