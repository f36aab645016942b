using Countersign.Core.Limits;
using Countersign.Core.Tests.Fakes;

namespace Countersign.Core.Tests.Limits;

public sealed class LeasedCountersTests
{
    private static readonly DateTimeOffset _noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly CounterKey _key = new(new SecretHash(new string('b', 64)));
    private static readonly Limit _limit = new("test", Max: 100, TimeSpan.FromMinutes(1));

    private readonly MemoryCounters _counters = new();
    private readonly StillClock _clock = new() { Now = _noon };

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    /// <summary>Whoever comes now and then loses nothing of the limit.</summary>
    [Fact]
    public async Task One_at_a_time_is_counted_exactly()
    {
        var node = Node();
        var limit = new Limit("test", Max: 6, TimeSpan.FromHours(1));

        for (var i = 0; i < 6; i++)
        {
            _clock.Now = _noon.AddMinutes(7 * i);
            Assert.Null(await node.TakeAsync(_key, limit, Test));
        }

        _clock.Now = _noon.AddMinutes(42);
        Assert.Equal(_noon.AddHours(1), (await node.JudgeAsync(_key, limit, Test))!.Until);
        Assert.Equal(_noon.AddHours(1), (await node.TakeAsync(_key, limit, Test))!.Until);
        _clock.Now = _noon.AddHours(1);
        Assert.Null(await node.JudgeAsync(_key, limit, Test));
        Assert.Null(await node.TakeAsync(_key, limit, Test));
    }

    [Fact]
    public async Task Many_at_once_are_handed_out_from_blocks_and_never_too_many()
    {
        LeasedCounters[] nodes = [Node(), Node()];

        var taken = 0;
        for (var i = 0; i < 500; i++)
        {
            _clock.Now = _noon.AddMilliseconds(i);
            taken += await nodes[i % 2].TakeAsync(_key, _limit, Test) is null ? 1 : 0;
        }

        // A node may be left with a part of its last block.
        Assert.InRange(taken, 90, 100);
        var saves = _counters.Saves;
        Assert.InRange(saves, 1, 40);
    }

    [Fact]
    public async Task No_window_holds_more_than_the_limit_whatever_the_nodes_do()
    {
        var random = new Random(7);
        LeasedCounters[] nodes = [Node(), Node(), Node()];
        var taken = new List<DateTimeOffset>();
        for (var i = 0; i < 5000; i++)
        {
            // Now and then a pause, else as fast as a flood.
            _clock.Now = _clock.Now.AddMilliseconds(random.Next(100) == 0 ? random.Next(20_000) : random.Next(60));
            if (await nodes[random.Next(nodes.Length)].TakeAsync(_key, _limit, Test) is null)
            {
                taken.Add(_clock.Now);
            }
        }

        Assert.All(taken, end => Assert.InRange(taken.Count(at => at > end - _limit.Window && at <= end), 1, _limit.Max));
    }

    [Fact]
    public async Task What_may_be_used_no_more_is_forgotten()
    {
        var node = Node();
        await node.TakeAsync(_key, _limit, Test);

        node.ForgetExpired(_noon.AddSeconds(5));
        Assert.Equal(1, node.Count);
        node.ForgetExpired(_noon.AddSeconds(7));
        Assert.Equal(0, node.Count);
    }

    [Fact]
    public async Task What_still_refuses_is_not_forgotten()
    {
        var node = Node();
        var limit = new Limit("test", Max: 1, TimeSpan.FromMinutes(1));
        await node.TakeAsync(_key, limit, Test);
        Assert.NotNull(await node.TakeAsync(_key, limit, Test));

        node.ForgetExpired(_noon.AddSeconds(59));
        Assert.Equal(1, node.Count);
        node.ForgetExpired(_noon.AddSeconds(60));
        Assert.Equal(0, node.Count);
    }

    [Fact]
    public async Task Asking_takes_nothing()
    {
        var node = Node();
        for (var i = 0; i < 300; i++)
        {
            Assert.Null(await node.JudgeAsync(_key, _limit, Test));
        }
        Assert.Equal(0, _counters.Saves);

        // From a block, too: the second of a moment makes one of two.
        var taken = 0;
        for (; await node.TakeAsync(_key, _limit, Test) is null; taken++)
        {
            await node.JudgeAsync(_key, _limit, Test);
        }
        Assert.Equal(100, taken);
    }

    /// <summary>How often a node asks the store while texts come so many milliseconds apart: less and less often in a flood.</summary>
    [Theory]
    [InlineData(10, 90, 12)]
    [InlineData(7000, 10, 10)]
    public async Task Blocks_grow_while_they_are_used_up_quickly(int milliseconds, int texts, int saves)
    {
        var node = Node();
        for (var i = 0; i < texts; i++)
        {
            _clock.Now = _noon.AddMilliseconds(i * milliseconds);
            Assert.Null(await node.TakeAsync(_key, _limit, Test));
        }

        Assert.Equal(saves, _counters.Saves);
    }

    [Fact]
    public async Task A_block_is_not_used_after_its_end()
    {
        var node = Node();
        await node.TakeAsync(_key, _limit, Test);
        await node.TakeAsync(_key, _limit, Test);
        Assert.Equal(2, _counters.Saves);

        // A block of two is charged at the end of its six seconds.
        _clock.Now = _noon.AddSeconds(6);
        await node.TakeAsync(_key, _limit, Test);

        Assert.Equal(3, _counters.Saves);
    }

    [Fact]
    public async Task Whoever_comes_second_counts_what_the_first_took()
    {
        LeasedCounters[] nodes = [Node(), Node()];
        var limit = new Limit("test", Max: 1, TimeSpan.FromMinutes(1));
        _counters.BeforeSave = async () => Assert.Null(await nodes[1].TakeAsync(_key, limit, Test));

        Assert.NotNull(await nodes[0].TakeAsync(_key, limit, Test));
    }

    [Fact]
    public async Task What_was_refused_is_known_until_its_end_without_asking_again()
    {
        LeasedCounters[] nodes = [Node(), Node()];
        var limit = new Limit("test", Max: 1, TimeSpan.FromMinutes(1));
        await nodes[0].TakeAsync(_key, limit, Test);
        var reached = await nodes[1].TakeAsync(_key, limit, Test);
        _clock.Now = _noon.AddSeconds(59);

        Assert.Same(reached, await nodes[1].TakeAsync(_key, limit, Test));
        Assert.Same(reached, await nodes[1].JudgeAsync(_key, limit, Test));
        _clock.Now = _noon.AddMinutes(1);
        Assert.Null(await nodes[1].TakeAsync(_key, limit, Test));
    }

    private LeasedCounters Node() => new(_counters, new Turns(TimeProvider.System), _clock);
}
