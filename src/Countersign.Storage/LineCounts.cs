namespace Countersign.Storage;

/// <summary>What came of looking at the form of stored numbers.</summary>
/// <param name="Looked">Rows that were looked at.</param>
/// <param name="Moved">Rows whose number was in another form, and now stand under their line's.</param>
/// <param name="Joined">Rows that are no more, since another was of the same line.</param>
/// <param name="Unreadable">Rows that could not be opened. They stay as they are.</param>
internal sealed record LineCounts(int Looked = 0, int Moved = 0, int Joined = 0, int Unreadable = 0)
{
    /// <summary>How many rows are moved at once: each is a write of its own, and those that come together go out together.</summary>
    public const int AtOnce = 32;

    public static LineCounts operator +(LineCounts one, LineCounts other) =>
        new(one.Looked + other.Looked, one.Moved + other.Moved, one.Joined + other.Joined, one.Unreadable + other.Unreadable);
}
