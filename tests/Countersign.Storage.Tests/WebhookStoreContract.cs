using Countersign.Core;
using Countersign.Core.Events;
using Countersign.Core.History;
using Countersign.Core.Keys;
using Countersign.Core.Projects;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Storage.Tests;

public abstract class WebhookStoreContract(StoreFixture fixture) : StoreContract(fixture)
{
    private static readonly DateTimeOffset _later = Sample.Now.AddMinutes(1);
    private static readonly WebhookOutcome _failed = new("500");

    private FlowStore Flows => new(Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, TimeSpan.FromMinutes(15));

    private EventLog Events => new(Fixture.Database, Fixture.Sealer, Fixture.Requests, NullLogger<EventLog>.Instance);

    private WebhookStore Webhooks => Of(Fixture.Database);

    [Fact]
    public async Task A_webhook_is_found_as_it_was_added_and_changed()
    {
        var webhook = await AddAsync(types: ["flow.finished"]);
        var changed = webhook with
        {
            Url = new Uri("https://shop.example/other"), Types = [], IsOn = false, Secret = WebhookSecret.New(),
            Former = new FormerWebhookSecret(webhook.Secret, _later),
        };

        Assert.True(await Webhooks.TrySaveAsync(changed, Test));
        Assert.False(await Webhooks.TrySaveAsync(changed with { IsOn = true }, Test));

        var found = (await Webhooks.FindAsync(webhook.Id, Test))!;
        Assert.Equal((webhook.Id, Sample.Shop, changed.Url, false, 1), (found.Id, found.Project, found.Url, found.IsOn, found.Version));
        Assert.Equal(
            (changed.Secret.Reveal(), webhook.Secret.Reveal(), _later),
            (found.Secret.Reveal(), found.Former!.Secret.Reveal(), found.Former.EndsAt));
        Assert.Empty(found.Types);
        Assert.Equal(found.Id, Assert.Single(await Webhooks.ListAsync(Sample.Shop, Test)).Id);
        Assert.Empty(await Webhooks.ListAsync(ProjectId.Parse("bank"), Test));
    }

    [Fact]
    public async Task A_project_has_no_more_than_it_may_and_none_has_a_project_that_is_gone()
    {
        for (var i = 0; i < Webhook.MaxPerProject; i++)
        {
            await AddAsync();
        }

        Assert.False(await Webhooks.TryAddAsync(New(Sample.Shop), Test));
        Assert.False(await Webhooks.TryAddAsync(New(ProjectId.Parse("nobody")), Test));
    }

    [Fact]
    public async Task An_event_goes_to_the_webhooks_of_its_project_that_want_it()
    {
        await Fixture.AddProjectAsync(ProjectId.Parse("bank"));
        var (all, started, other, off) = (
            await AddAsync(), await AddAsync(["flow.started", "text.sent"]), await AddAsync(["flow.finished"]),
            await AddAsync(isOn: false));
        var foreign = New(ProjectId.Parse("bank"));
        Assert.True(await Webhooks.TryAddAsync(foreign, Test));
        await HappenAsync();

        var due = await Webhooks.FindDueAsync(Sample.Now, Test);

        Assert.Equal(Order(all, started), due.Order(Comparer<WebhookId>.Create((a, b) => string.CompareOrdinal($"{a}", $"{b}"))));
        foreach (var nothing in new[] { other, off, foreign })
        {
            Assert.Equal(new DeliveryCounts(0, 0), await Webhooks.CountAsync(nothing.Id, Test));
        }

        static IEnumerable<WebhookId> Order(params Webhook[] webhooks) =>
            webhooks.Select(one => one.Id).OrderBy(id => $"{id}", StringComparer.Ordinal);
    }

    [Fact]
    public async Task Of_many_nodes_that_claim_at_once_each_delivery_is_had_by_one()
    {
        var webhook = await AddAsync();
        await HappenAsync(30);
        await using var other = Fixture.Open();

        var claims = await Task.WhenAll(Enumerable.Range(0, 12).Select(i =>
            Of(i % 2 == 0 ? Fixture.Database : other).ClaimAsync(webhook.Id, Sample.Now, _later.AddMilliseconds(i % 3), 4, Test)));

        var had = claims.SelectMany(claim => claim).Select(delivery => delivery.Position).ToList();
        Assert.Equal(had.Distinct().Count(), had.Count);
        while (await Webhooks.ClaimAsync(webhook.Id, Sample.Now, _later, 4, Test) is { Count: > 0 } rest)
        {
            had.AddRange(rest.Select(delivery => delivery.Position));
        }
        Assert.Equal(30, had.Distinct().Count());
        Assert.Equal(30, had.Count);
    }

