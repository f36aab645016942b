using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Keys;
using Countersign.Core.Limits;
using Countersign.Core.Pumping;
using Countersign.Core.Texts;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Countersign.Storage.Tests;

/// <summary>What is out of everybody's reach when the secret of a day is destroyed, and what goes on until then.</summary>
public abstract class DayKeysContract(StoreFixture fixture) : StoreContract(fixture)
{
    private static readonly SecretHash _link = Sample.Hash(5);
    private static readonly TrafficKey _block = new(TrafficKind.Block, Sample.Hash(7));
    private static readonly GatewayName _gateway = GatewayName.Parse("alpha");
    private static readonly TimeSpan _day = TimeSpan.FromDays(1);

    private readonly FakeTimeProvider _time = new(Sample.Now);
    private readonly Kept _keys = new();

    private DayNode Start(KeyDatabase? keys = null, TimeProvider? time = null, IKeyStore? ring = null, IDatabase? database = null) =>
        new(database ?? Fixture.Database, keys ?? Fixture.Keys, ring ?? _keys, time ?? _time);

    [Fact]
    [Trait("attack", "D01")]
    public async Task With_every_key_and_every_copy_nobody_reads_or_finds_what_a_day_held_whose_secret_was_destroyed()
    {
        var node = Start();
        await node.Upkeep.BeginAsync(Test);
        var flow = await FillAsync(node);
        Rotate(node);
        await FillAsync(node, 2);
        var copy = await CopyAsync();
        var secrets = await SecretsAsync();
        // All that a thief has later: both encryption keys, the hash key, what the store holds now and held before, the key store of now.
        Assert.Equal(new Found(Opened: 8, Hashes: 24), Search(copy, await SecretsAsync()));
        var files = await ReadKeyFilesAsync();
        Assert.All(secrets, secret => Assert.True(files.AsSpan().IndexOf(secret.Secret) >= 0));

        _time.Advance(_day + _day);
        await node.Upkeep.DestroyAsync(Test);

        Assert.Equal(new Found(Opened: 0, Hashes: 0), Search(copy, await SecretsAsync()));
        Assert.Equal(new Found(Opened: 0, Hashes: 0), Search(await CopyAsync(), await SecretsAsync()));
        var gone = secrets.Where(secret => secret.Name.IsOver(node.Ring.Day)).ToList();
        Assert.NotEmpty(gone);
        files = await ReadKeyFilesAsync();
        Assert.All(gone, secret => Assert.True(files.AsSpan().IndexOf(secret.Secret) < 0));
        await Assert.ThrowsAnyAsync<CryptographicException>(() => node.Flows.FindAsync(flow.Id, Test));
        await Assert.ThrowsAnyAsync<CryptographicException>(() => Start().Flows.FindAsync(flow.Id, Test));
        Assert.Empty(await node.Flows.FindAsync(new FlowSearch.ByNumber(Sample.Number), Sample.Now, 10, Test));
    }

    [Fact]
    public async Task What_was_stored_before_midnight_is_found_after_it_on_every_node_and_after_a_start()
    {
        _time.SetUtcNow(new DateTimeOffset(2026, 11, 30, 23, 59, 0, TimeSpan.Zero));
        var node = Start();
        await node.Upkeep.BeginAsync(Test);
        var flow = await FillAsync(node);
        _time.Advance(TimeSpan.FromMinutes(2));

        foreach (var one in (DayNode[])[node, Start()])
        {
            Assert.Equal(flow.Id, (await one.Flows.FindByLinkAsync(_link, Test))!.Id);
            foreach (var search in SearchesOf(flow))
            {
                Assert.Equal(flow.Id, Assert.Single(await one.Flows.FindAsync(search, Sample.Now, 10, Test)).Id);
            }
            Assert.Single(await one.Texts.ListAsync(Sample.Number, Test));
            Assert.True(await one.Taken.WasTakenAsync(_gateway, StopOf(1), Test));
            Assert.IsType<Remembered.OtherBody>(await one.Idempotency.FindAsync(CallOf(1) with { Body = Sample.Hash(9) }, Test));
            Assert.IsType<Remembered.Answered>(await one.Idempotency.KeepAsync(new KeyedAnswer(CallOf(1), [9]), Test));
        }
        var read = (await node.Flows.FindAsync(flow.Id, Test))!;
        Assert.True(await node.Flows.TrySaveAsync(new Decision(read with { FinalTargetUrl = "https://shop.example/" }), Test));
        Assert.Equal("https://shop.example/", (await Start().Flows.FindByLinkAsync(_link, Test))!.FinalTargetUrl);
    }

