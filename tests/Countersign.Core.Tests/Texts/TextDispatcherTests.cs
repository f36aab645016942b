using System.Globalization;
using Countersign.Core.Limits;
using Countersign.Core.Money;
using Countersign.Core.Tests.Fakes;
using Countersign.Core.Texts;

namespace Countersign.Core.Tests.Texts;

public sealed class TextDispatcherTests
{
    private static readonly GatewayName _alpha = GatewayName.Parse("alpha");
    private static readonly ProjectId _shop = ProjectId.Parse("shop");
    private static readonly GatewayName _beta = GatewayName.Parse("beta");

    private readonly StillClock _clock = new();
    private readonly MemoryTexts _texts = new();
    private readonly Gateways _gateways;
    private readonly CapStage _caps;
    private readonly Stops _stops = new();
    private readonly Heard _journal = new();
    private readonly Owner _owner = new();

    public TextDispatcherTests()
    {
        _gateways = new Gateways(_texts);
        _caps = new CapStage { Spending = _texts.Spending };
    }

    private TextDispatcher Dispatcher => new(
        _texts, _gateways, new Routes(), _stops, new Tokens(), _journal, _caps.Texts(), new RandomTextPauses(), new Turns(_clock),
        _clock);

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task That_an_attempt_begins_is_stored_before_the_gateway_is_called()
    {
        var text = await SendAsync();

        Assert.Equal([(_alpha, AttemptState.Submitting)], _gateways.StoredWhenCalled);
        Assert.Equal((TextState.Sent, AttemptState.Accepted), (FateOf(text).State, FateOf(text).Attempts[0].State));
        // Of a text that went as it should, its flow has no need to hear.
        Assert.Empty(_owner.News);
    }

    [Fact]
    public async Task What_one_gateway_refuses_the_next_one_gets()
    {
        _gateways.Answers[_alpha] = new SmsResult.Rejected(SmsRefusal.BlockedDestination);

        var text = await SendAsync();

        Assert.Equal([_alpha, _beta], _gateways.Called);
        Assert.Equal(TextState.Sent, FateOf(text).State);
        Assert.Equal([FlowEventCode.TextRefused, FlowEventCode.TextAccepted], _owner.News);
        Assert.Null(_owner.Unavailable);
    }