    [Fact]
    public async Task What_was_claimed_by_somebody_who_died_is_had_again_and_the_former_claim_changes_nothing()
    {
        var webhook = await AddAsync();
        await HappenAsync();
        var first = Assert.Single(await Webhooks.ClaimAsync(webhook.Id, Sample.Now, _later, 4, Test));
        Assert.Empty(await Webhooks.ClaimAsync(webhook.Id, _later.AddSeconds(-1), _later, 4, Test));

        var second = Assert.Single(await Webhooks.ClaimAsync(webhook.Id, _later.AddSeconds(1), _later.AddMinutes(1), 4, Test));
        await Webhooks.FinishAsync(first, Test);
        await Webhooks.FailAsync(first, _failed, null, _later, Test);

        Assert.Equal((first.Position, 0), (second.Position, second.Attempts));
        Assert.Equal(new DeliveryCounts(1, 0), await Webhooks.CountAsync(webhook.Id, Test));
        await Webhooks.FinishAsync(second, Test);
        Assert.Equal(new DeliveryCounts(0, 0), await Webhooks.CountAsync(webhook.Id, Test));
    }

    [Fact]
    public async Task What_failed_is_due_at_its_time_and_what_was_given_up_is_listed_with_why()
    {
        var webhook = await AddAsync();
        var told = await HappenAsync();
        var first = Assert.Single(await Webhooks.ClaimAsync(webhook.Id, Sample.Now, _later, 4, Test));
        await Webhooks.FailAsync(first, _failed, _later, Sample.Now, Test);

        Assert.Empty(await Webhooks.FindDueAsync(Sample.Now, Test));
        var second = Assert.Single(await Webhooks.ClaimAsync(webhook.Id, _later.AddSeconds(1), _later.AddMinutes(1), 4, Test));
        Assert.Equal((1, Sample.Now.ToUnixTimeMilliseconds()), (second.Attempts, second.FirstAt.ToUnixTimeMilliseconds()));
        await Webhooks.FailAsync(second, new WebhookOutcome(WebhookFault.TooSlow), null, _later, Test);

        Assert.Equal(new DeliveryCounts(0, 1), await Webhooks.CountAsync(webhook.Id, Test));
        var dead = Assert.Single(await Webhooks.ListDeadAsync(webhook.Id, 10, Test));
        Assert.Equal((told, "flow.started", 2, WebhookFault.TooSlow), (dead.Event, dead.Type, dead.Attempts, dead.Outcome));
        Assert.Empty(await Webhooks.FindDueAsync(_later.AddDays(1), Test));
    }

    [Fact]
    public async Task Events_are_sent_again_one_alone_those_of_a_time_and_those_that_were_given_up()
    {
        var webhook = await AddAsync();
        var told = await HappenAsync();
        await HappenAsync(at: Sample.Now.AddHours(1));
        await HappenAsync(at: Sample.Now.AddHours(2));
        foreach (var delivery in await Webhooks.ClaimAsync(webhook.Id, Sample.Now, _later, 10, Test))
        {
            await Webhooks.FinishAsync(delivery, Test);
        }

        Assert.Equal(1, await ReplayAsync(new ReplayedEvents.One(told)));
        Assert.Equal(0, await ReplayAsync(new ReplayedEvents.One(Guid.NewGuid())));
        Assert.Equal(1, (await Webhooks.CountAsync(webhook.Id, Test)).Waiting);
        Assert.Equal(2, await ReplayAsync(new ReplayedEvents.Between(Sample.Now.AddSeconds(-1), Sample.Now.AddHours(2))));
        Assert.Equal(2, (await Webhooks.CountAsync(webhook.Id, Test)).Waiting);
        foreach (var delivery in await Webhooks.ClaimAsync(webhook.Id, Sample.Now, _later, 10, Test))
        {
            await Webhooks.FailAsync(delivery, _failed, null, Sample.Now, Test);
        }
        Assert.Equal(2, await ReplayAsync(new ReplayedEvents.Dead()));
        Assert.Equal(new DeliveryCounts(2, 0), await Webhooks.CountAsync(webhook.Id, Test));

        Task<int> ReplayAsync(ReplayedEvents which) => Webhooks.ReplayAsync(webhook, which, Sample.Now, Test);
    }

