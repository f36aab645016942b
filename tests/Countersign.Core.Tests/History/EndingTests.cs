using System.Reflection;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Possession;
using Countersign.Core.PreFill;
using Countersign.Core.Unify;
using Countersign.Core.VerifiedUser;

namespace Countersign.Core.Tests.History;

/// <summary>However a flow ends, its end has a code of its own, with what there is to add.</summary>
public sealed class EndingTests
{
    private static readonly RiskRefusal _refusal = new([RiskSignal.SimSwap, RiskSignal.Recycled]);
    private static readonly PossessionMethod _otp = PossessionMethod.Otp;

    /// <summary>One flow for each end: no two share a code, and each code is some flow's.</summary>
    private static readonly Row[] _ends =
    [
        new("the name is the number's", FlowEnd.Matched, "exact", Answered(new(IdentityMatch.Matched, Rule: "exact"))),
        new("the name is another", FlowEnd.Differs, "family-differs", Answered(new(IdentityMatch.Differs, Rule: "family-differs"))),
        new("the names cannot be compared", FlowEnd.NotComparable, "other-script", Answered(
            new(IdentityMatch.NotAvailable, Rule: "other-script"))),
        new("nobody is on record", FlowEnd.NoRecord, null, Answered(new(IdentityMatch.NotAvailable))),
        new("no source could be asked", FlowEnd.SourceUnavailable, null, Answered(IdentityAnswer.SourceDown)),
        new("the number has a risk", FlowEnd.NotAccepted, "sim-swap,recycled", Proven(Verify).After(
            new VerifiedUserEvent.IdentityAnswered(null, PhoneRisk.Unknown, _refusal), Sample.Now)),
        new("the matching takes too long", FlowEnd.RanOutMatching, null, Proven(Verify)),

        new("the code's time is over", FlowEnd.Expired, null, Coded(Verify)),
        new("the code never arrives", FlowEnd.Undelivered, null, Coded(Verify).After(
            new PossessionEvent.TextUndelivered(_otp), Sample.Now)),
        new("the code is wrong", FlowEnd.WrongEntries, null, Wrong(Verify)),
        new("no gateway takes the text", FlowEnd.Unavailable, FlowReason.NoGateway, Coded(Verify).After(
            new PossessionEvent.MethodUnavailable(_otp, FlowReason.NoGateway), Sample.Now)),
        new("the person gives up", FlowEnd.GivenUp, null, Coded(Verify).After(new PossessionEvent.GivenUp(), Sample.Now)),
        new("it was not the person", FlowEnd.Declined, null, Coded(Verify).After(new PossessionEvent.Declined(), Sample.Now)),
        new("a limit is reached", FlowEnd.BudgetSpent, null, Coded(Verify).After(new PossessionEvent.BudgetSpent(_otp), Sample.Now)),
        new("the relying party cancels it", FlowEnd.Cancelled, null, Coded(Verify).Cancelled(Sample.Now)),
        new("the browser never begins", FlowEnd.RanOutReady, null, Verify),
        new("the flow ends before its challenge", FlowEnd.RanOutChallenged, null, Late(Verify)),

        new("a pre-fill is complete", FlowEnd.Completed, null, Completing.After(Complete(), Sample.Now)),
        new("nobody asks how possession stands", FlowEnd.RanOutProven, null, Proven(PreFill)),
        new("the challenge never comes", FlowEnd.RanOutAwaitingChallenge, null, Validated),
        new("the challenge is never answered", FlowEnd.RanOutChallenging, null, Challenging),
        new("the complete never comes", FlowEnd.RanOutAwaitingComplete, null, Challenging.After(Challenge(), Sample.Now)),
        new("the complete is never answered", FlowEnd.RanOutCompleting, null, Completing),

        new("a person is tied", FlowEnd.Bound, "with-device", Binding(new(new BoundIdentity(Guid.NewGuid(), Guid.NewGuid())))),
        new("the number is another's", FlowEnd.AnotherPerson, null, Binding(new(null, Obstacle: BindingObstacle.AnotherPerson))),
        new("the key proves nothing", FlowEnd.KeyVoid, null, Binding(new(null, Obstacle: BindingObstacle.KeyProvesNothing))),
        new("the binding takes too long", FlowEnd.RanOutBinding, null, Proven(Unify)),
        new("the own check never comes", FlowEnd.RanOutAwaitingOwnCheck, null, OwnCheck),
    ];

