using System.Security.Cryptography;
using Countersign.Core.Keys;

namespace Countersign.Storage;

internal sealed class SigningKeyStore(IDatabase database, Sealer sealer, RowSeals rows) : ISigningKeyStore
{
    // After the key itself: servers of versions before read the key and not on.
    private static readonly byte[] _mark = "countersign: rows have seals"u8.ToArray();

    public async Task<SigningKey> GetOrAddAsync(string keyId, byte[] privateKey, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    """
                    INSERT INTO keys (id, private_key, created_at) VALUES (@id, @private_key, @created_at)
                    ON CONFLICT (id) DO NOTHING
                    """,
                    ("@id", keyId),
                    ("@private_key", sealer.Seal(rows.TakesUnsealed ? privateKey : [.. privateKey, .. _mark], PlaceOf(keyId))),
                    ("@created_at", now.ToUnixTimeMilliseconds())),
                new Statement("SELECT private_key, created_at FROM keys WHERE id = @id", ("@id", keyId)) { ReturnsRow = true },
            ],
            cancellationToken);

        var row = outcomes[1].Row!;
        return Open(keyId, (byte[])row[0]!, (long)row[1]!);
    }

    public async Task<IReadOnlyList<SigningKey>> ListAsync(CancellationToken cancellationToken) =>
        await database.ReadAsync(
            new Statement("SELECT id, private_key, created_at FROM keys ORDER BY created_at DESC, id DESC"),
            row => Open(row.GetString(0), row.GetFieldValue<byte[]>(1), row.GetInt64(2)),
            cancellationToken);

    public Task RemoveAsync(string keyId, CancellationToken cancellationToken) =>
        database.WriteAsync([new Statement("DELETE FROM keys WHERE id = @id", ("@id", keyId))], cancellationToken);

    /// <summary>
    /// False for a store from before rows had seals: it has keys, and none of them says that rows have. Nobody can take that word out of a
    /// key, and a store without keys is not from before.
    /// </summary>
    public async Task<bool> AreRowsSealedAsync(CancellationToken cancellationToken)
    {
        var keys = await ReadAsync(cancellationToken);
        return keys.Count == 0 || keys.Any(key => IsMarked(key.Clear));
    }

    /// <summary>Says in every key that rows have seals, from now on.</summary>
    public async Task MarkAsync(CancellationToken cancellationToken)
    {
        foreach (var (id, stored, clear) in await ReadAsync(cancellationToken))
        {
            if (!IsMarked(clear))
            {
                await database.WriteAsync(
                    [
                        new Statement(
                            "UPDATE keys SET private_key = @marked WHERE id = @id AND private_key = @read",
                            ("@marked", sealer.Seal([.. clear, .. _mark], PlaceOf(id))),
                            ("@id", id),
                            ("@read", stored)),
                    ],
                    cancellationToken);
            }
        }
    }

    /// <summary>The keys that can be opened.</summary>
    private async Task<List<(string Id, byte[] Stored, byte[] Clear)>> ReadAsync(CancellationToken cancellationToken)
    {
        var found = await database.ReadAsync(
            new Statement("SELECT id, private_key FROM keys"), row => (Id: row.GetString(0), Stored: row.GetFieldValue<byte[]>(1)),
            cancellationToken);
        var keys = new List<(string, byte[], byte[])>();
        foreach (var (id, stored) in found)
        {
            try
            {
                keys.Add((id, stored, sealer.Open(stored, PlaceOf(id))));
            }
            catch (CryptographicException)
            {
                // Says nothing; whoever needs it is told.
            }
        }
        return keys;
    }

    private static bool IsMarked(byte[] clear) => clear.AsSpan().EndsWith(_mark);

    private SigningKey Open(string id, byte[] sealedKey, long createdAt)
    {
        var clear = sealer.Open(sealedKey, PlaceOf(id));
        return new SigningKey(id, IsMarked(clear) ? clear[..^_mark.Length] : clear, DateTimeOffset.FromUnixTimeMilliseconds(createdAt));
    }

    public static string PlaceOf(string keyId) => $"keys.private_key:{keyId}";
}