    [Fact]
    public async Task With_a_webhook_its_deliveries_go_and_with_its_project_both()
    {
        var (one, two) = (await AddAsync(), await AddAsync());
        await HappenAsync(3);

        Assert.False(await Webhooks.RemoveAsync(ProjectId.Parse("bank"), one.Id, Test));
        Assert.True(await Webhooks.RemoveAsync(Sample.Shop, one.Id, Test));
        Assert.Equal((1L, 3L), (await Fixture.CountAsync("webhooks"), await Fixture.CountAsync("webhook_deliveries")));
        await Fixture.Projects
            .RemoveProjectAsync(Sample.Shop, Test);
        Assert.Equal((0L, 0L), (await Fixture.CountAsync("webhooks"), await Fixture.CountAsync("webhook_deliveries")));
        Assert.Null(await Webhooks.FindAsync(two.Id, Test));
    }

    [Fact]
    public async Task With_an_event_goes_what_was_still_to_be_done_with_it()
    {
        var webhook = await AddAsync();
        await HappenAsync(3);

        // The newest stays.
        Assert.Equal(2, await Events.RemoveAsync(Sample.Now.AddDays(1), 10, Test));

        Assert.Equal(new DeliveryCounts(1, 0), await Webhooks.CountAsync(webhook.Id, Test));
    }

    [Fact]
    public async Task Deliveries_of_events_that_are_gone_keep_none_behind_them_waiting_and_are_gone_with_them()
    {
        var webhook = await AddAsync();
        await HappenAsync(4);
        await Fixture.ExecuteAsync("DELETE FROM events WHERE position < (SELECT max(position) FROM events)");

        var claimed = await Webhooks.ClaimAsync(webhook.Id, Sample.Now, _later, 2, Test);

        Assert.Single(claimed);
        Assert.Equal(new DeliveryCounts(1, 0), await Webhooks.CountAsync(webhook.Id, Test));
    }

    [Fact]
    public async Task The_first_try_is_when_it_is_first_claimed_however_late_and_stays_so()
    {
        var webhook = await AddAsync();
        await HappenAsync();
        var late = DateTimeOffset.FromUnixTimeMilliseconds(Sample.Now.AddDays(3).ToUnixTimeMilliseconds());

        var first = Assert.Single(await Webhooks.ClaimAsync(webhook.Id, late, late.AddMinutes(1), 4, Test));
        await Webhooks.FailAsync(first, _failed, late.AddHours(1), late, Test);
        var second = Assert.Single(await Webhooks.ClaimAsync(webhook.Id, late.AddHours(1), late.AddHours(2), 4, Test));

        Assert.Equal((late, late), (first.FirstAt, second.FirstAt));
    }

    [Fact]
    public async Task What_is_sent_again_while_it_is_being_sent_is_due_again_and_the_claim_ends_nothing_of_it()
    {
        var webhook = await AddAsync();
        var told = await HappenAsync();
        var claimed = Assert.Single(await Webhooks.ClaimAsync(webhook.Id, Sample.Now, _later, 4, Test));

        Assert.Equal(1, await Webhooks.ReplayAsync(webhook, new ReplayedEvents.One(told), Sample.Now, Test));
        await Webhooks.FinishAsync(claimed, Test);

        Assert.Equal(new DeliveryCounts(1, 0), await Webhooks.CountAsync(webhook.Id, Test));
        Assert.Single(await Webhooks.ClaimAsync(webhook.Id, Sample.Now, _later, 4, Test));
    }

    [Theory]
    [InlineData("project_id = 'bank'")]
    [InlineData("event_types = ',flow.started,'")]
    [InlineData("version = 7")]
    public async Task A_webhook_that_somebody_changed_by_hand_is_not_there(string change)
    {
        await Fixture.AddProjectAsync(ProjectId.Parse("bank"));
        var webhook = await AddAsync();

        await Fixture.ExecuteAsync($"UPDATE webhooks SET {change}");

        Assert.Null(await Webhooks.FindAsync(webhook.Id, Test));
        Assert.Empty(await Webhooks.ListAsync(Sample.Shop, Test));
        Assert.Empty(await Webhooks.ListAsync(ProjectId.Parse("bank"), Test));
    }

