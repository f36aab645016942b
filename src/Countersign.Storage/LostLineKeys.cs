using System.Buffers.Binary;
using Countersign.Core;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>
/// A store whose database of line keys was lost, left behind when the store was moved, or is under an encryption key that is not here,
/// knows no STOP that was said: nothing would look wrong, and texts would go out. So it does not start until somebody accepts that.
/// </summary>
internal sealed class LostLineKeys(IDatabase database, KeyDatabase keys, KeyRing ring)
{
    // The newest STOPs speak for all; a row that is damaged speaks for itself.
    private const int Few = 20;

    private const string WithoutThem = "Without them nobody who said STOP is known, and they would be sent texts. ";

    private const string AcceptLoss =
        "set Countersign:Keys:AcceptLoss=true for one start, and take the STOPs from your provider's list.";

    private static readonly RowsByValue _byId = new("SELECT secret FROM line_keys", "id", Few);

    /// <exception cref="ConfigurationException">STOPs are there, and their lines' keys are not, or cannot be opened.</exception>
    public async Task RefuseAsync(CancellationToken cancellationToken)
    {
        var lines = await ListLinesOfStopsAsync(cancellationToken);
        if (lines.Count == 0)
        {
            return;
        }
        if (!await HasAnyAsync(cancellationToken))
        {
            throw new ConfigurationException(
                "The store holds STOPs, and the database of line keys (Countersign:Keys:Store; on SQLite countersign.lines.db beside "
                    + $"the store) holds no key: it was lost, or left behind when the store was moved. {WithoutThem}Put its newest "
                    + $"copy in its place (docs/keys.md, \"Keys of lines\"). If there is none, {AcceptLoss}");
        }
        if (await FindMissingAsync(lines, cancellationToken) is [var missing, ..])
        {
            throw new ConfigurationException(
                "The database of line keys (Countersign:Keys:Store; on SQLite countersign.lines.db beside the store) is under encryption "
                    + $"key {missing}, which this server does not have: that database or this store is from before a change of the key. "
                    + $"{WithoutThem}Take a key file that has it into Countersign:Keys:File, with the keys that are there now beside it "
                    + $"(docs/keys.md, \"Keys of lines\"). If there is none, {AcceptLoss}");
        }
    }

    /// <summary>
    /// Rids the database of keys that cannot be opened, where that is why the store would be refused: it is not refused again. Says how
    /// many there were.
    /// </summary>
    public async Task<int> AcceptAsync(CancellationToken cancellationToken)
    {
        var removed = 0;
        foreach (var missing in await FindMissingAsync(await ListLinesOfStopsAsync(cancellationToken), cancellationToken))
        {
            var name = new byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32BigEndian(name, missing.Value);
            // The second to the fifth byte of what is sealed name its key.
            var results = await keys.Database.WriteAsync(
                [new Statement("DELETE FROM line_keys WHERE substr(secret, 2, 4) = @key", ("@key", name))], cancellationToken);
            removed += results[0].Changed;
        }
        return removed;
    }

    private async Task<IReadOnlyList<LineKeyId>> ListLinesOfStopsAsync(CancellationToken cancellationToken)
    {
        var lines = await database.ReadAsync(
            new Statement(
                "SELECT masked FROM suppressions WHERE masked IS NOT NULL ORDER BY created_at DESC LIMIT @limit", ("@limit", Few)),
            row => Sealer.LineOf(row.GetFieldValue<byte[]>(0)), cancellationToken);
        return [.. lines.OfType<LineKeyId>()];
    }

    /// <summary>The encryption keys that are not here, of the lines' keys that are there; none where others can be opened.</summary>
    private async Task<IReadOnlyList<KeyId>> FindMissingAsync(IReadOnlyList<LineKeyId> lines, CancellationToken cancellationToken)
    {
        try
        {
            var sealing = await _byId.ReadAsync(
                keys.Database, lines.Select(line => line.ToBytes()), row => Sealer.KeyOf(row.GetFieldValue<byte[]>(0)), cancellationToken);
            var missing = sealing.OfType<KeyId>().Where(key => ring.Find(key) is null).ToList();
            return missing.Count * 2 > sealing.Count ? [.. missing.Distinct()] : [];
        }
        catch (Exception failure) when (Failures.IsOfOpening(failure))
        {
            // It does not answer: then no text goes out either.
            return [];
        }
    }

    /// <summary>True also when it does not answer.</summary>
    private async Task<bool> HasAnyAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await keys.Database.ReadAsync(
                new Statement("SELECT 1 FROM line_keys LIMIT 1"), row => row.GetInt32(0), cancellationToken) is not [];
        }
        catch (Exception failure) when (Failures.IsOfOpening(failure))
        {
            return true;
        }
    }
}
