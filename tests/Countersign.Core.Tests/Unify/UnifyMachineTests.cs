using Countersign.Core.IdentityMatching;
using Countersign.Core.Unify;
using CsCheck;
using static Countersign.Core.Unify.UnifyEvent;
using static Countersign.Core.Unify.UnifyState;

namespace Countersign.Core.Tests.Unify;

public sealed class UnifyMachineTests
{
    private static readonly DateTimeOffset _now = Sample.Now;
    private static readonly DateTimeOffset _retake = _now + UnifyMachine.BindTime;
    private static readonly PhoneRisk _swapped = new(WasSimSwapped: true);
    private static readonly BoundIdentity _identity = new(new Guid("019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a"), null);

    private sealed record Row(string Name, UnifyState State, UnifyEvent Event, DateTimeOffset At, UnifyState Expected);

    private static readonly Row[] _rows =
    [
        new("possession is proven", new AwaitingPossession(), new PossessionSettled(), _now, new Binding(_retake)),
        new("possession has failed", new AwaitingPossession(), new PossessionFailed(), _now, new Done(null)),
        new("a known key spares the own check", new AwaitingOwnCheck(), new PossessionSettled(), _now, new Binding(_retake)),
        new("the own check has passed", new AwaitingOwnCheck(), new OwnCheckPassed(), _now, new Binding(_retake)),
        new("cancelled instead of the own check", new AwaitingOwnCheck(), new Cancelled(), _now,
            new Done(null, Obstacle: BindingObstacle.Cancelled)),
        new("whoever ties still has time", new Binding(_retake), new TakenOver(), _retake.AddTicks(-1), new Binding(_retake)),
        new("whoever ties has gone silent", new Binding(_retake), new TakenOver(), _retake, new Binding(_retake + UnifyMachine.BindTime)),
        new("tied together", new Binding(_retake), new Bound(_identity), _now, new Done(_identity)),
        new("tied together, with signals", new Binding(_retake), new Bound(_identity, _swapped), _now, new Done(_identity, _swapped)),
        new("tied together late", new Binding(_retake), new Bound(_identity), _retake.AddHours(1), new Done(_identity)),
        new("the flow's life ended first", new Binding(_retake), new Bound(null), _now, new Done(null)),
    ];

    private static readonly (Type State, Type Event, string Reason)[] _ignored =
    [
        (typeof(AwaitingPossession), typeof(OwnCheckPassed),
            "the flow has a check of its own, and the relying party's word does not replace it"),
        (typeof(AwaitingPossession), typeof(TakenOver), "nobody is at it"),
        (typeof(AwaitingPossession), typeof(Bound), "nothing is proven"),
        (typeof(AwaitingOwnCheck), typeof(PossessionFailed), "an unknown key proves nothing and refutes nothing: the relying party checks"),
        (typeof(AwaitingOwnCheck), typeof(TakenOver), "nobody is at it"),
        (typeof(AwaitingOwnCheck), typeof(Bound), "nothing is proven"),
        (typeof(AwaitingPossession), typeof(Cancelled), "possession fails, and that is told"),
        (typeof(Binding), typeof(Cancelled), "what was proven stays proven"),
        (typeof(Binding), typeof(PossessionSettled), "one proof ties once"),
        (typeof(Binding), typeof(PossessionFailed), "what was proven stays proven"),
        (typeof(Binding), typeof(OwnCheckPassed), "one proof ties once"),
        .. ClosedSet.Of<UnifyEvent>().Select(e => (typeof(Done), e, "a result never changes")),
    ];

    public static TheoryData<string> Names => [.. _rows.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_table_says_what_follows(string name)
    {
        var row = _rows.Single(r => r.Name == name);

        var next = UnifyMachine.Next(row.State, row.Event, row.At);

        Assert.Equal(row.Expected, next);
    }

    [Fact]
    public void Every_pair_of_state_and_event_is_a_row_or_ignored_on_purpose()
    {
        var all = ClosedSet.Of<UnifyState>().SelectMany(_ => ClosedSet.Of<UnifyEvent>(), (s, e) => $"{s.Name} + {e.Name}").ToArray();

        var rows = _rows.Select(row => $"{row.State.GetType().Name} + {row.Event.GetType().Name}").ToHashSet();
        var ignored = _ignored.Select(pair => $"{pair.State.Name} + {pair.Event.Name}").ToArray();

        Assert.Equal(24, all.Length);
        Assert.Empty(rows.Intersect(ignored));
        Assert.Equal(all.Order(), rows.Concat(ignored).Order());
    }

    [Fact]
    public void An_ignored_pair_changes_nothing_at_any_time()
    {
        foreach (var (stateType, eventType, reason) in _ignored)
        {
            var state = States.Single(s => s.GetType() == stateType);
            var happened = Events.First(e => e.GetType() == eventType);

            Assert.True(ReferenceEquals(state, UnifyMachine.Next(state, happened, _now)), reason);
            Assert.True(ReferenceEquals(state, UnifyMachine.Next(state, happened, DateTimeOffset.MaxValue.AddDays(-1))), reason);
        }
    }

    [Fact]
    public void Without_a_proof_or_the_own_check_nobody_is_named()
    {
        var harmless = Events.Where(e => e is not (PossessionSettled or OwnCheckPassed)).ToArray();
        Gen.Select(Gen.Bool, Gen.Int[0, harmless.Length - 1].Select(i => harmless[i]).Array[0, 20]).Sample((hasOwnCheck, events) =>
        {
            UnifyState state = hasOwnCheck ? new AwaitingOwnCheck() : new AwaitingPossession();
            state = events.Aggregate(state, (s, e) => UnifyMachine.Next(s, e, _now));

            Assert.False(state is Binding or Done { Identity: not null });
        });
    }

    private static UnifyState[] States =>
        [new AwaitingPossession(), new AwaitingOwnCheck(), new Binding(DateTimeOffset.MaxValue), new Done(_identity)];

    private static UnifyEvent[] Events =>
        [new PossessionSettled(), new PossessionFailed(), new OwnCheckPassed(), new TakenOver(), new Bound(_identity), new Cancelled()];
}
