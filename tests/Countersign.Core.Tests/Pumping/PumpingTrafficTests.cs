using Countersign.Core.Pumping;
using Countersign.Core.Tests.Fakes;

namespace Countersign.Core.Tests.Pumping;

public sealed class PumpingTrafficTests
{
    private static readonly TrafficKey[] _keys = [.. Enumerable.Range(0, 8).Select(Key)];

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    private readonly StillClock _clock = new();
    private readonly MemoryTraffic _store = new();

    [Fact]
    public async Task Who_asks_for_one_key_does_not_wait_for_who_reads_another()
    {
        var traffic = new PumpingTraffic(_store, _clock);
        var read = new TaskCompletionSource();
        _store.BeforeRead = keys => keys.Contains(_keys[0]) ? read.Task : Task.CompletedTask;
        var first = CountAsync(traffic, _keys[0], _keys[1]);

        Assert.Equal(1, await CountAsync(traffic, _keys[2]).WaitAsync(Test));
        var shared = CountAsync(traffic, _keys[3], _keys[1]);
        Assert.False(first.IsCompleted || shared.IsCompleted);

        read.SetResult();
        Assert.Equal((1, 1), (await first, await shared));
        Assert.Equal(3, await CountAsync(traffic, _keys[1]));
        // The shared key was read once, and each of the others.
        Assert.Equal(3, _store.Reads);
    }

    [Fact]
    public async Task Nobody_waits_for_a_flush_but_who_does_not_know_what_it_writes()
    {
        var traffic = new PumpingTraffic(_store, _clock);
        await CountAsync(traffic, _keys[0]);
        traffic.Add(_keys[1], _clock.Now, TrafficItem.Flows, asked: 1, proven: 0);
        var write = new TaskCompletionSource();
        _store.BeforeWrite = () => write.Task;
        var flush = traffic.FlushAsync(Test);

        Assert.Equal(1, await CountAsync(traffic, _keys[2]).WaitAsync(Test));
        // What it knows is good enough, also when it is due to be read again.
        Assert.Equal(2, await CountAsync(traffic, _keys[0]).WaitAsync(Test));
        _clock.Now = _clock.Now.AddSeconds(11);
        Assert.Equal(3, await CountAsync(traffic, _keys[0]).WaitAsync(Test));
        var unknown = CountAsync(traffic, _keys[1]);
        Assert.False(unknown.IsCompleted);

        write.SetResult();
        Assert.Equal(2, await unknown);
        await flush;
        Assert.Equal(4, await CountAsync(traffic, _keys[0]));
    }

    [Fact]
    public async Task What_was_counted_is_written_in_pieces()
    {
        var traffic = new PumpingTraffic(_store, _clock);
        for (var item = 0; item < 600; item++)
        {
            traffic.Add(_keys[0], _clock.Now, item, asked: 1, proven: 0);
        }
        traffic.Add(_keys[1], _clock.Now, TrafficItem.Flows, asked: 1, proven: 0);

        await traffic.FlushAsync(Test);

        Assert.Equal([256, 256, 89], _store.Writes);
        Assert.Equal(600, (await _store.ReadAsync([_keys[0]], _clock.Now, Test)).Sum(row => row.Cell.Asked));
    }

    [Fact]
    public async Task What_a_failed_piece_had_is_kept_with_what_comes_behind_it()
    {
        var traffic = new PumpingTraffic(_store, _clock);
        for (var item = 0; item < 300; item++)
        {
            traffic.Add(_keys[0], _clock.Now, item, asked: 1, proven: 0);
        }
        _store.FailsOnce = true;
        await Assert.ThrowsAsync<InvalidOperationException>(() => traffic.FlushAsync(Test));
        Assert.Equal(301, await CountAsync(traffic, _keys[0]));

        await traffic.FlushAsync(Test);

        Assert.Equal(301, (await _store.ReadAsync([_keys[0]], _clock.Now, Test)).Sum(row => row.Cell.Asked));
    }

    [Fact]
    public async Task However_reads_and_writes_meet_each_text_counts_once()
    {
        const int Callers = 16;
        const int Texts = 200;
        var traffic = new PumpingTraffic(_store, _clock);
        _store.BeforeRead = _ => YieldAsync();
        _store.BeforeWrite = YieldAsync;
        var counting = Task.WhenAll(Enumerable.Range(0, Callers).Select(seed => Task.Run(
            async () =>
            {
                var random = new Random(seed);
                for (var i = 0; i < Texts; i++)
                {
                    await CountAsync(traffic, _keys[random.Next(8)]);
                    // What is forgotten is read anew.
                    if (random.Next(20) == 0)
                    {
                        _clock.Now = _clock.Now.AddSeconds(11);
                        traffic.ForgetExpired();
                    }
                }
            },
            Test)));
        while (!counting.IsCompleted)
        {
            await Task.WhenAll(traffic.FlushAsync(Test), traffic.FlushAsync(Test));
        }
        await counting;
        await traffic.FlushAsync(Test);

        Assert.Equal(Callers * Texts, (await _store.ReadAsync(_keys, _clock.Now, Test)).Sum(row => row.Cell.Asked));
        var known = await Task.WhenAll(_keys.Select(key => CountAsync(traffic, key)));
        Assert.Equal((Callers * Texts) + _keys.Length, known.Sum());
    }

    private static async Task YieldAsync()
    {
        for (var i = 0; i < 3; i++)
        {
            await Task.Yield();
        }
    }

    /// <summary>Counts a text under each key, and says how many the first then has.</summary>
    private Task<long> CountAsync(PumpingTraffic traffic, params TrafficKey[] keys) => traffic.DecideAsync(
        keys,
        session =>
        {
            foreach (var key in keys)
            {
                session.Add(key, _clock.Now, TrafficItem.Flows);
            }
            return session.CellsOf(keys[0]).Sum(cell => cell.Asked);
        },
        Test).AsTask();

    private static TrafficKey Key(int seed) => new(TrafficKind.Country, new SecretHash($"{seed:x64}"));
}
