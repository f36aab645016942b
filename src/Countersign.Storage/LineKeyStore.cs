using System.Data.Common;
using Countersign.Core;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>
/// Keeps nothing in memory: by its number a line must be asked for anew, and an id is read only with the row that names it.
/// </summary>
internal sealed class LineKeyStore(KeyDatabase keys, Sealer sealer, SecretHasher hasher, HashSealer hashes, INumberPlan plan) : ILineKeys
{
    // So many values one statement names; a piece of an import has fewer lines. Where there are fewer the first is repeated.
    private const int Many = 256;
    private const string Table = "line_keys";

    private static readonly string[] _names = [.. Enumerable.Range(0, Many).Select(i => $"@value_{i}")];
    private static readonly string _byHash = Select("number_hash", KeySet.MaxKeys);
    private static readonly string _byHashes = SelectMany("number_hash");
    private static readonly string _byId = Select("id", 1);
    private static readonly string _byIds = SelectMany("id");

    public async Task<IReadOnlyDictionary<PhoneNumber, LineKey>> FindAsync(
        IReadOnlyCollection<PhoneNumber> numbers, CancellationToken cancellationToken)
    {
        var found = new Dictionary<PhoneNumber, LineKey>();
        if (numbers.Count == 0)
        {
            return found;
        }
        var values = numbers.Distinct().Select(number => (Number: number, All: hashes.AllOf(HashOf(number)))).ToList();
        var rows = await ReadAsync(
            [.. values.SelectMany(one => one.All).DistinctBy(Convert.ToHexString, StringComparer.Ordinal)], _byHash, KeySet.MaxKeys,
            _byHashes, cancellationToken);
        var byHash = rows.ToLookup(row => row.Hash, row => row.Key, StringComparer.Ordinal);
        foreach (var (number, all) in values)
        {
            // All servers take the same one of two.
            var ofLine = all.SelectMany(hash => byHash[Convert.ToHexString(hash)]).DistinctBy(key => key.Id)
                .OrderBy(key => key.Id.Hex, StringComparer.Ordinal).ToList();
            if (ofLine is [var key, ..])
            {
                found[number] = ofLine is [_, var twin, ..] ? new LineKey(key.Id, key.ToBytes(), twin) : key;
            }
        }
        return found;
    }

    public async Task<IReadOnlyDictionary<PhoneNumber, LineKey>> ObtainAsync(
        IReadOnlyCollection<PhoneNumber> numbers, CancellationToken cancellationToken)
    {
        while (true)
        {
            var found = await FindAsync(numbers, cancellationToken);
            var missing = numbers.Distinct().Where(number => !found.ContainsKey(number)).ToList();
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
        var rows = await ReadAsync([.. ids.Distinct().Select(id => id.ToBytes())], _byId, 1, _byIds, cancellationToken);
        return rows.ToDictionary(row => row.Key.Id, row => row.Key);
    }

    public async Task<LineKey?> DestroyAsync(PhoneNumber number, LineKey? successor, CancellationToken cancellationToken)
    {
        var key = await this.FindAsync(number, cancellationToken);
        List<Statement> statements = [];
        if (key is not null)
        {
            statements.Add(new Statement(
                "DELETE FROM line_keys WHERE id IN (@id, @twin)",
                ("@id", key.Id.ToBytes()),
                ("@twin", (key.Twin ?? key).Id.ToBytes())));
        }
        if (successor is not null)
        {
            statements.Add(Put(HashOf(number), successor));
        }
        if (statements.Count > 0)
        {
            await keys.Database.WriteAsync([.. statements], cancellationToken);
        }
        if (key is not null)
        {
            keys.Owe(Table);
        }
        return key;
    }

    public static string PlaceOf(byte[] id) => $"line_keys.secret:{Convert.ToHexStringLower(id)}";

    private async Task<List<Row>> ReadAsync(
        IReadOnlyList<byte[]> values, string few, int fewAre, string many, CancellationToken cancellationToken)
    {
        var rows = new List<Row>();
        foreach (var some in values.Chunk(values.Count <= fewAre ? fewAre : Many))
        {
            var (sql, count) = values.Count <= fewAre ? (few, fewAre) : (many, Many);
            var named = _names.Take(count).Select((name, i) => (name, (SqlValue)some[i < some.Length ? i : 0]));
            rows.AddRange(await keys.Database.ReadAsync(new Statement("", [.. named]) { Sql = sql }, Read, cancellationToken));
        }
        return rows;
    }

    private Row Read(DbDataReader row)
    {
        var id = row.GetFieldValue<byte[]>(1);
        return new Row(
            Convert.ToHexString(row.GetFieldValue<byte[]>(0)),
            new LineKey(LineKeyId.FromBytes(id), sealer.Open(row.GetFieldValue<byte[]>(2), PlaceOf(id))));
    }

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

    private byte[] HashOf(PhoneNumber number) => hasher.Hash("line_keys.number", new Secret(plan.FormOf(number).E164)).ToBytes();

    private static string Select(string column, int count) =>
        $"SELECT number_hash, id, secret FROM line_keys WHERE {column} IN ({string.Join(", ", _names.Take(count))})";

    // As rows, since PostgreSQL compares each row of a table that has grown since it planned the statement with each of a list of values.
    private static string SelectMany(string column) =>
        $"SELECT number_hash, id, secret FROM line_keys WHERE {column} IN (SELECT column1 FROM (VALUES "
        + $"{string.Join(", ", _names.Select(name => $"({name})"))}) AS asked)";

    private sealed record Row(string Hash, LineKey Key)
    {
        public override string ToString() => "***";
    }
}
