using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>Reads the keys of lines that rows need to be opened: of many rows at once.</summary>
internal static class LineRows
{
    /// <summary>The most keys that a line has: its own and a twin's.</summary>
    public const int MaxKeys = 2;

    public static IReadOnlyDictionary<LineKeyId, LineKey> None { get; } = new Dictionary<LineKeyId, LineKey>();

    public static IReadOnlyDictionary<LineKeyId, LineKey> Of(LineKey? line) => line switch
    {
        null => None,
        { Twin: { } twin } => new Dictionary<LineKeyId, LineKey> { [line.Id] = line, [twin.Id] = twin },
        _ => new Dictionary<LineKeyId, LineKey> { [line.Id] = line },
    };

    /// <summary>The keys that sealed values name, those that are there and can be opened.</summary>
    /// <param name="known">Keys that need not be read.</param>
    public static async Task<IReadOnlyDictionary<LineKeyId, LineKey>> OfAsync(
        this ILineKeys lines, IEnumerable<byte[]> sealedValues, IReadOnlyDictionary<LineKeyId, LineKey> known,
        CancellationToken cancellationToken)
    {
        var missing = sealedValues.Select(value => Sealer.LineOf(value)).OfType<LineKeyId>().Distinct()
            .Where(id => !known.ContainsKey(id)).ToList();
        if (missing.Count == 0)
        {
            return known;
        }
        var read = await lines.FindAsync(missing, cancellationToken);
        return known.Count == 0 ? read : known.Concat(read).ToDictionary(one => one.Key, one => one.Value);
    }

    /// <summary>False when the key of the line that a value names is not there: the line was erased.</summary>
    public static bool CanOpen(this IReadOnlyDictionary<LineKeyId, LineKey> lines, byte[] sealedValue) =>
        Sealer.LineOf(sealedValue) is not { } id || lines.ContainsKey(id);
}
