using System.Data.Common;
using System.Text;
using Countersign.Core;
using Countersign.Core.Devices;
using Countersign.Core.Events;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.Keys;
using Countersign.Core.Possession;
using Countersign.Core.Texts;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Storage.Tests;

/// <summary>What happened is told with what makes it true, and in one order.</summary>
public abstract class EventLogContract(StoreFixture fixture) : StoreContract(fixture)
{
    private FlowStore Flows => FlowsOf(Fixture.Database);

    private TextStore Texts => new(Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes);

    private EventLog Events => new(Fixture.Database, Fixture.Sealer, Fixture.Requests, NullLogger<EventLog>.Instance);

    [Fact]
    [Trait("attack", "W04")]
    public async Task What_a_save_makes_true_is_told_with_its_place_and_its_number_in_the_flow()
    {
        var flow = Sample.Flow() with { ClientRequestId = "order-1", ClientCustomerId = "Ünal" };
        await Flows.AddAsync(flow, Test);
        await GiveUpAsync(Flows, flow);

        await Events.PublishAsync(Sample.Now, Test);

        var events = await ListAsync();
        Assert.Equal(["flow.started", "possession.failed", "flow.finished"], events.Select(one => one.Announcement.Type));
        Assert.Equal([1L, 2L, 3L], events.Select(one => one.Sequence!.Value));
        Assert.Equal(events.Select(one => one.Position).Order(), events.Select(one => one.Position));
        Assert.All(events, one => Assert.Equal((flow.Id, flow.Subject), (one.Announcement.Flow!.Value, one.Announcement.Subject)));
        Assert.Equal(FlowEnd.GivenUp, events[2].Announcement.End);
        Assert.Equal(0, await Fixture.CountAsync("event_outbox"));
    }

    [Fact]
    public async Task Numbers_of_a_flow_go_on_where_it_was_published_before()
    {
        var flow = Sample.Flow();
        await Flows.AddAsync(flow, Test);
        await Events.PublishAsync(Sample.Now, Test);
        await GiveUpAsync(Flows, flow);
        await Flows.AddAsync(Sample.Flow(), Test);

        await Events.PublishAsync(Sample.Now, Test);

        Assert.Equal([1L, 2L, 3L], (await Events.ListAsync(Sample.Shop, 0, flow.Id, 10, Test)).Events.Select(one => one.Sequence!.Value));
    }

    [Fact]
    public async Task Who_has_come_as_far_as_an_event_that_is_erased_goes_on_behind_it_until_it_is_old_and_a_newer_is_there()
    {
        var (former, erased) = (Sample.Flow(), Sample.Flow());
        await Flows.AddAsync(former, Test);
        await Flows.AddAsync(erased, Test);
        await Events.PublishAsync(Sample.Now, Test);
        var last = (await ListAsync())[^1];

        await new PersonStore(
            Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, Fixture.Plan,
            new Stores(Fixture, StoreFixture.Ring).RecordKeys, Fixture.Lines).EraseFlowsAsync([erased.Id], Test);
        var after = (await Events.FindPlaceAsync(Sample.Shop, last.Announcement.Id, Test))!.Value;
        var atOnce = (await Events.ListAsync(Sample.Shop, after, null, 10, Test)).Events;
        await Events.RemoveAsync(Sample.Now.AddDays(9), 100, Test);
        var whileNewest = await Events.FindPlaceAsync(Sample.Shop, last.Announcement.Id, Test);
        await Flows.AddAsync(Sample.Flow(), Test);
        await Events.PublishAsync(Sample.Now, Test);
        var next = (await Events.ListAsync(Sample.Shop, after, null, 10, Test)).Events;
        await Events.RemoveAsync(Sample.Now.AddDays(9), 100, Test);

        Assert.Equal(last.Position, after);
        Assert.Empty(atOnce);
        Assert.Equal(after, whileNewest);
        Assert.Equal("flow.started", Assert.Single(next).Announcement.Type);
        Assert.Null(await Events.FindPlaceAsync(Sample.Shop, last.Announcement.Id, Test));
        Assert.Null(await Events.FindPlaceAsync(ProjectId.Parse("bank"), last.Announcement.Id, Test));
    }

