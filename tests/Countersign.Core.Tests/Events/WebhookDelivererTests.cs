using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Countersign.Core.Events;
using Countersign.Core.Tests.Fakes;

namespace Countersign.Core.Tests.Events;

public sealed class WebhookDelivererTests
{
    private static readonly ProjectId _shop = ProjectId.Parse("shop");

    private readonly StillClock _clock = new();
    private readonly Kept _kept = new();
    private readonly Receivers _receivers = new();
    private readonly Heard _heard = new();
    private readonly WebhookDeliverer _deliverer;

    public WebhookDelivererTests() => _deliverer = new WebhookDeliverer(_kept, _kept, _receivers, _heard, _clock);

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_due_is_sent_and_forgotten()
    {
        var webhook = _kept.Add(events: 10);

        await CatchUpAsync();

        Assert.Equal(Enumerable.Range(1, 10).Select(i => (long)i), _receivers.Of(webhook).Order());
        Assert.Empty(_kept.Waiting);
    }

    [Fact]
    [Trait("attack", "W03")]
    public async Task A_receiver_that_hangs_holds_up_nobody_else_and_gets_no_more_than_a_few_at_once()
    {
        var (slow, quick) = (_kept.Add(events: 50), _kept.Add(events: 20));
        var hang = _receivers.Hang(slow);

        await _deliverer.CatchUpAsync(Test);
        await _kept.WhenDoneAsync(quick);

        Assert.Equal(20, _receivers.Of(quick).Count());
        Assert.InRange(_receivers.Of(slow).Count(), 0, WebhookDeliverer.AtOnce);
        hang.SetResult();
        await _deliverer.SettleAsync();
        Assert.Equal(50, _receivers.Of(slow).Count());
    }

    [Fact]
    public async Task What_fails_is_tried_again_until_it_is_taken()
    {
        var webhook = _kept.Add(events: 1);
        _receivers.Answers[webhook] = new WebhookOutcome("500");
        await CatchUpAsync();
        await CatchUpAsync();
        _clock.Now += TimeSpan.FromSeconds(10);
        _receivers.Answers[webhook] = new WebhookOutcome("204");

        await CatchUpAsync();

        Assert.Equal(2, _receivers.Of(webhook).Count());
        Assert.Equal(["failing 500", "recovered"], _heard.Said);
        Assert.Empty(_kept.Waiting);
    }

    [Fact]
    public async Task After_a_day_it_is_given_up_and_somebody_hears_of_it()
    {
        var webhook = _kept.Add(events: 1);
        _receivers.Answers[webhook] = new WebhookOutcome(WebhookFault.TooSlow);

        for (var hour = 0; hour < 30; hour++)
        {
            await CatchUpAsync();
            _clock.Now += TimeSpan.FromHours(1);
        }

        var dead = Assert.Single(_kept.Dead);
        Assert.Equal(WebhookFault.TooSlow, dead.Code);
        Assert.Equal(["failing too-slow", "given up too-slow"], _heard.Said);
        Assert.InRange(_receivers.Of(webhook).Count(), 5, 15);
    }

    [Fact]
    public async Task An_event_that_cannot_be_read_does_not_keep_the_others_waiting()
    {
        var webhook = _kept.Add(events: 3);
        _kept.Unreadable = 2;

        await CatchUpAsync();

        Assert.Equal([1L, 3L], _receivers.Of(webhook).Order());
        Assert.Equal(2, Assert.Single(_kept.Waiting).Position);
    }

    [Fact]
    public async Task What_the_sender_did_not_foresee_counts_as_a_try_and_is_given_up_after_a_day_too()
    {
        var webhook = _kept.Add(events: 1);
        _receivers.Breaks = true;

        for (var hour = 0; hour < 30; hour++)
        {
            await CatchUpAsync();
            _clock.Now += TimeSpan.FromHours(1);
        }

        Assert.Equal(WebhookFault.Unreachable, Assert.Single(_kept.Dead).Code);
        Assert.InRange(_receivers.Of(webhook).Count(), 5, 15);
        Assert.Contains("broken", _heard.Said);
    }

    [Fact]
    public async Task Of_a_receiver_that_takes_every_other_event_little_is_said_and_of_one_that_then_fails_for_good_it_is()
    {
        var webhook = _kept.Add(events: 0);
        for (var i = 0; i < 20; i++)
        {
            await TellAsync(i % 2 == 0 ? "500" : "200");
        }
        Assert.Equal(["failing 500", "recovered"], _heard.Said);

        await TellAsync("503");
        _clock.Now += TimeSpan.FromMinutes(10);
        await TellAsync("503");
        await TellAsync("200");

        Assert.Equal(["failing 500", "recovered", "failing 503", "recovered"], _heard.Said);

        async Task TellAsync(string answer)
        {
            _receivers.Answers[webhook] = new WebhookOutcome(answer);
            _kept.Tell(webhook, _clock.Now);
            await CatchUpAsync();
            _kept.Forget();
        }
    }

