using System.Text.Json;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Possession;
using Countersign.Core.Texts;
using Countersign.Core.Unify;
using Countersign.Core.VerifiedUser;

namespace Countersign.Core.Tests.History;

public sealed class OutcomeTests
{
    private static readonly OutgoingText _text = new(
        Guid.CreateVersion7(Sample.Now), Sample.Flow().Id, PhoneNumber.Parse("+12025550142"), TextKind.Otp,
        new Secret(new string('x', 150) + " 9876 is your code"), new Secret("9876"), Sample.Now, Sample.Deadline);

    private static readonly StoredText _delivered = new(_text, new TextFate(
        TextState.Delivered,
        [
            new TextAttempt(
                GatewayName.Parse("main"), Sample.Now, AwaitsHandover: false, AttemptState.Delivered, Sample.Now.AddSeconds(3),
                Cost: new AttemptCost(0.015m, ProjectId.Parse("shop"), IsOfServer: false)),
        ],
        DueAt: null, Sample.Now));

    [Fact]
    public void An_outcome_tells_how_it_went_and_nothing_of_whom_it_was_about()
    {
        var flow = Coded(Sample.Flow() with
        {
            Client = ClientId.Parse("client"), ClientRequestId = "order-1", SmsMessage = "Kittiwake ####", IsNumberChanged = true,
            NumberAsGiven = "202-555-0142", FinalTargetUrl = "https://shop.example/done",
        }).After(new PossessionEvent.ProofAccepted(), Sample.Now.AddSeconds(9)).After(
            new VerifiedUserEvent.IdentityAnswered(new(IdentityMatch.Matched, Rule: "exact"), PhoneRisk.Unknown),
            Sample.Now.AddSeconds(10));

        var outcome = Outcome.Of(flow, [_delivered], "US", "USD");

        Assert.Equal(
            (flow.Id, FlowEnd.Matched, "exact", Sample.Now, Sample.Now.AddSeconds(10), flow.ExpiresAt),
            (outcome.Id, outcome.End, outcome.Reason, outcome.BegunAt, outcome.EndedAt, outcome.ExpiresAt));
        Assert.Equal(
            (PossessionVerdict.Proven, "otp", true, "US", "+1202555", "order-1", "USD"),
            (outcome.Possession, outcome.Method, outcome.IsNumberChanged, outcome.Country, outcome.Prefix, outcome.ClientRequestId,
                outcome.Currency));
        Assert.Equal(["otp.begun", "possession.proven", "identity.matched"], outcome.Facts.Select(fact => fact.Code));
        var text = Assert.Single(outcome.Texts);
        Assert.Equal((TextKind.Otp, TextState.Delivered, 2), (text.Kind, text.State, text.Segments));
        Assert.Equal(0.015m, Assert.Single(text.Attempts).Cost!.Amount);
        var written = JsonSerializer.Serialize(outcome);
        Assert.All(
            (string[])["2025550142", "555-0142", "Lori", "Montgomery", "\"9876\"", "Kittiwake", "is your code", "shop.example"],
            text => Assert.DoesNotContain(text, written, StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_deadline_has_ended_is_ended_whether_anybody_looked_or_not()
    {
        var outcome = Outcome.Of(Coded(Sample.Flow()), [], null, null);

        Assert.Equal((FlowEnd.Expired, PossessionVerdict.Failed, "otp"), (outcome.End, outcome.Possession, outcome.Method));
        Assert.Equal("possession.failed", outcome.Facts[^2].Code);
    }

    [Theory]
    [InlineData("mobile-auth")]
    [InlineData("otp")]
    public void The_method_that_failed_is_the_one_the_person_was_at(string method)
    {
        var flow = Sample.Flow().After(new PossessionEvent.ChallengeSent(new PossessionMethod(method), Sample.Challenge()), Sample.Now)
            .After(new PossessionEvent.GivenUp(), Sample.Now);

        Assert.Equal((method, FlowEnd.GivenUp), (Outcome.Of(flow, [], null, null).Method, Outcome.Of(flow, [], null, null).End));
    }

    [Fact]
    public void A_budget_that_keeps_a_later_method_from_beginning_names_that_method()
    {
        var flow = Sample.Flow().After(new PossessionEvent.BudgetSpent(PossessionMethod.Otp), Sample.Now);

        var outcome = Outcome.Of(flow, [], null, null);

        Assert.Equal((PossessionMethod.Otp.Name, FlowEnd.BudgetSpent), (outcome.Method, outcome.End));
    }

    [Fact]
    public void Who_was_never_begun_with_is_waited_for_by_the_first_method()
    {
        var outcome = Outcome.Of(Sample.Flow(), [], null, null);

        Assert.Equal((PossessionVerdict.Open, "mobile-auth", FlowEnd.RanOutReady), (outcome.Possession, outcome.Method, outcome.End));
    }

    [Fact]
    public void What_is_proven_and_not_accepted_says_both()
    {
        var flow = Coded(Sample.Flow()).After(new PossessionEvent.ProofAccepted(), Sample.Now).After(
            new VerifiedUserEvent.IdentityAnswered(null, PhoneRisk.Unknown, new RiskRefusal([RiskSignal.Recycled])), Sample.Now);

        var outcome = Outcome.Of(flow, [], null, null);

        Assert.Equal((PossessionVerdict.NotAccepted, "otp"), (outcome.Possession, outcome.Method));
    }

    [Fact]
    public void A_key_that_is_unknown_is_the_method_that_failed_and_an_own_check_has_none()
    {
        var asked = Sample.Flow() with
        {
            Possession = FlowType.None.ToPossession(Product.Unify), Tail = new UnifyProgress(new UnifyState.AwaitingOwnCheck()),
        };
        var unknown = asked.After(new PossessionEvent.MethodUnavailable(PossessionMethod.DeviceKey), Sample.Now);
        var passed = unknown.After(new UnifyEvent.OwnCheckPassed(), Sample.Now);

        Assert.Equal(
            (PossessionVerdict.Failed, PossessionMethod.DeviceKey.Name),
            (Outcome.Of(unknown, [], null, null).Possession, Outcome.Of(unknown, [], null, null).Method));
        Assert.Equal(
            (PossessionVerdict.NotAsked, null), (Outcome.Of(passed, [], null, null).Possession, Outcome.Of(passed, [], null, null).Method));
    }

    private static Flow Coded(Flow flow) =>
        flow.After(new PossessionEvent.ChallengeSent(PossessionMethod.Otp, Sample.Challenge()), Sample.Now);
}
