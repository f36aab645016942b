using Countersign.Core.Texts;

namespace Countersign.Core.Tests.Texts;

/// <summary>What a flow's timeline and its relying party are told of a text.</summary>
public sealed class TextNewsTests
{
    private static readonly DateTimeOffset _now = Sample.Now;
    private static readonly GatewayName _first = GatewayName.Parse("first");
    private static readonly GatewayName _second = GatewayName.Parse("second");

    [Theory]
    [InlineData(null, "no-gateway")]
    [InlineData(SmsRefusal.InvalidDestination, "invalid-destination")]
    [InlineData(SmsRefusal.BlockedDestination, "blocked-destination")]
    [InlineData(SmsRefusal.OptedOut, "opted-out")]
    [InlineData(SmsRefusal.SenderNotAllowed, "sender-not-allowed")]
    [InlineData(SmsRefusal.ContentRejected, "content-rejected")]
    [InlineData(SmsRefusal.Throttled, "throttled")]
    [InlineData(SmsRefusal.AuthFailed, "auth-failed")]
    [InlineData(SmsRefusal.InsufficientCredit, "insufficient-credit")]
    [InlineData(SmsRefusal.ProviderDown, "provider-down")]
    [InlineData(SmsRefusal.Expired, "too-little-time")]
    [InlineData(SmsRefusal.NotWritten, "not-written")]
    [InlineData(SmsRefusal.Other, "refused")]
    public void Why_no_text_could_be_sent_has_a_code(SmsRefusal? why, string code) => Assert.Equal(code, TextNews.CodeOf(why));

    [Theory]
    [InlineData(AttemptState.NoAnswer, 1, "text.unanswered")]
    [InlineData(AttemptState.Refused, 1, "text.refused")]
    [InlineData(AttemptState.Undelivered, 1, "text.undelivered")]
    [InlineData(AttemptState.Expired, 1, "text.expired")]
    [InlineData(AttemptState.Accepted, 1, null)]
    [InlineData(AttemptState.Delivered, 1, null)]
    [InlineData(AttemptState.Enroute, 1, null)]
    [InlineData(AttemptState.NoAnswer, 2, "text.unanswered")]
    [InlineData(AttemptState.Accepted, 2, "text.accepted")]
    [InlineData(AttemptState.Delivered, 2, "text.delivered")]
    [InlineData(AttemptState.Enroute, 2, null)]
    public void A_flow_hears_of_a_gateway_what_went_otherwise_than_it_should(AttemptState state, int number, string? code)
    {
        var former = number == 1 ? [] : new[] { Attempt(_first, AttemptState.Refused) };
        var before = Fate(TextState.Sending, [.. former, Attempt(_second, AttemptState.Submitting)]);
        var after = Fate(
            TextState.Sent, [.. former, Attempt(_second, state) with { Why = SmsRefusal.Throttled, NetworkError = "33" }]);

        var news = TextNews.Between(before, new TextEvent.Taken(number), after, _now);

        Assert.Equal(
            code is null ? [] : [new FlowEvent(_now, code)
            {
                Gateway = _second, Reason = state == AttemptState.Refused ? "throttled" : null,
                OperatorWord = state is AttemptState.Refused or AttemptState.Undelivered or AttemptState.Expired ? "33" : null,
            }],
            news);
    }

    [Fact]
    public void Where_nothing_has_changed_there_is_nothing_to_hear()
    {
        var fate = Fate(TextState.Sent, [Attempt(_first, AttemptState.Refused), Attempt(_second, AttemptState.NoAnswer)]);

        Assert.Empty(TextNews.Between(fate, new TextEvent.GivenUp(), fate, _now));
        Assert.Empty(TextNews.Between(fate, new TextEvent.Unanswered(2), fate with { DueAt = _now }, _now));
        Assert.Empty(TextNews.Between(fate, new TextEvent.Postponed(_now), fate with { DueAt = _now }, _now));
        Assert.Empty(TextNews.Between(
            Fate(TextState.Queued, []), new TextEvent.Begun(_first, false), Fate(TextState.Sending, [Attempt(_first, 0)]), _now));
        Assert.Empty(TextNews.Between(Fate(TextState.Queued, []), new TextEvent.GivenUp(), Fate(TextState.Refused, []), _now));
    }

