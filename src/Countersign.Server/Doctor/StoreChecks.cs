using System.Globalization;
using Countersign.Core;
using Countersign.Core.Doctor;
using Countersign.Storage;

namespace Countersign.Server.Doctor;

/// <summary>What the store says of itself: pure.</summary>
internal static class StoreChecks
{
    // What operations.md takes for the most, and for far more than an NTP client lets pass.
    private static readonly TimeSpan _tolerance = TimeSpan.FromSeconds(2);

    // A day is what backup.md takes for usual; a week has no excuse.
    private static readonly TimeSpan _oldBackup = TimeSpan.FromDays(7);

    public static IEnumerable<Finding> Of(StoreFacts facts, Mode mode, DateTimeOffset now)
    {
        yield return Checks.StoreAnswers.IsFine("It does.");
        if (facts.Problem is { } problem)
        {
            yield return Checks.StoreSchema.IsBroken($"{char.ToUpperInvariant(problem[0])}{problem[1..]}.");
            yield break;
        }
        yield return facts.Lacking == 0
            ? Checks.StoreSchema.IsFine($"It is at {facts.Schema}.")
            : Checks.StoreSchema.IsWeak(string.Create(
                CultureInfo.InvariantCulture, $"The store is at {facts.Schema}: the next start applies {facts.Lacking} scripts."));
        yield return facts.Mode is { } owner && owner != mode
            ? Checks.StoreMode.IsBroken($"The store belongs to a server whose mode is {owner}, and this one's is {mode}.")
            : Checks.StoreMode.IsFine($"It is a {mode} store.");
        yield return facts.Skew is not { } skew ? Checks.StoreClock.IsFine("SQLite has the server's own clock.")
            : skew.Duration() <= _tolerance ? Checks.StoreClock.IsFine($"{Seconds(skew)}.")
            : Checks.StoreClock.IsWeak(
                $"The server's clock is {Seconds(skew)} {(skew > TimeSpan.Zero ? "ahead of" : "behind")} the database's: signatures of "
                    + "gateways and operators go by it.");
        // A sandbox holds nobody.
        if (facts.TakesBackups && mode == Mode.Live)
        {
            yield return BackupOf(facts, now);
        }
    }

    private static Finding BackupOf(StoreFacts facts, DateTimeOffset now) =>
        facts.BackupTakenAt is not { } at
            ? Checks.BackupOld.IsWeak("None was taken by countersign backup; of other tools nothing is known.")
        : now - at <= _oldBackup ? Checks.BackupOld.IsFine($"At {Minute(at)}.")
        : Checks.BackupOld.IsWeak($"The last was taken at {Minute(at)}; of other tools nothing is known.");

    private static string Minute(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>What a failure of the store says to who has to mend it.</summary>
    public static string WhyOf(Exception failure)
    {
        var cause = failure.GetBaseException();
        return cause == failure || failure.Message.Contains(cause.Message, StringComparison.Ordinal)
            ? failure.Message : $"{failure.Message} {cause.Message}";
    }

    private static string Seconds(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.Duration().TotalSeconds:0.0} seconds");
}
