using System.Threading.Channels;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Sandbox;

namespace Countersign.Providers.Sandbox;

/// <summary>
/// Moves this node's sandbox clock when another node moved theirs, and wakes whoever waits for a moment that has come with it.
/// </summary>
internal sealed class ClockFollower : BackgroundService
{
    private readonly SandboxClock _clock;
    private readonly ISandboxClockStore _store;
    private readonly IClockSignal _signal;
    private readonly IWakeUp _wakeUp;
    private readonly IFailureLog _failures;
    private readonly ILogger _logger;

    // One that waits is enough: following reads the newest offset.
    private readonly Channel<bool> _moves = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public ClockFollower(
        SandboxClock clock, ISandboxClockStore store, IClockSignal signal, IWakeUp wakeUp, IFailureLog failures,
        ILogger<ClockFollower> logger)
    {
        (_clock, _store, _signal, _wakeUp, _failures, _logger) = (clock, store, signal, wakeUp, failures, logger);
        // Not when it starts: a move between the first reading and then would be missed.
        _signal.ClockMoved += OnClockMoved;
    }

    public override void Dispose()
    {
        _signal.ClockMoved -= OnClockMoved;
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var _ in _moves.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                if (await _clock.FollowAsync(_store, stoppingToken))
                {
                    _wakeUp.SignalAllHere();
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.ClockNotFollowed(_logger, _failures.Record(exception));
            }
        }
    }

    private void OnClockMoved(object? sender, EventArgs e) => _moves.Writer.TryWrite(true);
}
