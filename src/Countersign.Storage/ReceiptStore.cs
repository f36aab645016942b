using System.Security.Cryptography;
using System.Text;
using Countersign.Core;
using Countersign.Core.Keys;
using Countersign.Core.Receipts;

namespace Countersign.Storage;

/// <summary>
/// Receipts stand under their project's key; those from before projects had keys under none. One whose project's key is gone is as if
/// nobody had asked for it.
/// </summary>
internal sealed class ReceiptStore(IDatabase database, Sealer sealer, ILineKeys lines) : IReceiptStore
{
    public async Task<string> GetOrAddAsync(KeptReceipt receipt, CancellationToken cancellationToken)
    {
        var key = (await lines.ObtainAsync([receipt.Project], cancellationToken))[receipt.Project]
            ?? throw OneLine.Unreadable(receipt.Project);
        var mine = sealer.Seal(Encoding.UTF8.GetBytes(receipt.Jws), PlaceOf(receipt.Flow), key);
        for (byte[]? lost = null; ;)
        {
            var outcomes = await database.WriteAsync(Keep(receipt, mine, lost), cancellationToken);
            var kept = (byte[])outcomes[^1].Row![0]!;
            var keys = await lines.OfAsync([kept], LineRows.Of(key), cancellationToken);
            if (keys.CanOpen(kept))
            {
                return Open(kept, receipt.Flow, keys);
            }
            lost = kept;
        }
    }

    public Task KeepKeyAsync(ReceiptKey key, CancellationToken cancellationToken) => database.WriteAsync([Keep(key)], cancellationToken);

    public async Task<string?> FindAsync(CorrelationId flow, CancellationToken cancellationToken)
    {
        var kept = await database.FindAsync(
            new Statement("SELECT receipt FROM receipts WHERE flow_id = @flow_id", ("@flow_id", flow.ToBytes())),
            row => row.GetFieldValue<byte[]>(0), cancellationToken);
        if (kept is null)
        {
            return null;
        }
        var keys = await lines.OfAsync([kept], LineRows.None, cancellationToken);
        return keys.CanOpen(kept) ? Open(kept, flow, keys) : null;
    }

    public Task<int> RemoveAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) => database.RemoveAsync(
        """
        DELETE FROM receipts WHERE flow_id IN (
            SELECT flow_id FROM receipts WHERE kept_until <= @before ORDER BY kept_until LIMIT @limit)
        """,
        now, limit, cancellationToken);

    public async Task<IReadOnlyList<ReceiptKey>> ListKeysAsync(CancellationToken cancellationToken)
    {
        var keys = await database.ReadAsync(
            new Statement("SELECT id, public_key, published_until FROM receipt_keys ORDER BY published_until DESC, id DESC"),
            row => OpenKey(row.GetString(0), row.GetFieldValue<byte[]>(1), row.GetInt64(2)), cancellationToken);
        return [.. keys.OfType<ReceiptKey>()];
    }

    public Task<int> RemoveKeysAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) => database.RemoveAsync(
        "DELETE FROM receipt_keys WHERE id IN (SELECT id FROM receipt_keys WHERE published_until <= @before ORDER BY id LIMIT @limit)",
        now, limit, cancellationToken);

    public static string PlaceOf(CorrelationId flow) => $"receipts.receipt:{flow}";

    public static string PlaceOf(string keyId) => $"receipt_keys.public_key:{keyId}";

    /// <param name="lost">What stands in its place and is under a key that is gone; null where nothing is known to.</param>
    private Statement[] Keep(KeptReceipt receipt, byte[] mine, byte[]? lost)
    {
        (string, SqlValue) id = ("@flow_id", receipt.Flow.ToBytes());
        return
        [
            .. lost is null ? (Statement[])[]
                : [new Statement("DELETE FROM receipts WHERE flow_id = @flow_id AND receipt = @lost", id, ("@lost", lost))],
            new Statement(
                """
                INSERT INTO receipts (flow_id, project_id, kept_until, receipt) VALUES (@flow_id, @project_id, @kept_until, @receipt)
                ON CONFLICT (flow_id) DO NOTHING
                """,
                id,
                ("@project_id", receipt.Project),
                ("@kept_until", receipt.KeptUntil.ToUnixTimeMilliseconds()),
                ("@receipt", mine)),
            // In one transaction with the receipt: none is handed out whose key may be forgotten.
            Keep(receipt.Key),
            new Statement("SELECT receipt FROM receipts WHERE flow_id = @flow_id", id) { ReturnsRow = true },
        ];
    }

    private Statement Keep(ReceiptKey key) => new(
        """
        INSERT INTO receipt_keys (id, public_key, published_until) VALUES (@id, @public_key, @published_until)
        ON CONFLICT (id) DO NOTHING
        """,
        ("@id", key.Id),
        ("@public_key", sealer.Seal(key.PublicKey, PlaceOf(key.Id))),
        ("@published_until", key.PublishedUntil.ToUnixTimeMilliseconds()));

    private string Open(byte[] stored, CorrelationId flow, IReadOnlyDictionary<LineKeyId, LineKey> keys) =>
        Encoding.UTF8.GetString(sealer.Open(stored, PlaceOf(flow), keys));

    // Attack: a row that somebody else wrote. It is no key of this server, and must not keep its own from being published.
    private ReceiptKey? OpenKey(string id, byte[] stored, long publishedUntil)
    {
        try
        {
            return new ReceiptKey(id, sealer.Open(stored, PlaceOf(id)), DateTimeOffset.FromUnixTimeMilliseconds(publishedUntil));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
