using Countersign.Core.Keys;

namespace Countersign.Storage;

internal sealed class SigningKeyStore(IDatabase database, Sealer sealer) : ISigningKeyStore
{
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
                    ("@private_key", sealer.Seal(privateKey, PlaceOf(keyId))),
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

    private SigningKey Open(string id, byte[] sealedKey, long createdAt) =>
        new(id, sealer.Open(sealedKey, PlaceOf(id)), DateTimeOffset.FromUnixTimeMilliseconds(createdAt));

    public static string PlaceOf(string keyId) => $"keys.private_key:{keyId}";
}
