using Countersign.Core;
using Countersign.Core.Flows;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Core.Tests.Flows;

public sealed class FlowGatesTests
{
    private static readonly CorrelationId _flow = CorrelationId.New(DateTimeOffset.UnixEpoch);
    private static readonly CorrelationId _otherFlow = CorrelationId.New(DateTimeOffset.UnixEpoch);

    private readonly FakeTimeProvider _time = new();
    private readonly FlowGates _gates;

    public FlowGatesTests() => _gates = new FlowGates(_time);

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_on_one_flow_take_turns_in_the_order_in_which_they_came()
    {
        var order = new List<int>();
        var within = 0;
        var first = await EnterAsync();

        var others = Enumerable.Range(0, 50).Select(async i =>
        {
            using var pass = await EnterAsync();
            Assert.Equal(1, Interlocked.Increment(ref within));
            order.Add(i);
            Interlocked.Decrement(ref within);
        }).ToArray();
        first.Dispose();
        await Task.WhenAll(others);

        Assert.Equal(Enumerable.Range(0, 50), order);
    }

    [Fact]
    public async Task Calls_on_another_flow_do_not_wait()
    {
        using var held = await EnterAsync();

        using var other = await EnterAsync(_otherFlow);

        Assert.Equal(2, _gates.Count);
    }

    [Fact]
    public async Task Who_has_waited_five_seconds_is_told_to_come_again()
    {
        using var held = await EnterAsync();
        var waiting = EnterAsync().AsTask();

        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal(TimeSpan.FromSeconds(1), (await Assert.ThrowsAsync<UnavailableException>(() => waiting)).RetryAfter);
    }

    [Theory, InlineData(4.5), InlineData(3), InlineData(2.5005)]
    public async Task One_whose_time_ends_just_when_it_begins_to_wait_is_told_to_come_again(double seconds)
    {
        var time = new RunningTime();
        var gates = new FlowGates(time);
        using var held = await gates.EnterAsync(_flow, gates.Turns.Begin(Turns.CallTimeout), Test);
        time.Step = TimeSpan.FromSeconds(seconds);

        var waiting = gates.EnterAsync(_flow, gates.Turns.Begin(Turns.CallTimeout), Test).AsTask();
        time.Advance(Turns.CallTimeout);

        await Assert.ThrowsAsync<UnavailableException>(() => waiting.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, Test));
    }

    [Fact]
    public async Task One_who_gives_up_does_not_keep_the_next_from_its_turn()
    {
        var held = await EnterAsync();
        using var leaving = new CancellationTokenSource();
        var impatient = _gates.EnterAsync(_flow, Turn(), leaving.Token).AsTask();
        var next = EnterAsync().AsTask();

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        held.Dispose();

        (await next).Dispose();
    }

    [Fact]
    public async Task A_flow_that_is_not_being_changed_has_no_gate()
    {
        using var leaving = new CancellationTokenSource();
        var held = await EnterAsync();
        var impatient = _gates.EnterAsync(_flow, Turn(), leaving.Token).AsTask();
        var late = EnterAsync().AsTask();
        var others = Enumerable.Range(0, 1000).Select(_ => EnterAsync(CorrelationId.New(DateTimeOffset.UnixEpoch)).AsTask()).ToArray();
        Assert.Equal(1001, _gates.Count);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        _time.Advance(Turns.CallTimeout);
        await Assert.ThrowsAsync<UnavailableException>(() => late);
        held.Dispose();
        foreach (var other in others)
        {
            (await other).Dispose();
        }

        Assert.Equal(0, _gates.Count);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(7), InlineData(1000), InlineData(int.MaxValue)]
    public async Task A_pause_after_another_node_was_first_has_a_bound(int conflicts)
    {
        var pause = _gates.Turns.PauseAsync(conflicts, Turn(), Test);

        _time.Advance(TimeSpan.FromMilliseconds(256));

        await pause;
    }

    [Fact]
    public async Task A_call_whose_time_is_over_does_not_try_again()
    {
        var turn = Turn();
        _time.Advance(Turns.CallTimeout);

        await Assert.ThrowsAsync<UnavailableException>(() => _gates.Turns.PauseAsync(1, turn, Test));
    }

    [Fact]
    public async Task What_was_read_after_a_call_had_come_need_not_be_read_by_it_again()
    {
        var held = await EnterAsync();
        Assert.Null(held.Handed);
        var early = EnterAsync().AsTask();
        var arrivals = held.Arrivals;
        var late = EnterAsync().AsTask();
        var flow = Sample.Flow();

        held.HandOn(flow, arrivals);
        held.Dispose();

        using (var second = await early)
        {
            Assert.Same(flow, second.Handed);
        }
        // It came after that look had begun: what another node saved in between it could not see there.
        using var third = await late;
        Assert.Null(third.Handed);
    }

    private Turn Turn() => _gates.Turns.Begin(Turns.CallTimeout);

    private ValueTask<FlowGates.Pass> EnterAsync(CorrelationId? flow = null) => _gates.EnterAsync(flow ?? _flow, Turn(), Test);

    /// <summary>Goes on by a step at each look, as for a thread that is held up between two of them.</summary>
    private sealed class RunningTime : FakeTimeProvider
    {
        public TimeSpan Step { get; set; }

        public override long GetTimestamp()
        {
            var now = base.GetTimestamp();
            Advance(Step);
            return now;
        }
    }
}
