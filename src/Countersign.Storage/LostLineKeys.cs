using Countersign.Core;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>
/// A store whose database of line keys was lost, left behind when the store was moved, or put back from before its encryption key was
/// retired, knows no STOP that was said: nothing would look wrong, and texts would go out. So it does not start until somebody accepts that.
/// </summary>
internal sealed class LostLineKeys(IDatabase database, KeyDatabase keys, KeyRing ring)
{
    // More than anybody damages by chance.
    private const int Few = 20;

    private const string First = "SELECT secret FROM line_keys ORDER BY id LIMIT @limit";
    private const string Last = "SELECT secret FROM line_keys ORDER BY id DESC LIMIT @limit";

    /// <exception cref="ConfigurationException">STOPs are there and the key of no line, or those that are there were sealed by a key that
    /// is not.</exception>
    public async Task RefuseAsync(CancellationToken cancellationToken)
    {
        // Rows are sealed anew in their order: where that was not done to the end it is the last that are under the former key.
        foreach (var secrets in (Statement[])[new(First, ("@limit", Few)), new(Last, ("@limit", Few))])
        {
            await RefuseUnderMissingKeyAsync(secrets, cancellationToken);
        }
        var masked = await database.FindAsync(
            new Statement("SELECT masked FROM suppressions WHERE masked IS NOT NULL ORDER BY created_at DESC LIMIT 1"),
            row => row.GetFieldValue<byte[]>(0), cancellationToken);
        if (masked is null || Sealer.LineOf(masked) is null || await HasAnyAsync(cancellationToken))
        {
            return;
        }
        throw new ConfigurationException(
            "The store holds STOPs, and the database of line keys (Countersign:Keys:Store; on SQLite countersign.lines.db beside "
                + "the store) holds no key: it was lost, or left behind when the store was moved. Without it nobody who said STOP "
                + "is known, and they would be sent texts. Put its newest copy in its place (docs/keys.md, \"Keys of lines\"). If "
                + "there is none, set Countersign:Keys:AcceptLoss=true for one start, and take the STOPs from your provider's list.");
    }

    private async Task RefuseUnderMissingKeyAsync(Statement secrets, CancellationToken cancellationToken)
    {
        KeyId?[] sealing;
        try
        {
            sealing =
            [
                .. await keys.Database.ReadAsync(secrets, row => Sealer.KeyOf(row.GetFieldValue<byte[]>(0)), cancellationToken),
            ];
        }
        catch (Exception failure) when (Failures.IsOfOpening(failure))
        {
            return;
        }
        if (sealing is [{ } missing, ..] && Array.TrueForAll(sealing, id => id is { } key && ring.Find(key) is null))
        {
            throw new ConfigurationException(
                $"The database of line keys (Countersign:Keys:Store) is under encryption key {missing}, which this server does not have: "
                    + "it is a copy from before that key was retired, or another installation's. Nobody who said STOP would be known, and "
                    + "they would be sent texts. Start with the key file of the time before the key was retired, which has the newer one "
                    + "too, and retire the key once more (docs/keys.md, \"Keys of lines\"). If there is none, set "
                    + "Countersign:Keys:AcceptLoss=true for one start, and take the STOPs from your provider's list.");
        }
    }

    /// <summary>True also when it does not answer: then no text goes out either.</summary>
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
