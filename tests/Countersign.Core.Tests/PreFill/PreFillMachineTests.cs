using Countersign.Core.PreFill;
using CsCheck;
using static Countersign.Core.PreFill.PreFillEvent;
using static Countersign.Core.PreFill.PreFillState;

namespace Countersign.Core.Tests.PreFill;

public sealed class PreFillMachineTests
{
    private static readonly DateTimeOffset _now = Sample.Now;
    private static readonly DateTimeOffset _retake = _now + PreFillMachine.AnswerTime;

    private sealed record Row(string Name, PreFillState State, PreFillEvent Event, DateTimeOffset At, PreFillState Expected);

    private static readonly Row[] _rows =
    [
        new("possession is proven", new AwaitingPossession(), new PossessionSettled(), _now, new Proven()),
        new("possession has failed", new AwaitingPossession(), new PossessionFailed(), _now, new Failed()),
        new("validate leads to the challenge", new Proven(), new ValidateAsked(StartShape.PreFill), _now, new AwaitingChallenge()),
        new("validate leads past the challenge", new Proven(), new ValidateAsked(StartShape.Identity), _now, new AwaitingComplete(false)),
        new("challenge is accepted", new AwaitingChallenge(), new ChallengeAsked(), _now, new Challenging(_retake)),
        new("challenge is being answered", new Challenging(_retake), new ChallengeAsked(), _retake.AddTicks(-1), new Challenging(_retake)),
        new("whoever answered the challenge has gone silent", new Challenging(_retake), new ChallengeAsked(), _retake,
            new Challenging(_retake + PreFillMachine.AnswerTime)),
        new("challenge is answered", new Challenging(_retake), new ChallengeAnswered(_retake), _now, new AwaitingComplete(true)),
        new("an answer to a challenge that was taken over", new Challenging(_retake.AddSeconds(10)), new ChallengeAnswered(_retake), _now,
            new Challenging(_retake.AddSeconds(10))),
        new("a late answer to the challenge counts", new Challenging(_retake), new ChallengeAnswered(_retake), _retake.AddHours(1),
            new AwaitingComplete(true)),
        new("complete is accepted after the challenge", new AwaitingComplete(true), new CompleteAsked(), _now, new Completing(_retake)),
        new("complete is accepted without one", new AwaitingComplete(false), new CompleteAsked(), _now, new Completing(_retake)),
        new("complete is being answered", new Completing(_retake), new CompleteAsked(), _retake.AddTicks(-1), new Completing(_retake)),
        new("whoever answered complete has gone silent", new Completing(_retake), new CompleteAsked(), _retake,
            new Completing(_retake + PreFillMachine.AnswerTime)),
        new("cancelled before validate", new Proven(), new Cancelled(), _now, new Failed()),
        new("cancelled before the challenge", new AwaitingChallenge(), new Cancelled(), _now, new Failed()),
        new("cancelled before complete", new AwaitingComplete(true), new Cancelled(), _now, new Failed()),
        new("cancelled while the challenge is being answered", new Challenging(_retake), new Cancelled(), _retake.AddTicks(-1),
            new Challenging(_retake)),
        new("cancelled when whoever answered the challenge has gone silent", new Challenging(_retake), new Cancelled(), _retake,
            new Failed()),
        new("cancelled while complete is being answered", new Completing(_retake), new Cancelled(), _retake.AddTicks(-1),
            new Completing(_retake)),
        new("cancelled when whoever answered complete has gone silent", new Completing(_retake), new Cancelled(), _retake, new Failed()),
        new("complete is answered", new Completing(_retake), new CompleteAnswered(_retake), _now, new Completed()),
        new("an answer to a complete that was taken over", new Completing(_retake.AddSeconds(10)), new CompleteAnswered(_retake), _now,
            new Completing(_retake.AddSeconds(10))),
    ];

