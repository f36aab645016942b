namespace Countersign.Client.Http;

/// <summary>A token that is cancelled when a time has passed on the given clock.</summary>
internal static class Deadline
{
    public static CancellationTokenSource After(TimeSpan time, TimeProvider clock) =>
#if NETSTANDARD
        clock.CreateCancellationTokenSource(time);
#else
        new(time, clock);
#endif
}
