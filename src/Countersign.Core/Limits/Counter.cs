using System.Runtime.InteropServices;

namespace Countersign.Core.Limits;

/// <summary>What is counted, and of whom: a keyed hash, so that a stolen database names nobody.</summary>
public readonly record struct CounterKey(SecretHash Hash)
{
    public override string ToString() => "***";
}

/// <summary>Something that counts.</summary>
/// <param name="At">When it was done.</param>
/// <param name="Cost">How much it counts: 1 for what is counted by the piece.</param>
/// <param name="Project">Whose it is (<see cref="CounterKeys.TagOf"/>).</param>
/// <param name="Item">Tells what must not be counted twice; 0 for what is.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Charge(DateTimeOffset At, long Cost, long Project, long Item = 0);

/// <summary>
/// What was charged under one key, oldest first. Immutable: every change is a new value, saved if nobody was first, as a flow's is.
/// </summary>
/// <param name="Version">Counts the saves; 0 when nothing is stored.</param>
public sealed record Counter(CounterKey Key, long Version, IReadOnlyList<Charge> Charges)
{
    /// <summary>More become fewer: see <see cref="With"/>.</summary>
    public const int MaxCharges = 64;

    public static Counter Empty(CounterKey key) => new(key, 0, []);

    /// <summary>What of it counts for a limit at this moment, oldest first.</summary>
    /// <remarks>A moment in the future is one of a clock that was set back since: it counts.</remarks>
    public IEnumerable<Charge> Within(TimeSpan window, DateTimeOffset now) => Charges.Where(charge => charge.At > now - window);

    /// <summary>
    /// With another charge, without those that are older than <paramref name="window"/>. If there are too many, two of one project become
    /// one at the later moment: they count longer, never less.
    /// </summary>
    public Counter With(Charge charge, TimeSpan window) => With(charge, window, charge.At);

    /// <inheritdoc cref="With(Charge, TimeSpan)"/>
    /// <param name="now">For a charge of a later moment.</param>
    public Counter With(Charge charge, TimeSpan window, DateTimeOffset now)
    {
        var charges = Within(window, now).Append(charge with { At = Stored(charge.At) }).OrderBy(one => one.At).ToList();
        while (charges.Count > MaxCharges && TryJoin(charges))
        {
        }
        return this with { Charges = charges };
    }

    /// <summary>Without what a project has charged for an item.</summary>
    public Counter Without(long project, long item) =>
        this with { Charges = [.. Charges.Where(charge => charge.Project != project || charge.Item != item)] };

    /// <summary>From this moment on nothing in it counts any more.</summary>
    public DateTimeOffset EndOf(TimeSpan window) =>
        Charges.Count == 0 ? DateTimeOffset.MinValue : Charges.Max(charge => charge.At) + window;

    public override string ToString() => $"{Charges.Count} charges";

    // Whole milliseconds, as they are kept, and no earlier: a charge must not look older than the window that begins with it.
    private static DateTimeOffset Stored(DateTimeOffset at) =>
        DateTimeOffset.FromUnixTimeMilliseconds(at.AddTicks(TimeSpan.TicksPerMillisecond - 1).ToUnixTimeMilliseconds());

    /// <summary>
    /// Makes one of the two charges of one project that are nearest to each other, so that the moment moves as little as possible.
    /// </summary>
    private static bool TryJoin(List<Charge> charges)
    {
        var nearest = (
            from first in Enumerable.Range(0, charges.Count)
            where charges[first].Item == 0
            let second = charges.FindIndex(Math.Min(first + 1, charges.Count), one => one.Project == charges[first].Project)
            where second > 0
            orderby charges[second].At - charges[first].At
            select (First: first, Second: second)).FirstOrDefault();
        if (nearest.Second == 0)
        {
            return false;
        }
        charges[nearest.Second] = charges[nearest.Second] with { Cost = charges[nearest.First].Cost + charges[nearest.Second].Cost };
        charges.RemoveAt(nearest.First);
        return true;
    }
}

/// <summary>A counter as it was read and as it is to be.</summary>
/// <param name="KeptFor">How long its charges count.</param>
public sealed record CounterChange(Counter Before, Counter After, TimeSpan KeptFor)
{
    public override string ToString() => After.ToString();
}
