using Countersign.Core.Texts;
using static Countersign.Core.Texts.TextState;

namespace Countersign.Core.Tests.Texts;

public sealed class TextPlanTests
{
    private static readonly DateTimeOffset _now = Sample.Now;
    private static readonly DateTimeOffset _expires = Sample.Deadline;
    private static readonly GatewayName[] _both = [GatewayName.Parse("alpha"), GatewayName.Parse("beta")];

    private sealed record Row(string Name, TextFate Fate, GatewayName[] Order, DateTimeOffset At, TextStep Expected);

    private static readonly Row[] _rows =
    [
        new("the first gateway first", Fate(Queued, 5), _both, _now, new TextStep.Submit(GatewayName.Parse("alpha"))),
        new("no gateway for the number", Fate(Queued, 5), [], _now, new TextStep.GiveUp(null)),
        new("twenty seconds are enough", Fate(Queued, 5), _both, _expires.AddSeconds(-20), new TextStep.Submit(GatewayName.Parse("alpha"))),
        new("less than twenty seconds are not", Fate(Queued, 5), _both, _expires.AddSeconds(-20).AddTicks(1), new TextStep.Expire()),
        new("the next one after a refusal", Fate(Queued, 5, Refused("alpha", SmsRefusal.BlockedDestination)), _both, _now,
            new TextStep.Submit(GatewayName.Parse("beta"))),
        new("the next one also when the first may be asked again", Fate(Queued, 5, Refused("alpha", SmsRefusal.ProviderDown, 0)), _both,
            _now, new TextStep.Submit(GatewayName.Parse("beta"))),
        new("no other after a number that is none", Fate(Queued, 5, Refused("alpha", SmsRefusal.InvalidDestination)), _both, _now,
            new TextStep.GiveUp(SmsRefusal.InvalidDestination)),
        new("no other after STOP", Fate(Queued, 5, Refused("alpha", SmsRefusal.OptedOut)), _both, _now,
            new TextStep.GiveUp(SmsRefusal.OptedOut)),
        new("all have refused", Fate(Queued, 5, Refused("alpha", SmsRefusal.AuthFailed), Refused("beta", SmsRefusal.ContentRejected)),
            _both, _now, new TextStep.GiveUp(SmsRefusal.ContentRejected)),
        new("the one that may be asked again, later",
            Fate(Queued, 5, Refused("alpha", SmsRefusal.Throttled, 7), Refused("beta", SmsRefusal.ContentRejected)), _both, _now,
            new TextStep.Postpone(_now.AddSeconds(7))),
        new("the one that may be asked again, now", Fate(Queued, 0, Refused("alpha", SmsRefusal.Throttled, 0)), _both[..1], _now,
            new TextStep.Submit(GatewayName.Parse("alpha"))),
        new("one that could not write its file may be asked again", Fate(Queued, 0, Refused("alpha", SmsRefusal.NotWritten, 0)), _both[..1],
            _now, new TextStep.Submit(GatewayName.Parse("alpha"))),
        new("of two that may be asked again the sooner",
            Fate(Queued, 5, Refused("alpha", SmsRefusal.Throttled, 7), Refused("beta", SmsRefusal.ProviderDown, 3)), _both, _now,
            new TextStep.Postpone(_now.AddSeconds(3))),
        new("three tries are enough",
            Fate(Queued, 5, Refused("alpha", SmsRefusal.Throttled, 0), Refused("alpha", SmsRefusal.Throttled, 0),
                Refused("alpha", SmsRefusal.Throttled, 0)), _both[..1], _now, new TextStep.GiveUp(SmsRefusal.Throttled)),
        new("asked again too late for the text's life", Fate(Queued, 5, Refused("alpha", SmsRefusal.Throttled, 101)), _both[..1], _now,
            new TextStep.GiveUp(SmsRefusal.Throttled)),
        new("a gateway that is being called", Fate(Sending, 3, Of("alpha", AttemptState.Submitting)), _both, _now, new TextStep.Wait()),
        new("a gateway whose caller died", Fate(Sending, 0, Of("alpha", AttemptState.Submitting)), _both, _now, new TextStep.Presume(1)),
        new("no answer, for a while", Fate(Unknown, 2, Of("alpha", AttemptState.NoAnswer)), _both, _now, new TextStep.Wait()),
        new("no answer, long enough", Fate(Unknown, 0, Of("alpha", AttemptState.NoAnswer)), _both, _now,
            new TextStep.Submit(GatewayName.Parse("beta"))),
        new("no answer, and nobody else", Fate(Unknown, 0, Of("alpha", AttemptState.NoAnswer)), _both[..1], _now,
            new TextStep.GiveUp(null)),
        new("no answer, and too late for another", Fate(Unknown, 0, Of("alpha", AttemptState.NoAnswer)), _both, _expires,
            new TextStep.GiveUp(null)),
        new("given up", Fate(Unknown, null, Of("alpha", AttemptState.NoAnswer)), _both, _now, new TextStep.Wait()),
        new("stuck, long enough", Fate(Sent, 0, Of("alpha", AttemptState.Accepted)), _both, _now,
            new TextStep.Submit(GatewayName.Parse("beta"))),
        new("with the operator", Fate(Sent, null, Of("alpha", AttemptState.Enroute)), _both, _now, new TextStep.Wait()),
        new("arrived", Fate(Delivered, null, Of("alpha", AttemptState.Delivered)), _both, _now, new TextStep.Wait()),
        new("a gateway that was taken out of the configuration", Fate(Unknown, 0, Of("gamma", AttemptState.NoAnswer)), _both, _now,
            new TextStep.Submit(GatewayName.Parse("alpha"))),
    ];

