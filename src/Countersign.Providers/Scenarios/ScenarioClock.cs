namespace Countersign.Providers.Scenarios;

/// <summary>A scenario's time: it stands still but where the scenario moves it.</summary>
internal sealed class ScenarioClock(TimeProvider machine, DateTimeOffset begin) : TimeProvider
{
    private long _ticks = begin.UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    /// <summary>Waiting goes by the machine: whoever waits in the server waits for others and not for a moment.</summary>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        machine.CreateTimer(callback, state, dueTime, period);

    public override long GetTimestamp() => machine.GetTimestamp();

    public override long TimestampFrequency => machine.TimestampFrequency;

    /// <summary>Never back.</summary>
    public void MoveTo(DateTimeOffset moment)
    {
        if (moment.UtcTicks > Interlocked.Read(ref _ticks))
        {
            Interlocked.Exchange(ref _ticks, moment.UtcTicks);
        }
    }
}
