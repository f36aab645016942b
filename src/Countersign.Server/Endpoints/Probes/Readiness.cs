using Countersign.Core.Flows;

namespace Countersign.Server.Endpoints.Probes;

/// <summary>
/// Whether this server could do its work now: its store answers and takes a write. Whoever asks is answered in time, whatever hangs;
/// however many ask, the store is asked once a second at most.
/// </summary>
/// <param name="time">The machine's: the server's own may be moved.</param>
internal sealed class Readiness(IStoreProbe probe, FailureLog failures, ILogger<Readiness> logger, TimeProvider time)
{
    // Two seconds are promised; the rest is for a busy machine.
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan _keptFor = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Task<bool>? _latest;
    private long _endedAt;
    private bool? _wasReady;

    /// <summary>True when a look at the store that is less than a second old, or one of now, has found it well.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await LatestLook().WaitAsync(_timeout, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The look itself writes down how it went.
            return false;
        }
    }

    private Task<bool> LatestLook()
    {
        lock (_gate)
        {
            // One that hangs is not joined by others: it ends by the store's own limit.
            if (_latest is null || (_latest.IsCompleted && time.GetElapsedTime(_endedAt) >= _keptFor))
            {
                _latest = Task.Run(LookAsync);
            }
            return _latest;
        }
    }

    /// <summary>Ends when the store has answered, however late; what came late is no sign of being ready.</summary>
    private async Task<bool> LookAsync()
    {
        bool isReady;
        using var timeout = new CancellationTokenSource(_timeout, time);
        // It may hold its thread instead of waiting.
        var ping = Task.Run(() => probe.PingAsync(timeout.Token), CancellationToken.None);
        try
        {
            await ping.WaitAsync(timeout.Token);
            isReady = Record(problem: null);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            isReady = Record("it does not answer in time");
            await ping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (Exception failure)
        {
            // Whatever it was: a server that cannot say that it is ready is not.
            isReady = Record(failures.Record(failure));
        }
        Volatile.Write(ref _endedAt, time.GetTimestamp());
        return isReady;
    }

    /// <summary>Writes a line when it has changed.</summary>
    private bool Record(string? problem)
    {
        lock (_gate)
        {
            var isReady = problem is null;
            if (!isReady && _wasReady != false)
            {
                Log.NotReady(logger, problem!);
            }
            else if (isReady && _wasReady == false)
            {
                Log.ReadyAgain(logger);
            }
            _wasReady = isReady;
            return isReady;
        }
    }
}