    public static TheoryData<string> Names => [.. _rows.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_plan_says_what_is_next(string name)
    {
        var row = _rows.Single(r => r.Name == name);

        var step = TextPlan.Next(row.Fate, row.Order, _expires, row.At);

        Assert.Equal(row.Expected, step);
    }

    [Theory]
    [InlineData("", "", "alpha beta gamma")]
    [InlineData("alpha", "", "beta gamma alpha")]
    [InlineData("", "alpha", "beta gamma alpha")]
    [InlineData("alpha beta gamma", "", "alpha beta gamma")]
    [InlineData("alpha", "beta", "gamma beta alpha")]
    [InlineData("alpha beta", "beta gamma", "gamma alpha beta")]
    public void Gateways_at_rest_come_last_and_before_them_those_that_the_flow_has_used(string resting, string used, string expected)
    {
        var route = new TextRoute([GatewayName.Parse("alpha"), GatewayName.Parse("beta"), GatewayName.Parse("gamma")]);

        var order = route.OrderFor(
            name => resting.Contains(name.ToString(), StringComparison.Ordinal) ? GatewayHealth.Resting : GatewayHealth.Well,
            [.. used.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(GatewayName.Parse)]);

        Assert.Equal(expected, string.Join(' ', order));
    }

    [Fact]
    public void A_gateway_that_seldom_delivers_comes_behind_the_others_and_before_those_at_rest()
    {
        var health = new Dictionary<string, GatewayHealth>
        {
            ["alpha"] = GatewayHealth.Resting, ["beta"] = GatewayHealth.SeldomDelivers, ["gamma"] = GatewayHealth.Well,
        };

        var order = new TextRoute([GatewayName.Parse("alpha"), GatewayName.Parse("beta"), GatewayName.Parse("gamma")]).OrderFor(name =>
            health[name.ToString()], []);

        Assert.Equal("gamma beta alpha", string.Join(' ', order));
    }

    private static TextFate Fate(TextState state, double? dueIn, params TextAttempt[] attempts) =>
        new(state, attempts, dueIn is { } seconds ? _now.AddSeconds(seconds) : null, SentAt: null);

    private static TextAttempt Of(string gateway, AttemptState state) =>
        new(GatewayName.Parse(gateway), _now.AddSeconds(-8), AwaitsHandover: true, state, _now);

    private static TextAttempt Refused(string gateway, SmsRefusal why, double? againIn = null) =>
        Of(gateway, AttemptState.Refused) with { Why = why, AgainAt = againIn is { } seconds ? _now.AddSeconds(seconds) : null };
}
