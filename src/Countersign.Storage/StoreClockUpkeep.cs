namespace Countersign.Storage;

/// <summary>
/// Measures the store's time once a minute, and at once after the machine slept or its clock was set. Logs that a machine's clock is wrong.
/// </summary>
internal sealed class StoreClockUpkeep(StoreClock clock, IDatabase database, TimeProvider machine, ILogger<StoreClockUpkeep> logger)
    : BackgroundService
{
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(1);

    // Of a clock that is kept by NTP more is not expected.
    private static readonly TimeSpan _tolerance = TimeSpan.FromSeconds(2);

    private bool _isWrong;
    private bool _isUnknown;

    /// <summary>Measures once. Throws what the store throws.</summary>
    public async Task MeasureAsync(CancellationToken cancellationToken)
    {
        await clock.MeasureAsync(database, cancellationToken);
        _isUnknown = false;
        var skew = clock.Skew;
        var isWrong = skew.Duration() > _tolerance;
        if (isWrong && !_isWrong)
        {
            Log.ClockWrong(logger, Math.Round(skew.Duration().TotalSeconds, 1), skew > TimeSpan.Zero ? "ahead of" : "behind");
        }
        else if (_isWrong && !isWrong)
        {
            Log.ClockRight(logger);
        }
        _isWrong = isWrong;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_look, machine);
        var (measured, skew) = (machine.GetTimestamp(), clock.Skew);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            // The monotonic timer may stand while a machine sleeps; its clock does not.
            if ((machine.GetElapsedTime(measured) >= _interval || (clock.Skew - skew).Duration() > _tolerance)
                && await TryMeasureAsync(stoppingToken))
            {
                (measured, skew) = (machine.GetTimestamp(), clock.Skew);
            }
        }
    }

    /// <summary>
    /// False when the store did not say its time. Whatever made it time to ask still holds: after a sleep, connections are dead first of
    /// all.
    /// </summary>
    private async Task<bool> TryMeasureAsync(CancellationToken cancellationToken)
    {
        try
        {
            await MeasureAsync(cancellationToken);
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (!_isUnknown)
            {
                _isUnknown = true;
                Log.ClockNotMeasured(logger, _look, exception);
            }
            return false;
        }
    }
}