    [Fact]
    public void A_flow_hears_which_gateway_is_stuck_or_unknown()
    {
        var stuck = Fate(TextState.Sent, [Attempt(_first, AttemptState.Accepted)]);
        var silent = Fate(TextState.Unknown, [Attempt(_first, AttemptState.NoAnswer), Attempt(_second, AttemptState.Refused)]);
        var both = Fate(TextState.Sent, [Attempt(_first, AttemptState.Accepted), Attempt(_second, AttemptState.NoAnswer)]);

        Assert.Equal(
            [new FlowEvent(_now, "text.stuck") { Gateway = _first }],
            TextNews.Between(stuck, new TextEvent.Begun(_second, false), stuck with { State = TextState.Sending }, _now));
        Assert.Equal(
            [new FlowEvent(_now, "text.stuck") { Gateway = _first, Reason = "no-gateway-left" }], GivenUp(stuck));
        Assert.Equal([new FlowEvent(_now, "text.unknown") { Gateway = _first }], GivenUp(silent));
        Assert.Equal([new FlowEvent(_now, "text.unknown") { Gateway = _second }], GivenUp(both));

        static IEnumerable<FlowEvent> GivenUp(TextFate fate) =>
            TextNews.Between(fate, new TextEvent.GivenUp(), fate with { DueAt = _now }, _now);
    }

    [Theory]
    [InlineData(TextState.Queued, TextState.Refused, null, "text.failed", "no-gateway")]
    [InlineData(TextState.Queued, TextState.Refused, "cap.server.day", "text.failed", "cap.server.day")]
    [InlineData(TextState.Queued, TextState.Expired, null, "text.failed", "too-little-time")]
    [InlineData(TextState.Sent, TextState.Undelivered, null, "text.failed", "undelivered")]
    [InlineData(TextState.Sent, TextState.Delivered, null, "text.delivered", null)]
    [InlineData(TextState.Delivered, TextState.Delivered, null, null, null)]
    [InlineData(TextState.Refused, TextState.Expired, null, null, null)]
    [InlineData(TextState.Sending, TextState.Unknown, null, null, null)]
    public void A_relying_party_hears_what_became_of_a_text(
        TextState before, TextState after, string? why, string? type, string? reason)
    {
        var told = TextAnnouncements.Between(Text, Fate(before, []), Fate(after, []), why, _now);

        Assert.Equal(type is null ? [] : [(type, reason)], told.Select(one => (one.Type, one.Reason)));
    }

    [Fact]
    public void A_relying_party_hears_of_whose_text_it_is_when_it_was_first_sent_and_why_it_was_refused()
    {
        var sent = Fate(TextState.Sent, []) with { SentAt = _now };
        var expired = Fate(TextState.Expired, [Attempt(_first, AttemptState.Expired)]);
        var refused = Fate(TextState.Refused,
            [Attempt(_first, AttemptState.Refused) with { Why = SmsRefusal.Throttled }, Attempt(_second, AttemptState.NoAnswer)]);

        var told = Assert.Single(TextAnnouncements.Between(Text, Fate(TextState.Sending, []), sent, null, _now));
        Assert.Equal(("text.sent", _now, Text.Project), (told.Type, told.At, told.Project));
        Assert.Equal((Text.Flow, Text.Subject, "otp"), (told.Flow, told.Subject, told.Text));
        Assert.Empty(TextAnnouncements.Between(Text, sent, sent, null, _now));
        Assert.Equal("undelivered", ReasonOf(sent, expired with { SentAt = _now }));
        Assert.Equal("throttled", ReasonOf(Fate(TextState.Queued, []), refused));
        Assert.Empty(TextAnnouncements.Between(Text with { Project = null }, Fate(TextState.Sending, []), sent, null, _now));

        static string? ReasonOf(TextFate before, TextFate after) =>
            Assert.Single(TextAnnouncements.Between(Text, before, after, null, _now)).Reason;
    }

