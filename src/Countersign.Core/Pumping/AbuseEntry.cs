using System.Runtime.InteropServices;
using Countersign.Core.Limits;

namespace Countersign.Core.Pumping;

/// <summary>What may be held, allowed or denied. The words, in small letters, are stored and on the wire.</summary>
public enum AbuseTarget
{
    /// <summary>A number without its last four digits; where an administrator names it, or less of it.</summary>
    Prefix,
    Country,

    /// <summary>An address from which persons browse; of IPv6 a /64.</summary>
    Address,
    Number,
}

/// <summary>What is said of a target. The words, in small letters, are stored and on the wire.</summary>
public enum AbuseVerdict
{
    /// <summary>By a rule.</summary>
    Held,

    /// <summary>By an administrator: no rule counts.</summary>
    Allowed,

    /// <summary>By an administrator.</summary>
    Denied,
}

/// <summary>One target, by a keyed hash.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct AbuseKey(AbuseTarget Target, SecretHash Hash)
{
    /// <summary>The number that is the target, whose line has a key of its own; null for another target, and in a list.</summary>
    public PhoneNumber? Number { get; init; }

    public override string ToString() => Target.ToString();
}

/// <summary>Something that holds for a target for a time.</summary>
/// <param name="Label">
/// What an administrator reads: a prefix, a country, and numbers and addresses masked; empty where it was found by its target.
/// </param>
/// <param name="Finding">Why; null when it is an administrator's word.</param>
/// <param name="Mode">What its rule did at that time.</param>
/// <param name="By">The name of the admin key; null when it is a rule's.</param>
public sealed record AbuseEntry(
    AbuseKey Key, AbuseVerdict Verdict, string Label, PumpingFinding? Finding, LimitMode Mode, string? By, DateTimeOffset Since,
    DateTimeOffset Until)
{
    /// <summary>An administrator's word lasts at most so long.</summary>
    public static readonly TimeSpan MaxDuration = TimeSpan.FromDays(90);

    /// <summary>Entries that are over are kept so long for those who look.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromDays(30);

    /// <summary>Where what it says was sealed with a key that is gone.</summary>
    public const string UnreadableLabel = "(not kept)";

    public string Rule => Finding?.Rule ?? PumpingRule.Denied;

    public LimitReached Reached => Finding is { } found
        ? new LimitReached(found.Rule, found.Count, found.Max, found.Window, Until)
        : new LimitReached(PumpingRule.Denied, 1, 0, Until - Since, Until);

    // A prefix is nearly a number.
    public override string ToString() => $"{Key.Target} {Verdict}";
}

/// <summary>What of several entries counts: pure.</summary>
public static class AbuseEntries
{
    /// <summary>
    /// The administrator's word that counts, the narrowest: one person of a denied country may be let in. Null when there is none.
    /// </summary>
    /// <param name="targets">Of the text, the narrowest first.</param>
    public static AbuseEntry? Word(IReadOnlyList<AbuseEntry> present, IReadOnlyList<AbuseKey> targets) => (
        from target in targets
        from entry in present.Where(one => one.Key == target && one.Verdict != AbuseVerdict.Held)
            .OrderByDescending(one => one.Since).ThenByDescending(one => one.Verdict)
        select entry).FirstOrDefault();

    /// <summary>What the rules hold: for each the hold that lasts longest.</summary>
    /// <param name="targets">Of the text, the narrowest first.</param>
    public static IReadOnlyList<AbuseEntry> Holds(IReadOnlyList<AbuseEntry> present, IReadOnlyList<AbuseKey> targets)
    {
        // A rule's prefix is whole: what begins alike and is longer is another.
        var prefix = targets.First(target => target.Target == AbuseTarget.Prefix);
        return
        [
            .. present.Where(one => one.Verdict == AbuseVerdict.Held && (one.Key.Target != AbuseTarget.Prefix || one.Key == prefix))
                .GroupBy(one => one.Rule, StringComparer.Ordinal)
                .Select(same => same.MaxBy(one => one.Until)!),
        ];
    }
}
