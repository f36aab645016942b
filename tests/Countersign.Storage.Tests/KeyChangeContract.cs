using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Core.Keys;
using Countersign.Core.Limits;
using Countersign.Core.Pumping;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Storage.Tests;

/// <summary>What is counted while servers change to a new key, not all in the same moment.</summary>
public abstract class KeyChangeContract(StoreFixture fixture) : StoreContract(fixture)
{
    private const int Budget = 5;
    private static readonly TimeSpan _window = TimeSpan.FromDays(1);

    private readonly FakeTimeProvider _time = new(Sample.Now);
    private readonly Kept _keys = new();

    [Fact]
    public async Task One_who_knows_the_new_key_and_one_who_does_not_count_together()
    {
        var behind = new KeyRing(new Kept { Value = _keys.Value }, _time);
        _keys.Value = _keys.Value.With(new KeptKey(MasterKey.New(), _time.GetUtcNow()));
        await using var elsewhere = Fixture.Open();
        var nodes = new[] { NodeOf(Fixture.Database, new KeyRing(_keys, _time)), NodeOf(elsewhere, behind) };

        foreach (var key in (CounterKey[])[KeysOf.OfGuesses(Sample.Number), KeysOf.OfTexts(Sample.Number), KeysOf.OfNames(Sample.Number)])
        {
            var taken = await Task.WhenAll(
                Enumerable.Range(0, 40).Select(i => Task.Run(() => TryTakeAsync(nodes[i % 2], key, Budget), Test)));

            Assert.Equal(Budget, taken.Count(one => one));
        }
        Assert.Equal(3, await Fixture.CountAsync("counters"));
    }

    [Fact]
    public async Task Two_whose_clocks_differ_begin_no_two_counters_of_one_line()
    {
        var since = _time.GetUtcNow();
        _keys.Value = _keys.Value.With(new KeptKey(MasterKey.New(), since));
        var ring = new KeyRing(_keys, _time);
        await new SigningKeyStore(Fixture.Database, new Sealer(ring), Fixture.Rows).GetOrAddAsync("k1", [1], since, Test);
        await using var elsewhere = Fixture.Open();
        _time.Advance(HashSealer.Lag);
        var late = new FakeTimeProvider(_time.GetUtcNow().AddMilliseconds(-1));
        var nodes = new[] { NodeOf(Fixture.Database, ring), NodeOf(elsewhere, new KeyRing(_keys, late)) };

        for (var i = 0; i < 20; i++)
        {
            var key = KeysOf.OfGuesses(PhoneNumber.Parse($"+120255501{i:00}"));
            var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Task.Run(() => TryTakeAsync(nodes[n % 2], key, 1), Test)));

            Assert.Single(taken, one => one);
        }
        Assert.Equal(20, await Fixture.CountAsync("counters"));
    }

    [Fact]
    public async Task What_was_counted_under_the_former_key_counts_under_the_new_one()
    {
        var node = NodeOf(Fixture.Database, new KeyRing(_keys, _time));
        var key = KeysOf.OfGuesses(Sample.Number);
        for (var i = 0; i < Budget; i++)
        {
            if (i == 2)
            {
                _keys.Value = _keys.Value.With(new KeptKey(MasterKey.New(), _time.GetUtcNow()));
                node = NodeOf(Fixture.Database, new KeyRing(_keys, _time));
            }
            if (i == 3)
            {
                _time.Advance(HashSealer.Lag);
            }
            Assert.True(await TryTakeAsync(node, key, Budget));
        }

        var stores = new Stores(Fixture, new KeyRing(_keys, _time));
        await stores.Resealing.CatchUpAsync(Test);

        Assert.False(await TryTakeAsync(node, key, Budget));
        Assert.Equal([_keys.Value.Keys[1].Key.Id], (await stores.Resealing.CountAsync(Test)).Keys);
    }

    [Fact]
    public async Task Texts_of_both_are_counted_for_both()
    {
        var behind = new KeyRing(new Kept { Value = _keys.Value }, _time);
        _keys.Value = _keys.Value.With(new KeptKey(MasterKey.New(), _time.GetUtcNow()));
        await using var elsewhere = Fixture.Open();
        var (first, second) = (
            new TrafficStore(Fixture.Database, new HashSealer(new KeyRing(_keys, _time))),
            new TrafficStore(elsewhere, new HashSealer(behind)));
        var key = new TrafficKey(TrafficKind.Country, Sample.Hash(1));
        var row = new TrafficRow(key, new TrafficCell(key.CellOf(Sample.Now), TrafficItem.Texts, 1, 0));

        await first.AddAsync([row], Test);
        await second.AddAsync([row], Test);
        Assert.Equal((2, 2), (await AskedAsync(first), await AskedAsync(second)));
        _time.Advance(HashSealer.Lag);
        await first.AddAsync([row], Test);

        Assert.Equal(3, await AskedAsync(first));

        async Task<long> AskedAsync(TrafficStore store) =>
            (await store.ReadAsync([key], Sample.Now, Test)).Sum(counted => counted.Cell.Asked);
    }

    private CounterKeys KeysOf => new(new SecretHasher(_keys.Value.HashKey));

    private static CounterStore NodeOf(IDatabase database, KeyRing ring) => NodeOf(database, ring, TestDays.Of(ring));

    private static CounterStore NodeOf(IDatabase database, KeyRing ring, DayKeys days) =>
        new(database, new Sealer(ring, days: days), new HashSealer(ring, days));

    /// <summary>As a guess is counted before it is looked at. One that cannot be counted is not looked at.</summary>
    private async Task<bool> TryTakeAsync(CounterStore counters, CounterKey key, int budget)
    {
        try
        {
            while (await counters.ReadAsync(key, Test) is var read && read.Charges.Count < budget)
            {
                var after = read.With(new Charge(Sample.Now, 1, 1), _window);
                if (await counters.TrySaveAsync(new CounterChange(read, after, _window), Test))
                {
                    return true;
                }
            }
        }
        catch (CryptographicException)
        {
            // Sealed by one who knows the new key, for one who does not.
        }
        return false;
    }
}

public sealed class KeyChangeOnSqlite(SqliteFixture fixture) : KeyChangeContract(fixture), IClassFixture<SqliteFixture>;

public sealed class KeyChangeOnPostgres(PostgresFixture fixture) : KeyChangeContract(fixture), IClassFixture<PostgresFixture>;