    /// <summary>Flows of other products, and other ways to the same end.</summary>
    private static readonly Row[] _others =
    [
        new("a match ended with the flow", FlowEnd.RanOutMatching, null, Proven(Verify).After(
            new VerifiedUserEvent.IdentityAnswered(IdentityAnswer.SourceDown, PhoneRisk.Unknown), Verify.ExpiresAt)),
        new("a pre-fill never begins", FlowEnd.RanOutReady, null, PreFill),
        new("a pre-fill's code is wrong", FlowEnd.WrongEntries, null, Wrong(PreFill)),
        new("a pre-fill's risk is told with the challenge", FlowEnd.NotAccepted, "sim-swap,recycled",
            Challenging.After(Challenge(_refusal), Sample.Now)),
        new("a pre-fill's risk is told with the complete", FlowEnd.NotAccepted, "sim-swap,recycled",
            Completing.After(Complete(_refusal), Sample.Now)),
        new("a pre-fill's risk was gone with the complete", FlowEnd.Completed, null,
            Challenging.After(Challenge(_refusal), Sample.Now).After(new PreFillEvent.CompleteAsked(), Sample.Now)
                .After(Complete(), Sample.Now)),
        new("a pre-fill is cancelled before its code is entered", FlowEnd.Cancelled, null, Coded(PreFill).Cancelled(Sample.Now)),
        new("a pre-fill is cancelled after its possession", FlowEnd.Cancelled, null, Proven(PreFill).Cancelled(Sample.Now)),
        new("a unify is cancelled", FlowEnd.Cancelled, null, Coded(Unify).Cancelled(Sample.Now)),
        new("a unify is cancelled that awaits the own check", FlowEnd.Cancelled, null, OwnCheck.Cancelled(Sample.Now)),
        new("a unify is cancelled whose key is unknown", FlowEnd.Cancelled, null, OwnCheck.After(
            new PossessionEvent.MethodUnavailable(PossessionMethod.DeviceKey), Sample.Now).Cancelled(Sample.Now)),
        new("a unify's code is wrong", FlowEnd.WrongEntries, null, Wrong(Unify)),
        new("a unify never begins", FlowEnd.RanOutReady, null, Unify),
        new("a unify's number has a risk", FlowEnd.NotAccepted, "sim-swap,recycled", Binding(new(null, Refusal: _refusal))),
        new("a binding ended with the flow", FlowEnd.RanOutBinding, null, Proven(Unify).After(
            new UnifyEvent.Bound(null), Unify.ExpiresAt)),
        new("a key is unknown and the own check never comes", FlowEnd.RanOutAwaitingOwnCheck, null, OwnCheck.After(
            new PossessionEvent.MethodUnavailable(PossessionMethod.DeviceKey), Sample.Now)),
        new("an own check passes", FlowEnd.Bound, null, OwnCheck.After(new UnifyEvent.OwnCheckPassed(), Sample.Now).After(
            new UnifyEvent.Bound(new BoundIdentity(Guid.NewGuid(), null)), Sample.Now)),
    ];

    public static TheoryData<string> Names => [.. All.Select(row => row.Name)];

    private static IEnumerable<Row> All => _ends.Concat(_others);

    private static Flow Verify => Sample.Flow();

    private static Flow PreFill => Sample.Flow() with
    {
        Tail = new PreFillProgress(StartShape.PreFill, new PreFillState.AwaitingPossession()),
    };

    private static Flow Unify => Sample.Flow() with { Tail = new UnifyProgress(new UnifyState.AwaitingPossession()) };

