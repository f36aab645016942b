using Countersign.Core;
using Countersign.Core.Texts;
using Countersign.Server.Security;

namespace Countersign.Server.Storage;

/// <summary>Reads and ages texts; <see cref="FlowStore"/> writes them, together with the flow that wants them sent.</summary>
internal sealed class TextStore(IDatabase database, Sealer sealer, SecretHasher hasher) : ITextStore
{
    public async Task<StoredText?> FindLastAsync(CorrelationId flow, CancellationToken cancellationToken)
    {
        var row = await database.FindAsync(
            new Statement(
                $"SELECT {TextRow.Columns} FROM texts WHERE id = (SELECT last_text FROM flows WHERE id = @flow_id)",
                ("@flow_id", flow.ToBytes())),
            TextRow.Read,
            cancellationToken);
        return row?.Open(sealer);
    }

    public async Task<IReadOnlyList<StoredText>> ListAsync(PhoneNumber to, CancellationToken cancellationToken)
    {
        // The sequence settles texts of the same millisecond.
        var rows = await database.ReadAsync(
            new Statement(
                $"SELECT {TextRow.Columns} FROM texts WHERE to_hash = @to_hash ORDER BY created_at, seq",
                ("@to_hash", TextRow.HashOf(to, hasher))),
            TextRow.Read,
            cancellationToken);
        return rows.ConvertAll(row => row.Open(sealer));
    }

    public async Task<IReadOnlyList<OutgoingText>> FindQueuedAsync(DateTimeOffset createdBefore, int limit, CancellationToken cancellationToken)
    {
        // The state stands in the SQL and not in a value: otherwise the partial index could not be used.
        var rows = await database.ReadAsync(
            new Statement(
                $"SELECT {TextRow.Columns} FROM texts WHERE state = 0 AND created_at < @created_before ORDER BY created_at, seq LIMIT @limit",
                ("@created_before", createdBefore.ToUnixTimeMilliseconds()),
                ("@limit", limit)),
            TextRow.Read,
            cancellationToken);
        return rows.ConvertAll(row => row.Open(sealer).Text);
    }

    public Task SetStateAsync(Guid textId, TextState state, DateTimeOffset at, CancellationToken cancellationToken)
    {
        // A receipt may overtake the note that the text was sent; what the phone said stands. A receipt for a text means that it was sent.
        return database.WriteAsync(
            [
                new Statement(
                    """
                    UPDATE texts
                    SET state = @state, sent_at = CASE WHEN @state IN (1, 3, 4) THEN COALESCE(sent_at, @at) ELSE sent_at END
                    WHERE id = @id AND (state NOT IN (3, 4) OR @state IN (3, 4))
                    """,
                    ("@state", (long)state),
                    ("@at", at.ToUnixTimeMilliseconds()),
                    ("@id", textId.ToByteArray(bigEndian: true))),
            ],
            cancellationToken);
    }

    public async Task<int> RemoveAsync(DateTimeOffset createdBefore, int limit, CancellationToken cancellationToken)
    {
        // The range of ids finds the old ones, the column decides: see FlowStore.RemoveExpiredAsync.
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    """
                    DELETE FROM texts WHERE id IN (
                        SELECT id FROM texts WHERE id < @created_before_id AND created_at < @created_before ORDER BY id LIMIT @limit)
                    """,
                    ("@created_before_id", TimeOrderedId.LowestAt(createdBefore)),
                    ("@created_before", createdBefore.ToUnixTimeMilliseconds()),
                    ("@limit", limit)),
            ],
            cancellationToken);
        return outcomes[0].Changed;
    }
}
