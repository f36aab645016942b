using Countersign.Core.Keys;
using Countersign.Core.Money;
using Countersign.Core.Tests.Fakes;
using Countersign.Core.Texts;

namespace Countersign.Core.Tests.Texts;

public sealed class InboundTextsTests
{
    private static readonly PhoneNumber _person = PhoneNumber.Parse("+12025550142");

    private readonly Stops _stops = new();
    private readonly CapStage _caps = new();
    private readonly Gateways _gateways = new();
    private readonly Heard _journal = new();
    private readonly StillClock _clock = new();
    private readonly HelpReplyLimiter _limiter;
    private TextRoute _route = new([GatewayName.Parse("alpha")]);

    public InboundTextsTests() => _limiter = new HelpReplyLimiter(_clock);

    [Theory]
    [InlineData("STOP", "stop +12025550142 SHOP")]
    [InlineData("start", "lift +12025550142 SHOP")]
    public async Task What_a_person_asks_for_is_done_for_the_sender_they_wrote_to(string text, string done)
    {
        await TakeAsync(text);

        Assert.Equal([done], _stops.Done);
    }

    [Fact]
    public async Task What_else_they_write_is_read_by_nobody()
    {
        await TakeAsync("when do you open?");

        Assert.Empty(_stops.Done);
        Assert.Empty(_journal.Lines);
    }

    [Fact]
    public async Task Nobody_speaks_through_a_gateway_for_numbers_that_it_sends_nothing_to()
    {
        await TakeAsync("STOP", gateway: "beta");

        Assert.Empty(_stops.Done);
        Assert.Equal(["elsewhere beta Stop"], _journal.Lines);
    }

    [Theory]
    [InlineData(null, "Own", "Own")]
    [InlineData(null, null, "Alpha 1")]
    [InlineData("own", "Own", "Own")]
    [InlineData(" alpha 1 ", "Own", "Alpha 1")]
    [InlineData("beta 1", "Own", "Beta 1")]
    [InlineData("Another", "Own", "Another")]
    [InlineData("no sender at all", "Own", "Own")]
    public async Task The_sender_that_was_written_to_is_called_as_the_configuration_calls_it(string? to, string? ofRoute, string sender)
    {
        _gateways.Senders = new() { ["alpha"] = "Alpha 1", ["beta"] = "Beta 1" };
        _route = new TextRoute([GatewayName.Parse("alpha"), GatewayName.Parse("beta")], ofRoute);

        await TakeAsync("STOP", to: to);

        Assert.Equal([$"stop +12025550142 {sender}"], _stops.Done);
    }

    [Theory]
    [InlineData(ReceiptState.Delivered, "True")]
    [InlineData(ReceiptState.Undelivered, "False")]
    [InlineData(ReceiptState.Expired, "False")]
    [InlineData(ReceiptState.Rejected, "False")]
    [InlineData(ReceiptState.Accepted, "")]
    public async Task How_an_answer_fared_is_known_of_its_gateway(ReceiptState state, string recorded)
    {
        _gateways.Result = new SmsResult.Accepted(state);

        await TakeAsync("HELP");

        Assert.Equal(recorded, string.Join(',', _gateways.Recorded));
        Assert.Equal(["wrote alpha Help"], _journal.Lines);
        var answer = Assert.Single(_gateways.Submissions);
        Assert.Equal((1, TimeSpan.FromHours(1), "help"), (answer.Attempt, answer.Validity, answer.ReceiptToken.Reveal()));
        Assert.Equal((TextKind.Notice, _clock.Now.AddHours(1)), (answer.Text.Kind, answer.Text.ExpiresAt));
    }

    [Fact]
    public async Task A_signed_request_counts_once()
    {
        await TakeAsync("STOP", signed: "signature");
        await TakeAsync("STOP", signed: "signature");

        Assert.Single(_stops.Done);
        Assert.Equal(["wrote alpha Stop", "before alpha Stop"], _journal.Lines);
    }

    [Fact]
    public async Task Help_is_answered_from_the_sender_that_was_written_to_and_once_an_hour()
    {
        await TakeAsync("HELP");
        await TakeAsync("HELP");

        var answer = Assert.Single(_gateways.Submissions);
        Assert.Equal(("Ask us.", "SHOP", _person), (answer.Text.Text.Reveal(), answer.Sender, answer.Text.To));

        _clock.Now += TimeSpan.FromHours(1);
        await TakeAsync("HELP");
        Assert.Equal(2, _gateways.Submissions.Count);
    }

    [Theory]
    [InlineData(null, "US", GatewayHealth.Well)]
    [InlineData("Ask us.", "GB", GatewayHealth.Well)]
    [InlineData("Ask us.", "US", GatewayHealth.Resting)]
    public async Task Help_is_not_answered_where_it_is_not_wanted_or_would_not_arrive(string? help, string country, GatewayHealth health)
    {
        _gateways.Health = health;

        await TakeAsync("HELP", options: new InboundTextOptions(help, [country]));

        Assert.Empty(_gateways.Submissions);
        Assert.Equal(health == GatewayHealth.Resting, _journal.Lines.Contains("not answered alpha"));
    }

    [Fact]
    public async Task An_answer_that_is_not_taken_is_told()
    {
        _gateways.Result = new SmsResult.Rejected(SmsRefusal.ProviderDown);

        await TakeAsync("HELP");

        Assert.Equal(["wrote alpha Help", "not sent alpha"], _journal.Lines);
    }

