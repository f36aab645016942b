using System.Runtime.ExceptionServices;
using Countersign.Client.Http;

namespace Countersign.Client;

/// <summary>Asks for one flow's status until it is decided or the time is up.</summary>
/// <param name="askAsync">Reads the status of a flow.</param>
/// <param name="isDecided">Whether waiting longer cannot change a status.</param>
/// <param name="expire">The same status, of a flow whose time has passed.</param>
/// <param name="time">The clock of the pauses.</param>
/// <param name="jitter">Shortens the pauses.</param>
internal sealed class ResultWait<TStatus>(
    Func<string, CancellationToken, Task<TStatus>> askAsync,
    Func<TStatus, bool> isDecided,
    Func<TStatus, TStatus> expire,
    TimeProvider time,
    Jitter jitter)
    where TStatus : class
{
    private const double Growth = 1.5;

    public async Task<TStatus> RunAsync(string correlationId, WaitForResultOptions options, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        var interval = options.Interval;
        TStatus? last = null;

        while (true)
        {
            CountersignException? failure = null;
            try
            {
                last = await askAsync(correlationId, cancellationToken).ConfigureAwait(false);
                if (isDecided(last))
                {
                    return last;
                }
            }
            catch (CountersignException e) when (last is not null && e.Code == CountersignErrorCode.UnknownCorrelationId)
            {
                // The server knew this flow a moment ago, so its 15 minutes have passed. Unknown from the start is a mistake, and thrown.
                return expire(last);
            }
            catch (CountersignException e) when (last is not null && e.IsTransient)
            {
                failure = e;
            }

            var left = options.Timeout - time.GetElapsedTime(startedAt);
            if (left <= TimeSpan.Zero)
            {
                if (failure is not null)
                {
                    ExceptionDispatchInfo.Capture(failure).Throw();
                }

                return last!;
            }

            // The last question is asked when the time is up, so that nothing decided before that is missed.
            var pause = Max(jitter.Shorten(interval), failure?.RetryAfter ?? TimeSpan.Zero);
            await Task.Delay(Min(pause, left), time, cancellationToken).ConfigureAwait(false);
            interval = Min(TimeSpan.FromTicks((long)(interval.Ticks * Growth)), options.MaxInterval);
        }
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