    [Fact]
    public async Task A_store_that_is_away_ends_nothing_for_good()
    {
        var webhook = _kept.Add(events: 1);
        _kept.IsAway = true;
        await CatchUpAsync();
        _kept.IsAway = false;

        await CatchUpAsync();

        Assert.Equal(["broken"], _heard.Said);
        Assert.Single(_receivers.Of(webhook));
    }

    [Fact]
    public async Task What_is_sent_is_claimed_for_a_minute_a_few_at_once_and_of_who_fails_one()
    {
        var webhook = _kept.Add(events: 6);
        _receivers.Answers[webhook] = new WebhookOutcome("500");
        await CatchUpAsync();
        Assert.Equal([4, 1, 1, 1], _kept.Claims.Select(claim => claim.Limit));
        Assert.All(_kept.Claims, claim => Assert.Equal(Sample.Now.AddMinutes(1), claim.Until));

        _kept.Claims.Clear();
        _clock.Now += TimeSpan.FromSeconds(10);
        _receivers.Answers[webhook] = new WebhookOutcome("200");
        await CatchUpAsync();

        Assert.Equal([1, 4, 4, 4], _kept.Claims.Select(claim => claim.Limit));
        Assert.Empty(_kept.Waiting);
    }

    [Fact]
    public async Task What_waits_to_be_published_is_before_anything_is_sent()
    {
        await CatchUpAsync();

        Assert.Equal([Sample.Now], _kept.Published);
    }

    [Fact]
    public async Task The_second_pause_is_longer_than_the_first()
    {
        var webhook = _kept.Add(events: 1);
        _receivers.Answers[webhook] = new WebhookOutcome("500");
        await CatchUpAsync();
        Assert.InRange(_kept.DueAt - _clock.Now, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(6.25));
        _clock.Now = _kept.DueAt;

        await CatchUpAsync();

        Assert.InRange(_kept.DueAt - _clock.Now, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(37.5));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(-1, 1)]
    public async Task A_receiver_that_was_silent_for_a_day_is_told_of_anew(int seconds, int times)
    {
        var webhook = _kept.Add(events: 1);
        _receivers.Answers[webhook] = new WebhookOutcome("500");
        await CatchUpAsync();
        _kept.Forget();

        _clock.Now += TimeSpan.FromDays(1) + TimeSpan.FromSeconds(seconds);
        await CatchUpAsync();
        _kept.Tell(webhook, _clock.Now);
        await CatchUpAsync();

        Assert.Equal(Enumerable.Repeat("failing 500", times), _heard.Said);
    }

    [Fact]
    public async Task Ten_minutes_of_silence_count_from_what_was_said()
    {
        var webhook = _kept.Add(events: 0);
        foreach (var (minute, answer) in ((int, string)[])[(0, "500"), (1, "200"), (5, "500"), (6, "200"), (10, "500")])
        {
            _clock.Now = Sample.Now.AddMinutes(minute);
            _receivers.Answers[webhook] = new WebhookOutcome(answer);
            _kept.Tell(webhook, _clock.Now);
            await CatchUpAsync();
            _kept.Forget();
        }

        Assert.Equal(["failing 500", "recovered", "failing 500"], _heard.Said);
    }

    private async Task CatchUpAsync()
    {
        await _deliverer.CatchUpAsync(Test);
        await _deliverer.SettleAsync();
    }

    private sealed class Receivers : IWebhookSender
    {
        private readonly ConcurrentQueue<(WebhookId Webhook, long Sequence)> _got = new();
        private readonly ConcurrentDictionary<WebhookId, Task> _hanging = new();

        public Dictionary<WebhookId, WebhookOutcome> Answers { get; } = [];

        public bool Breaks { get; set; }

        public string? ProblemOf(string address) => null;

        public IEnumerable<long> Of(WebhookId webhook) => _got.Where(one => one.Webhook == webhook).Select(one => one.Sequence);

        public TaskCompletionSource Hang(WebhookId webhook)
        {
            var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _hanging[webhook] = end.Task;
            return end;
        }

        public async Task<WebhookOutcome> SendAsync(Webhook webhook, string id, byte[] body, CancellationToken cancellationToken)
        {
            _got.Enqueue((webhook.Id, (long)JsonNode.Parse(body)!["sequence"]!));
            if (_hanging.TryGetValue(webhook.Id, out var end))
            {
                await end;
            }
            return Breaks ? throw new InvalidOperationException("Nobody has thought of this.")
                : Answers.GetValueOrDefault(webhook.Id, new WebhookOutcome("200"));
        }
    }

    private sealed class Heard : IWebhookJournal
    {
        private readonly ConcurrentQueue<string> _said = new();

        public IEnumerable<string> Said => _said;

        public void Failing(Webhook webhook, WebhookOutcome outcome) => _said.Enqueue($"failing {outcome}");

        public void Recovered(Webhook webhook) => _said.Enqueue("recovered");

