using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>
/// Outcomes stand under their project's key: the line's pseudonym and the relying party's ids in the columns, and the body, which has the
/// pseudonym as it is, so that one line is one in all projects. Those from before projects had keys stand under none.
/// </summary>
/// <remarks>
/// Who writes does not look afterwards whether the key is still there: what would be left is found and read by nobody, and goes with its
/// time.
/// </remarks>
internal sealed partial class OutcomeStore
{
    private const int PseudonymSize = 16;

    private static readonly Dictionary<KeyOwner, LineKey?> _noKeys = [];

    /// <summary>
    /// None where they are out of reach, and all outcomes have waited for their lines' pseudonyms, which stand in the same place, long
    /// enough to go without. One that cannot be opened is null: what would stand under it stands under none.
    /// </summary>
    private async Task<IReadOnlyDictionary<KeyOwner, LineKey?>> KeysAsync(
        IReadOnlyList<Outcome> outcomes, CancellationToken cancellationToken)
    {
        try
        {
            return outcomes.Count == 0
                ? _noKeys : await lines.ObtainAsync([.. outcomes.Select(one => (KeyOwner)one.ProjectId).Distinct()], cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException && outcomes.All(outcome => outcome.Line is null))
        {
            return _noKeys;
        }
    }

    /// <summary>What is to be written with outcomes of which one stands under no key.</summary>
    private static IEnumerable<Statement> MarkOf(IEnumerable<Outcome> outcomes, IReadOnlyDictionary<KeyOwner, LineKey?> keys) =>
        outcomes.All(outcome => keys.GetValueOrDefault(outcome.ProjectId) is not null) ? [] : BareRows.OutcomeIsBare;

    /// <summary>
    /// The keys under which what is searched for may stand: of one project or, where that is null, of all; and none, for what is from
    /// before they had keys.
    /// </summary>
    private async Task<IReadOnlyList<LineKey?>> KeysOfSearchAsync(ProjectId? project, CancellationToken cancellationToken)
    {
        var projects = project is { } one ? [one] : await database.ListProjectsAsync(cancellationToken);
        return [.. await lines.OfProjectsAsync(projects, cancellationToken), null];
    }

    /// <summary>The values of a column of outcomes that is searched, which <see cref="HashValues.SoughtNames"/> names.</summary>
    private List<byte[]?> SoughtOf(FlowQuery query, IReadOnlyList<LineKey?> keys)
    {
        if (query.Search is FlowSearch.ByNumber)
        {
            return [.. keys.Select(key => query.Line is { } line ? Under(key, line.ToBytes()) : null)];
        }
        var hash = FlowRow.HashOf(query.Search!, hasher);
        return [.. keys.SelectMany(key => hashes.AllOf(Under(key, hash))).DistinctBy(Convert.ToHexString, StringComparer.Ordinal)];
    }

    private byte[] HashOf(FlowSearch search, LineKey? key) => hashes.Seal(Under(key, FlowRow.HashOf(search, hasher)));

    private static byte[] Under(LineKey? key, byte[] hash) => key?.Bind(hash) ?? hash;

    private byte[] Seal(Outcome outcome, LineKey? key)
    {
        var (packed, place) = (PackedJson.Pack(outcome, StoredJson.Default.Outcome), PlaceOf(outcome.Id));
        // Of no line it has no pseudonym: all zeros, which chance does not make.
        return key is null
            ? sealer.Seal(packed, place) : sealer.Seal([.. outcome.Line?.ToBytes() ?? new byte[PseudonymSize], .. packed], place, key);
    }

    /// <param name="line">As it stands in the column.</param>
    private Outcome Open(CorrelationId id, byte[] body, IReadOnlyDictionary<LineKeyId, LineKey> keys, byte[]? line = null)
    {
        ReadOnlySpan<byte> clear = sealer.Open(body, PlaceOf(id), keys);
        if (Sealer.LineOf(body) is null)
        {
            return PackedJson.Unpack(clear, StoredJson.Default.Outcome) with { Line = line is null ? null : LinePseudonym.FromBytes(line) };
        }
        return PackedJson.Unpack(clear[PseudonymSize..], StoredJson.Default.Outcome) with
        {
            Line = clear[..PseudonymSize].ContainsAnyExcept((byte)0) ? LinePseudonym.FromBytes(clear[..PseudonymSize]) : null,
        };
    }
}
