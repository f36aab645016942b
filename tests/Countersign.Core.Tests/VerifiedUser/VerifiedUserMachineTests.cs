using Countersign.Core.IdentityMatching;
using Countersign.Core.VerifiedUser;
using CsCheck;
using static Countersign.Core.VerifiedUser.VerifiedUserEvent;
using static Countersign.Core.VerifiedUser.VerifiedUserState;

namespace Countersign.Core.Tests.VerifiedUser;

public sealed class VerifiedUserMachineTests
{
    private static readonly DateTimeOffset _now = Sample.Now;
    private static readonly DateTimeOffset _retake = _now + VerifiedUserMachine.MatchTime;
    private static readonly IdentityAnswer _matched = new(IdentityMatch.Matched);
    private static readonly PhoneRisk _swapped = new(WasSimSwapped: true);

    private sealed record Row(string Name, VerifiedUserState State, VerifiedUserEvent Event, DateTimeOffset At, VerifiedUserState Expected);

    private static readonly Row[] _rows =
    [
        new("possession is settled", new AwaitingPossession(), new PossessionSettled(), _now, new Matching(_retake)),
        new("possession has failed", new AwaitingPossession(), new PossessionFailed(), _now, new Done(null, PhoneRisk.Unknown)),
        new("the source has answered", new Matching(_retake), new IdentityAnswered(_matched, _swapped), _now, new Done(_matched, _swapped)),
        new("a late answer counts", new Matching(_retake), new IdentityAnswered(_matched, _swapped), _retake.AddHours(1),
            new Done(_matched, _swapped)),
        new("the asker still has time", new Matching(_retake), new TakenOver(), _retake.AddTicks(-1), new Matching(_retake)),
        new("the asker has gone silent", new Matching(_retake), new TakenOver(), _retake,
            new Matching(_retake + VerifiedUserMachine.MatchTime)),
    ];

    private static readonly (Type State, Type Event, string Reason)[] _ignored =
    [
        (typeof(AwaitingPossession), typeof(IdentityAnswered), "nobody was asked: an answer before possession would make a guess of it"),
        (typeof(AwaitingPossession), typeof(TakenOver), "nobody was asked"),
        (typeof(Matching), typeof(PossessionSettled), "one proof asks once: a second would ask the source twice"),
        (typeof(Matching), typeof(PossessionFailed), "what was proven stays proven"),
        .. ClosedSet.Of<VerifiedUserEvent>().Select(e => (typeof(Done), e, "a result never changes")),
    ];

    public static TheoryData<string> Names => [.. _rows.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_table_says_what_follows(string name)
    {
        var row = _rows.Single(r => r.Name == name);

        var next = VerifiedUserMachine.Next(row.State, row.Event, row.At);

        Assert.Equal(row.Expected, next);
    }

    [Fact]
    public void Every_pair_of_state_and_event_is_a_row_or_ignored_on_purpose()
    {
        var all = ClosedSet.Of<VerifiedUserState>().SelectMany(_ => ClosedSet.Of<VerifiedUserEvent>(), (s, e) => $"{s.Name} + {e.Name}")
            .ToArray();

        var rows = _rows.Select(row => $"{row.State.GetType().Name} + {row.Event.GetType().Name}").ToHashSet();
        var ignored = _ignored.Select(pair => $"{pair.State.Name} + {pair.Event.Name}").ToArray();

        Assert.Equal(12, all.Length);
        Assert.Empty(rows.Intersect(ignored));
        Assert.Equal(all.Order(), rows.Concat(ignored).Order());
    }

    [Fact]
    public void An_ignored_pair_changes_nothing_at_any_time()
    {
        foreach (var (stateType, eventType, reason) in _ignored)
        {
            var state = Samples.OfType<VerifiedUserState>().Single(s => s.GetType() == stateType);
            var happened = Samples.OfType<VerifiedUserEvent>().Single(e => e.GetType() == eventType);

            Assert.True(ReferenceEquals(state, VerifiedUserMachine.Next(state, happened, _now)), reason);
            Assert.True(ReferenceEquals(state, VerifiedUserMachine.Next(state, happened, DateTimeOffset.MaxValue.AddDays(-1))), reason);
        }
    }

    [Fact]
    public void A_result_needs_settled_possession_and_an_answer_or_failed_possession()
    {
        var kinds = Samples.OfType<VerifiedUserEvent>().ToArray();
        var events = Gen.Int[0, kinds.Length - 1].Select(i => kinds[i]).Array[0, 20];

        events.Sample(all =>
        {
            VerifiedUserState state = new AwaitingPossession();
            var seen = new List<VerifiedUserEvent>();
            foreach (var happened in all)
            {
                var before = state;
                state = VerifiedUserMachine.Next(state, happened, _now);
                seen.Add(happened);

                if (before is Done)
                {
                    Assert.Same(before, state);
                }
                if (state is Done { Identity: not null })
                {
                    Assert.True(seen.FindIndex(e => e is PossessionSettled) < seen.FindLastIndex(e => e is IdentityAnswered));
                }
                if (state is Done { Identity: null })
                {
                    Assert.Contains(seen, e => e is PossessionFailed);
                }
            }
        });
    }

    private static object[] Samples { get; } =
    [
        new AwaitingPossession(), new Matching(DateTimeOffset.MinValue), new Done(_matched, _swapped),
        new PossessionSettled(), new PossessionFailed(), new IdentityAnswered(IdentityAnswer.SourceDown, PhoneRisk.Unknown),
        new TakenOver(),
    ];
}
