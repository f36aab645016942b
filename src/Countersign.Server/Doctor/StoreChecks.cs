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

    public static IEnumerable<Finding> Of(StoreFacts facts, Mode mode)
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
                CultureInfo.InvariantCulture, $"It is at {facts.Schema}: the next start applies {facts.Lacking} scripts of this version."));
        yield return facts.Mode is { } owner && owner != mode
            ? Checks.StoreMode.IsBroken($"It belongs to a server whose mode is {owner}, and this one's is {mode}.")
            : Checks.StoreMode.IsFine($"It is a {mode} store.");
        yield return facts.Skew is not { } skew ? Checks.StoreClock.IsFine("SQLite has the server's own clock.")
            : skew.Duration() <= _tolerance ? Checks.StoreClock.IsFine($"{Seconds(skew)}.")
            : Checks.StoreClock.IsWeak(
                $"The server's is {Seconds(skew)} {(skew > TimeSpan.Zero ? "ahead of" : "behind")} the database's: signatures of gateways "
                    + "and operators go by it.");
    }

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
