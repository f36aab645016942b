using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>Reads the keys of lines that rows need to be opened: of many rows at once.</summary>
internal static class LineRows
{
    /// <summary>The most keys that a line has: its own and a twin's.</summary>
    public const int MaxKeys = 2;

    public static IReadOnlyDictionary<LineKeyId, LineKey> None { get; } = new Dictionary<LineKeyId, LineKey>();

    /// <summary>What a key and its twins are made of.</summary>
    public static IReadOnlyDictionary<LineKeyId, LineKey> Of(LineKey? line) => line is null
        ? None
        : line.All.SelectMany(key => key.Parts).DistinctBy(key => key.Id).ToDictionary(key => key.Id);

    /// <summary>The keys of lines and projects that sealed values name, those that are there and can be opened.</summary>
    /// <param name="known">Keys that need not be read.</param>
    public static async Task<IReadOnlyDictionary<LineKeyId, LineKey>> OfAsync(
        this ILineKeys lines, IEnumerable<byte[]> sealedValues, IReadOnlyDictionary<LineKeyId, LineKey> known,
        CancellationToken cancellationToken)
    {
        var missing = sealedValues.SelectMany(value => Sealer.KeysOfLine(value)).Distinct()
            .Where(id => !known.ContainsKey(id)).ToList();
        if (missing.Count == 0)
        {
            return known;
        }
        var read = await lines.FindAsync(missing, cancellationToken);
        return known.Count == 0 ? read : known.Concat(read).ToDictionary(one => one.Key, one => one.Value);
    }

    /// <summary>False when a key that a value names is not there: the line was erased, or the project.</summary>
    public static bool CanOpen(this IReadOnlyDictionary<LineKeyId, LineKey> lines, byte[] sealedValue) =>
        Sealer.KeysOfLine(sealedValue).All(lines.ContainsKey);
}
