using System.Buffers.Binary;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Limits;

namespace Countersign.Storage.Tests;

public abstract class CounterStoreContract(StoreFixture fixture) : StoreContract(fixture)
{
    private static readonly TimeSpan _day = TimeSpan.FromDays(1);
    private static readonly DateTimeOffset _now = DateTimeOffset.FromUnixTimeMilliseconds(Sample.Now.ToUnixTimeMilliseconds());
    private static readonly CounterKey _key = new(Sample.Hash(7));

    private CounterStore Counters => new(Fixture.Database, Fixture.Sealer, Fixture.Hashes);

    private FlowStore Flows => new(Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, TimeSpan.FromMinutes(15));

    [Fact]
    public async Task A_counter_is_read_as_it_was_saved()
    {
        var first = await ReadAsync();
        Assert.Equal((0, 0), (first.Version, first.Charges.Count));

        Assert.True(await Counters.TrySaveAsync(Charged(first, cost: 3, project: -5, item: 9), Test));

        var second = await ReadAsync();
        Assert.Equal(_key, second.Key);
        Assert.NotEqual(0, second.Version);
        Assert.Equal([new Charge(_now, 3, -5, 9)], second.Charges);
    }

    [Fact]
    public async Task Nobody_reads_without_the_key_which_name_was_tried()
    {
        var tag = new CounterKeys(Fixture.Hasher).TagOf("counter-name:+12025550142", "lori montgomery");
        Assert.True(await Counters.TrySaveAsync(Charged(await ReadAsync(), item: tag), Test));

        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, tag);
        Assert.All((await Fixture.DumpAsync()).OfType<byte[]>(), value => Assert.Equal(-1, value.AsSpan().IndexOf(bytes)));
        Assert.Equal(tag, Assert.Single((await ReadAsync()).Charges).Item);
    }

    [Fact]
    public async Task What_was_charged_in_clear_before_is_read_and_sealed_with_the_next_charge()
    {
        Assert.True(await Counters.TrySaveAsync(Charged(await ReadAsync(), item: 7), Test));
        var former = (await ReadAsync()).Charges;
        await Fixture.Database.WriteAsync(
            [new Statement("UPDATE counters SET charges = @charges", ("@charges", CounterRow.BytesOf(former)))], Test);

        Assert.Equal(former, (await ReadAsync()).Charges);
        Assert.True(await Counters.TrySaveAsync(Charged(await ReadAsync(), item: 9), Test));

        Assert.Equal([7, 9], (await ReadAsync()).Charges.Select(charge => charge.Item));
        var clear = CounterRow.BytesOf(former);
        Assert.All((await Fixture.DumpAsync()).OfType<byte[]>(), value => Assert.Equal(-1, value.AsSpan().IndexOf(clear)));
    }

    [Fact]
    public async Task Who_read_before_another_saved_saves_nothing()
    {
        var read = await ReadAsync();
        Assert.True(await Counters.TrySaveAsync(Charged(read, project: 1), Test));

        Assert.False(await Counters.TrySaveAsync(Charged(read, project: 2), Test));
        var second = await ReadAsync();
        Assert.True(await Counters.TrySaveAsync(Charged(second, project: 3), Test));
        Assert.False(await Counters.TrySaveAsync(Charged(second, project: 4), Test));

        Assert.Equal([1, 3], (await ReadAsync()).Charges.Select(charge => charge.Project));
    }

    [Fact]
    public async Task Of_two_hundred_charges_at_once_on_two_nodes_as_many_are_saved_as_the_limit_allows()
    {
        await using var otherNode = Fixture.Open();
        var limit = new Limit("test", Max: 7, _day);
        var saved = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(
            async () =>
            {
                var counters = i % 2 == 0 ? Counters : new CounterStore(otherNode, Fixture.Sealer, Fixture.Hashes);
                while (true)
                {
                    var read = await counters.ReadAsync(_key, Test);
                    if (limit.Judge(read, 1, 1, _now) is not null)
                    {
                        return false;
                    }
                    if (await counters.TrySaveAsync(Charged(read), Test))
                    {
                        return true;
                    }
                }
            },
            Test)));

        Assert.Equal(7, saved.Count(isSaved => isSaved));
        Assert.Equal(7, (await ReadAsync()).Charges.Count);
    }

    [Fact]
    public async Task A_flow_and_what_is_counted_with_it_are_saved_together()
    {
        var flow = Sample.Flow();
        await Flows.AddAsync(flow, Test);
        var read = await ReadAsync();

        Assert.True(await Flows.TrySaveAsync(
            new Decision(flow with { ClientCustomerId = "first" }, Sample.Text(flow)) { Charge = Charged(read) }, Test));

        Assert.Equal("first", (await Flows.FindAsync(flow.Id, Test))!.ClientCustomerId);
        Assert.Single((await ReadAsync()).Charges);
    }

    [Fact]
    public async Task A_flow_is_not_saved_when_its_counter_was_changed_by_another()
    {
        var flow = Sample.Flow();
        await Flows.AddAsync(flow, Test);
        var read = await ReadAsync();
        Assert.True(await Counters.TrySaveAsync(Charged(read, project: 1), Test));

        Assert.False(await Flows.TrySaveAsync(
            new Decision(flow with { ClientCustomerId = "late" }, Sample.Text(flow)) { Charge = Charged(read, project: 2) }, Test));

        Assert.Equal(0, (await Flows.FindAsync(flow.Id, Test))!.Version);
        Assert.Equal([1], (await ReadAsync()).Charges.Select(charge => charge.Project));
        Assert.Empty(await new TextStore(Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes).ListAsync(flow.Id, Test));
    }

    /// <summary>Also where the same next version of the flow was left behind by somebody else, with a charge of their own.</summary>
    [Fact]
    public async Task Nothing_is_counted_when_the_flow_was_changed_by_another()
    {
        var flow = Sample.Flow();
        await Flows.AddAsync(flow, Test);
        var other = Charged(Counter.Empty(new CounterKey(Sample.Hash(8))));
        await Flows.TrySaveAsync(new Decision(flow with { ClientCustomerId = "first" }) { Charge = other }, Test);
        Assert.True(await Counters.TrySaveAsync(Charged(await ReadAsync(), project: 1), Test));
        var read = await ReadAsync();

        Assert.False(await Flows.TrySaveAsync(
            new Decision(flow with { ClientCustomerId = "late" }) { Charge = Charged(read, project: 2) }, Test));

        Assert.Equal([1], (await ReadAsync()).Charges.Select(charge => charge.Project));
        // Who read the counter in between read what was never stored.
        Assert.False(await Counters.TrySaveAsync(Charged(read, project: 3), Test));
    }

    [Fact]
    public async Task Of_many_entries_at_once_over_many_flows_each_counts_once()
    {
        await using var otherNode = Fixture.Open();
        var flows = Enumerable.Range(0, 20).Select(_ => Sample.Flow()).ToList();
        foreach (var flow in flows)
        {
            await Flows.AddAsync(flow, Test);
        }
        var limit = new Limit("test", Max: 10, _day);

        var saved = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => EnterAsync(i), Test)));

        Assert.Equal(10, saved.Sum());
        Assert.Equal(10, (await ReadAsync()).Charges.Count);
        var versions = await Task.WhenAll(flows.Select(async flow => (await Flows.FindAsync(flow.Id, Test))!.Version));
        Assert.Equal(10, versions.Sum());

        async Task<int> EnterAsync(int i)
        {
            var database = i % 2 == 0 ? Fixture.Database : otherNode;
            var counters = new CounterStore(database, Fixture.Sealer, Fixture.Hashes);
            var store = new FlowStore(database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, TimeSpan.FromMinutes(15));
            while (true)
            {
                var present = (await store.FindAsync(flows[i % flows.Count].Id, Test))!;
                var read = await counters.ReadAsync(_key, Test);
                if (limit.Judge(read, 1, 1, _now) is not null)
                {
                    return 0;
                }
                if (await store.TrySaveAsync(new Decision(present) { Charge = Charged(read) }, Test))
                {
                    return 1;
                }
            }
        }
    }

    [Fact]
    public async Task What_counts_no_more_is_removed_and_nothing_else()
    {
        var other = Counter.Empty(new CounterKey(Sample.Hash(8)));
        await Counters.TrySaveAsync(Charged(await ReadAsync()), Test);
        var hour = TimeSpan.FromHours(1);
        await Counters.TrySaveAsync(new CounterChange(other, other.With(new Charge(_now, 1, 1), hour), hour), Test);

        Assert.Equal(0, await Counters.RemoveExpiredAsync(_now.AddHours(1), 10, Test));
        Assert.Equal(1, await Counters.RemoveExpiredAsync(_now.AddHours(3), 10, Test));
        Assert.Single((await ReadAsync()).Charges);
        Assert.Equal(1, await Counters.RemoveExpiredAsync(_now.AddHours(26), 10, Test));
    }

    [Fact]
    public async Task What_is_removed_is_forgotten_by_those_who_read_it_before_too()
    {
        await Counters.TrySaveAsync(Charged(await ReadAsync()), Test);
        var before = await ReadAsync();

        await Counters.RemoveExpiredAsync(_now.AddDays(2), 10, Test);

        Assert.Equal(0, (await ReadAsync()).Version);
        Assert.False(await Counters.TrySaveAsync(Charged(before), Test));
        Assert.True(await Counters.TrySaveAsync(Charged(await ReadAsync(), project: 5), Test));
        Assert.False(await Counters.TrySaveAsync(Charged(before), Test));
        Assert.Equal([5], (await ReadAsync()).Charges.Select(charge => charge.Project));
    }

    [Fact]
    public async Task A_charge_is_read_as_it_was_made_whatever_its_fraction_of_a_millisecond()
    {
        var made = (await ReadAsync()).With(new Charge(_now.AddTicks(1), 1, 2, 3), _day);
        await Counters.TrySaveAsync(new CounterChange(await ReadAsync(), made, _day), Test);

        Assert.Equal(made.Charges, (await ReadAsync()).Charges);
        Assert.Empty((await ReadAsync()).Without(project: 2, item: 3).Charges);
    }

    private static CounterChange Charged(Counter read, long cost = 1, long project = 1, long item = 0) =>
        new(read, read.With(new Charge(_now, cost, project, item), _day), _day);

    private async Task<Counter> ReadAsync() => await Counters.ReadAsync(_key, Test);
}

public sealed class CounterStoreOnSqlite(SqliteFixture fixture) : CounterStoreContract(fixture), IClassFixture<SqliteFixture>;

public sealed class CounterStoreOnPostgres(PostgresFixture fixture) : CounterStoreContract(fixture), IClassFixture<PostgresFixture>;