    [Fact]
    public async Task Two_nodes_on_either_side_of_midnight_answer_one_key_once()
    {
        var midnight = new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);
        await using var elsewhere = Fixture.Open();
        var nodes = new[]
        {
            Start(time: new FakeTimeProvider(midnight.AddMilliseconds(-1))),
            Start(time: new FakeTimeProvider(midnight.AddMilliseconds(1)), database: elsewhere),
        };
        await Task.WhenAll(nodes.Select(node => node.Upkeep.BeginAsync(Test)));
        await new SigningKeyStore(Fixture.Database, nodes[0].Sealer, Fixture.Rows).GetOrAddAsync("k1", [1], midnight, Test);

        for (var i = 0; i < 20; i++)
        {
            var call = CallOf(i);
            Assert.Single(await OfSixAsync(async (node, n) => await node.Idempotency.KeepAsync(new KeyedAnswer(call, [n]), Test) is null));
            Assert.Single(await OfSixAsync((node, n) => node.Challenges.TryTakeAsync(
                Sample.Shop, $"test {i}", Sample.Hash(n), midnight, Test)));
            Assert.Single(await OfSixAsync((node, _) => node.Counters.TrySaveAsync(ChargeOf(Counter.Empty(CounterOf(node, i))), Test)));
        }
        Assert.Equal(20, await Fixture.CountAsync("idempotency"));
        Assert.Equal(20, await Fixture.CountAsync("taken_challenges"));
        Assert.Equal(20, await Fixture.CountAsync("counters"));

