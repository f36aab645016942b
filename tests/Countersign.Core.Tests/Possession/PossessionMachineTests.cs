using Countersign.Core.Possession;
using CsCheck;
using static Countersign.Core.Possession.PossessionEvent;
using static Countersign.Core.Possession.PossessionState;

namespace Countersign.Core.Tests.Possession;

public sealed class PossessionMachineTests
{
    private static readonly DateTimeOffset _now = Sample.Now;
    private static readonly DateTimeOffset _deadline = Sample.Deadline;
    private static readonly PossessionPlan _link = PossessionPlan.Desktop;
    private static readonly PossessionPlan _otp = new(PossessionMethod.Otp);
    private static readonly PossessionPlan _mobile = PossessionPlan.Mobile;
    private static readonly PossessionPlan _device = PossessionPlan.KnownDeviceThenMobile;
    private static readonly Challenge _first = Sample.Challenge(1);
    private static readonly Challenge _second = Sample.Challenge(2);

    private sealed record Row(string Name, PossessionState State, PossessionEvent Event, DateTimeOffset At, PossessionState Expected);

    private static readonly Row[] _rows =
    [
        new("the method begins", new Ready(_otp), new ChallengeSent(PossessionMethod.Otp, _first), _now, new Challenged(_otp, _first)),
        new("the first of two methods begins", new Ready(_mobile), new ChallengeSent(PossessionMethod.MobileAuth, _first), _now,
            new Challenged(_mobile, _first)),
        new("the second method begins before the first", new Ready(_mobile), new ChallengeSent(PossessionMethod.Otp, _first), _now,
            new Challenged(_otp, _first)),
        new("a method of no plan cannot begin", new Ready(_mobile), new ChallengeSent(PossessionMethod.InstantLink, _first), _now,
            new Ready(_mobile)),
        new("the only method is not available", new Ready(_link), new MethodUnavailable(PossessionMethod.InstantLink), _now,
            new Failed(PossessionFailure.Unavailable)),
        new("the first method is not available", new Ready(_mobile), new MethodUnavailable(PossessionMethod.MobileAuth), _now,
            new Ready(_otp)),
        new("a later method is not available yet", new Ready(_mobile), new MethodUnavailable(PossessionMethod.Otp), _now,
            new Ready(_mobile)),
        new("another number before it began", new Ready(_mobile), new NumberChanged(PossessionMethod.Otp, _first), _now,
            new Challenged(_otp, _first, NumberChanges: 1)),
        new("another number where none may be given", new Ready(_mobile),
            new NumberChanged(PossessionMethod.Otp, _first with { Limits = new ChallengeLimits(3) }), _now, new Ready(_mobile)),
        new("another number for a method of no plan", new Ready(_mobile), new NumberChanged(PossessionMethod.InstantLink, _first), _now,
            new Ready(_mobile)),
        new("proven at once", new Ready(_device), new ProvenAtOnce(PossessionMethod.DeviceKey), _now,
            new Succeeded(PossessionMethod.DeviceKey)),
        new("proven at once by another method than the present", new Ready(_mobile), new ProvenAtOnce(PossessionMethod.DeviceKey), _now,
            new Ready(_mobile)),
        new("given up before it began", new Ready(_mobile), new GivenUp(), _now, new Failed(PossessionFailure.GivenUp)),
        new("the budget of the only method is spent", new Ready(_link), new BudgetSpent(PossessionMethod.InstantLink), _now,
            new Failed(PossessionFailure.BudgetSpent)),
        new("the budget of the next method is spent, and it was begun early", new Ready(_mobile), new BudgetSpent(PossessionMethod.Otp),
            _now, new Failed(PossessionFailure.BudgetSpent)),
        new("the budget of a method of no plan is spent", new Ready(_mobile), new BudgetSpent(PossessionMethod.InstantLink), _now,
            new Ready(_mobile)),
        new("declined before it began", new Ready(_link), new Declined(), _now, new Failed(PossessionFailure.Declined)),
        new("cancelled before it began", new Ready(_mobile), new Cancelled(), _now, new Failed(PossessionFailure.Cancelled)),

        new("right proof in time", new Challenged(_otp, _first), new ProofAccepted(), _deadline.AddTicks(-1),
            new Succeeded(PossessionMethod.Otp)),
        new("right proof at the deadline", new Challenged(_otp, _first), new ProofAccepted(), _deadline, new Challenged(_otp, _first)),
        new("right proof at the last entry", new Challenged(_otp, _first, WrongEntries: 2), new ProofAccepted(), _now,
            new Succeeded(PossessionMethod.Otp)),
        new("first wrong entry of three", new Challenged(_otp, _first), new ProofRejected(), _now,
            new Challenged(_otp, _first, WrongEntries: 1, HasArrived: true)),
        new("a wrong entry of a text that was told not delivered", new Challenged(_otp, _first, HasArrived: false), new ProofRejected(),
            _now, new Challenged(_otp, _first, WrongEntries: 1, HasArrived: true)),
        new("not delivered", new Challenged(_link, _first), new TextUndelivered(PossessionMethod.InstantLink), _now,
            new Challenged(_link, _first, HasArrived: false)),
        new("not delivered, but something was entered", new Challenged(_otp, _first, 1, HasArrived: true),
            new TextUndelivered(PossessionMethod.Otp), _now, new Challenged(_otp, _first, 1, HasArrived: true)),
        new("the text of a method left behind is not delivered", new Challenged(_otp, _first),
            new TextUndelivered(PossessionMethod.InstantLink), _now, new Challenged(_otp, _first)),
        new("right proof of a text that was told not delivered", new Challenged(_otp, _first, HasArrived: false), new ProofAccepted(), _now,
            new Succeeded(PossessionMethod.Otp)),
        new("last wrong entry of three", new Challenged(_otp, _first, WrongEntries: 2), new ProofRejected(), _now,
            new Failed(PossessionFailure.WrongProof)),
        new("wrong entry of the first method", new Challenged(_mobile, OneEntry(_first)), new ProofRejected(), _now, new Ready(_otp)),
        new("wrong entry of the only one", new Challenged(_link, OneEntry(_first)), new ProofRejected(), _now,
            new Failed(PossessionFailure.WrongProof)),
        new("the clock before the deadline", new Challenged(_otp, _first), new Expired(), _deadline.AddTicks(-1),
            new Challenged(_otp, _first)),
        new("the clock at the deadline", new Challenged(_otp, _first), new Expired(), _deadline, new Failed(PossessionFailure.Expired)),
        new("the clock at the deadline of what was not delivered", new Challenged(_link, _first, HasArrived: false), new Expired(),
            _deadline, new Failed(PossessionFailure.Expired, IsUndelivered: true)),
        new("the clock at the deadline of what was entered wrongly", new Challenged(_otp, _first, 1, HasArrived: true), new Expired(),
            _deadline, new Failed(PossessionFailure.Expired)),
        new("the clock at the deadline of the first method", new Challenged(_mobile, _first), new Expired(), _deadline, new Ready(_otp)),
        new("sent again", new Challenged(_otp, _first, WrongEntries: 2), new Resent(_second), _now,
            new Challenged(_otp, _second, WrongEntries: 2, Resends: 1)),
        new("what was not delivered is sent again", new Challenged(_otp, _first, HasArrived: false), new Resent(_second), _now,
            new Challenged(_otp, _second, Resends: 1)),
        new("what was entered wrongly is sent again", new Challenged(_otp, _first, 1, HasArrived: true), new Resent(_second), _now,
            new Challenged(_otp, _second, 1, 1, HasArrived: true)),
        new("sent again once too often", new Challenged(_otp, _first, Resends: 3), new Resent(_second), _now,
            new Challenged(_otp, _first, Resends: 3)),
        new("number changed", new Challenged(_otp, _first, 2, 1), new NumberChanged(PossessionMethod.Otp, _second), _now,
            new Challenged(_otp, _second, 2, 1, NumberChanges: 1)),
        new("number changed after an entry for the former", new Challenged(_otp, _first, 1, HasArrived: true),
            new NumberChanged(PossessionMethod.Otp, _second), _now, new Challenged(_otp, _second, 1, NumberChanges: 1)),
        new("number changed for the next method", new Challenged(_mobile, _first, 1), new NumberChanged(PossessionMethod.Otp, _second),
            _now, new Challenged(_otp, _second, NumberChanges: 1)),
        new("number changed for a method left behind", new Challenged(_otp, _first),
            new NumberChanged(PossessionMethod.MobileAuth, _second), _now, new Challenged(_otp, _first)),
        new("number changed once too often", new Challenged(_otp, _first, NumberChanges: 3),
            new NumberChanged(PossessionMethod.Otp, _second), _now, new Challenged(_otp, _first, NumberChanges: 3)),
        new("begun anew", new Challenged(_mobile, _first, WrongEntries: 1), new ChallengeSent(PossessionMethod.MobileAuth, _second), _now,
            new Challenged(_mobile, _second, WrongEntries: 1)),
        new("begun anew after an entry", new Challenged(_link, _first, WrongEntries: 1, HasArrived: true),
            new ChallengeSent(PossessionMethod.InstantLink, _second), _now, new Challenged(_link, _second, WrongEntries: 1)),
        new("fell back without saying so", new Challenged(_mobile, _first, WrongEntries: 1),
            new ChallengeSent(PossessionMethod.Otp, _second), _now, new Challenged(_otp, _second)),
        new("a method left behind cannot begin", new Challenged(_otp, _first), new ChallengeSent(PossessionMethod.MobileAuth, _second),
            _now, new Challenged(_otp, _first)),
        new("the running method is not available", new Challenged(_mobile, _first), new MethodUnavailable(PossessionMethod.MobileAuth),
            _now, new Ready(_otp)),
        new("the last running method is not available", new Challenged(_otp, _first), new MethodUnavailable(PossessionMethod.Otp), _now,
            new Failed(PossessionFailure.Unavailable)),
        new("a method left behind is not available", new Challenged(_otp, _first), new MethodUnavailable(PossessionMethod.MobileAuth), _now,
            new Challenged(_otp, _first)),
        new("the running method's budget is spent", new Challenged(_otp, _first, WrongEntries: 1), new BudgetSpent(PossessionMethod.Otp),
            _now, new Failed(PossessionFailure.BudgetSpent)),
        new("the next method's budget is spent, and it was begun early", new Challenged(_mobile, _first),
            new BudgetSpent(PossessionMethod.Otp), _now, new Failed(PossessionFailure.BudgetSpent)),
        new("the budget of a method left behind is spent", new Challenged(_otp, _first), new BudgetSpent(PossessionMethod.MobileAuth), _now,
            new Challenged(_otp, _first)),
        new("given up", new Challenged(_mobile, _first), new GivenUp(), _now, new Failed(PossessionFailure.GivenUp)),
        new("declined", new Challenged(_link, _first), new Declined(), _now, new Failed(PossessionFailure.Declined)),
        new("cancelled", new Challenged(_mobile, _first), new Cancelled(), _now, new Failed(PossessionFailure.Cancelled)),
    ];

