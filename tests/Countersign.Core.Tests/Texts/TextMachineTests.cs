using Countersign.Core.Texts;
using CsCheck;
using static Countersign.Core.Texts.TextEvent;
using static Countersign.Core.Texts.TextState;

namespace Countersign.Core.Tests.Texts;

public sealed class TextMachineTests
{
    private static readonly DateTimeOffset _now = Sample.Now;
    private static readonly DateTimeOffset _begun = Sample.Now.AddSeconds(-4);

    private sealed record Row(string Name, TextFate Fate, TextEvent Event, TextFate Expected);

    private static readonly Row[] _rows =
    [
        // What is done with it.
        new("the first attempt", Fate(Queued, At(5)), new Begun(GatewayName.Parse("alpha"), true),
            Fate(Sending, At(10), Submitting("alpha") with { BegunAt = _now })),
        new("the next attempt after a refusal", Fate(Queued, At(5), Refused("alpha")), new Begun(GatewayName.Parse("beta"), true),
            Fate(Sending, At(10), Refused("alpha"), Submitting("beta") with { BegunAt = _now })),
        new("the same gateway when it may be asked again", Fate(Queued, At(0), Refused("alpha") with { AgainAt = At(0) }),
            new Begun(GatewayName.Parse("alpha"), true),
            Fate(Sending, At(10), Refused("alpha") with { AgainAt = At(0) }, Submitting("alpha") with { BegunAt = _now })),
        new("the same gateway too early", Fate(Queued, At(0), Refused("alpha") with { AgainAt = At(1) }),
            new Begun(GatewayName.Parse("alpha"), true), Fate(Queued, At(0), Refused("alpha") with { AgainAt = At(1) })),
        new("the next gateway when one did not answer", Fate(Unknown, At(0), NoAnswer("alpha")), new Begun(GatewayName.Parse("beta"), true),
            Fate(Sending, At(10), NoAnswer("alpha"), Submitting("beta") with { BegunAt = _now })),
        new("the next gateway before the wait is over", Fate(Unknown, At(1), NoAnswer("alpha")), new Begun(GatewayName.Parse("beta"), true),
            Fate(Unknown, At(1), NoAnswer("alpha"))),
        new("never the gateway that did not answer", Fate(Unknown, At(0), NoAnswer("alpha")), new Begun(GatewayName.Parse("alpha"), true),
            Fate(Unknown, At(0), NoAnswer("alpha"))),
        new("the next gateway when one is stuck", Fate(Sent, At(0), Accepted("alpha")), new Begun(GatewayName.Parse("beta"), true),
            Fate(Sending, At(10), Accepted("alpha"), Submitting("beta") with { BegunAt = _now })),
        new("never the gateway that has it", Fate(Sent, At(0), Accepted("alpha")), new Begun(GatewayName.Parse("alpha"), true),
            Fate(Sent, At(0), Accepted("alpha"))),
        new("no next gateway where nothing is awaited", Fate(Sent, null, Enroute("alpha")), new Begun(GatewayName.Parse("beta"), true),
            Fate(Sent, null, Enroute("alpha"))),
        new("to be tried again later", Fate(Queued, At(5), Refused("alpha")), new Postponed(At(7)), Fate(Queued, At(7), Refused("alpha"))),
        new("to be tried again later while one did not answer", Fate(Unknown, At(0), NoAnswer("alpha")), new Postponed(At(7)),
            Fate(Unknown, At(7), NoAnswer("alpha"))),
        new("to be tried again later while one is stuck", Fate(Sent, At(0), Accepted("alpha")), new Postponed(At(7)),
            Fate(Sent, At(7), Accepted("alpha"))),
        new("no gateway takes it", Fate(Queued, At(5), Refused("alpha")), new GivenUp(), Fate(TextState.Refused, null, Refused("alpha"))),
        new("no gateway is left and one did not answer", Fate(Unknown, At(0), NoAnswer("alpha")), new GivenUp(),
            Fate(Unknown, null, NoAnswer("alpha"))),
        new("no gateway is left and one is stuck", Fate(Sent, At(0), Accepted("alpha")), new GivenUp(),
            Fate(Sent, null, Accepted("alpha"))),
        new("its time is over", Fate(Queued, At(0)), new Dropped(), Fate(TextState.Expired, null)),
        new("its time is over and one did not answer", Fate(Unknown, At(0), NoAnswer("alpha")), new Dropped(),
            Fate(Unknown, null, NoAnswer("alpha"))),
        new("its time is over and one is stuck", Fate(Sent, At(0), Accepted("alpha")), new Dropped(), Fate(Sent, null, Accepted("alpha"))),

        // What is learnt.
        new("taken by a gateway that reports handover", Fate(Sending, At(6), Submitting("alpha")), new Taken(1),
            Taken(Fate(Sent, At(8), Accepted("alpha")))),
        new("taken by a gateway that reports nothing", Fate(Sending, At(6), Mute(Submitting("alpha"))), new Taken(1),
            Taken(Fate(Sent, null, Mute(Accepted("alpha"))))),
        new("taken by the second while the first is stuck", Taken(Fate(Sending, At(6), Accepted("alpha"), Mute(Submitting("beta")))),
            new Taken(2), Taken(Fate(Sent, null, Accepted("alpha"), Mute(Accepted("beta"))))),
        new("turned down", Fate(Sending, At(6), Submitting("alpha")), new TurnedDown(1, SmsRefusal.Throttled, At(3)),
            Fate(Queued, At(5), Refused("alpha") with { AgainAt = At(3) })),
        new("no answer of the second while the first is stuck",
            Taken(Fate(Sending, At(6), Accepted("alpha") with { ChangedAt = At(-12) }, Submitting("beta"))), new Unanswered(2),
            Taken(Fate(Sent, At(6), Accepted("alpha") with { ChangedAt = At(-12) }, NoAnswer("beta")))),
        new("no answer of the second and the first has time left", Taken(Fate(Sending, At(6), Accepted("alpha"), Submitting("beta"))),
            new Unanswered(2), Taken(Fate(Sent, At(8), Accepted("alpha"), NoAnswer("beta")))),
        new("no answer of the second while the first reports nothing",
            Taken(Fate(Sending, At(6), Mute(Accepted("alpha")), Submitting("beta"))), new Unanswered(2),
            Taken(Fate(Sent, null, Mute(Accepted("alpha")), NoAnswer("beta")))),
        new("turned down by the second while the first is stuck",
            Taken(Fate(Sending, At(6), Accepted("alpha") with { ChangedAt = _begun }, Submitting("beta"))),
            new TurnedDown(2, SmsRefusal.Throttled),
            Taken(Fate(Sent, At(4), Accepted("alpha") with { ChangedAt = _begun }, Refused("beta")))),
        new("turned down by the second when the first did not answer", Fate(Sending, At(6), NoAnswer("alpha"), Submitting("beta")),
            new TurnedDown(2, SmsRefusal.Throttled), Fate(Unknown, At(6), NoAnswer("alpha"), Refused("beta"))),
        new("no answer in time", Fate(Sending, At(6), Submitting("alpha")), new Unanswered(1), Fate(Unknown, At(6), NoAnswer("alpha"))),
        new("its process died", Fate(Sending, At(-20), Submitting("alpha") with { BegunAt = At(-30) }), new Unanswered(1),
            Fate(Unknown, At(10), NoAnswer("alpha") with { BegunAt = At(-30) })),
        new("an answer for an attempt that was never made", Fate(Sending, At(6), Submitting("alpha")), new Taken(2),
            Fate(Sending, At(6), Submitting("alpha"))),
        new("delivered before the answer", Fate(Sending, At(6), Submitting("alpha")), new Received(1, ReceiptState.Delivered),
            Taken(Fate(TextState.Delivered, null, Delivered("alpha")))),
        new("delivered by the first while the second is asked", Fate(Sending, At(6), NoAnswer("alpha"), Submitting("beta")),
            new Received(1, ReceiptState.Delivered), Taken(Fate(TextState.Delivered, null, Delivered("alpha"), Submitting("beta")))),
        new("refused behind the first while the second is asked", Fate(Sending, At(6), NoAnswer("alpha"), Submitting("beta")),
            new Received(1, ReceiptState.Rejected),
            Fate(Sending, At(6), Refused("alpha") with { Why = SmsRefusal.Other }, Submitting("beta"))),

        new("taken after all", Fate(Unknown, At(6), NoAnswer("alpha")), new Taken(1), Taken(Fate(Sent, At(8), Accepted("alpha")))),
        new("turned down after all", Fate(Unknown, At(6), NoAnswer("alpha")), new TurnedDown(1, SmsRefusal.Throttled),
            Fate(Queued, At(5), Refused("alpha"))),
        new("a receipt in place of an answer", Fate(Unknown, At(6), NoAnswer("alpha")), new Received(1, ReceiptState.Enroute),
            Taken(Fate(Sent, null, Enroute("alpha")))),
        new("a receipt that says as much as an answer", Fate(Unknown, At(6), NoAnswer("alpha")), new Received(1, ReceiptState.Accepted),
            Taken(Fate(Sent, At(8), Accepted("alpha")))),
        new("a receipt that says nothing", Fate(Unknown, At(6), NoAnswer("alpha")), new Received(1, ReceiptState.Unknown),
            Fate(Unknown, At(6), NoAnswer("alpha"))),

        new("an answer that a receipt has overtaken", Taken(Fate(Sent, null, Enroute("alpha"))), new Taken(1),
            Taken(Fate(Sent, null, Enroute("alpha")))),
        new("turned down, which a receipt has denied", Taken(Fate(Sent, null, Enroute("alpha"))), new TurnedDown(1, SmsRefusal.Other),
            Taken(Fate(Sent, null, Enroute("alpha")))),
        new("the operator has it", Taken(Fate(Sent, At(4), Accepted("alpha"))), new Received(1, ReceiptState.Enroute),
            Taken(Fate(Sent, null, Enroute("alpha")))),
        new("the operator refuses it", Taken(Fate(Sent, At(4), Accepted("alpha"))), new Received(1, ReceiptState.Rejected, "027"),
            Taken(Fate(Queued, At(0), Refused("alpha") with { Why = SmsRefusal.Other, NetworkError = "027" }))),
        new("delivered", Taken(Fate(Sent, null, Enroute("alpha"))), new Received(1, ReceiptState.Delivered),
            Taken(Fate(TextState.Delivered, null, Delivered("alpha")))),
        new("not delivered", Taken(Fate(Sent, null, Enroute("alpha"))), new Received(1, ReceiptState.Undelivered, "027"),
            Taken(Fate(TextState.Undelivered, null, Undelivered("alpha") with { NetworkError = "027" }))),
        new("not delivered in time", Taken(Fate(Sent, null, Enroute("alpha"))), new Received(1, ReceiptState.Expired),
            Taken(Fate(TextState.Expired, null, Expired("alpha")))),
        new("not delivered by the first, and the second has it", Taken(Fate(Sent, null, Enroute("alpha"), Mute(Accepted("beta")))),
            new Received(1, ReceiptState.Undelivered), Taken(Fate(Sent, null, Undelivered("alpha"), Mute(Accepted("beta"))))),
        new("receipts out of order", Taken(Fate(Sent, null, Enroute("alpha"))), new Received(1, ReceiptState.Accepted),
            Taken(Fate(Sent, null, Enroute("alpha")))),

        new("the second takes it when the first has delivered",
            Taken(Fate(TextState.Delivered, null, Delivered("alpha"), Submitting("beta"))), new Taken(2),
            Taken(Fate(TextState.Delivered, null, Delivered("alpha"), Accepted("beta")))),
        new("the second turns it down when the first has delivered",
            Taken(Fate(TextState.Delivered, null, Delivered("alpha"), Submitting("beta"))), new TurnedDown(2, SmsRefusal.Throttled),
            Taken(Fate(TextState.Delivered, null, Delivered("alpha"), Refused("beta")))),
        new("the second does not answer when the first has delivered",
            Taken(Fate(TextState.Delivered, null, Delivered("alpha"), Submitting("beta"))), new Unanswered(2),
            Taken(Fate(TextState.Delivered, null, Delivered("alpha"), NoAnswer("beta")))),
        new("the second does not deliver when the first has", Taken(Fate(TextState.Delivered, null, Delivered("alpha"), Accepted("beta"))),
            new Received(2, ReceiptState.Undelivered), Taken(Fate(TextState.Delivered, null, Delivered("alpha"), Undelivered("beta")))),
        new("the same receipt twice", Taken(Fate(TextState.Delivered, null, Delivered("alpha"))), new Received(1, ReceiptState.Delivered),
            Taken(Fate(TextState.Delivered, null, Delivered("alpha")))),
        new("a receipt that contradicts the first", Taken(Fate(TextState.Delivered, null, Delivered("alpha"))),
            new Received(1, ReceiptState.Undelivered), Taken(Fate(TextState.Delivered, null, Delivered("alpha")))),
    ];