        async Task<IEnumerable<bool>> OfSixAsync(Func<DayNode, byte, Task<bool>> act) => (await Task.WhenAll(
            Enumerable.Range(0, 6).Select(n => Task.Run(() => act(nodes[n % 2], (byte)n), Test)))).Where(isFirst => isFirst);
    }

    [Fact]
    public async Task What_is_counted_goes_on_over_midnight_in_one_row()
    {
        _time.SetUtcNow(new DateTimeOffset(2026, 11, 30, 23, 59, 0, TimeSpan.Zero));
        var node = Start();
        Assert.True(await node.Counters.TrySaveAsync(ChargeOf(Counter.Empty(CounterOf(node, 1))), Test));
        _time.Advance(TimeSpan.FromMinutes(2));

        var counter = await node.Counters.ReadAsync(CounterOf(node, 1), Test);
        Assert.False(await node.Counters.TrySaveAsync(ChargeOf(Counter.Empty(counter.Key)), Test));
        Assert.True(await node.Counters.TrySaveAsync(ChargeOf(counter), Test));

        Assert.Equal(1, await Fixture.CountAsync("counters"));
        _time.Advance(_day);
        await node.Upkeep.DestroyAsync(Test);
        Assert.Equal(2, (await node.Counters.ReadAsync(counter.Key, Test)).Charges.Count);
    }

    [Fact]
    public async Task The_call_that_named_a_test_for_persons_may_name_it_again_after_midnight_and_no_other()
    {
        var midnight = new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);
        _time.SetUtcNow(midnight.AddMinutes(-1));
        var node = Start();
        Assert.True(await TakeAsync(1));
        _time.Advance(TimeSpan.FromMinutes(2));

        Assert.False(await TakeAsync(2));
        Assert.True(await TakeAsync(1));
        Assert.False(await TakeAsync(2));
        Assert.True(await TakeAsync(1));

        Task<bool> TakeAsync(int call) => node.Challenges.TryTakeAsync(Sample.Shop, "test", Sample.Hash(call), midnight, Test);
    }

    [Fact]
    public async Task Texts_of_a_block_and_of_an_address_are_counted_over_midnight_and_no_tag_stands_there_as_it_is()
    {
        _time.SetUtcNow(new DateTimeOffset(2026, 11, 30, 23, 59, 0, TimeSpan.Zero));
        var node = Start();
        TrafficKey[] keys = [.. Enum.GetValues<TrafficKind>().Select(kind => new TrafficKey(kind, Sample.Hash((int)kind + 1)))];
        var rows = keys.Select(key => new TrafficRow(key, new TrafficCell(key.CellOf(Sample.Now), 4711, 1, 0))).ToList();

        await node.Traffic.AddAsync(rows, Test);
        _time.Advance(TimeSpan.FromMinutes(2));
        await node.Traffic.AddAsync(rows, Test);

        var read = await Start().Traffic.ReadAsync(keys, Sample.Now, Test);
        Assert.All(keys, key => Assert.Equal(2, read.Where(row => row.Key == key).Sum(row => row.Cell.Asked)));
        Assert.All(read, row => Assert.Equal(4711, row.Cell.Item));
        Assert.Equal(2, (await Fixture.DumpAsync()).OfType<long>().Count(value => value == 4711));
    }

    [Fact]
    public async Task Nodes_that_begin_together_have_one_secret_of_each_day()
    {
        var nodes = Enumerable.Range(0, 6).Select(_ => Start()).ToList();

        await Task.WhenAll(nodes.Select(node => Task.Run(() => node.Upkeep.BeginAsync(Test), Test)));

        var flow = Sample.Flow();
        await nodes[0].Flows.AddAsync(flow, Test);
        Assert.All(nodes, node => Assert.Equal(nodes[0].Days.All.Keys.ToHashSet(), node.Days.All.Keys.ToHashSet()));
        foreach (var node in nodes)
        {
            Assert.NotNull(await node.Flows.FindAsync(flow.Id, Test));
        }
    }

    [Fact]
    public async Task While_the_key_store_is_away_a_node_goes_on_until_the_end_of_tomorrow()
    {
        var isAway = false;
        await using var keys = new KeyDatabase(() => new Leaving(Fixture.Keys.Database, () => isAway));
        var node = Start(keys);
        await node.Upkeep.BeginAsync(Test);
        await FillAsync(node);
        isAway = true;

        _time.Advance(_day);
        Assert.False(node.Upkeep.TryRead());
        await FillAsync(node, 2);
        await new KeyProbe(Fixture.Database, node.Ring, node.Days).PingAsync(Test);
        _time.Advance(_day);

        var refusal = await Assert.ThrowsAsync<UnavailableException>(() => FillAsync(node, 3));
        Assert.Contains("Countersign:Keys:Store", refusal.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<UnavailableException>(() => new KeyProbe(Fixture.Database, node.Ring, node.Days).PingAsync(Test));
        isAway = false;
        _time.Advance(TimeSpan.FromSeconds(2));
        await FillAsync(node, 3);
    }

    [Fact]
    public async Task A_node_that_begins_while_the_key_store_is_away_begins_and_refuses_until_it_is_back()
    {
        var flow = await FillAsync(Start());
        var isAway = true;
        await using var keys = new KeyDatabase(() => new Leaving(Fixture.Keys.Database, () => isAway));
        var node = Start(keys);

        await node.Upkeep.BeginAsync(Test);

        await Assert.ThrowsAsync<UnavailableException>(() => FillAsync(node, 2));
        await Assert.ThrowsAsync<UnavailableException>(() => node.Flows.FindAsync(flow.Id, Test));
        isAway = false;
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(flow.Id, (await node.Flows.FindAsync(flow.Id, Test))!.Id);
    }

    [Fact]
    public async Task A_key_store_that_was_lost_and_made_anew_parts_no_nodes_that_run()
    {
        var (one, other) = (Start(), Start());
        var flow = await FillAsync(one);
        await other.Upkeep.BeginAsync(Test);
        await Fixture.Keys.Database.WriteAsync([new Statement("DELETE FROM day_keys")], Test);

        await one.Store.ReadAsync(Test);
        await other.Store.ReadAsync(Test);

        Assert.NotNull(await other.Flows.FindAsync(flow.Id, Test));
        Assert.NotNull(await Start().Flows.FindAsync(flow.Id, Test));
    }

    [Fact]
    public async Task A_key_store_of_another_installation_keeps_no_server_from_its_work()
    {
        await Start(ring: new Kept()).Upkeep.BeginAsync(Test);
        var node = Start();

        await node.Upkeep.BeginAsync(Test);

        var flow = await FillAsync(node);
        Assert.NotNull(await Start().Flows.FindAsync(flow.Id, Test));
    }

    [Fact]
    public async Task What_an_earlier_version_stored_is_found_and_read()
    {
        var ring = new KeyRing(_keys, _time);
        var (sealer, hashes, hasher) = (new Sealer(ring), new HashSealer(ring), new SecretHasher(ring.Keys.HashKey));
        var flow = FlowOf(1);
        await new FlowStore(Fixture.Database, sealer, hasher, hashes, TimeSpan.FromMinutes(15)).AddAsync(flow, Test);
        await new IdempotencyStore(Fixture.Database, sealer, hashes).KeepAsync(new KeyedAnswer(CallOf(1), [1]), Test);
        await new TakenRequestStore(Fixture.Database, hasher, hashes)
            .RecordAsync(_gateway, StopOf(1) with { HasTime = false }, Sample.Now, Test);
        var node = Start();

        Assert.Equal(flow.Id, (await node.Flows.FindByLinkAsync(_link, Test))!.Id);
        Assert.True(await node.Taken.WasTakenAsync(_gateway, StopOf(1), Test));
        Assert.All(
            await Task.WhenAll(SearchesOf(flow).Select(search => node.Flows.FindAsync(search, Sample.Now, 10, Test))),
            found => Assert.Equal(flow.Id, Assert.Single(found).Id));
        Assert.IsType<Remembered.Answered>(await node.Idempotency.KeepAsync(new KeyedAnswer(CallOf(1), [2]), Test));
        Rotate(node);
        Assert.NotNull(await node.Flows.FindByLinkAsync(_link, Test));
        Assert.Equal(0, (await node.Resealing.CatchUpAsync(Test)).Unreadable);
        Assert.Equal([node.Ring.Sealing.Id], (await node.Resealing.CountAsync(Test)).Keys);
        Assert.NotNull(await node.Flows.FindByLinkAsync(_link, Test));
    }

    [Fact]
    public async Task When_the_old_key_is_gone_the_days_go_on()
    {
        var node = Start();
        var flow = await FillAsync(node);
        Rotate(node);
        Assert.NotNull(await node.Flows.FindByLinkAsync(_link, Test));

        await node.Resealing.CatchUpAsync(Test);
        Assert.Equal([node.Ring.Sealing.Id], (await node.Resealing.CountAsync(Test)).Keys);
        _keys.Value = _keys.Value.Without(_keys.Value.Keys[0].Key.Id);

        foreach (var one in (DayNode[])[node, Start()])
        {
            one.Ring.Reload();
            Assert.Equal(flow.Id, (await one.Flows.FindByLinkAsync(_link, Test))!.Id);
            Assert.True(await one.Taken.WasTakenAsync(_gateway, StopOf(1), Test));
            Assert.Equal(0, (await one.Resealing.CatchUpAsync(Test)).Unreadable);
            Assert.IsType<Remembered.Answered>(await one.Idempotency.KeepAsync(new KeyedAnswer(CallOf(1), [2]), Test));
        }
    }

    [Fact]
    public async Task A_server_that_starts_rids_the_files_of_what_one_before_it_has_destroyed()
    {
        var (database, done) = (new ScrubbedDatabase(Fixture.Keys.Database), new TaskCompletionSource());
        database.Scrub = () => database.Scrubbed.Count < 2 || done.TrySetResult();
        using var upkeep = Start(KeyDatabase.Of(database)).Upkeep;

        await upkeep.StartAsync(Test);
        await done.Task.WaitAsync(TimeSpan.FromSeconds(30), Test);
        await upkeep.StopAsync(Test);

        Assert.Equal(["day_keys", "line_keys", "lines"], database.Scrubbed);
    }

    [Fact]
    public async Task That_what_was_destroyed_stays_in_the_files_is_told_once_until_it_is_gone()
    {
        using var logs = new LogLines();
        using var factory = new LoggerFactory([logs]);
        var database = new ScrubbedDatabase(Fixture.Keys.Database);
        var keys = KeyDatabase.Of(database);
        var node = new DayNode(Fixture.Database, keys, _keys, _time, factory.CreateLogger<DayKeyUpkeep>());
        await node.Upkeep.ScrubAsync(Test);
        keys.Owe("lines");
        database.Scrub = () => throw new TimeoutException();

        await node.Upkeep.ScrubAsync(Test);
        Assert.Empty(logs.All);
        await node.Upkeep.ScrubAsync(Test);
        await node.Upkeep.ScrubAsync(Test);
        Assert.Contains("lines", Assert.Single(logs.All).Text, StringComparison.Ordinal);
        database.Scrub = () => true;
        await node.Upkeep.ScrubAsync(Test);

        Assert.Single(logs.All);
        Assert.Empty(keys.Owed);
    }

    private void Rotate(DayNode node)
    {
        _keys.Value = _keys.Value.With(new KeptKey(MasterKey.New(), _time.GetUtcNow()));
        _time.Advance(HashSealer.Lag + TimeSpan.FromSeconds(30));
        node.Ring.Reload();
    }

    private async Task<Flow> FillAsync(DayNode node, int number = 1)
    {
        var flow = FlowOf(number);
        await node.Flows.AddAsync(flow, new KeyedAnswer(CallOf(number), [1, 2, 3]), Test);
        flow = (await node.Flows.FindAsync(flow.Id, Test)) ?? flow;
        await node.Flows.TrySaveAsync(new Decision(flow, Sample.Text(flow)), Test);
        Assert.True(await node.Counters.TrySaveAsync(ChargeOf(Counter.Empty(CounterOf(node, number))), Test));
        Assert.True(await node.Challenges.TryTakeAsync(Sample.Shop, $"test {number}", Sample.Hash(number + 200), Sample.Now, Test));
        await node.Taken.RecordAsync(_gateway, StopOf(number), Sample.Now, Test);
        await node.Traffic.AddAsync([new TrafficRow(_block, new TrafficCell(_block.CellOf(Sample.Now), 4711, 1, 0))], Test);
        return flow;
    }

    /// <summary>As a gateway of type webhook signs it: whoever tries all numbers and seconds comes to it.</summary>
    private static SignedContent StopOf(int number) => new(new Secret($"1796040000.STOP of +120255501{number:00}"), HasTime: true);

    private static CounterKey CounterOf(DayNode node, int number) =>
        new CounterKeys(node.Hasher).OfGuesses(PhoneNumber.Parse($"+120255501{number:00}"));

    private static CounterChange ChargeOf(Counter counter) => new(counter, counter.With(new Charge(Sample.Now, 1, 1), _day), _day);

    private static Flow FlowOf(int number) => Sample.Flow().WithLink(_link, Sample.Now.AddMinutes(5)) with
    {
        ClientRequestId = $"request {number}", ClientCustomerId = $"customer {number}",
    };

    private static KeyedCall CallOf(int number) =>
        new(Sample.Hash(number + 100), Sample.Hash(2), Sample.Now, DateTimeOffset.UnixEpoch);

    private static FlowSearch[] SearchesOf(Flow flow) =>
    [
        new FlowSearch.ByNumber(flow.Number), new FlowSearch.ByClientRequest(flow.ClientRequestId!),
        new FlowSearch.ByClientCustomer(flow.ClientCustomerId!),
    ];

    /// <summary>What the rows of short life hold, as a thief has it.</summary>
    private async Task<Copy> CopyAsync()
    {
        var copy = new Copy([], []);
        await using var connection = Fixture.Connect();
        await connection.OpenAsync(Test);
        foreach (var (table, sealedColumn, hashes, placeOf) in ((string, string, string[], Func<byte[], string>)[])
        [
            ("flows", "state", ["link_hash", "client_request_hash", "client_customer_hash", "number_hash"],
                id => FlowRow.PlaceOf(CorrelationId.FromBytes(id))),
            ("texts", "body", ["to_hash"], id => TextRow.PlaceOf(new Guid(id, bigEndian: true))),
            ("idempotency", "answer", ["key_hash", "body_hash"], _ => ""),
            ("counters", "charges", ["counter_key"], _ => ""),
            ("taken_challenges", "''", ["challenge_hash", "call_hash"], _ => ""),
            ("taken_signatures", "''", ["request_hash"], _ => ""),
            ("text_traffic", "''", ["traffic_key"], _ => ""),
        ])
        {
            await using var command = connection.CreateCommand();
            var (id, version) = table is not ("flows" or "texts") ? (hashes[0], "0") : ("id", table == "flows" ? "version" : "0");
#pragma warning disable CA2100 // Names of the schema.
            command.CommandText = $"SELECT {id}, {version}, {sealedColumn}, {string.Join(", ", hashes)} FROM {table}";
#pragma warning restore CA2100
            await using var reader = await command.ExecuteReaderAsync(Test);
            while (await reader.ReadAsync(Test))
            {
                if (reader[2] is byte[] value)
                {
                    copy.Sealed.Add((value, placeOf((byte[])reader[0]), table == "flows" ? Convert.ToInt64(reader[1], null) : null));
                }
                copy.Hashes.AddRange(Enumerable.Range(3, hashes.Length).Select(i => (byte[])reader[i]));
            }
        }
        return copy;
    }

    /// <summary>Tries all keys on all that was stored: opens what opens, and looks for what it knows in every hash.</summary>
    private Found Search(Copy copy, IReadOnlyList<DayKeyStore.Row> secrets)
    {
        var thief = Start();
        using var opener = new Sealer(thief.Ring);
        var days = new DayKeys(thief.Ring);
        days.Put(secrets.ToDictionary(
            row => row.Name, row => opener.Open(row.Secret, DayKeyStore.PlaceOf(row.Name.KeptFor, row.Name.Day))));
        var (sealer, hashes, hasher) = (new Sealer(thief.Ring, days: days), new HashSealer(thief.Ring, days), thief.Hasher);
        byte[][] guesses =
        [
            .. ((Flow[])[FlowOf(1), FlowOf(2)]).SelectMany(SearchesOf).Select(search => FlowRow.HashOf(search, hasher)),
            TextRow.HashOf(Sample.Number, hasher), _link.ToBytes(), CallOf(1).Key.ToBytes(), CallOf(2).Key.ToBytes(),
            CallOf(1).Body.ToBytes(), CounterOf(thief, 1).Hash.ToBytes(), CounterOf(thief, 2).Hash.ToBytes(), _block.Hash.ToBytes(),
            .. ((int[])[1, 2]).SelectMany(number => (byte[][])
            [
                hasher.Hash($"taken_challenges.{Sample.Shop}", new Secret($"test {number}")).ToBytes(), Sample.Hash(number + 200).ToBytes(),
                hasher.Hash("taken_requests.request", new Secret($"{_gateway}\n{StopOf(number).Content.Reveal()}")).ToBytes(),
            ]),
        ];
        string[] places =
        [
            .. ((int[])[1, 2]).SelectMany(number => (string[])
                [SealedAnswer.PlaceOf(CallOf(number).Key), CounterRow.PlaceOf(CounterOf(thief, number).Hash.ToBytes())]),
        ];
        return new Found(
            copy.Sealed.Count(value => ((string[])[value.Place, .. places]).Any(place => IsOpened(
                () => sealer.Open(value.Bytes, place, value.Version)))),
            copy.Hashes.Count(stored => guesses.Any(guess => stored.AsSpan().IndexOf(guess) >= 0)
                || IsOpened(() => Assert.Contains(guesses, hashes.Open(stored).SequenceEqual))));
    }

    private static bool IsOpened(Action open)
    {
        try
        {
            open();
            return true;
        }
        catch (Exception failure) when (failure is CryptographicException or Xunit.Sdk.ContainsException)
        {
            return false;
        }
    }

    private Task<List<DayKeyStore.Row>> SecretsAsync() => Fixture.Keys.Database.ReadAsync(
        new Statement("SELECT kept_for, day, secret FROM day_keys"),
        row => new DayKeyStore.Row(new DayKeyName((byte)row.GetInt64(0), (ushort)row.GetInt64(1)), row.GetFieldValue<byte[]>(2)), Test);

    /// <summary>All that the files of the secrets' table hold, former rows too.</summary>
    private async Task<byte[]> ReadKeyFilesAsync()
    {
        await using var connection = Fixture.Connect();
        if (connection is SqliteConnection sqlite)
        {
            var bytes = new MemoryStream();
            var file = StoreConnection.SqliteFilesOf(StoreConnection.KeysBeside(sqlite.ConnectionString)).Database;
            foreach (var one in Directory.GetFiles(Path.GetDirectoryName(file)!, Path.GetFileName(file) + "*"))
            {
                await using var stream = new FileStream(one, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                await stream.CopyToAsync(bytes, Test);
            }
            return bytes.ToArray();
        }
        await connection.OpenAsync(Test);
        await using var command = connection.CreateCommand();
        command.CommandText = "CHECKPOINT";
        await command.ExecuteNonQueryAsync(Test);
        command.CommandText = "SELECT pg_read_binary_file(pg_relation_filepath('day_keys'))";
        return (byte[])(await command.ExecuteScalarAsync(Test))!;
    }

    private sealed record Copy(List<(byte[] Bytes, string Place, long? Version)> Sealed, List<byte[]> Hashes);

    private sealed record Found(int Opened, int Hashes);

    /// <summary>A database that is away for a while.</summary>
    private sealed class Leaving(IDatabase inner, Func<bool> isAway) : IDatabase
    {
        public void Migrate() => inner.Migrate();

        public Task PingAsync(CancellationToken cancellationToken) => inner.PingAsync(cancellationToken);

        public Task<List<T>> ReadAsync<T>(
            Statement statement, Func<System.Data.Common.DbDataReader, T> read, CancellationToken cancellationToken) =>
            isAway() ? throw new StoreUnavailableException("It is away.") : inner.ReadAsync(statement, read, cancellationToken);

        public Task<WriteResult[]> WriteAsync(Statement[] statements, CancellationToken cancellationToken) =>
            isAway() ? throw new StoreUnavailableException("It is away.") : inner.WriteAsync(statements, cancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

public sealed class DayKeysOnSqlite(SqliteFixture fixture) : DayKeysContract(fixture), IClassFixture<SqliteFixture>;

public sealed class DayKeysOnPostgres(PostgresFixture fixture) : DayKeysContract(fixture), IClassFixture<PostgresFixture>;
