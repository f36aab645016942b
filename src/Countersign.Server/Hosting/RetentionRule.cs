namespace Countersign.Server.Hosting;

/// <summary>How long something may be kept that is kept for days.</summary>
internal static class RetentionRule
{
    /// <summary>What is wrong; null for nothing.</summary>
    /// <param name="setting">Below <c>Countersign</c>.</param>
    public static string? ProblemOf(TimeSpan retention, string setting) =>
        retention < TimeSpan.FromDays(1) || retention > TimeSpan.FromDays(3653)
            ? $"Countersign:{setting} must be from 1 day to ten years; write days (90) or days and a time (90.00:00:00)."
            : null;
}
