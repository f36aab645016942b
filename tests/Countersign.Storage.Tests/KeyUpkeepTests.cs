using System.Data.Common;
using Countersign.Core.Keys;
using Countersign.Providers.Numbers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Storage.Tests;

/// <summary>When the keys are read and the store is looked through.</summary>
public sealed class KeyUpkeepTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new(Sample.Now);
    private readonly Kept _keys = new();
    private readonly Pages _database = new();
    private readonly KeyRing _ring;
    private readonly KeyUpkeep _upkeep;

    public KeyUpkeepTests()
    {
        _ring = new KeyRing(_keys, _time);
        var (sealer, hashes) = (new Sealer(_ring), new HashSealer(_ring));
        _upkeep = new KeyUpkeep(
            _ring,
            new Resealing(
                _database, sealer, hashes, new RowSeals(sealer, hashes, NullLogger<RowSeals>.Instance),
                new LineKeyStore(KeyDatabase.Of(_database), sealer, new SecretHasher(_ring.Keys.HashKey), hashes, new NumberPlan()),
                KeyDatabase.Of(_database)),
            _time,
            NullLogger<KeyUpkeep>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        _upkeep.Dispose();
        await _database.DisposeAsync();
    }

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_keys_are_read_while_rows_are_sealed_anew()
    {
        _keys.Value = With(_keys.Value);
        _ring.Reload();
        _database.Hangs = true;
        await _upkeep.StartAsync(Test);
        await _database.Hung.Task.WaitAsync(TimeSpan.FromSeconds(30), Test);
        _keys.Next = With(_keys.Value);

        _time.Advance(TimeSpan.FromSeconds(5));
        await _keys.WasRead.Task.WaitAsync(TimeSpan.FromSeconds(30), Test);

        _database.Go.SetResult();
        await _upkeep.StopAsync(Test);
    }

    [Fact]
    public async Task With_its_only_key_ever_the_store_is_looked_through_each_day()
    {
        await _upkeep.CatchUpAsync(Test);
        Assert.Equal(0, _database.Looks);

        _time.Advance(TimeSpan.FromDays(1));
        await _upkeep.CatchUpAsync(Test);
        await _upkeep.CatchUpAsync(Test);

        Assert.Equal(1, _database.Looks);
    }

    [Fact]
    public async Task When_a_key_is_gone_the_store_is_looked_through_once_more_and_then_each_day()
    {
        _keys.Value = With(_keys.Value);
        await _upkeep.CatchUpAsync(Test);
        Assert.Equal(1, _database.Looks);
        _keys.Value = _keys.Value.Without(_keys.Value.Keys[0].Key.Id);

        await _upkeep.CatchUpAsync(Test);
        await _upkeep.CatchUpAsync(Test);
        Assert.Equal(2, _database.Looks);

        _time.Advance(TimeSpan.FromDays(1));
        await _upkeep.CatchUpAsync(Test);
        Assert.Equal(3, _database.Looks);
    }

    private KeySet With(KeySet keys) => keys.With(new KeptKey(MasterKey.New(), _time.GetUtcNow()));

    private sealed class Kept : IKeyStore
    {
        public KeySet Value { get; set; } = KeySet.Of(MasterKey.New());

        public KeySet? Next { get; set; }

        public TaskCompletionSource WasRead { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public KeySet Read()
        {
            if (Next is { } next)
            {
                WasRead.TrySetResult();
                return next;
            }
            return Value;
        }

        public void Write(KeySet keys) => Value = keys;
    }

    /// <summary>An empty store that may take its time over a page.</summary>
    private sealed class Pages : IDatabase
    {
        public bool Hangs { get; set; }

        /// <summary>How often the last of all tables was read.</summary>
        public int Looks { get; private set; }

        public TaskCompletionSource Hung { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Migrate() { }

        public Task PingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public async Task<List<T>> ReadAsync<T>(Statement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken)
        {
            if (statement.Sql.Contains("FROM person_records", StringComparison.Ordinal))
            {
                Looks++;
            }
            if (Hangs && statement.Sql.Contains("FROM flows", StringComparison.Ordinal))
            {
                Hung.TrySetResult();
                await Go.Task;
            }
            return [];
        }

        public Task<WriteResult[]> WriteAsync(Statement[] statements, CancellationToken cancellationToken) =>
            Task.FromResult(Array.ConvertAll(statements, _ => default(WriteResult)));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
