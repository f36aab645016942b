using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Possession;
using Countersign.Core.Unify;
using Countersign.Core.VerifiedUser;

namespace Countersign.Core.Tests.History;

/// <summary>What a relying party is told of a flow, save by save.</summary>
public sealed class FlowNewsTests
{
    private static readonly DateTimeOffset _later = Sample.Now.AddSeconds(30);

    private static Flow Begun => Sample.Flow() with { ClientRequestId = "order-1", ClientCustomerId = "customer-1" };

    private static Flow Coded => Begun.After(new PossessionEvent.ChallengeSent(PossessionMethod.Otp, Sample.Challenge()), Sample.Now);

    private static Flow Binding => (Coded with { Tail = new UnifyProgress(new UnifyState.AwaitingPossession()) })
        .After(new PossessionEvent.ProofAccepted(), _later);

    [Fact]
    public void A_flow_that_begins_is_told_with_its_ids()
    {
        var flow = Begun;

        var news = Assert.Single(FlowNews.Between(null, flow));

        Assert.Equal(
            (AnnouncementType.FlowStarted, flow.CreatedAt, flow.ProjectId, (CorrelationId?)flow.Id),
            (news.Type, news.At, news.Project, news.Flow));
        Assert.Equal(new FlowSubject(Product.VerifiedUsers, FlowType.Mobile, HasClientRequestId: true), news.Subject);
    }

    [Fact]
    public void Possession_is_told_when_it_is_proven_and_the_end_when_it_is_reached()
    {
        var proven = Coded.After(new PossessionEvent.ProofAccepted(), _later);
        var done = proven.After(
            new VerifiedUserEvent.IdentityAnswered(new IdentityAnswer(IdentityMatch.Matched, Rule: "exact"), PhoneRisk.Unknown),
            _later.AddSeconds(1));

        var first = Assert.Single(FlowNews.Between(Coded, proven));
        var second = Assert.Single(FlowNews.Between(proven, done));

        Assert.Equal((AnnouncementType.PossessionSucceeded, "otp", _later), (first.Type, first.Method, first.At));
        Assert.Equal(
            (AnnouncementType.FlowFinished, FlowEnd.Matched, "exact", _later.AddSeconds(1)),
            (second.Type, second.End, second.Reason, second.At));
        Assert.Empty(FlowNews.Between(done, done));
    }

    [Fact]
    public void Possession_that_fails_ends_the_flow_and_both_are_told()
    {
        var failed = Coded.After(new PossessionEvent.Declined(), _later);

        var news = FlowNews.Between(Coded, failed);

        Assert.Equal(
            [(AnnouncementType.PossessionFailed, "otp", FlowReason.Declined, null),
                (AnnouncementType.FlowFinished, null, null, FlowEnd.Declined)],
            news.Select(one => (one.Type, one.Method, one.Reason, one.End)));
    }

    [Fact]
    public void A_device_that_is_tied_and_a_number_that_was_recycled_are_told()
    {
        var device = Guid.NewGuid();
        var risk = PhoneRisk.Unknown with { WasRecycled = true };

        var news = FlowNews.Between(
            Binding, Binding.After(new UnifyEvent.Bound(new BoundIdentity(Guid.NewGuid(), device), risk), _later));

        Assert.Equal(
            [AnnouncementType.NumberRecycled, AnnouncementType.DeviceTied, AnnouncementType.FlowFinished], news.Select(one => one.Type));
        Assert.Equal(device, news[1].Device);
    }

    [Fact]
    public void A_limit_and_a_cap_are_told_by_their_rules_and_what_is_only_watched_is_not()
    {
        var limit = new LimitEvidence("guesses.line.day", 10, 10, 86400, _later);
        var cap = new CapEvidence("cap.project.day", 9.9m, 0.2m, 10m, "EUR", "day", _later);
        var flow = Coded.With(new FlowEvent(_later, FlowEventCode.BudgetSpent) { Limit = limit with { IsShadow = true } })
            .With(new FlowEvent(_later, FlowEventCode.BudgetSpent) { Limit = limit })
            .With(new FlowEvent(_later, FlowEventCode.CapReached) { Cap = cap });

        Assert.Equal(
            [(AnnouncementType.BudgetSpent, "guesses.line.day"), (AnnouncementType.CapReached, "cap.project.day")],
            FlowNews.Between(Coded, flow).Select(one => (one.Type, one.Reason)));
    }

    [Fact]
    public void A_flow_whose_end_was_told_has_nothing_left_to_tell_when_it_goes()
    {
        Assert.Empty(FlowNews.AtLast(Coded.After(new PossessionEvent.GivenUp(), _later)));
        Assert.Equal(
            [AnnouncementType.PossessionFailed, AnnouncementType.FlowFinished], FlowNews.AtLast(Coded).Select(one => one.Type));
        Assert.Equal((AnnouncementType.FlowFinished, FlowEnd.RanOutReady), (FlowNews.AtLast(Begun)[0].Type, FlowNews.AtLast(Begun)[0].End));
    }

    [Fact]
    public void The_types_are_those_of_the_list()
    {
        var constants = typeof(AnnouncementType).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetValue(null)!);

        Assert.Equal(
            AnnouncementType.All.Append(AnnouncementType.Test).Order(StringComparer.Ordinal), constants.Order(StringComparer.Ordinal));
    }
}