    [Fact]
    public async Task An_answer_that_a_cap_has_no_room_for_is_not_sent()
    {
        _caps.Server = new ServerCaps(CapStage.List, new Caps(PerDay: 0.005m, PerMonth: null, "USD"));

        await TakeAsync("HELP");

        Assert.Empty(_gateways.Submissions);
        Assert.Equal(CapRule.OfServerInDay, Assert.Single(_caps.Refused).Rule);
    }

    [Fact]
    public async Task An_answer_that_is_not_taken_costs_nothing()
    {
        _caps.Server = new ServerCaps(CapStage.List, new Caps(PerDay: 0.015m, PerMonth: null, "USD"));
        _gateways.Result = new SmsResult.Rejected(SmsRefusal.ProviderDown);

        await TakeAsync("HELP");

        Assert.Equal(0, _caps.Spending.Of(SpendingOwner.Server, _clock.Now).InMonth);
        Assert.Empty(_caps.Told);
    }

    [Fact]
    public async Task An_answer_that_was_taken_tells_of_the_threshold_that_it_passes()
    {
        _caps.Server = new ServerCaps(CapStage.List, new Caps(PerDay: 0.015m, PerMonth: null, "USD"));

        await TakeAsync("HELP");

        Assert.Equal([(CapRule.OfServerInDay, 50, 0.01m)], _caps.Told);
    }

    private Task TakeAsync(
        string text, string gateway = "alpha", string? signed = null, InboundTextOptions? options = null, string? to = "SHOP") =>
        new InboundTexts(
                _stops, _stops, _gateways, new OneRoute(_route), new Plan(), _limiter, _caps.Texts(),
                options ?? new InboundTextOptions("Ask us.", ["US"]), _journal, _clock)
            .TakeAsync(GatewayName.Parse(gateway),
                new CallbackReading.Inbound(
                    _person, to, new Secret(text), signed is null ? null : new SignedContent(new Secret(signed), HasTime: true)));

    private sealed class Stops : ISuppressionList, ITakenRequests
    {
        private readonly HashSet<string> _taken = [];

        public List<string> Done { get; } = [];

        public Task SuppressAsync(PhoneNumber number, string? sender, DateTimeOffset at, CancellationToken cancellationToken) =>
            RecordAsync($"stop {number.E164} {sender}");

        public Task LiftAsync(PhoneNumber number, string? sender, CancellationToken cancellationToken) =>
            RecordAsync($"lift {number.E164} {sender}");

        public Task<bool> WasTakenAsync(GatewayName gateway, SignedContent content, CancellationToken cancellationToken) =>
            Task.FromResult(_taken.Contains($"{gateway} {content.Content.Reveal()}"));

        public Task RecordAsync(
            GatewayName gateway, SignedContent content, DateTimeOffset now, CancellationToken cancellationToken)
        {
            _taken.Add($"{gateway} {content.Content.Reveal()}");
            return Task.CompletedTask;
        }

        public Task<bool> IsSuppressedAsync(PhoneNumber to, string? sender, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task KeepAsync(PhoneNumber number, Func<LineKey?, Task<LineKey?>> change, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<Suppression>> ListAsync(PhoneNumber? number, int limit, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<int> RemoveAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        private Task RecordAsync(string what)
        {
            Done.Add(what);
            return Task.CompletedTask;
        }
    }

    private sealed class Gateways : ITextGateways
    {
        public List<SmsSubmission> Submissions { get; } = [];

        public GatewayHealth Health { get; set; }

        public SmsResult Result { get; set; } = new SmsResult.Accepted();

        public IReadOnlyList<GatewayName> Names { get; } = [GatewayName.Parse("alpha"), GatewayName.Parse("beta")];

        public GatewayHealth HealthOf(GatewayName name) => Health;

        public bool ReportsHandover(GatewayName name) => false;

        public Dictionary<string, string> Senders { get; set; } = [];

        public List<bool> Recorded { get; } = [];

        public string? SenderOf(GatewayName name) => Senders.GetValueOrDefault(name.ToString());

        public Task<SmsResult> SubmitAsync(GatewayName name, SmsSubmission submission, bool evenAtRest)
        {
            Submissions.Add(submission);
            return Task.FromResult(Result);
        }

        public void Record(GatewayName name, bool wasDelivered) => Recorded.Add(wasDelivered);
    }

    private sealed class OneRoute(TextRoute route) : ITextRoutes
    {
        public TextRoute? For(PhoneNumber to) => route;
    }

    private sealed class Plan : INumberPlan
    {
        public PhoneNumber? Read(string text) => PhoneNumber.Parse(text);

        public PhoneNumber FormOf(PhoneNumber number) => number;

        public IReadOnlyList<PhoneNumber> FormerFormsOf(PhoneNumber number) => [];

        public string? CountryOf(PhoneNumber number) => "US";
    }

    private sealed class Heard : IInboundJournal
    {
        public List<string> Lines { get; } = [];

        public void Wrote(GatewayName gateway, InboundWord word) => Lines.Add($"wrote {gateway} {word}");

        public void WroteElsewhere(GatewayName gateway, InboundWord word) => Lines.Add($"elsewhere {gateway} {word}");

        public void WroteBefore(GatewayName gateway, InboundWord word) => Lines.Add($"before {gateway} {word}");

        public void HelpNotAnswered(GatewayName gateway) => Lines.Add($"not answered {gateway}");

        public void HelpNotSent(GatewayName gateway) => Lines.Add($"not sent {gateway}");
    }
}
