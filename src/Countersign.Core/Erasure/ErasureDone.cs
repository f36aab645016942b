namespace Countersign.Core.Erasure;

/// <summary>What was erased. The words, in small letters, stand in proofs: add, never rename.</summary>
public enum ErasureOf
{
    Number,
    Flow,
    Project,
}

/// <summary>An erasure that was done.</summary>
/// <param name="Id">New each time, also where it is repeated.</param>
/// <param name="At">What began later is not in it.</param>
/// <param name="Classes">What was looked through: of these nothing is left.</param>
/// <param name="Kept">What was left on purpose.</param>
/// <param name="KeyedSince">What is known of rows from before lines had keys (<see cref="IBareRows"/>).</param>
public sealed record ErasureDone(
    Guid Id, ErasureOf Of, DateTimeOffset At, IReadOnlyList<DataClass> Classes, ErasedCounts Counts, IReadOnlyList<DataClass> Kept,
    IReadOnlyDictionary<DataClass, DateTimeOffset> KeyedSince)
{
    /// <summary>
    /// From when on no copy of the store leads to what was erased of a class; null for never. A line's secrets go with its number, a
    /// project's with what it holds of persons; those of days go by themselves. Of copies from before days had secrets it says nothing, nor
    /// of those from before <see cref="CopiesSince"/>.
    /// </summary>
    public DateTimeOffset? CopiesUntil(DataClass of)
    {
        if (of.CopiesLeadFor == DataClass.DayCopies)
        {
            return At + DataClass.DayCopies;
        }
        return Of switch
        {
            // What leads from an outcome to a number is the line's pseudonym, whatever the outcome is under.
            ErasureOf.Number when !of.MayBeBare || (KeyedSince.ContainsKey(of) && !Counts.HadBare(of)) => At + of.CopiesLeadFor,
            ErasureOf.Project when DataClass.UnderProjectKey.Contains(of) && KeyedSince.ContainsKey(of) && !Counts.HadBare(of) =>
                At + DataClass.SecretCopies,
            _ => null,
        };
    }

    /// <summary>The copies of which <see cref="CopiesUntil"/> speaks were made since; null where it speaks of all.</summary>
    public DateTimeOffset? CopiesSince(DataClass of) =>
        CopiesUntil(of) is not null && KeyedSince.TryGetValue(of, out var since) ? since : null;

    public override string ToString() => $"{Id}";
}

/// <param name="Settles">
/// How long after a look the next one comes: what waits in memory for a second, or is written by a call that was under way, is there by
/// then.
/// </param>
/// <param name="Machine">By which that is measured.</param>
public sealed record ErasureOptions(TimeSpan Settles, TimeProvider Machine)
{
    public static ErasureOptions Of(TimeProvider machine) => new(TimeSpan.FromSeconds(3), machine);
}
