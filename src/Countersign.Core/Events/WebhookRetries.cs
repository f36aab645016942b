namespace Countersign.Core.Events;

/// <summary>When a delivery that failed is tried again, and when no more.</summary>
public static class WebhookRetries
{
    /// <summary>How long after the first try.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    private static readonly TimeSpan[] _pauses =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(4),
    ];

    /// <summary>When to try again; null when the delivery is given up.</summary>
    /// <param name="attempts">How often it was tried.</param>
    /// <param name="chance">From 0 to 1: what failed together shall not come again together.</param>
    public static DateTimeOffset? Next(int attempts, DateTimeOffset firstAt, DateTimeOffset now, double chance)
    {
        var pause = _pauses[Math.Clamp(attempts - 1, 0, _pauses.Length - 1)];
        var next = now + pause * (1 + chance / 4);
        // Where a day went by without tries, since the server or the webhook was off, the next failure is not the last.
        return next - firstAt <= Patience || attempts <= _pauses.Length ? next : null;
    }
}
