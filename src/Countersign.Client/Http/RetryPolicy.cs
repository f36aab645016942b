namespace Countersign.Client.Http;

/// <summary>Repeats a request that may be repeated, after a pause that grows and is never the same for two clients.</summary>
internal sealed class RetryPolicy(int maxTries, TimeProvider time, Jitter jitter)
{
    private static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(200);

    // A server that asks for more is better told to the caller, who may have something else to do.
    private static readonly TimeSpan _maxPause = TimeSpan.FromSeconds(30);

    public async Task<T> RunAsync<T>(
        Operation operation, bool isRepeatable, Func<CancellationToken, Task<T>> tryOnceAsync, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            TimeSpan pause;
            try
            {
                return await tryOnceAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (CountersignException failure) when (isRepeatable && failure.IsTransient && tries < maxTries)
            {
                pause = PauseAfter(failure, tries);
                if (pause > _maxPause)
                {
                    throw;
                }
            }

            Telemetry.RecordRetry(operation);
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private TimeSpan PauseAfter(CountersignException failure, int tries)
    {
        var backoff = jitter.Shorten(TimeSpan.FromTicks(_firstPause.Ticks << (tries - 1)));
        return failure.RetryAfter > backoff ? failure.RetryAfter.Value : backoff;
    }
}