    [Theory]
    [InlineData(TextKind.Otp, "otp", false)]
    [InlineData(TextKind.Link, "link", false)]
    [InlineData(TextKind.Notice, "notice", false)]
    [InlineData(TextKind.DeviceNotice, "notice", true)]
    public void A_kind_of_text_has_its_word_and_a_notice_of_a_device_is_due_at_once(TextKind kind, string word, bool isBeside)
    {
        var text = Text with { Kind = kind };

        Assert.Equal(word, TextKinds.WordOf(kind));
        Assert.Equal(isBeside ? _now : _now.AddSeconds(5), TextFate.Queued(text).DueAt);
    }

    [Fact]
    public void A_fate_is_known_by_all_that_it_says()
    {
        var fate = Fate(TextState.Sent, [Attempt(_first, AttemptState.Accepted)]);

        Assert.Equal(fate, Fate(TextState.Sent, [Attempt(_first, AttemptState.Accepted)]));
        Assert.Equal(fate.GetHashCode(), Fate(TextState.Sent, [Attempt(_first, AttemptState.Accepted)]).GetHashCode());
        Assert.All(
            [
                fate with { State = TextState.Unknown }, fate with { DueAt = _now }, fate with { SentAt = _now },
                fate with { Attempts = [] }, Fate(TextState.Sent, [Attempt(_second, AttemptState.Accepted)]),
            ],
            other => Assert.NotEqual(fate, other));
        Assert.False(fate.Equals(null));
        Assert.Equal(("Sent after 1", null, null), (fate.ToString(), fate.Attempt(0), fate.Attempt(2)));
        Assert.Same(fate.Attempts[0], fate.Attempt(1));
    }

    [Fact]
    public void What_was_counted_for_an_attempt_that_costs_nothing_is_given_back()
    {
        var (shop, bank) = (ProjectId.Parse("shop"), ProjectId.Parse("bank"));
        var dear = Attempt(_first, AttemptState.Submitting) with { Cost = new AttemptCost(0.01m, shop, IsOfServer: true) };
        var dearer = Attempt(_second, AttemptState.Submitting) with { Cost = new AttemptCost(0.02m, bank, IsOfServer: false) };
        var before = Fate(TextState.Sending, [dear, dearer]);

        Assert.Null(before.BackSince(before));
        var both = Fate(TextState.Sending, [dear with { Cost = null }, dearer]).BackSince(before)!;
        Assert.Equal((0.01m, dear.BegunAt), (both.Amount, both.At));
        Assert.Equal([null, shop], both.Owners.Select(one => one.Owner.Project));
        var own = Fate(TextState.Sending, [dear, dearer with { Cost = null }]).BackSince(before)!;
        Assert.Equal((0.02m, bank), (own.Amount, Assert.Single(own.Owners).Owner.Project));
        Assert.Equal(dear.Cost, AttemptCost.Of(both));
        Assert.Equal(dearer.Cost, AttemptCost.Of(own));
    }

    private static OutgoingText Text { get; } = new(
        Guid.CreateVersion7(_now), CorrelationId.New(_now), PhoneNumber.Parse("+12025550142"), TextKind.Otp, new Secret("1234"),
        new Secret("1234"), _now, Sample.Deadline)
    {
        Project = ProjectId.Parse("shop"), Subject = new FlowSubject(Product.Unify, FlowType.Mobile),
    };

    private static TextAttempt Attempt(GatewayName gateway, AttemptState state) => new(gateway, _now, true, state, _now);

    private static TextFate Fate(TextState state, IReadOnlyList<TextAttempt> attempts) => new(state, attempts, null, null);
}
