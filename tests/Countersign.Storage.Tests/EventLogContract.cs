using System.Text;
using Countersign.Core;
using Countersign.Core.Devices;
using Countersign.Core.Events;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.Possession;
using Countersign.Core.Texts;

namespace Countersign.Storage.Tests;

/// <summary>What happened is told with what makes it true, and in one order.</summary>
public abstract class EventLogContract(StoreFixture fixture) : StoreContract(fixture)
{
    private FlowStore Flows => FlowsOf(Fixture.Database);

    private TextStore Texts => new(Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes);

    private EventLog Events => new(Fixture.Database, Fixture.Sealer);

    [Fact]
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

        Assert.Equal([1L, 2L, 3L], (await Events.ListAsync(Sample.Shop, 0, flow.Id, 10, Test)).Select(one => one.Sequence!.Value));
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
        var outcomes = new OutcomeStore(Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, TimeSpan.FromMinutes(15));
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
                await new EventLog(node, Fixture.Sealer).PublishAsync(Sample.Now, Test);
            }
        }));

        var seen = new List<PublishedEvent>();
        for (var isLast = false; ; isLast = publishing.IsCompleted)
        {
            seen.AddRange(await Events.ListAsync(Sample.Shop, seen.Count == 0 ? 0 : seen[^1].Position, null, 7, Test));
            if (isLast)
            {
                break;
            }
        }
        await publishing;
        await Events.PublishAsync(Sample.Now, Test);
        while (await Events.ListAsync(Sample.Shop, seen.Count == 0 ? 0 : seen[^1].Position, null, 7, Test) is { Count: > 0 } rest)
        {
            seen.AddRange(rest);
        }

        Assert.Equal(180, seen.Count);
        Assert.Equal(180, seen.Select(one => one.Announcement.Id).Distinct().Count());
        Assert.All(seen.GroupBy(one => one.Announcement.Flow), flow => Assert.Equal([1L, 2L, 3L], flow.Select(one => one.Sequence!.Value)));
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

        Assert.Null(await Events.FindAsync(ProjectId.Parse("bank"), id, Test));
        Assert.NotNull(await Events.FindAsync(Sample.Shop, id, Test));
        Assert.Empty(await Events.ListAsync(ProjectId.Parse("bank"), 0, mine.Id, 10, Test));
        var projects = new ProjectStore(
            Fixture.Database, Fixture.Hasher, Fixture.Hashes, Core.Projects.StricterDefaults.None, Fixture.Rows);
        await projects.RemoveProjectAsync(Sample.Shop, Test);
        await Events.PublishAsync(Sample.Now, Test);
        Assert.Empty(await ListAsync());
        Assert.Single(await Events.ListAsync(ProjectId.Parse("bank"), 0, null, 10, Test));
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
        Assert.Equal(1, await Events.RemoveAsync(Sample.Now.AddDays(1), 10, Test));
        await Flows.AddAsync(Sample.Flow(), Test);
        await Events.PublishAsync(Sample.Now, Test);
        Assert.True(Assert.Single(await ListAsync()).Position > last.Position);
    }

    [Fact]
    public async Task Nothing_personal_stands_in_clear()
    {
        await Flows.AddAsync(Sample.Flow() with { ClientRequestId = "order-1", ClientCustomerId = "Ünal" }, Test);
        await Events.PublishAsync(Sample.Now, Test);

        var texts = (await Fixture.DumpAsync()).Select(value => value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : $"{value}");
        Assert.DoesNotContain(
            texts, text => text.Contains("Ünal", StringComparison.Ordinal) || text.Contains("order-1", StringComparison.Ordinal));
    }

    private FlowStore FlowsOf(IDatabase database) =>
        new(database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, TimeSpan.FromMinutes(15));

    private Task<IReadOnlyList<PublishedEvent>> ListAsync() => Events.ListAsync(Sample.Shop, 0, null, 1000, Test);

    private static async Task GiveUpAsync(FlowStore flows, Flow flow) => Assert.True(await flows.TrySaveAsync(
        new Decision(flow.After(new PossessionEvent.GivenUp(), Sample.Now)) { Former = flow }, Test));
}

public sealed class EventLogOnSqlite(SqliteFixture fixture) : EventLogContract(fixture), IClassFixture<SqliteFixture>;

public sealed class EventLogOnPostgres(PostgresFixture fixture) : EventLogContract(fixture), IClassFixture<PostgresFixture>;