    private static readonly (Type State, Type[] Events, string Reason)[] _ignored =
    [
        (typeof(AwaitingPossession),
            [typeof(ValidateAsked), typeof(ChallengeAsked), typeof(ChallengeAnswered), typeof(CompleteAsked), typeof(CompleteAnswered)],
            "nothing is told of a person whose phone is not proven"),
        (typeof(AwaitingPossession), [typeof(Cancelled)], "possession fails, and that is told"),
        (typeof(Proven), [typeof(PossessionSettled), typeof(PossessionFailed)], "what was proven stays proven"),
        (typeof(Proven), [typeof(ChallengeAsked), typeof(ChallengeAnswered), typeof(CompleteAsked), typeof(CompleteAnswered)],
            "validate comes first"),
        (typeof(AwaitingChallenge), [typeof(PossessionSettled), typeof(PossessionFailed)], "what was proven stays proven"),
        (typeof(AwaitingChallenge), [typeof(ValidateAsked)], "validate may be repeated and says the same"),
        (typeof(AwaitingChallenge), [typeof(ChallengeAnswered), typeof(CompleteAsked), typeof(CompleteAnswered)],
            "the challenge comes first"),
        (typeof(Challenging),
            [typeof(PossessionSettled), typeof(PossessionFailed), typeof(ValidateAsked), typeof(CompleteAsked), typeof(CompleteAnswered)],
            "the challenge is being answered"),
        (typeof(AwaitingComplete),
            [typeof(PossessionSettled), typeof(PossessionFailed), typeof(ValidateAsked), typeof(ChallengeAsked), typeof(ChallengeAnswered),
                typeof(CompleteAnswered)], "complete comes next, and a challenge is accepted once"),
        (typeof(Completing),
            [typeof(PossessionSettled), typeof(PossessionFailed), typeof(ValidateAsked), typeof(ChallengeAsked), typeof(ChallengeAnswered)],
            "complete is being answered"),
        (typeof(Completed), [.. ClosedSet.Of<PreFillEvent>()], "a result never changes"),
        (typeof(Failed), [.. ClosedSet.Of<PreFillEvent>()], "a failed check is not taken up again: that is a new flow"),
    ];

    public static TheoryData<string> Names => [.. _rows.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_table_says_what_follows(string name)
    {
        var row = _rows.Single(r => r.Name == name);

        var next = PreFillMachine.Next(row.State, row.Event, row.At);

        Assert.Equal(row.Expected, next);
    }

    [Fact]
    public void Every_pair_of_state_and_event_is_a_row_or_ignored_on_purpose()
    {
        var all = ClosedSet.Of<PreFillState>().SelectMany(_ => ClosedSet.Of<PreFillEvent>(), (s, e) => $"{s.Name} + {e.Name}").ToArray();

        var rows = _rows.Select(row => $"{row.State.GetType().Name} + {row.Event.GetType().Name}").ToHashSet();
        var ignored = _ignored.SelectMany(group => group.Events, (group, e) => $"{group.State.Name} + {e.Name}").ToArray();

        Assert.Equal(64, all.Length);
        Assert.Empty(rows.Intersect(ignored));
        Assert.Equal(all.Order(), rows.Concat(ignored).Order());
    }

    [Fact]
    public void An_ignored_pair_changes_nothing_at_any_time()
    {
        foreach (var (stateType, eventTypes, reason) in _ignored)
        {
            foreach (var state in States.Where(s => s.GetType() == stateType))
            {
                foreach (var happened in Events.Where(e => eventTypes.Contains(e.GetType())))
                {
                    Assert.True(ReferenceEquals(state, PreFillMachine.Next(state, happened, _now)), reason);
                    Assert.True(ReferenceEquals(state, PreFillMachine.Next(state, happened, DateTimeOffset.MaxValue.AddDays(-1))), reason);
                }
            }
        }
    }

    [Fact]
    public void Whatever_is_called_in_whatever_order_a_challenge_and_a_complete_are_accepted_once()
    {
        var moments = Gen.Int[0, 8].Select(seconds => _now.AddSeconds(seconds));
        Gen.Select(Gen.Int[0, Events.Length - 1].Select(i => Events[i]), moments).Array[0, 40].Sample(calls =>
        {
            PreFillState state = new AwaitingPossession();
            var challenges = 0;
            var completes = 0;
            foreach (var (happened, at) in calls)
            {
                var next = PreFillMachine.Next(state, happened, at);
                challenges += state is AwaitingChallenge && next is Challenging ? 1 : 0;
                completes += state is AwaitingComplete && next is Completing ? 1 : 0;
                state = next;
            }

            Assert.InRange(challenges, 0, 1);
            Assert.InRange(completes, 0, 1);
        });
    }

    private static PreFillState[] States =>
    [
        new AwaitingPossession(), new Proven(), new AwaitingChallenge(), new Challenging(DateTimeOffset.MaxValue),
        new AwaitingComplete(true), new AwaitingComplete(false), new Completing(DateTimeOffset.MaxValue), new Completed(), new Failed(),
    ];

    private static PreFillEvent[] Events =>
    [
        new PossessionSettled(), new PossessionFailed(), new ValidateAsked(StartShape.PreFill), new ValidateAsked(StartShape.Identity),
        new ChallengeAsked(), new ChallengeAnswered(_retake), new CompleteAsked(), new CompleteAnswered(_retake), new Cancelled(),
    ];
}
