using System.Data.Common;
using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>
/// Keeps nothing in memory: by its number a line must be asked for anew, and an id is read only with the row that names it.
/// </summary>
internal sealed class LineKeyStore(KeyDatabase keys, Sealer sealer, SecretHasher hasher, HashSealer hashes, INumberPlan plan) : ILineKeys
{
    // A line and a project.
    private const int Few = 2;
    private const string Table = "line_keys";
    private const string Select = "SELECT number_hash, id, secret FROM line_keys";

    private static readonly RowsByValue _byHash = new(Select, "number_hash", Few * KeySet.MaxKeys);
    private static readonly RowsByValue _byId = new(Select, "id", Few);
    private static readonly HashSet<LineKeyId> _none = [];

    public async Task<IReadOnlyDictionary<KeyOwner, LineKey?>> FindAsync(
        IReadOnlyCollection<KeyOwner> owners, CancellationToken cancellationToken)
    {
        var found = new Dictionary<KeyOwner, LineKey?>();
        if (owners.Count == 0)
        {
            return found;
        }
        var values = owners.Distinct().Select(owner => (Owner: owner, All: hashes.AllOf(HashOf(owner)))).ToList();
        var rows = await ReadAsync(_byHash, values.SelectMany(one => one.All), cancellationToken);
        var byHash = rows.ToLookup(row => row.Hash, OpenOrNull, StringComparer.Ordinal);
        foreach (var (owner, all) in values)
        {
            var ofLine = all.SelectMany(hash => byHash[Convert.ToHexString(hash)]).ToList();
            if (ofLine.Count > 0)
            {
                // One that cannot be opened is told, not passed over: whoever asks would go on without it, or wait for another.
                found[owner] = ofLine.Contains(null) ? null : OneOf(ofLine.OfType<LineKey>());
            }
        }
        return found;
    }

    public async Task<IReadOnlyDictionary<KeyOwner, LineKey?>> ObtainAsync(
        IReadOnlyCollection<KeyOwner> owners, CancellationToken cancellationToken)
    {
        while (true)
        {
            var found = await FindAsync(owners, cancellationToken);
            var missing = owners.Distinct().Where(owner => !found.ContainsKey(owner)).ToList();
            if (missing.Count == 0)
            {
                return found;
            }
            // By their hashes, so that nodes that meet the same lines do not block each other.
            var inserts = missing.Select(HashOf).DistinctBy(Convert.ToHexString, StringComparer.Ordinal)
                .OrderBy(Convert.ToHexString, StringComparer.Ordinal).Select(hash => Put(hash, LineKey.New()));
            await keys.Database.WriteAsync([.. inserts], cancellationToken);
        }
    }

    public async Task<IReadOnlyDictionary<LineKeyId, LineKey>> FindAsync(
        IReadOnlyCollection<LineKeyId> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return LineRows.None;
        }
        // One that cannot be opened is as if it were not there, and keeps no other from being found.
        return (await ReadAsync(ids, cancellationToken)).Select(OpenOrNull).OfType<LineKey>().ToDictionary(key => key.Id);
    }

    public async Task<IReadOnlySet<LineKeyId>> ListThereAsync(
        IReadOnlyCollection<LineKeyId> ids, CancellationToken cancellationToken) =>
        ids.Count == 0 ? _none : (await ReadAsync(ids, cancellationToken)).Select(row => LineKeyId.FromBytes(row.Id)).ToHashSet();

    public async Task<LineKey?> DestroyAsync(KeyOwner owner, LineKey? successor, CancellationToken cancellationToken)
    {
        // Those that were read, and no others: of one that is made meanwhile nobody would know what stands under it.
        var rows = await ReadAsync(_byHash, hashes.AllOf(HashOf(owner)), cancellationToken);
        await DestroyAsync(
            rows.Select(row => row.Id), successor is null ? [] : [Put(HashOf(owner), successor)], cancellationToken);
        return OneOf(rows.Select(OpenOrNull).OfType<LineKey>());
    }

    public Task DestroyAsync(LineKey key, CancellationToken cancellationToken) =>
        DestroyAsync(key.All.Select(one => one.Id.ToBytes()), [], cancellationToken);

    public static string PlaceOf(byte[] id) => $"line_keys.secret:{Convert.ToHexStringLower(id)}";

    private async Task DestroyAsync(IEnumerable<byte[]> ids, Statement[] then, CancellationToken cancellationToken)
    {
        Statement[] statements = [.. ids.Select(id => new Statement("DELETE FROM line_keys WHERE id = @id", ("@id", id))), .. then];
        if (statements.Length > 0)
        {
            await keys.Database.WriteAsync(statements, cancellationToken);
        }
        if (statements.Length > then.Length)
        {
            keys.Owe(Table);
        }
    }

    private Task<List<Row>> ReadAsync(IReadOnlyCollection<LineKeyId> ids, CancellationToken cancellationToken) =>
        ReadAsync(_byId, ids.Select(id => id.ToBytes()), cancellationToken);

    private Task<List<Row>> ReadAsync(RowsByValue rows, IEnumerable<byte[]> values, CancellationToken cancellationToken) =>
        rows.ReadAsync(keys.Database, values, Read, cancellationToken);

    private static Row Read(DbDataReader row) => new(
        Convert.ToHexString(row.GetFieldValue<byte[]>(0)), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2));

    private LineKey? OpenOrNull(Row row)
    {
        try
        {
            return new LineKey(LineKeyId.FromBytes(row.Id), sealer.Open(row.Secret, PlaceOf(row.Id)));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>The key of an owner, with its twin where it has one. All servers take the same one of two.</summary>
    private static LineKey? OneOf(IEnumerable<LineKey> ofOwner) =>
        ofOwner.DistinctBy(key => key.Id).OrderBy(key => key.Id.Hex, StringComparer.Ordinal).ToList() switch
        {
            [] => null,
            [var key] => key,
            [var key, var twin, ..] => new LineKey(key.Id, key.ToBytes(), twin),
        };

    private Statement Put(byte[] hash, LineKey key)
    {
        var (id, all) = (key.Id.ToBytes(), hashes.ValuesOf("@number_hash", hash));
        var secret = sealer.Seal(key.ToBytes(), PlaceOf(id));
        if (!hashes.HasSeveralKeys)
        {
            return new Statement(
                """
                INSERT INTO line_keys (id, number_hash, twin, secret) VALUES (@id, @number_hash, 0, @secret)
                ON CONFLICT (number_hash, twin) DO NOTHING
                """,
                ("@id", id), all[0], ("@secret", secret));
        }
        return new Statement(
            """
            INSERT INTO line_keys (id, number_hash, twin, secret)
            SELECT @id, @number_hash, 0, @secret
            WHERE NOT EXISTS (SELECT 1 FROM line_keys WHERE number_hash IN (@number_hash, @number_hash_1, @number_hash_2))
            ON CONFLICT (number_hash, twin) DO NOTHING
            """,
            [("@id", id), all[0], ("@secret", secret), .. all[1..]]);
    }

    private byte[] HashOf(KeyOwner owner) => (owner.Project is { } project
        ? hasher.Hash("line_keys.project", new Secret(project.ToString()))
        : hasher.Hash("line_keys.number", new Secret(plan.FormOf(owner.Number!.Value).E164))).ToBytes();

    private sealed record Row(string Hash, byte[] Id, byte[] Secret)
    {
        public override string ToString() => "***";
    }
}
