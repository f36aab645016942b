using Countersign.Core.Events;
using Countersign.Core.Tests.Fakes;

namespace Countersign.Core.Tests.Events;

public sealed class WebhookChangesTests
{
    private static readonly ProjectId _shop = ProjectId.Parse("shop");
    private static readonly Uri _url = new("https://shop.example/hook");

    private readonly Kept _kept = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    private WebhookChanges Changes => new(_kept, new StillClock());

    [Fact]
    public async Task A_new_webhook_is_on_and_has_a_secret_of_its_own()
    {
        var first = await CreateAsync();
        var second = await CreateAsync();

        Assert.Equal((_shop, _url, true, Sample.Now, 0), (first.Project, first.Url, first.IsOn, first.CreatedAt, first.Version));
        Assert.Equal(["flow.finished"], first.Types);
        Assert.NotEqual(first.Id, second.Id);
        Assert.NotEqual(first.Secret.Reveal(), second.Secret.Reveal());
        Assert.Equal([first, second], _kept.All);
    }

    [Fact]
    public async Task A_project_that_has_as_many_as_it_may_gets_no_more()
    {
        _kept.IsFull = true;

        Assert.IsType<WebhookChange.TooMany>(await Changes.CreateAsync(_shop, _url, [], Test));
    }

    [Fact]
    public async Task A_change_is_made_on_what_somebody_else_has_saved_meanwhile()
    {
        var webhook = await CreateAsync();
        _kept.Meanwhile = () => _kept.All[0] = _kept.All[0] with { Types = [], Version = 1 };

        var done = await ChangeAsync(_shop, webhook.Id);

        Assert.Equal((false, 2), (done.IsOn, done.Version));
        Assert.Equal(done, Assert.Single(_kept.All));
        Assert.Empty(done.Types);
    }

    [Fact]
    public async Task A_webhook_of_another_project_is_not_there()
    {
        var webhook = await CreateAsync();

        Assert.IsType<WebhookChange.NoSuchWebhook>(
            await Changes.ChangeAsync(ProjectId.Parse("bank"), webhook.Id, one => one with { IsOn = false }, Test));
        Assert.IsType<WebhookChange.NoSuchWebhook>(await Changes.ChangeAsync(_shop, WebhookId.New(), one => one, Test));
        Assert.Equal([webhook], _kept.All);
    }

    [Fact]
    public async Task A_new_secret_signs_beside_the_former_one_for_as_long_as_was_asked()
    {
        var webhook = await CreateAsync();

        var rotated = Assert.IsType<WebhookChange.Done>(
            await Changes.RotateAsync(_shop, webhook.Id, TimeSpan.FromHours(1), Test)).Webhook;

        Assert.NotEqual(webhook.Secret.Reveal(), rotated.Secret.Reveal());
        Assert.Equal(new FormerWebhookSecret(webhook.Secret, Sample.Now.AddHours(1)), rotated.Former);
    }

    [Fact]
    public async Task A_secret_that_leaked_signs_no_more_at_once()
    {
        var webhook = await CreateAsync();

        var rotated = Assert.IsType<WebhookChange.Done>(await Changes.RotateAsync(_shop, webhook.Id, TimeSpan.Zero, Test)).Webhook;

        Assert.NotEqual(webhook.Secret.Reveal(), rotated.Secret.Reveal());
        Assert.Null(rotated.Former);
    }

    private async Task<Webhook> CreateAsync() =>
        Assert.IsType<WebhookChange.Done>(await Changes.CreateAsync(_shop, _url, ["flow.finished"], Test)).Webhook;

    private async Task<Webhook> ChangeAsync(ProjectId project, WebhookId id) => Assert.IsType<WebhookChange.Done>(
        await Changes.ChangeAsync(project, id, webhook => webhook with { IsOn = false }, Test)).Webhook;

    /// <summary>Webhooks in memory.</summary>
    private sealed class Kept : IWebhookStore
    {
        public List<Webhook> All { get; } = [];

        public bool IsFull { get; set; }

        /// <summary>What somebody else does once, just before the next save.</summary>
        public Action? Meanwhile { get; set; }

        public Task<Webhook?> FindAsync(WebhookId id, CancellationToken cancellationToken) =>
            Task.FromResult(All.Find(one => one.Id == id));

        public Task<bool> TryAddAsync(Webhook webhook, CancellationToken cancellationToken)
        {
            if (!IsFull)
            {
                All.Add(webhook);
            }
            return Task.FromResult(!IsFull);
        }

        public Task<bool> TrySaveAsync(Webhook webhook, CancellationToken cancellationToken)
        {
            Meanwhile?.Invoke();
            Meanwhile = null;
            var at = All.FindIndex(one => one.Id == webhook.Id && one.Version == webhook.Version);
            if (at >= 0)
            {
                All[at] = webhook with { Version = webhook.Version + 1 };
            }
            return Task.FromResult(at >= 0);
        }

        public Task<IReadOnlyList<Webhook>> ListAsync(ProjectId project, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<bool> RemoveAsync(ProjectId project, WebhookId id, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<WebhookId>> FindDueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<Delivery>> ClaimAsync(
            WebhookId id, DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task FinishAsync(Delivery delivery, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task FailAsync(
            Delivery delivery, WebhookOutcome outcome, DateTimeOffset? next, DateTimeOffset now, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<DeliveryCounts> CountAsync(WebhookId id, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<DeadDelivery>> ListDeadAsync(WebhookId id, int limit, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<int> ReplayAsync(Webhook webhook, ReplayedEvents which, DateTimeOffset now, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
