namespace Countersign.Core;

/// <summary>A time that tells another moment than the one it is made from. Waiting goes by that one's timer all the same.</summary>
public abstract class DerivedClock(TimeProvider source) : TimeProvider
{
    protected TimeProvider Source => source;

    public override long TimestampFrequency => source.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => source.LocalTimeZone;

    /// <summary>
    /// The time in which to speak with others: neither a moved sandbox nor a database's wrong clock must make old what they sign.
    /// </summary>
    public static TimeProvider ForOthers(TimeProvider time) => time is DerivedClock derived ? ForOthers(derived.Source) : time;

    public override long GetTimestamp() => source.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        source.CreateTimer(callback, state, dueTime, period);
}
