using Countersign.Core;
using Countersign.Core.Flows;

namespace Countersign.Storage.Tests;

/// <summary>What a wake-up promises to those who wait on its own node.</summary>
public abstract class WakeUpContract
{
    private static readonly CorrelationId _flow = CorrelationId.New(Sample.Now);
    private static readonly CorrelationId _otherFlow = CorrelationId.New(Sample.Now);

    protected static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_signal_wakes_who_waits()
    {
        var (wakeUp, _) = await StartAsync();
        using var subscription = wakeUp.Subscribe(_flow);
        var wait = subscription.WaitAsync(Test);
        Assert.False(wait.IsCompleted);

        await wakeUp.SignalAsync(_flow, everywhere: false, Test);

        await wait;
    }

    [Fact]
    public async Task A_signal_between_two_waits_is_not_missed()
    {
        var (wakeUp, _) = await StartAsync();
        using var subscription = wakeUp.Subscribe(_flow);

        await wakeUp.SignalAsync(_flow, everywhere: false, Test);

        await subscription.WaitAsync(Test);
    }

    [Fact]
    public async Task Many_signals_before_a_wait_are_one()
    {
        var (wakeUp, _) = await StartAsync();
        using var subscription = wakeUp.Subscribe(_flow);
        await wakeUp.SignalAsync(_flow, everywhere: false, Test);
        await wakeUp.SignalAsync(_flow, everywhere: false, Test);

        await subscription.WaitAsync(Test);

        Assert.False(subscription.WaitAsync(Test).IsCompleted);
    }

    [Fact]
    public async Task All_who_wait_for_a_flow_are_woken_and_no_others()
    {
        var (wakeUp, _) = await StartAsync();
        using var first = wakeUp.Subscribe(_flow);
        using var second = wakeUp.Subscribe(_flow);
        using var other = wakeUp.Subscribe(_otherFlow);

        await wakeUp.SignalAsync(_flow, everywhere: false, Test);

        await first.WaitAsync(Test);
        await second.WaitAsync(Test);
        Assert.False(other.WaitAsync(Test).IsCompleted);
    }

    [Fact]
    public async Task A_wait_can_be_given_up()
    {
        var (wakeUp, _) = await StartAsync();
        using var subscription = wakeUp.Subscribe(_flow);
        using var abort = new CancellationTokenSource();
        var wait = subscription.WaitAsync(abort.Token);

        await abort.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    [Fact]
    public async Task Who_has_stopped_waiting_leaves_nothing_behind()
    {
        var (wakeUp, waiting) = await StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(
            async () =>
            {
                var subscription = wakeUp.Subscribe(i % 2 == 0 ? _flow : CorrelationId.New(Sample.Now));
                await wakeUp.SignalAsync(_flow, everywhere: false, Test);
                subscription.Dispose();
                subscription.Dispose();
            },
            Test)));

        Assert.Equal(0, waiting());
    }

    [Fact]
    public async Task One_who_stops_waiting_does_not_take_the_others_along()
    {
        var (wakeUp, _) = await StartAsync();
        using var staying = wakeUp.Subscribe(_flow);
        wakeUp.Subscribe(_flow).Dispose();

        await wakeUp.SignalAsync(_flow, everywhere: false, Test);

        await staying.WaitAsync(Test);
    }

    /// <summary>The wake-up, and how many flows are waited for.</summary>
    protected abstract Task<(IWakeUp WakeUp, Func<int> Waiting)> StartAsync();
}

public sealed class LocalWakeUpTests : WakeUpContract
{
    [Fact]
    public async Task A_moved_clock_is_told()
    {
        var wakeUp = new LocalWakeUp(new Subscriptions());
        var told = 0;
        wakeUp.ClockMoved += (_, _) => told++;

        await wakeUp.SignalClockAsync(Test);

        Assert.Equal(1, told);
    }

    protected override Task<(IWakeUp WakeUp, Func<int> Waiting)> StartAsync()
    {
        var wakeUp = new LocalWakeUp(new Subscriptions());
        return Task.FromResult<(IWakeUp, Func<int>)>((wakeUp, () => wakeUp.Waiting));
    }
}