    [Fact]
    public async Task A_webhook_that_cannot_be_read_is_said_once_and_can_be_removed()
    {
        var webhook = await AddAsync();
        await HappenAsync();
        await Fixture.ExecuteAsync("UPDATE webhooks SET body = substr(body, 2)");
        var logs = new LogLines();
        using var factory = new LoggerFactory([logs]);
        var webhooks = new WebhookStore(Fixture.Database, Fixture.Sealer, Fixture.Requests, factory.CreateLogger<WebhookStore>());

        Assert.Null(await webhooks.FindAsync(webhook.Id, Test));
        Assert.Empty(await webhooks.ListAsync(Sample.Shop, Test));
        Assert.True(await webhooks.RemoveAsync(Sample.Shop, webhook.Id, Test));

        var said = Assert.Single(logs.All);
        Assert.Equal((1764, true), (said.Event.Id, said.Text.Contains($"{webhook.Id}", StringComparison.Ordinal)));
        Assert.Equal((0L, 0L), (await Fixture.CountAsync("webhooks"), await Fixture.CountAsync("webhook_deliveries")));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task While_the_keys_of_outcomes_are_away_what_needs_them_waits_untried_and_nothing_else_does(bool isMixed, bool isFile)
    {
        ILineKeys keys = isFile
            ? new LineKeyStore(
                new KeyDatabase(() => throw new IOException("It is away.")), Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, Fixture.Plan)
            : new LinesAway();
        var webhook = await AddAsync();
        var ended = Sample.Flow() with { ClientRequestId = "order-1" };
        await Flows.AddAsync(ended, Test);
        await new Stores(Fixture, StoreFixture.Ring).Outcomes.ReplaceAsync(
            [new ReplacedFlow(Outcome.Of(ended, [], "US", null), ended.Version)], Test);
        await Flows.AddAsync(Sample.Flow() with { ClientRequestId = "order-2" }, Test);
        await Flows.AddAsync(Sample.Flow(), Test);
        await Events.PublishAsync(Sample.Now, Test);
        var away = new WebhookStore(
            Fixture.Database, Fixture.Sealer, Fixture.RequestsWith(keys), NullLogger<WebhookStore>.Instance);

        var living = await away.ClaimAsync(webhook.Id, Sample.Now, _later, isMixed ? 4 : 1, Test);
        var next = isMixed ? [] : await away.ClaimAsync(webhook.Id, Sample.Now, _later, 4, Test);
        await Task.WhenAll(living.Concat(next).Select(delivery => Webhooks.FinishAsync(delivery, Test)));
        var still = await away.ClaimAsync(webhook.Id, Sample.Now.AddMinutes(5), Sample.Now.AddMinutes(6), 4, Test);
        var later = await Webhooks.ClaimAsync(webhook.Id, Sample.Now.AddMinutes(10), Sample.Now.AddMinutes(11), 4, Test);

        Assert.Equal(["order-2", null], living.Concat(next).Select(one => one.Event!.ClientRequestId));
        Assert.Empty(still);
        Assert.Equal(
            ("order-1", 0, true),
            (Assert.Single(later).Event!.ClientRequestId, later[0].Attempts, later[0].FirstAt > Sample.Now.AddMinutes(9)));
    }

    private WebhookStore Of(IDatabase database) => new(database, Fixture.Sealer, Fixture.Requests, NullLogger<WebhookStore>.Instance);

    private static Webhook New(ProjectId project) =>
        new(WebhookId.New(), project, new Uri("https://shop.example/hook"), [], IsOn: true, WebhookSecret.New(), Sample.Now);

    private async Task<Webhook> AddAsync(IReadOnlyList<string>? types = null, bool isOn = true)
    {
        await Fixture.AddProjectAsync(Sample.Shop);
        var webhook = New(Sample.Shop) with { Types = types ?? [], IsOn = isOn };
        Assert.True(await Webhooks.TryAddAsync(webhook, Test));
        return webhook;
    }

    /// <returns>The id of the last event.</returns>
    private async Task<Guid> HappenAsync(int flows = 1, DateTimeOffset? at = null)
    {
        for (var i = 0; i < flows; i++)
        {
            await Flows.AddAsync(Sample.Flow(at), Test);
        }
        await Events.PublishAsync(Sample.Now, Test);
        return (await Events.ListAsync(Sample.Shop, 0, null, 1000, Test)).Events[^1].Announcement.Id;
    }
}

public sealed class WebhookStoreOnSqlite(SqliteFixture fixture) : WebhookStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class WebhookStoreOnPostgres(PostgresFixture fixture) : WebhookStoreContract(fixture), IClassFixture<PostgresFixture>;