    [Fact]
    public async Task When_none_takes_it_the_flow_hears_why()
    {
        _gateways.Answers[_alpha] = new SmsResult.Rejected(SmsRefusal.AuthFailed);
        _gateways.Answers[_beta] = new SmsResult.Rejected(SmsRefusal.ContentRejected);

        await SendAsync();

        Assert.Equal(FlowReason.ContentRejected, _owner.Unavailable);
        Assert.Equal([(_alpha, SmsRefusal.AuthFailed)], _journal.MustAct);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public async Task Who_said_stop_is_sent_nothing_whenever_they_said_it(bool isBefore, int called)
    {
        _stops.Said = isBefore;
        _gateways.Answers[_alpha] = new SmsResult.Rejected(SmsRefusal.ProviderDown);
        _gateways.WhenCalled = () => _stops.Said = true;

        await SendAsync();

        Assert.Equal(called, _gateways.Called.Count);
        Assert.Equal(FlowReason.OptedOut, _owner.Unavailable);
    }

    [Fact]
    public async Task Who_was_not_first_calls_no_gateway()
    {
        _texts.LosesRaces = true;

        await SendAsync();

        Assert.Empty(_gateways.Called);
    }

    [Fact]
    public async Task A_gateway_that_does_not_answer_has_its_time_before_the_next_one_is_asked()
    {
        _gateways.Answers[_alpha] = new SmsResult.Unknown();
        var text = await SendAsync();
        Assert.Equal([_alpha], _gateways.Called);

        _clock.Now += TextTimes.WithoutAnswer;
        await Dispatcher.CatchUpAsync(text.Id, _owner, Test);

        Assert.Equal([_alpha, _beta], _gateways.Called);
        Assert.Equal(TextState.Sent, FateOf(text).State);
    }

    [Fact]
    public async Task A_text_that_nobody_waits_for_any_more_is_dropped()
    {
        var text = Keep();
        _owner.Wants = false;
        _clock.Now += TextTimes.TakeUp;

        await Dispatcher.CatchUpAsync(text.Id, _owner, Test);

        Assert.Empty(_gateways.Called);
        Assert.Null(FateOf(text).DueAt);
        Assert.Equal([(text.Id, TextState.Queued)], _journal.TakenUp);
    }

    [Theory]
    [InlineData(null, 0.5, 5)]
    [InlineData(4, 4, 5)]
    [InlineData(60, 60, 60)]
    public async Task Gateways_that_are_busy_are_asked_again_when_they_say_and_after_a_pause(int? asked, double least, double most)
    {
        var busy = new SmsResult.Rejected(SmsRefusal.Throttled, asked is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        (_gateways.Answers[_alpha], _gateways.Answers[_beta]) = (busy, busy);

        var text = await SendAsync();

        Assert.Equal([_alpha, _beta], _gateways.Called);
        Assert.Equal([FlowEventCode.TextRefused, FlowEventCode.TextRefused], _owner.News);
        var due = FateOf(text).DueAt!.Value;
        Assert.InRange((due - Sample.Now).TotalSeconds, least, most);
        Assert.Equal(due, FateOf(text).Attempts.Min(attempt => attempt.AgainAt));
        _gateways.Answers.Clear();
        _clock.Now = due;
        await Dispatcher.CatchUpAsync(text.Id, _owner, Test);
        Assert.Equal(3, _gateways.Called.Count);
        Assert.Equal(TextState.Sent, FateOf(text).State);
        Assert.Empty(_journal.TakenUp);
    }

    [Fact]
    public async Task A_text_that_a_gateway_may_have_stays_open_where_no_other_is_left()
    {
        (_gateways.Answers[_alpha], _gateways.Answers[_beta]) = (new SmsResult.Unknown(), new SmsResult.Unknown());
        var text = await SendAsync();
        await CatchUpLaterAsync(text);
        await CatchUpLaterAsync(text);

        Assert.Equal([_alpha, _beta], _gateways.Called);
        Assert.Equal([FlowEventCode.TextUnanswered, FlowEventCode.TextUnanswered, FlowEventCode.TextUnknown], _owner.News);
        Assert.Equal((TextState.Unknown, null), (FateOf(text).State, FateOf(text).DueAt));
        Assert.Null(_owner.Unavailable);
        Assert.True(await ReceiveAsync(text, _alpha, ReceiptState.Delivered));
        Assert.Equal(TextState.Delivered, FateOf(text).State);
    }

    private Task CatchUpLaterAsync(OutgoingText text)
    {
        _clock.Now += TextTimes.WithoutAnswer;
        return Dispatcher.CatchUpAsync(text.Id, _owner, Test);
    }

    [Fact]
    public async Task A_gateway_whose_process_died_is_taken_for_silent_and_the_next_one_is_asked()
    {
        var text = Keep();
        var fate = TextMachine.Next(TextFate.Queued(Sample.Now), new TextEvent.Begun(_alpha, false), Sample.Now);
        _texts.Kept[0] = _texts.Kept[0] with { Fate = fate };
        await CatchUpLaterAsync(text);
        await CatchUpLaterAsync(text);

        Assert.Equal([(text.Id, TextState.Sending)], _journal.TakenUp);
        Assert.Equal([_beta], _gateways.Called);
        Assert.Equal(FlowEventCode.TextUnanswered, _owner.News[0]);
    }

    [Fact]
    public async Task A_text_of_which_too_little_life_is_left_is_handed_to_nobody()
    {
        var text = Keep();
        _clock.Now = Sample.Deadline - TextTimes.MinLifetime + TimeSpan.FromTicks(1);

        await Dispatcher.CatchUpAsync(text.Id, _owner, Test);

        Assert.Empty(_gateways.Called);
        Assert.Equal(("too-little-time", TextState.Expired), (_owner.Unavailable, FateOf(text).State));
    }

    [Theory]
    [InlineData(SmsRefusal.AuthFailed, true)]
    [InlineData(SmsRefusal.InsufficientCredit, true)]
    [InlineData(SmsRefusal.Throttled, false)]
    public async Task Somebody_is_told_who_must_act(SmsRefusal why, bool mustAct)
    {
        _gateways.Answers[_alpha] = new SmsResult.Rejected(why);

        await SendAsync();

        Assert.Equal(mustAct ? [(_alpha, why)] : [], _journal.MustAct);
    }

    [Fact]
    public async Task A_gateway_that_knows_at_once_what_became_of_a_text_needs_no_receipt()
    {
        _gateways.Answers[_alpha] = new SmsResult.Accepted(ReceiptState.Undelivered);

        var text = await SendAsync();

        Assert.Equal(TextState.Undelivered, FateOf(text).State);
        Assert.True(_owner.IsUndelivered);
        Assert.Equal([(_alpha, false)], _gateways.Ends);
    }

    [Fact]
    public async Task What_is_not_due_is_left_to_who_is_at_it()
    {
        var text = Keep();

        await Dispatcher.CatchUpAsync(text.Id, _owner, Test);

        Assert.Empty(_gateways.Called);
    }

    [Fact]
    public async Task A_receipt_that_comes_twice_is_stored_once()
    {
        var text = await SendAsync();
        var before = _texts.Saves;

        Assert.True(await ReceiveAsync(text, _alpha, ReceiptState.Delivered));
        Assert.True(await ReceiveAsync(text, _alpha, ReceiptState.Delivered));

        Assert.Equal((before + 1, AttemptState.Delivered), (_texts.Saves, FateOf(text).Attempts[0].State));
        Assert.Equal([(_alpha, true)], _gateways.Ends);
    }

    [Fact]
    public async Task The_first_final_word_stands_and_another_is_written_down()
    {
        var text = await SendAsync();

        await ReceiveAsync(text, _alpha, ReceiptState.Delivered);
        await ReceiveAsync(text, _alpha, ReceiptState.Undelivered);

        Assert.Equal(AttemptState.Delivered, FateOf(text).Attempts[0].State);
        Assert.Equal([(text.Id, AttemptState.Delivered)], _journal.Contradicted);
    }

    [Fact]
    public async Task A_text_that_was_not_delivered_is_told_to_its_flow()
    {
        var text = await SendAsync();

        await ReceiveAsync(text, _alpha, ReceiptState.Undelivered);

        Assert.Contains(FlowEventCode.TextUndelivered, _owner.News);
        Assert.True(_owner.IsUndelivered);
    }

    [Fact]
    public async Task Without_caps_nothing_is_counted()
    {
        var text = await SendAsync();

        Assert.Null(FateOf(text).Attempts[0].Cost);
        Assert.Empty(await _texts.Spending.ListAsync(_clock.Now, Test));
    }

    [Fact]
    public async Task What_an_attempt_may_cost_is_counted_for_the_server_and_the_project()
    {
        Cap(perDay: 1);

        var text = await SendAsync();

        Assert.Equal(new AttemptCost(0.01m, _shop, IsOfServer: true), FateOf(text).Attempts[0].Cost);
        Assert.Equal((0.01m, 0.01m), (SpentBy(SpendingOwner.Server), SpentBy(SpendingOwner.Of(_shop))));
    }

    [Fact]
    public async Task A_text_of_two_segments_costs_twice()
    {
        Cap(perDay: 1);

        await SendAsync(new string('x', 161));

        Assert.Equal(0.02m, SpentBy(SpendingOwner.Server));
    }

    [Fact]
    public async Task An_attempt_that_was_turned_down_costs_nothing_and_the_next_one_costs_its_own_price()
    {
        Cap(perDay: 1);
        _gateways.Answers[_alpha] = new SmsResult.Rejected(SmsRefusal.BlockedDestination);

        var text = await SendAsync();

        Assert.Equal([null, 0.02m], FateOf(text).Attempts.Select(attempt => attempt.Cost?.Amount));
        Assert.Equal((0.02m, 0.02m), (SpentBy(SpendingOwner.Server), SpentBy(SpendingOwner.Of(_shop))));
    }

    [Theory]
    [InlineData(false, 80)]
    [InlineData(true, null)]
    public async Task A_threshold_is_told_of_what_stays_counted(bool isTurnedDown, int? percent)
    {
        Cap(perDay: 0.0125m);
        if (isTurnedDown)
        {
            _gateways.Answers[_alpha] = new SmsResult.Rejected(SmsRefusal.InvalidDestination);
        }

        await SendAsync();

        Assert.Equal(
            percent is { } one ? [(CapRule.OfServerInDay, one, 0.01m)] : Array.Empty<(string, int, decimal)>(), _caps.Told);
    }

    [Fact]
    public async Task An_attempt_that_nobody_answered_may_have_been_billed_and_stays_counted_beside_the_next_one()
    {
        Cap(perDay: 1);
        _gateways.Answers[_alpha] = new SmsResult.Unknown();
        var text = await SendAsync();

        _clock.Now += TextTimes.WithoutAnswer;
        await Dispatcher.CatchUpAsync(text.Id, _owner, Test);

        Assert.Equal([_alpha, _beta], _gateways.Called);
        Assert.Equal(0.03m, SpentBy(SpendingOwner.Server));
    }

    [Fact]
    public async Task A_text_that_would_pass_a_cap_is_handed_to_nobody_and_its_flow_hears_why()
    {
        Cap(perDay: 0.01m);
        await SendAsync();

        var text = await SendAsync();

        Assert.Equal([_alpha], _gateways.Called);
        Assert.Equal((TextState.Refused, 0), (FateOf(text).State, FateOf(text).Attempts.Count));
        var reached = Assert.IsType<CapReached>(_owner.Cap);
        Assert.Equal((CapRule.OfServerInDay, 0.01m, 0.01m, 0.01m), (reached.Rule, reached.Amount, reached.Cost, reached.Cap));
        Assert.Equal(0.01m, SpentBy(SpendingOwner.Of(_shop)));
    }

    [Fact]
    public async Task A_cap_that_the_next_gateway_would_pass_leaves_the_text_to_the_one_that_may_have_it()
    {
        Cap(perDay: 0.02m);
        _gateways.Answers[_alpha] = new SmsResult.Unknown();
        var text = await SendAsync();

        _clock.Now += TextTimes.WithoutAnswer;
        await Dispatcher.CatchUpAsync(text.Id, _owner, Test);

        Assert.Equal([_alpha], _gateways.Called);
        Assert.Equal((TextState.Unknown, null), (FateOf(text).State, FateOf(text).DueAt));
        Assert.Null(_owner.Cap);
        Assert.Contains(FlowEventCode.CapReached, _owner.News);
    }

    [Fact]
    public async Task A_gateway_without_a_price_gets_no_text_that_has_a_cap()
    {
        _caps.OfProjects[_shop] = new Caps(PerDay: 1, PerMonth: null, "USD");

        await SendAsync();

        Assert.Empty(_gateways.Called);
        Assert.Equal(new CapUnpriced(_alpha), _owner.Cap);
    }

    [Fact]
    public async Task A_text_that_its_gateway_refuses_ends_where_the_next_one_has_no_price()
    {
        var prices = PriceList.Read("gateway,country,price,currency\nalpha,US,0.01,USD\n", _ => true, out _);
        _caps.Server = new ServerCaps(prices, new Caps(PerDay: 1, PerMonth: null, "USD"));
        _gateways.Answers[_alpha] = new SmsResult.Rejected(SmsRefusal.BlockedDestination);

        var text = await SendAsync();

        Assert.Equal([_alpha], _gateways.Called);
        Assert.Equal((TextState.Refused, null), (FateOf(text).State, FateOf(text).DueAt));
        Assert.Equal(new CapUnpriced(_beta), _owner.Cap);
        Assert.Equal(0, SpentBy(SpendingOwner.Server));
    }

    private void Cap(decimal perDay) => _caps.Server = new ServerCaps(CapStage.List, new Caps(perDay, PerMonth: null, "USD"));

    private decimal SpentBy(SpendingOwner owner) => _texts.Spending.Of(owner, _clock.Now).InMonth;

    [Fact]
    public async Task A_receipt_of_another_gateway_is_none()
    {
        var text = await SendAsync();

        Assert.False(await ReceiveAsync(text, _beta, ReceiptState.Delivered));
    }

    [Fact]
    public async Task That_a_text_was_sent_delivered_or_lost_is_announced_once_with_the_save_that_makes_it_true()
    {
        var delivered = await SendAsync();
        await ReceiveAsync(delivered, _alpha, ReceiptState.Delivered);
        await ReceiveAsync(delivered, _alpha, ReceiptState.Delivered);
        var lost = await SendAsync();
        await ReceiveAsync(lost, _alpha, ReceiptState.Undelivered);
        _stops.Said = true;
        var stopped = await SendAsync();

        Assert.Equal(
            [
                (delivered.Flow, "text.sent", null), (delivered.Flow, "text.delivered", null),
                (lost.Flow, "text.sent", null), (lost.Flow, "text.failed", "undelivered"), (stopped.Flow, "text.failed", "opted-out"),
            ],
            _texts.News.Select(news => (news.Flow!.Value, news.Type, news.Reason)));
        Assert.All(_texts.News, news => Assert.Equal((_shop, "otp"), (news.Project, news.Text)));
    }

    private TextFate FateOf(OutgoingText text) => _texts.Kept.Single(stored => stored.Text.Id == text.Id).Fate;

    private OutgoingText Keep(string wording = "Your code is 123456")
    {
        var text = new OutgoingText(
            Guid.CreateVersion7(Sample.Now), CorrelationId.New(Sample.Now), PhoneNumber.Parse("+12025550142"), TextKind.Otp,
            new Secret(wording), new Secret("123456"), Sample.Now, Sample.Deadline)
        {
            Project = _shop,
        };
        _texts.Kept.Add(new StoredText(text, TextFate.Queued(Sample.Now)));
        return text;
    }

    private async Task<OutgoingText> SendAsync(string wording = "Your code is 123456")
    {
        var text = Keep(wording);
        await Dispatcher.SendAsync(text, _owner);
        return text;
    }

    private Task<bool> ReceiveAsync(OutgoingText text, GatewayName gateway, ReceiptState state) =>
        Dispatcher.ReceiveAsync(new Tokens().Issue(text.Id, 1, _alpha), gateway, state, null, _owner, Test);

    private sealed class Routes : ITextRoutes
    {
        public TextRoute? For(PhoneNumber to) => new([_alpha, _beta]);
    }

    private sealed class Stops : ISuppressions
    {
        public bool Said { get; set; }

        public Task<bool> IsSuppressedAsync(PhoneNumber to, string? sender, CancellationToken cancellationToken) => Task.FromResult(Said);
    }

    /// <summary>Text, attempt and gateway in clear.</summary>
    private sealed class Tokens : IReceiptTokens
    {
        public Secret Issue(Guid text, int attempt, GatewayName gateway) => new($"{text} {attempt} {gateway}");

        public (Guid Text, int Attempt)? Read(Secret token, GatewayName gateway) =>
            token.Reveal().Split(' ') is [var text, var attempt, var name] && name == gateway.ToString()
                ? (Guid.Parse(text), int.Parse(attempt, CultureInfo.InvariantCulture))
                : null;
    }

    /// <summary>Take every text, unless told otherwise.</summary>
    private sealed class Gateways(MemoryTexts texts) : ITextGateways
    {
        public Dictionary<GatewayName, SmsResult> Answers { get; } = [];

        public Action WhenCalled { get; set; } = () => { };

        public List<GatewayName> Called { get; } = [];

        public List<(GatewayName, AttemptState)> StoredWhenCalled { get; } = [];

        public List<(GatewayName, bool)> Ends { get; } = [];

        public IReadOnlyList<GatewayName> Names => [_alpha, _beta];

        public GatewayHealth HealthOf(GatewayName name) => GatewayHealth.Well;

        public bool ReportsHandover(GatewayName name) => false;

        public string? SenderOf(GatewayName name) => null;

        public Task<SmsResult> SubmitAsync(GatewayName name, SmsSubmission submission, bool evenAtRest)
        {
            Called.Add(name);
            var attempt = texts.Kept.Single(stored => stored.Text.Id == submission.Text.Id).Fate.Attempts[^1];
            StoredWhenCalled.Add((attempt.Gateway, attempt.State));
            WhenCalled();
            return Task.FromResult(Answers.GetValueOrDefault(name, new SmsResult.Accepted()));
        }

        public void Record(GatewayName name, bool wasDelivered) => Ends.Add((name, wasDelivered));
    }

    private sealed class Heard : ITextJournal
    {
        public List<(Guid, TextState)> TakenUp { get; } = [];

        public List<(Guid, AttemptState)> Contradicted { get; } = [];

        public List<(GatewayName, SmsRefusal)> MustAct { get; } = [];

        void ITextJournal.TakenUp(Guid text, TextState state) => TakenUp.Add((text, state));

        void ITextJournal.Contradicted(Guid text, GatewayName gateway, AttemptState stands) => Contradicted.Add((text, stands));

        void ITextJournal.MustAct(GatewayName gateway, SmsRefusal why) => MustAct.Add((gateway, why));
    }

    private sealed class Owner : ITextOwner
    {
        public bool Wants { get; set; } = true;

        public List<string?> News { get; } = [];

        public string? Unavailable { get; private set; }

        public bool IsUndelivered { get; private set; }

        public Task<bool> WantsAsync(OutgoingText text, CancellationToken cancellationToken) => Task.FromResult(Wants);

        public Task TellAsync(
            OutgoingText text, IReadOnlyList<FlowEvent> news, string? unavailable, bool isUndelivered, CancellationToken cancellationToken)
        {
            News.AddRange(news.Select(happened => happened.Code));
            Unavailable ??= unavailable;
            IsUndelivered |= isUndelivered;
            return Task.CompletedTask;
        }

        public Reached? Cap { get; private set; }

        public Task TellAsync(OutgoingText text, IReadOnlyList<FlowEvent> news, Reached reached)
        {
            News.AddRange(news.Select(happened => happened.Code));
            Cap = reached;
            return Task.CompletedTask;
        }
    }
}