    private static Flow OwnCheck => Sample.Flow() with
    {
        Possession = FlowType.None.ToPossession(Product.Unify), Tail = new UnifyProgress(new UnifyState.AwaitingOwnCheck()),
    };

    private static Flow Validated => Proven(PreFill).After(new PreFillEvent.ValidateAsked(StartShape.PreFill), Sample.Now);

    private static Flow Challenging => Validated.After(new PreFillEvent.ChallengeAsked(), Sample.Now);

    private static Flow Completing =>
        Challenging.After(Challenge(), Sample.Now).After(new PreFillEvent.CompleteAsked(), Sample.Now);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_flow_ends_as_its_row_says(string name)
    {
        var row = All.Single(one => one.Name == name);

        var ending = Ending.Of(row.Flow);

        Assert.Equal((row.End, row.Reason), (ending.End, ending.Reason));
        Assert.Equal(FlowEnd.IsRanOut(row.End), ending.At == row.Flow.ExpiresAt);
        Assert.InRange(ending.At, row.Flow.CreatedAt, row.Flow.ExpiresAt);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void However_a_flow_ends_it_is_announced_once(string name)
    {
        var row = All.Single(one => one.Name == name);

        var told = FlowNews.Between(null, row.Flow).Concat(FlowNews.AtLast(row.Flow)).ToList();

        var finished = Assert.Single(told, news => news.Type == AnnouncementType.FlowFinished);
        Assert.Same(finished, told[^1]);
        Assert.Equal((row.End, row.Reason, Ending.Of(row.Flow).At), (finished.End, finished.Reason, finished.At));
        Assert.Single(told, news => news.Type == AnnouncementType.FlowStarted);
    }

    [Fact]
    public void Each_end_has_a_code_of_its_own_and_each_code_is_an_end()
    {
        var constants = typeof(FlowEnd).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral)
            .Select(field => (string)field.GetValue(null)!);

        var ends = _ends.Select(row => row.End).ToList();

        Assert.Equal(FlowEnd.OfFlows.Order(StringComparer.Ordinal), ends.Order(StringComparer.Ordinal));
        Assert.Equal(FlowEnd.All.Order(StringComparer.Ordinal), constants.Order(StringComparer.Ordinal));
        Assert.Equal(ends.Count, ends.Distinct().Count());
        Assert.DoesNotContain(ends, end => end.EndsWith("failed", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_state_in_which_a_table_may_stop_has_a_row()
    {
        var last = All.Select(row => Ending.AtLast(row.Flow)).ToList();

        Assert.Equal(NamesOf<PossessionState>(), Seen(last.Select(flow => flow.Possession)));
        Assert.Equal(NamesOf<VerifiedUserState>(), Seen(last.Select(flow => flow.Tail).OfType<VerifiedUserState>()));
        Assert.Equal(NamesOf<PreFillState>(), Seen(last.Select(flow => flow.Tail).OfType<PreFillProgress>().Select(tail => tail.State)));
        Assert.Equal(NamesOf<UnifyState>(), Seen(last.Select(flow => flow.Tail).OfType<UnifyProgress>().Select(tail => tail.State)));
        Assert.Equal(
            Enum.GetValues<PossessionFailure>(),
            last.Select(flow => flow.Possession).OfType<PossessionState.Failed>().Select(failed => failed.Reason).Distinct().Order());
        Assert.Equal(
            Enum.GetValues<BindingObstacle>(),
            last.Select(flow => flow.Tail).OfType<UnifyProgress>().Select(tail => tail.State).OfType<UnifyState.Done>()
                .Select(done => done.Obstacle).OfType<BindingObstacle>().Distinct().Order());
    }

    [Fact]
    public void While_something_may_still_come_of_a_flow_it_has_no_end()
    {
        Assert.All([Verify, Coded(Verify), Proven(Verify), Validated, Challenging, Completing, Proven(Unify), OwnCheck], flow =>
            Assert.Null(Ending.Reached(flow)));
        Assert.Equal(new Ending(FlowEnd.GivenUp, Sample.Now), Ending.Reached(Verify.After(new PossessionEvent.GivenUp(), Sample.Now)));
        Assert.Equal(FlowEnd.Completed, Ending.Reached(Completing.After(Complete(), Sample.Now))!.End);
    }

    [Fact]
    public void A_flow_that_has_ended_or_that_somebody_is_busy_with_cannot_be_cancelled()
    {
        Assert.All([Proven(Verify), Proven(Unify), Challenging, Completing, Wrong(Verify), Answered(new(IdentityMatch.Matched))], flow =>
            Assert.Same(flow, flow.Cancelled(Sample.Now)));
        Assert.All([Verify, Coded(Verify), Proven(PreFill), Validated, OwnCheck], flow =>
        {
            var cancelled = flow.Cancelled(Sample.Now);
            Assert.Equal(new Ending(FlowEnd.Cancelled, Sample.Now), Ending.Reached(cancelled));
            Assert.True(cancelled.IsDecided);
            Assert.Null(cancelled.NextDeadline);
            Assert.Same(cancelled, cancelled.Cancelled(Sample.Now.AddSeconds(1)));
        });
    }

    [Fact]
    public void A_number_that_the_network_denies_is_no_wrong_entry()
    {
        var flow = Verify with { TakesNoText = true, Possession = FlowType.Mobile.ToPossession(Product.VerifiedUsers, takesNoText: true) };

        // The network is asked once.
        var asked = Sample.Challenge() with { Limits = new ChallengeLimits(1) };

        var denied = flow.After(new PossessionEvent.ChallengeSent(PossessionMethod.MobileAuth, asked), Sample.Now)
            .After(new PossessionEvent.ProofRejected(FlowReason.AnotherNumber), Sample.Now);

        Assert.Equal(new Ending(FlowEnd.Unavailable, Sample.Now, FlowReason.AnotherNumber), Ending.Of(denied));
    }

    [Fact]
    public void Of_a_flow_that_a_former_version_told_in_sentences_the_last_is_its_end()
    {
        var flow = Answered(new(IdentityMatch.Matched)) with
        {
            Timeline = [new(Sample.Now, null) { What = "otp begun" }, new(Sample.Now.AddSeconds(9), null) { What = "name matches" }],
        };

        Assert.Equal(new Ending(FlowEnd.Matched, Sample.Now.AddSeconds(9)), Ending.Of(flow));
    }

    private static Flow Proven(Flow flow) => Coded(flow).After(new PossessionEvent.ProofAccepted(), Sample.Now);

    private static Flow Coded(Flow flow) => flow.After(new PossessionEvent.ChallengeSent(_otp, Sample.Challenge()), Sample.Now);

    private static Flow Late(Flow flow) => flow.After(
        new PossessionEvent.ChallengeSent(_otp, Sample.Challenge() with { Deadline = flow.ExpiresAt.AddSeconds(1) }), Sample.Now);

    private static Flow Wrong(Flow flow) => Enumerable.Range(0, 3).Aggregate(
        Coded(flow), (entered, _) => entered.After(new PossessionEvent.ProofRejected(), Sample.Now));

    private static Flow Answered(IdentityAnswer answer) =>
        Proven(Verify).After(new VerifiedUserEvent.IdentityAnswered(answer, PhoneRisk.Unknown), Sample.Now);

    private static Flow Binding(UnifyEvent.Bound bound) => Proven(Unify).After(bound, Sample.Now);

    private static PreFillEvent.ChallengeAnswered Challenge(RiskRefusal? refusal = null) =>
        new(Sample.Now + PreFillMachine.AnswerTime, refusal);

    private static PreFillEvent.CompleteAnswered Complete(RiskRefusal? refusal = null) =>
        new(Sample.Now + PreFillMachine.AnswerTime, refusal);

    private static IEnumerable<string> NamesOf<T>() => ClosedSet.Of<T>().Select(type => type.Name).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Seen(IEnumerable<object> states) =>
        states.Select(state => state.GetType().Name).Distinct().Order(StringComparer.Ordinal);

    private sealed record Row(string Name, string End, string? Reason, Flow Flow);
}
