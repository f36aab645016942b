using Countersign.Core;

namespace Countersign.Providers.Scenarios;

/// <summary>
/// A scenario's time: it stands still but where the scenario moves it. Waiting goes by the machine: whoever waits in the server waits for
/// others and not for a moment.
/// </summary>
internal sealed class ScenarioClock(TimeProvider machine, DateTimeOffset begin) : DerivedClock(machine)
{
    private long _ticks = begin.UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    /// <summary>Never back.</summary>
    public void MoveTo(DateTimeOffset moment)
    {
        if (moment.UtcTicks > Interlocked.Read(ref _ticks))
        {
            Interlocked.Exchange(ref _ticks, moment.UtcTicks);
        }
    }
}
