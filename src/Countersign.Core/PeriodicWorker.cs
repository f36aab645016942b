namespace Countersign.Core;

/// <summary>
/// Work that is done again and again while the server runs. Where it fails it is done again the next time: a store that is away for a
/// moment must not end it for good.
/// </summary>
/// <param name="log">Writes down what failed.</param>
public sealed class PeriodicWorker(TimeSpan interval, Func<CancellationToken, Task> work, Action<Exception> log)
{
    /// <summary>Whether an interval passes before the work is done for the first time.</summary>
    public bool WaitsFirst { get; init; }

    public async Task RunAsync(TimeProvider time, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        if (WaitsFirst)
        {
            await timer.WaitForNextTickAsync(stoppingToken);
        }
        do
        {
            try
            {
                await work(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                log(exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