    /// <summary>Pairs that change nothing, on purpose.</summary>
    private static readonly (Type State, Type Event, string Reason)[] _ignored =
    [
        (typeof(Ready), typeof(Resent), "nothing is out that could be sent again"),
        (typeof(Ready), typeof(ProofAccepted), "a proof of a challenge that is out no more proves nothing"),
        (typeof(Ready), typeof(ProofRejected), "an entry for a challenge that is out no more uses up nothing"),
        (typeof(Challenged), typeof(ProvenAtOnce), "what the auth token carried was for the method that came before the challenge"),
        (typeof(Ready), typeof(TextUndelivered), "nothing is out that could arrive"),
        (typeof(Ready), typeof(Expired), "nothing is out that could run out; the flow's own end is not possession's matter"),
        .. ClosedSet.Of<PossessionEvent>().Select(e => (typeof(Succeeded), e, "what was proven stays proven")),
        .. ClosedSet.Of<PossessionEvent>().Select(e => (typeof(Failed), e, "a failed check is not taken up again: that is a new flow")),
        .. ClosedSet.Of<PossessionEvent>().Select(e => (typeof(NotApplicable), e, "no check was asked for")),
    ];

    public static TheoryData<string> Names => [.. _rows.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_table_says_what_follows(string name)
    {
        var row = _rows.Single(r => r.Name == name);

        var next = PossessionMachine.Next(row.State, row.Event, row.At);

        Assert.Equal(row.Expected, next);
    }

    [Fact]
    public void Every_pair_of_state_and_event_is_a_row_or_ignored_on_purpose()
    {
        var all = ClosedSet.Of<PossessionState>().SelectMany(_ => ClosedSet.Of<PossessionEvent>(), (s, e) => $"{s.Name} + {e.Name}")
            .ToArray();

        var rows = _rows.Select(row => $"{row.State.GetType().Name} + {row.Event.GetType().Name}").ToHashSet();
        var ignored = _ignored.Select(pair => $"{pair.State.Name} + {pair.Event.Name}").ToArray();

        Assert.Equal(65, all.Length);
        Assert.Empty(rows.Intersect(ignored));
        Assert.Equal(all.Order(), rows.Concat(ignored).Order());
    }

    [Fact]
    public void An_ignored_pair_changes_nothing_at_any_time()
    {
        foreach (var (stateType, eventType, reason) in _ignored)
        {
            foreach (var state in SamplesOf(stateType))
            {
                foreach (var happened in SamplesOf(eventType))
                {
                    foreach (var at in (DateTimeOffset[])[_now, _deadline, DateTimeOffset.MaxValue])
                    {
                        Assert.True(
                            ReferenceEquals(state, PossessionMachine.Next((PossessionState)state, (PossessionEvent)happened, at)), reason);
                    }
                }
            }
        }
    }

    [Fact]
    public void No_order_of_events_leaves_the_table()
    {
        Events.Sample(events =>
        {
            PossessionState state = new Ready(_mobile);
            var states = ClosedSet.Of<PossessionState>();
            foreach (var (happened, at) in events)
            {
                var before = state;
                state = PossessionMachine.Next(state, happened, at);

                Assert.Contains(state.GetType(), states);
                if (before is Succeeded or Failed or NotApplicable)
                {
                    Assert.Same(before, state);
                }
                if (state is Challenged c)
                {
                    Assert.InRange(c.WrongEntries, 0, c.Challenge.Limits.Entries - 1);
                    Assert.InRange(c.Resends, 0, c.Challenge.Limits.Resends);
                    Assert.InRange(c.NumberChanges, 0, c.Challenge.Limits.NumberChanges);
                }
            }
        });
    }

    [Fact]
    [Trait("attack", "T06")]
    public void Without_an_accepted_proof_nothing_succeeds()
    {
        Events.Where(events => events.All(e => e.Event is not (ProofAccepted or ProvenAtOnce))).Sample(events =>
            Assert.IsNotType<Succeeded>(
                events.Aggregate((PossessionState)new Ready(_mobile), (s, e) => PossessionMachine.Next(s, e.Event, e.At))));
    }

    [Fact]
    public void Wrong_entries_of_one_method_never_exceed_its_limit_however_it_is_sent_again()
    {
        Events.Sample(events =>
        {
            PossessionState state = new Ready(_otp);
            var counted = 0;
            foreach (var (happened, at) in events)
            {
                var next = PossessionMachine.Next(state, happened, at);
                counted += happened is ProofRejected && next != state ? 1 : 0;
                state = next;
            }

            Assert.InRange(counted, 0, 3);
        });
    }

    private static PossessionEvent[] AllEvents { get; } = [.. ClosedSet.Of<PossessionEvent>().SelectMany(SamplesOf)
        .Cast<PossessionEvent>()];

    private static Gen<(PossessionEvent Event, DateTimeOffset At)[]> Events =>
        Gen.Select(
            Gen.Int[0, AllEvents.Length - 1].Select(i => AllEvents[i]),
            Gen.Int[0, 240].Select(seconds => _now.AddSeconds(seconds)),
            (happened, at) => (happened, at)).Array[0, 40];

    private static Challenge OneEntry(Challenge challenge) => challenge with { Limits = new ChallengeLimits(Entries: 1) };

    /// <summary>Values of a state or an event; a new one must be added here before anything builds on it.</summary>
    private static object[] SamplesOf(Type type) => type.Name switch
    {
        nameof(Ready) => [new Ready(_mobile), new Ready(_otp), new Ready(_link)],
        nameof(Challenged) => [new Challenged(_mobile, _first), new Challenged(_otp, _first, 2, 3, 3)],
        nameof(Succeeded) => [new Succeeded(PossessionMethod.Otp)],
        nameof(Failed) => [.. Enum.GetValues<PossessionFailure>().Select(reason => new Failed(reason))],
        nameof(NotApplicable) => [new NotApplicable()],
        nameof(ChallengeSent) => [new ChallengeSent(PossessionMethod.MobileAuth, _second), new ChallengeSent(PossessionMethod.Otp, _second),
            new ChallengeSent(PossessionMethod.InstantLink, _second)],
        nameof(Resent) => [new Resent(_second)],
        nameof(NumberChanged) =>
            [new NumberChanged(PossessionMethod.Otp, _second), new NumberChanged(PossessionMethod.MobileAuth, _second)],
        nameof(ProofAccepted) => [new ProofAccepted()],
        nameof(ProofRejected) => [new ProofRejected()],
        nameof(ProvenAtOnce) => [new ProvenAtOnce(PossessionMethod.DeviceKey), new ProvenAtOnce(PossessionMethod.Otp)],
        nameof(MethodUnavailable) => [new MethodUnavailable(PossessionMethod.MobileAuth), new MethodUnavailable(PossessionMethod.Otp),
            new MethodUnavailable(PossessionMethod.InstantLink)],
        nameof(TextUndelivered) => [new TextUndelivered(PossessionMethod.MobileAuth), new TextUndelivered(PossessionMethod.Otp),
            new TextUndelivered(PossessionMethod.InstantLink)],
        nameof(BudgetSpent) => [new BudgetSpent(PossessionMethod.MobileAuth), new BudgetSpent(PossessionMethod.Otp),
            new BudgetSpent(PossessionMethod.InstantLink)],
        nameof(Expired) => [new Expired()],
        nameof(GivenUp) => [new GivenUp()],
        nameof(Declined) => [new Declined()],
        nameof(Cancelled) => [new Cancelled()],
        _ => throw new NotSupportedException($"No sample of {type.Name}."),
    };
}