    /// <summary>Pairs that change nothing, on purpose.</summary>
    private static readonly (TextState State, Type Event, string Reason)[] _ignored =
    [
        .. Facts.Select(e => (Queued, e, "every attempt was refused, and the first final word stands")),
        .. Deeds.Select(e => (Sending, e, "a gateway is being called: its answer comes first")),
        (Unknown, typeof(Unanswered), "that is known already"),
        (Sent, typeof(Unanswered), "every gateway has answered"),
        .. Deeds.Select(e => (TextState.Delivered, e, "it has arrived")),
        .. ClosedSet.Of<TextEvent>().Select(e => (TextState.Refused, e, "all attempts have come to their end")),
        .. ClosedSet.Of<TextEvent>()
            .Select(e => (TextState.Undelivered, e, "all attempts have come to their end, and another text would come too late")),
        .. ClosedSet.Of<TextEvent>().Select(e => (TextState.Expired, e, "it is of no use any more")),
    ];

    private static Type[] Deeds => [typeof(Begun), typeof(Postponed), typeof(GivenUp), typeof(Dropped)];

    private static Type[] Facts => [typeof(Taken), typeof(TurnedDown), typeof(Unanswered), typeof(Received)];

    public static TheoryData<string> Names => [.. _rows.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_table_says_what_follows(string name)
    {
        var row = _rows.Single(r => r.Name == name);

        var next = TextMachine.Next(row.Fate, row.Event, _now);

        Assert.Equal(row.Expected.Attempts, next.Attempts);
        Assert.Equal(row.Expected, next);
    }

    [Fact]
    public void Every_pair_of_state_and_event_is_a_row_or_ignored_on_purpose()
    {
        var all = Enum.GetValues<TextState>().SelectMany(_ => ClosedSet.Of<TextEvent>(), (s, e) => $"{s} + {e.Name}").ToArray();

        var rows = _rows.Select(row => $"{row.Fate.State} + {row.Event.GetType().Name}").ToHashSet();
        var ignored = _ignored.Select(pair => $"{pair.State} + {pair.Event.Name}").ToArray();

        Assert.Equal(64, all.Length);
        Assert.Empty(rows.Intersect(ignored));
        Assert.Equal(all.Order(), rows.Concat(ignored).Order());
    }

    [Fact]
    public void An_ignored_pair_changes_nothing()
    {
        foreach (var (state, eventType, reason) in _ignored)
        {
            foreach (var fate in _rows.SelectMany(row => new[] { row.Fate, row.Expected }).Concat(_finals)
                .Where(fate => fate.State == state))
            {
                foreach (var happened in _rows.Select(row => row.Event).Where(happened => happened.GetType() == eventType))
                {
                    Assert.True(fate == TextMachine.Next(fate, happened, _now), $"{reason}: {fate} + {happened}");
                }
            }
        }
    }

    [Fact]
    public void Whatever_happens_in_whatever_order_no_gateway_gets_a_text_that_it_may_have()
    {
        var steps = Gen.Select(Gen.Int[0, 7], Gen.Int[0, 3], Gen.Int[0, 6], Gen.Int[0, 12]);
        steps.Array[1, 40].Sample(all =>
        {
            var now = _now;
            var fate = TextFate.Queued(now);
            foreach (var (kind, attempt, word, seconds) in all)
            {
                now = now.AddSeconds(seconds);
                var before = fate;
                fate = TextMachine.Next(fate, EventOf(kind, attempt, word, now), now);

                foreach (var gateway in fate.Attempts.GroupBy(a => a.Gateway))
                {
                    Assert.InRange(gateway.Count(), 1, TextTimes.TriesAtOneGateway);
                    Assert.All(gateway.SkipLast(1), former => Assert.Equal(AttemptState.Refused, former.State));
                }
                Assert.True(before.State != TextState.Delivered || fate.State == TextState.Delivered);
                Assert.Equal(fate.Attempts.Any(a => a.State == AttemptState.Delivered), fate.State == TextState.Delivered);
                Assert.True(
                    fate.State is not (TextState.Delivered or TextState.Undelivered or TextState.Refused or TextState.Expired)
                        || fate.DueAt is null);
                // Nothing is lost silently: whatever is not at an end and not awaited of anybody was given up or dropped on purpose.
                Assert.True(fate.State is not (Queued or Sending) || fate.DueAt is not null);
            }
        });
    }

    private static TextEvent EventOf(int kind, int attempt, int word, DateTimeOffset now) => kind switch
    {
        0 => new Begun(GatewayName.Parse(new[] { "alpha", "beta", "gamma", "alpha" }[attempt]), word % 2 == 0),
        1 => new Postponed(now.AddSeconds(word)),
        2 => new GivenUp(),
        3 => new Dropped(),
        4 => new Taken(attempt),
        5 => new TurnedDown(attempt, SmsRefusal.Throttled, word < 3 ? now.AddSeconds(word) : null),
        6 => new Unanswered(attempt),
        _ => new Received(attempt, (ReceiptState)word),
    };

    private static readonly TextFate[] _finals =
    [
        Fate(TextState.Refused, null), Fate(TextState.Undelivered, null, Undelivered("alpha")),
        Fate(TextState.Expired, null, Refused("alpha")),
    ];

    private static DateTimeOffset At(double seconds) => _now.AddSeconds(seconds);

    private static TextFate Fate(TextState state, DateTimeOffset? dueAt, params TextAttempt[] attempts) =>
        new(state, attempts, dueAt, SentAt: null);

    private static TextFate Taken(TextFate fate) => fate with { SentAt = _now };

    private static TextAttempt Mute(TextAttempt attempt) => attempt with { AwaitsHandover = false };

    private static TextAttempt Of(string gateway, AttemptState state) =>
        new(GatewayName.Parse(gateway), _begun, AwaitsHandover: true, state, _now);

    private static TextAttempt Submitting(string gateway) => Of(gateway, AttemptState.Submitting);

    private static TextAttempt NoAnswer(string gateway) => Of(gateway, AttemptState.NoAnswer);

    private static TextAttempt Refused(string gateway) => Of(gateway, AttemptState.Refused) with { Why = SmsRefusal.Throttled };

    private static TextAttempt Accepted(string gateway) => Of(gateway, AttemptState.Accepted);

    private static TextAttempt Enroute(string gateway) => Of(gateway, AttemptState.Enroute);

    private static TextAttempt Delivered(string gateway) => Of(gateway, AttemptState.Delivered);

    private static TextAttempt Undelivered(string gateway) => Of(gateway, AttemptState.Undelivered);

    private static TextAttempt Expired(string gateway) => Of(gateway, AttemptState.Expired);
}