    [Fact]
    public async Task Of_many_saves_of_one_version_only_the_winners_is_told()
    {
        var flow = Sample.Flow();
        await Flows.AddAsync(flow, Test);
        await using var other = Fixture.Open();

        var saved = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => FlowsOf(i % 2 == 0 ? Fixture.Database : other).TrySaveAsync(
            new Decision(flow.After(new PossessionEvent.GivenUp(), Sample.Now)) { Former = flow }, Test)));

        Assert.Single(saved, isSaved => isSaved);
        Assert.Equal(3, await Fixture.CountAsync("event_outbox"));
    }

    [Fact]
    public async Task A_keyed_call_that_was_answered_before_tells_nothing()
    {
        var call = new KeyedCall(Sample.Hash(1), Sample.Hash(2), Sample.Now, DateTimeOffset.UnixEpoch);

        Assert.Null(await Flows.AddAsync(Sample.Flow(), new KeyedAnswer(call, "first"u8.ToArray()), Test));
        Assert.NotNull(await Flows.AddAsync(Sample.Flow(), new KeyedAnswer(call, "second"u8.ToArray()), Test));

        Assert.Equal(1, await Fixture.CountAsync("event_outbox"));
    }

    [Fact]
    public async Task Of_many_saves_of_a_text_only_the_winners_is_told()
    {
        var flow = Sample.Flow();
        var text = Sample.Text(flow) with { Project = flow.ProjectId, Subject = flow.Subject };
        await Flows.AddAsync(flow, Test);
        Assert.True(await Flows.TrySaveAsync(new Decision(flow, text), Test));
        var stored = (await Texts.FindAsync(text.Id, Test))!;
        var sent = stored.Fate with { State = TextState.Sent, SentAt = Sample.Now };

        var saved = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Texts.TrySaveAsync(
            stored with { Fate = sent, News = TextAnnouncements.Between(stored.Text, stored.Fate, sent, null, Sample.Now) }, Test)));
        await Events.PublishAsync(Sample.Now, Test);

        Assert.Single(saved, isSaved => isSaved);
        var events = await ListAsync();
        Assert.Equal(["flow.started", "text.sent"], events.Select(one => one.Announcement.Type));
        Assert.Equal((flow.Subject, "otp"), (events[1].Announcement.Subject, events[1].Announcement.Text));
    }

    [Fact]
    public async Task A_flow_whose_life_ran_out_is_told_with_its_outcome_and_without_one()
    {
        var outcomes = new OutcomeStore(
            Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, Fixture.Lines, TimeSpan.FromMinutes(15));
        Flow[] flows = [Sample.Flow(), Sample.Flow(Sample.Now.AddSeconds(1)), Sample.Flow(Sample.Now.AddSeconds(2))];
        foreach (var flow in flows)
        {
            await Flows.AddAsync(flow, Test);
        }
        Assert.True(await Flows.TrySaveAsync(new Decision(flows[2]), Test));

        var gone = await outcomes.ReplaceAsync([Over(flows[0], isKept: true), Over(flows[1], isKept: false), Over(flows[2], true)], Test);
        await Events.PublishAsync(Sample.Now, Test);

        Assert.Equal((2, 1L), (gone, await Fixture.CountAsync("outcomes")));
        Assert.Equal(
            [(flows[0].Id, FlowEnd.RanOutReady), (flows[1].Id, FlowEnd.RanOutReady)],
            (await ListAsync()).Where(one => one.Announcement.Type == AnnouncementType.FlowFinished)
                .Select(one => (one.Announcement.Flow!.Value, one.Announcement.End)));

        static ReplacedFlow Over(Flow flow, bool isKept) => new(Outcome.Of(flow, [], "US", null), flow.Version)
        {
            IsKept = isKept, News = FlowNews.AtLast(flow),
        };
    }

    [Fact]
    public async Task A_device_is_told_to_be_revoked_once_however_many_revoke_it()
    {
        var devices = new DeviceStore(Fixture.Database, Fixture.Rows, new EventOutbox(Fixture.Sealer), TimeProvider.System);
        var device = new Device(Guid.CreateVersion7(Sample.Now), Sample.Shop, "key-1", [1, 2, 3], Sample.Now);
        await devices.AddAsync(device, Test);

        Assert.False(await devices.RevokeAsync(device.Id, ProjectId.Parse("bank"), Test));
        var revoked = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => devices.RevokeAsync(device.Id, Sample.Shop, Test)));
        await Events.PublishAsync(Sample.Now, Test);

        Assert.All(revoked, Assert.True);
        var told = Assert.Single(await ListAsync());
        Assert.Equal(
            (AnnouncementType.DeviceRevoked, (Guid?)device.Id, null, null),
            (told.Announcement.Type, told.Announcement.Device, told.Announcement.Flow, told.Sequence));
    }

    [Fact]
    public async Task Who_polls_while_many_write_and_publish_misses_nothing_and_sees_each_flow_in_its_order()
    {
        await using var other = Fixture.Open();
        IDatabase[] nodes = [Fixture.Database, other];
        var flows = Enumerable.Range(0, 60).Select(i => Sample.Flow(Sample.Now.AddMilliseconds(i))).ToList();
        var writing = Task.WhenAll(flows.Select(async (flow, i) =>
        {
            await FlowsOf(nodes[i % 2]).AddAsync(flow, Test);
            await GiveUpAsync(FlowsOf(nodes[i % 2]), flow);
        }));
        var publishing = Task.WhenAll(nodes.Select(async node =>
        {
            while (!writing.IsCompleted)
            {
                await new EventLog(node, Fixture.Sealer, Fixture.Requests, NullLogger<EventLog>.Instance).PublishAsync(Sample.Now, Test);
            }
        }));

        var seen = new List<PublishedEvent>();
        for (var isLast = false; ; isLast = publishing.IsCompleted)
        {
            seen.AddRange(await NextAsync());
            if (isLast)
            {
                break;
            }
        }
        await publishing;
        await Events.PublishAsync(Sample.Now, Test);
        while (await NextAsync() is { Count: > 0 } rest)
        {
            seen.AddRange(rest);
        }

        Assert.Equal(180, seen.Count);
        Assert.Equal(180, seen.Select(one => one.Announcement.Id).Distinct().Count());
        Assert.All(seen.GroupBy(one => one.Announcement.Flow), flow => Assert.Equal([1L, 2L, 3L], flow.Select(one => one.Sequence!.Value)));

        async Task<IReadOnlyList<PublishedEvent>> NextAsync() =>
            (await Events.ListAsync(Sample.Shop, seen.Count == 0 ? 0 : seen[^1].Position, null, 7, Test)).Events;
    }

    [Fact]
    public async Task A_projects_events_are_its_own_and_go_with_it()
    {
        await Fixture.AddProjectAsync(Sample.Shop);
        var (mine, theirs) = (Sample.Flow(), Sample.Flow() with { ProjectId = ProjectId.Parse("bank") });
        await Flows.AddAsync(mine, Test);
        await Flows.AddAsync(theirs, Test);
        await Events.PublishAsync(Sample.Now, Test);
        await Flows.AddAsync(Sample.Flow(), Test);
        var id = Assert.Single(await ListAsync()).Announcement.Id;

        Assert.Null(await Events.FindPlaceAsync(ProjectId.Parse("bank"), id, Test));
        Assert.NotNull(await Events.FindPlaceAsync(Sample.Shop, id, Test));
        Assert.Empty((await Events.ListAsync(ProjectId.Parse("bank"), 0, mine.Id, 10, Test)).Events);
        var projects = Fixture.Projects;
        await projects.RemoveProjectAsync(Sample.Shop, Test);
        await Events.PublishAsync(Sample.Now, Test);
        Assert.Empty(await ListAsync());
        Assert.Single((await Events.ListAsync(ProjectId.Parse("bank"), 0, null, 10, Test)).Events);
    }

    [Fact]
    public async Task The_oldest_go_when_they_were_kept_long_enough_and_places_are_never_given_again()
    {
        await Flows.AddAsync(Sample.Flow(Sample.Now.AddDays(-31)), Test);
        await Flows.AddAsync(Sample.Flow(), Test);
        await Events.PublishAsync(Sample.Now, Test);
        var last = (await ListAsync())[^1];

        Assert.Equal(1, await Events.RemoveAsync(Sample.Now.AddDays(-30), 10, Test));
        Assert.Equal(last.Announcement.Id, Assert.Single(await ListAsync()).Announcement.Id);
        await Flows.AddAsync(Sample.Flow(), Test);
        await Events.PublishAsync(Sample.Now, Test);
        Assert.True((await ListAsync())[^1].Position > last.Position);
    }

    [Fact]
    public async Task A_projects_newest_event_stays_however_old_so_that_who_polls_goes_on_behind_it()
    {
        await Flows.AddAsync(Sample.Flow() with { ProjectId = ProjectId.Parse("quiet") }, Test);
        await Flows.AddAsync(Sample.Flow(Sample.Now.AddSeconds(1)), Test);
        await Flows.AddAsync(Sample.Flow(Sample.Now.AddSeconds(2)), Test);
        await Events.PublishAsync(Sample.Now, Test);

        // A page of one: what stays at the beginning does not hide what is behind it.
        Assert.Equal(1, await Events.RemoveAsync(Sample.Now.AddDays(1), 1, Test));
        Assert.Equal(0, await Events.RemoveAsync(Sample.Now.AddDays(1), 1, Test));

        Assert.Single((await Events.ListAsync(ProjectId.Parse("quiet"), 0, null, 10, Test)).Events);
        Assert.Single(await ListAsync());
    }

    [Fact]
    public async Task An_event_that_cannot_be_read_keeps_nobody_from_those_behind_it()
    {
        for (var i = 0; i < 4; i++)
        {
            await Flows.AddAsync(Sample.Flow(Sample.Now.AddSeconds(i)), Test);
        }
        await Events.PublishAsync(Sample.Now, Test);
        var all = await ListAsync();
        await Fixture.ExecuteAsync($"UPDATE events SET body = substr(body, 2) WHERE position IN ({all[1].Position}, {all[3].Position})");

        var first = await Events.ListAsync(Sample.Shop, 0, null, 2, Test);
        var second = await Events.ListAsync(
            Sample.Shop, (await Events.FindPlaceAsync(Sample.Shop, first.Last!.Value, Test))!.Value, null, 2, Test);

        Assert.Equal((all[1].Announcement.Id, true), (first.Last!.Value, first.HasMore));
        Assert.Equal((all[3].Announcement.Id, false), (second.Last!.Value, second.HasMore));
        Assert.Equal(
            [all[0].Position, all[2].Position], first.Events.Concat(second.Events).Select(one => one.Position));
    }

    [Fact]
    public async Task Many_publish_at_once_with_few_writes_and_each_sees_what_was_there_when_it_came()
    {
        var counted = new CountingDatabase(Fixture.Database);
        var events = new EventLog(counted, Fixture.Sealer, Fixture.Requests, NullLogger<EventLog>.Instance);
        await Flows.AddAsync(Sample.Flow(), Test);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
        {
            await events.PublishAsync(Sample.Now, Test);
            Assert.NotEmpty(await ListAsync());
        }));

        Assert.Equal(1, counted.MostAtOnce);
    }

    [Fact]
    public async Task Publishing_ends_where_more_comes_in_all_the_time()
    {
        var counted = new CountingDatabase(Fixture.Database) { BeforeWrite = () => FillAsync(500) };
        await FillAsync(1);

        await new EventLog(counted, Fixture.Sealer, Fixture.Requests, NullLogger<EventLog>.Instance).PublishAsync(Sample.Now, Test);

        Assert.InRange(counted.Writes, 1, 20);
        Assert.NotEqual(0, await Fixture.CountAsync("event_outbox"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_the_relying_party_calls_its_flow_is_told_for_as_long_as_the_flow_is_remembered(bool isKept)
    {
        var flow = Sample.Flow() with { ClientRequestId = "order-1", ClientCustomerId = "Ünal" };
        await Flows.AddAsync(flow, Test);
        await Flows.AddAsync(Sample.Flow(), Test);
        await Events.PublishAsync(Sample.Now, Test);
        var living = await ListAsync();

        await new Stores(Fixture, StoreFixture.Ring).Outcomes.ReplaceAsync(
            [new ReplacedFlow(Outcome.Of(flow, [], "US", null), flow.Version) { IsKept = isKept }], Test);

        Assert.Equal(["order-1", null], living.Select(one => one.ClientRequestId));
        Assert.Equal([isKept ? "order-1" : null, null], (await ListAsync()).Select(one => one.ClientRequestId));
    }

    [Fact]
    public async Task Whoever_opens_events_finds_codes_and_nothing_of_the_relying_party_or_the_person()
    {
        await Flows.AddAsync(Sample.Flow() with { ClientRequestId = "order-1", ClientCustomerId = "Ünal" }, Test);
        var waiting = await BodiesAsync("event_outbox");
        await Events.PublishAsync(Sample.Now, Test);

        var bodies = waiting.Concat(await BodiesAsync("events")).ToList();
        Assert.Equal(2, bodies.Count);
        Assert.All(bodies, body => Assert.Contains("flow.started", body, StringComparison.Ordinal));
        Assert.All(
            (string[])["Ünal", "\\u00DCnal", "order-1", Sample.Number.E164[1..]],
            told => Assert.DoesNotContain(bodies, body => body.Contains(told, StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task An_event_of_a_flow_that_is_damaged_is_told_without_its_id_and_not_at_all_where_the_key_of_the_others_is_missing()
    {
        await Flows.AddAsync(Sample.Flow() with { ClientRequestId = "order-1" }, Test);
        await Events.PublishAsync(Sample.Now, Test);
        await Fixture.ExecuteAsync("UPDATE flows SET state = substr(state, 2)");
        var ring = KeyRing.Of(StoreFixture.Key, TimeProvider.System);
        using var hashes = new HashSealer(ring);
        var requests = new RequestIds(new Stores(Fixture, StoreFixture.Ring).Outcomes, hashes);
        var log = new EventLog(Fixture.Database, Fixture.Sealer, requests, NullLogger<EventLog>.Instance);
        var damaged = await log.ListAsync(Sample.Shop, 0, null, 10, Test);

        ring.Need([MasterKey.New().Id]);

        await Assert.ThrowsAsync<UnavailableException>(() => log.ListAsync(Sample.Shop, 0, null, 10, Test));
        Assert.Null(Assert.Single(damaged.Events).ClientRequestId);
    }

    [Fact]
    public async Task While_the_keys_of_outcomes_are_away_an_event_of_one_is_not_told_without_its_id_and_others_are()
    {
        var ended = Sample.Flow() with { ClientRequestId = "order-1" };
        await Flows.AddAsync(ended, Test);
        await Events.PublishAsync(Sample.Now, Test);
        await new Stores(Fixture, StoreFixture.Ring).Outcomes.ReplaceAsync(
            [new ReplacedFlow(Outcome.Of(ended, [], "US", null), ended.Version)], Test);
        var before = (await ListAsync())[^1].Position;
        await Flows.AddAsync(Sample.Flow() with { ClientRequestId = "order-2" }, Test);
        await Events.PublishAsync(Sample.Now, Test);
        var away = new EventLog(
            Fixture.Database, Fixture.Sealer, Fixture.RequestsWith(new LinesAway()), NullLogger<EventLog>.Instance);

        await Assert.ThrowsAsync<UnavailableException>(() => away.ListAsync(Sample.Shop, 0, null, 10, Test));
        var living = await away.ListAsync(Sample.Shop, before, null, 10, Test);

        Assert.Equal("order-2", Assert.Single(living.Events).ClientRequestId);
        Assert.Equal(["order-1", "order-2"], (await ListAsync()).Select(one => one.ClientRequestId));
    }

    /// <summary>In SQL: sixteen of them.</summary>
    protected abstract string RandomBytes { get; }

    private Task FillAsync(int events) => Fixture.ExecuteAsync(
        $"""
        WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {events})
        INSERT INTO event_outbox (id, project_id, event_type, happened_at, body)
        SELECT {RandomBytes}, 'shop', 'flow.started', 1, {RandomBytes} FROM numbers
        """);

    private FlowStore FlowsOf(IDatabase database) =>
        new(database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, TimeSpan.FromMinutes(15));

    private async Task<IReadOnlyList<string>> BodiesAsync(string table) => await Fixture.Database.ReadAsync(
        new Statement("") { Sql = $"SELECT id, body FROM {table}" },
        row => Encoding.UTF8.GetString(Fixture.Sealer.Open(
            row.GetFieldValue<byte[]>(1), EventOutbox.PlaceOf(new Guid(row.GetFieldValue<byte[]>(0), bigEndian: true)))),
        Test);

    private async Task<IReadOnlyList<PublishedEvent>> ListAsync() => (await Events.ListAsync(Sample.Shop, 0, null, 1000, Test)).Events;

    private static async Task GiveUpAsync(FlowStore flows, Flow flow) => Assert.True(await flows.TrySaveAsync(
        new Decision(flow.After(new PossessionEvent.GivenUp(), Sample.Now)) { Former = flow }, Test));
}

/// <summary>Counts reads and writes, and how many writes there are at once.</summary>
internal sealed class CountingDatabase(IDatabase inner) : IDatabase
{
    private readonly Lock _gate = new();
    private int _present;
    private int _most;
    private int _writes;
    private int _reads;

    public int MostAtOnce => _most;

    public int Writes => _writes;

    public int Reads => _reads;

    public Func<Task> BeforeWrite { get; init; } = () => Task.CompletedTask;

    public void Migrate() => inner.Migrate();

    public Task PingAsync(CancellationToken cancellationToken) => inner.PingAsync(cancellationToken);

    public Task<List<T>> ReadAsync<T>(Statement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        return inner.ReadAsync(statement, read, cancellationToken);
    }

    public async Task<WriteResult[]> WriteAsync(Statement[] statements, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _writes);
        var present = Interlocked.Increment(ref _present);
        lock (_gate)
        {
            _most = Math.Max(_most, present);
        }
        try
        {
            await BeforeWrite();
            return await inner.WriteAsync(statements, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _present);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

public sealed class EventLogOnSqlite(SqliteFixture fixture) : EventLogContract(fixture), IClassFixture<SqliteFixture>
{
    protected override string RandomBytes => "randomblob(16)";
}

public sealed class EventLogOnPostgres(PostgresFixture fixture) : EventLogContract(fixture), IClassFixture<PostgresFixture>
{
    protected override string RandomBytes => "uuid_send(gen_random_uuid())";
}
