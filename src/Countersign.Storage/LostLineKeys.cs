using Countersign.Core;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>
/// A store whose database of line keys was lost, left behind when the store was moved, or is under an encryption key that is not here,
/// knows no STOP that was said: nothing would look wrong, and texts would go out. So it does not start until somebody accepts that.
/// </summary>
internal sealed class LostLineKeys(IDatabase database, KeyDatabase keys, KeyRing ring)
{
    // The newest and the oldest STOPs speak for all.
    private const int Few = 20;

    private const string Newest = "SELECT masked FROM suppressions WHERE masked IS NOT NULL ORDER BY created_at DESC LIMIT @limit";
    private const string Oldest = "SELECT masked FROM suppressions WHERE masked IS NOT NULL ORDER BY created_at LIMIT @limit";

    private const string WithoutThem = "Without them nobody who said STOP is known, and they would be sent texts. ";

    private const string AcceptLoss =
        "set Countersign:Keys:AcceptLoss=true for one start, and take the STOPs from your provider's list.";

    private static readonly RowsByValue _byId = new("SELECT secret FROM line_keys", "id", 2 * Few);

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
        foreach (var missing in await FindMissingAsync(lines, cancellationToken))
        {
            if (!await IsAcceptedAsync(missing, cancellationToken))
            {
                throw new ConfigurationException(
                    "The database of line keys (Countersign:Keys:Store; on SQLite countersign.lines.db beside the store) is under "
                        + $"encryption key {missing}, which this server does not have: that database or this store is from before a change "
                        + $"of the key. {WithoutThem}Take a key file that has it into Countersign:Keys:File, with the keys that are there "
                        + $"now beside it (docs/keys.md, \"Keys of lines\"). If there is none, {AcceptLoss}");
            }
        }
    }

    /// <summary>
    /// Notes that nothing under these keys is found any more, where that is why the store would be refused: for them it is not refused
    /// again. Nothing is removed, and a key that comes back opens what is under it.
    /// </summary>
    /// <returns>Those that are accepted now.</returns>
    public async Task<IReadOnlyList<KeyId>> AcceptAsync(CancellationToken cancellationToken)
    {
        var accepted = new List<KeyId>();
        foreach (var missing in await FindMissingAsync(await ListLinesOfStopsAsync(cancellationToken), cancellationToken))
        {
            var results = await database.WriteAsync(
                [
                    new Statement(
                        "INSERT INTO settings (name, value) VALUES (@name, 1) ON CONFLICT (name) DO NOTHING", ("@name", NameOf(missing))),
                ],
                cancellationToken);
            if (results[0].Changed == 1)
            {
                accepted.Add(missing);
            }
        }
        return accepted;
    }

    private async Task<bool> IsAcceptedAsync(KeyId key, CancellationToken cancellationToken) => await database.ReadAsync(
        new Statement("SELECT value FROM settings WHERE name = @name", ("@name", NameOf(key))), row => row.GetInt64(0), cancellationToken)
        is not [];

    private static string NameOf(KeyId key) => $"accepted-loss:{key}";

    private async Task<IReadOnlyList<LineKeyId>> ListLinesOfStopsAsync(CancellationToken cancellationToken)
    {
        var lines = new List<LineKeyId?>();
        foreach (var stops in (Statement[])[new(Newest, ("@limit", Few)), new(Oldest, ("@limit", Few))])
        {
            lines.AddRange(await database.ReadAsync(stops, row => Sealer.LineOf(row.GetFieldValue<byte[]>(0)), cancellationToken));
        }
        return [.. lines.OfType<LineKeyId>().Distinct()];
    }

    /// <summary>
    /// The encryption keys that are not here, of the lines' keys that are there: such as two of them name, since damage does not repeat
    /// itself, or all.
    /// </summary>
    private async Task<IReadOnlyList<KeyId>> FindMissingAsync(IReadOnlyList<LineKeyId> lines, CancellationToken cancellationToken)
    {
        try
        {
            var sealing = await _byId.ReadAsync(
                keys.Database, lines.Select(line => line.ToBytes()), row => Sealer.KeyOf(row.GetFieldValue<byte[]>(0)), cancellationToken);
            return
            [
                .. sealing.OfType<KeyId>().Where(key => ring.Find(key) is null).GroupBy(key => key)
                    .Where(of => of.Count() > 1 || of.Count() == sealing.Count).Select(of => of.Key),
            ];
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
