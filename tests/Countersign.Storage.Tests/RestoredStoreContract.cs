using Countersign.Core;
using Countersign.Core.Events;
using Countersign.Core.Flows;
using Countersign.Core.Projects;
using Countersign.Core.Texts;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Storage.Tests;

public abstract class RestoredStoreContract(StoreFixture fixture) : StoreContract(fixture)
{
    private static readonly TimeSpan _tokenLife = TimeSpan.FromHours(1);

    private readonly FakeTimeProvider _time = new(Sample.Now.AddMinutes(5));

    private FlowStore Flows => new(Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, TimeSpan.FromMinutes(15));

    private TextStore Texts => new(Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes);

    private RestoredStore Restored => new(
        Fixture.Database, Flows,
        new WebhookStore(Fixture.Database, Fixture.Sealer, Fixture.Requests, NullLogger<WebhookStore>.Instance), _time,
        NullLogger<RestoredStore>.Instance);

    [Fact]
    public async Task A_store_that_is_no_backup_stays_as_it_is()
    {
        var (flow, text) = await AddAsync();

        await Restored.SettleAsync(_tokenLife, Test);

        Assert.Equal(flow.ExpiresAt, (await Flows.FindAsync(flow.Id, Test))!.ExpiresAt);
        Assert.NotNull((await Texts.FindAsync(text, Test))!.Fate.DueAt);
        Assert.Equal(0, await Fixture.CountAsync("revoked_tokens"));
    }

    [Fact]
    public async Task Flows_that_ran_are_over_and_those_that_were_over_stay_as_they_were()
    {
        var running = await AddAsync();
        var over = Sample.Flow(Sample.Now.AddMinutes(-20));
        await Flows.AddAsync(over, Test);
        await MarkAsync();

        await Restored.SettleAsync(_tokenLife, Test);

        Assert.Equal(_time.GetUtcNow(), (await Flows.FindAsync(running.Flow.Id, Test))!.ExpiresAt);
        Assert.Null(await Flows.FindAsync(running.Flow.Id, Sample.Shop, running.Flow.Product, _time.GetUtcNow(), Test));
        Assert.Equal(over.ExpiresAt, (await Flows.FindAsync(over.Id, Test))!.ExpiresAt);
    }

    [Fact]
    public async Task Webhooks_are_off_until_somebody_turns_them_on_and_what_waited_for_them_waits()
    {
        var webhooks = new WebhookStore(Fixture.Database, Fixture.Sealer, Fixture.Requests, NullLogger<WebhookStore>.Instance);
        var events = new EventLog(Fixture.Database, Fixture.Sealer, Fixture.Requests, NullLogger<EventLog>.Instance);
        var webhook = new Webhook(
            WebhookId.New(), Sample.Shop, new Uri("https://shop.example/hook"), [], IsOn: true, WebhookSecret.New(), Sample.Now);
        await Fixture.AddProjectAsync(Sample.Shop);
        Assert.True(await webhooks.TryAddAsync(webhook, Test));
        await AddAsync();
        await events.PublishAsync(Sample.Now, Test);
        await MarkAsync();

        await Restored.SettleAsync(_tokenLife, Test);

        var found = (await webhooks.FindAsync(webhook.Id, Test))!;
        Assert.False(found.IsOn);
        Assert.Empty(await webhooks.FindDueAsync(_time.GetUtcNow(), Test));
        Assert.True((await webhooks.CountAsync(webhook.Id, Test)).Waiting > 0);
        Assert.True(await webhooks.TrySaveAsync(found with { IsOn = true }, Test));
        Assert.Equal([webhook.Id], await webhooks.FindDueAsync(_time.GetUtcNow(), Test));
    }

    [Fact]
    public async Task A_flow_that_does_not_open_keeps_no_server_from_starting()
    {
        var (flow, _) = await AddAsync();
        await Fixture.ExecuteAsync("UPDATE flows SET version = version + 1");
        await MarkAsync();

        await Restored.SettleAsync(_tokenLife, Test);

        Assert.Equal(0, await Fixture.CountAsync("settings"));
        await Assert.ThrowsAnyAsync<System.Security.Cryptography.CryptographicException>(() => Flows.FindAsync(flow.Id, Test));
    }

    [Fact]
    public async Task No_text_that_waited_is_due_and_a_receipt_still_counts()
    {
        var queued = (await AddAsync()).Text;
        var sending = (await AddAsync()).Text;
        var delivered = (await AddAsync()).Text;
        await HappenAsync(sending, new TextEvent.Begun(GatewayName.Parse("one"), AwaitsHandover: false));
        await HappenAsync(
            delivered, new TextEvent.Begun(GatewayName.Parse("one"), AwaitsHandover: false),
            new TextEvent.Received(1, ReceiptState.Delivered));
        var before = await Texts.FindAsync(delivered, Test);
        await MarkAsync();

        await Restored.SettleAsync(_tokenLife, Test);
        var due = await Texts.FindDueAsync(_time.GetUtcNow().AddDays(1), 10, Test);
        await HappenAsync(sending, new TextEvent.Received(1, ReceiptState.Delivered));

        Assert.Empty(due);
        Assert.Equal(TextState.Expired, (await Texts.FindAsync(queued, Test))!.Fate.State);
        Assert.Equal(TextState.Delivered, (await Texts.FindAsync(sending, Test))!.Fate.State);
        Assert.Equal(before, await Texts.FindAsync(delivered, Test));
    }

    [Fact]
    public async Task Tokens_from_before_are_ended_again_by_each_restore()
    {
        using var node = new RevokedTokens(new RevokedTokenStore(Fixture.Database), _time);
        var first = _time.GetUtcNow();
        await MarkAsync();
        await Restored.SettleAsync(_tokenLife, Test);
        var (former, between) = (await IsRevokedAsync(first.AddSeconds(-2)), await IsRevokedAsync(first));

        _time.Advance(TimeSpan.FromMinutes(10));
        await MarkAsync();
        await Restored.SettleAsync(_tokenLife, Test);

        Assert.Equal((true, false), (former, between));
        Assert.True(await IsRevokedAsync(first));
        Assert.False(await IsRevokedAsync(_time.GetUtcNow()));
        Assert.Equal(0, await Fixture.CountAsync("settings"));

        ValueTask<bool> IsRevokedAsync(DateTimeOffset issuedAt) => node.IsRevokedAsync("a token", issuedAt, Test);
    }

    private Task MarkAsync() => Fixture.ExecuteAsync("INSERT INTO settings (name, value) VALUES ('backup', 1764470000000)");

    private async Task<(Flow Flow, Guid Text)> AddAsync()
    {
        var flow = Sample.Flow();
        var text = Sample.Text(flow);
        await Flows.AddAsync(flow, Test);
        Assert.True(await Flows.TrySaveAsync(new Decision(flow, text), Test));
        return (flow, text.Id);
    }

    private async Task HappenAsync(Guid id, params TextEvent[] events)
    {
        foreach (var happened in events)
        {
            var text = (await Texts.FindAsync(id, Test))!;
            Assert.True(await Texts.TrySaveAsync(text with { Fate = TextMachine.Next(text.Fate, happened, Sample.Now) }, Test));
        }
    }
}

public sealed class RestoredStoreOnSqlite(SqliteFixture fixture) : RestoredStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class RestoredStoreOnPostgres(PostgresFixture fixture) : RestoredStoreContract(fixture), IClassFixture<PostgresFixture>;