        public void GivenUp(Webhook webhook, string? eventId, int attempts, WebhookOutcome outcome) =>
            _said.Enqueue($"given up {outcome}");

        public void Broken(Exception failure) => _said.Enqueue("broken");
    }

    /// <summary>What is to be sent, in memory.</summary>
    private sealed class Kept : IWebhookStore, IEventLog
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<WebhookId, Webhook> _webhooks = [];
        private readonly Dictionary<WebhookId, TaskCompletionSource> _done = [];
        private readonly List<(Delivery Delivery, DateTimeOffset DueAt)> _rows = [];

        public bool IsAway { get; set; }

        public List<DateTimeOffset> Published { get; } = [];

        public List<(int Limit, DateTimeOffset Until)> Claims { get; } = [];

        /// <summary>When the only one that waits is tried again.</summary>
        public DateTimeOffset DueAt => _rows.Single().DueAt;

        public long Unreadable { get; set; }

        public List<WebhookOutcome> Dead { get; } = [];

        public IReadOnlyList<Delivery> Waiting => _rows.ConvertAll(row => row.Delivery);

        public WebhookId Add(int events)
        {
            var webhook = new Webhook(
                WebhookId.New(), _shop, new Uri("https://shop.example/hook"), [], IsOn: true, WebhookSecret.New(), Sample.Now);
            _webhooks.Add(webhook.Id, webhook);
            _done.Add(webhook.Id, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            for (var i = 1; i <= events; i++)
            {
                Tell(webhook.Id, Sample.Now);
            }
            return webhook.Id;
        }

        public void Tell(WebhookId webhook, DateTimeOffset at)
        {
            var place = _rows.Count + 1;
            var announcement = new Announcement { Id = Guid.NewGuid(), Type = AnnouncementType.FlowStarted, At = at, Project = _shop };
            _rows.Add((new Delivery(webhook, place, new PublishedEvent(announcement, place, place), 0, at, []), at));
        }

        /// <summary>What was to be tried again.</summary>
        public void Forget() => _rows.Clear();

        public Task WhenDoneAsync(WebhookId id) => _done[id].Task;

        public Task PublishAsync(DateTimeOffset now, CancellationToken cancellationToken)
        {
            Published.Add(now);
            return Task.CompletedTask;
        }

        public Task<IReadOnlyList<WebhookId>> FindDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                return Task.FromResult<IReadOnlyList<WebhookId>>(
                    [.. _rows.Where(row => row.DueAt <= now).Select(row => row.Delivery.Webhook).Distinct()]);
            }
        }

        public Task<Webhook?> FindAsync(WebhookId id, CancellationToken cancellationToken) =>
            IsAway ? throw new UnavailableException("away", TimeSpan.Zero) : Task.FromResult(_webhooks.GetValueOrDefault(id));

        public Task<IReadOnlyList<Delivery>> ClaimAsync(
            WebhookId id, DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                Claims.Add((limit, until));
                var due = _rows.Where(row => row.Delivery.Webhook == id && row.DueAt <= now).Take(limit).ToList();
                foreach (var row in due)
                {
                    _rows[_rows.IndexOf(row)] = (row.Delivery, until);
                }
                if (due.Count == 0)
                {
                    _done[id].TrySetResult();
                }
                return Task.FromResult<IReadOnlyList<Delivery>>([.. due.Select(row =>
                    row.Delivery.Position == Unreadable ? row.Delivery with { Event = null } : row.Delivery)]);
            }
        }

        public Task FinishAsync(Delivery delivery, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                _rows.RemoveAll(row => IsThat(row.Delivery, delivery));
            }
            return Task.CompletedTask;
        }

        public Task FailAsync(
            Delivery delivery, WebhookOutcome outcome, DateTimeOffset? next, DateTimeOffset now, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                _rows.RemoveAll(row => IsThat(row.Delivery, delivery));
                if (next is { } again)
                {
                    _rows.Add((delivery with { Attempts = delivery.Attempts + 1 }, again));
                }
                else
                {
                    Dead.Add(outcome);
                }
            }
            return Task.CompletedTask;
        }

        public Task<IReadOnlyList<Webhook>> ListAsync(ProjectId project, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<bool> TryAddAsync(Webhook webhook, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> TrySaveAsync(Webhook webhook, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> RemoveAsync(ProjectId project, WebhookId id, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<DeliveryCounts> CountAsync(WebhookId id, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<DeadDelivery>> ListDeadAsync(WebhookId id, int limit, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<int> ReplayAsync(Webhook webhook, ReplayedEvents which, DateTimeOffset now, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<EventPage> ListAsync(
            ProjectId project, long after, CorrelationId? flow, int limit, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<long?> FindPlaceAsync(ProjectId project, Guid id, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<int> RemoveAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        private static bool IsThat(Delivery one, Delivery other) => (one.Webhook, one.Position) == (other.Webhook, other.Position);
    }
}
