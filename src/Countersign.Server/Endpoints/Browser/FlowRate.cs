using Countersign.Core;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>
/// Calls a second with one flow's token, each server process for itself. A second's calls may come at once; one above them waits until it
/// is due, and is refused when that is more than two seconds away. A person's page never gets there: what does is a page in a loop, or
/// somebody who guesses.
/// </summary>
internal sealed class FlowRate(BrowserLimitOptions options, TimeProvider time, ILogger<FlowRate> logger)
{
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan _untilSwept = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<CorrelationId, Pace> _flows = [];
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _nextSweep = _untilSwept;

    /// <summary>False when the call is not to be served. Otherwise it is its turn when this returns.</summary>
    public async ValueTask<bool> WaitAsync(CorrelationId flow, CancellationToken cancellationToken)
    {
        if (options.FlowCallsPerSecond is not { } permitted)
        {
            return true;
        }
        var wait = Take(flow, permitted, out var isNews);
        if (wait > MaxWait)
        {
            if (isNews)
            {
                Log.FlowRateExceeded(logger, flow);
            }
            return false;
        }
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken);
        }
        return true;
    }

    /// <returns>How long the call has to wait; it has taken its turn unless that is too long.</returns>
    private TimeSpan Take(CorrelationId flow, int permitted, out bool isNews)
    {
        var step = TimeSpan.FromSeconds(1) / permitted;
        lock (_lock)
        {
            var now = time.GetElapsedTime(_start);
            Sweep(now);
            if (!_flows.TryGetValue(flow, out var pace))
            {
                _flows[flow] = pace = new Pace();
            }
            // The "virtual scheduling" form of the leaky bucket (ITU-T I.371): only the next turn's moment is kept.
            var next = pace.Next > now ? pace.Next : now;
            var wait = next - now - (step * (permitted - 1));
            isNews = wait > MaxWait && !pace.IsRefusalTold;
            if (wait > MaxWait)
            {
                pace.IsRefusalTold = true;
                return wait;
            }
            pace.Next = next + step;
            return wait;
        }
    }

    private void Sweep(TimeSpan now)
    {
        if (now < _nextSweep)
        {
            return;
        }
        _nextSweep = now + _untilSwept;
        foreach (var (flow, pace) in _flows)
        {
            if (pace.Next <= now)
            {
                _flows.Remove(flow);
            }
        }
    }

    private sealed class Pace
    {
        public TimeSpan Next { get; set; }

        public bool IsRefusalTold { get; set; }
    }
}
