using Countersign.Core;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>
/// A store whose database of line keys was lost, or left behind when the store was moved, knows no STOP that was said: nothing would look
/// wrong, and texts would go out. So it does not start until somebody accepts that.
/// </summary>
internal sealed class LostLineKeys(IDatabase database, KeyDatabase keys)
{
    /// <exception cref="ConfigurationException">STOPs are there, and the key of no line.</exception>
    public async Task RefuseAsync(CancellationToken cancellationToken)
    {
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
