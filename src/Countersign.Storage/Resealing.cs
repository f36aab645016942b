using System.Data.Common;
using System.Security.Cryptography;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>
/// Brings rows under the key that seals. Every write names the row as it was read, one row a write: what somebody changes meanwhile is
/// theirs, and is sealed with that key already. So it may be done by many nodes at once, be broken off and be repeated.
/// </summary>
/// <param name="lines">Whose keys some rows are sealed with.</param>
/// <param name="keys">Null where only one of the store's tables is brought under it.</param>
internal sealed class Resealing(
    IDatabase database, Sealer sealer, HashSealer hashes, RowSeals rowSeals, ILineKeys lines, KeyDatabase? keys = null) : IKeyUse
{
    public const int PageSize = 200;

    // Few enough to leave the store to the calls; on SQLite they go out in groups.
    private const int AtOnce = 8;

    private readonly IReadOnlyList<SealedTable> _tables = SealedTables.All(hashes);

    /// <summary>The key that hashes are brought under: for a moment still the former.</summary>
    public KeyId Hashing => hashes.Sealing.Id;

    /// <summary>Goes through all tables once.</summary>
    public Task<ResealCounts> CatchUpAsync(CancellationToken cancellationToken) => CatchUpAsync(_tables, cancellationToken);

    /// <summary>Goes through the tables once whose rows have seals.</summary>
    public Task<ResealCounts> SealRowsAsync(CancellationToken cancellationToken) =>
        CatchUpAsync(_tables.Where(table => table.Bound.Any()), cancellationToken);

    private async Task<ResealCounts> CatchUpAsync(IEnumerable<SealedTable> tables, CancellationToken cancellationToken)
    {
        var counts = new ResealCounts();
        foreach (var table in tables)
        {
            object?[]? last = null;
            do
            {
                var rows = await DatabaseOf(table).ReadAsync(PageOf(table, last), row => Read(table, row), cancellationToken);
                counts += await ResealAsync(table, rows, cancellationToken);
                last = rows.Count == PageSize ? rows[^1] : null;
            }
            while (last is not null);
        }
        return counts;
    }

    /// <summary>
    /// The keys under which the token keys are: those are few, and come first when a key begins, so they tell which keys a server needs.
    /// </summary>
    public async Task<KeyId[]> KeysOfTokenKeysAsync(CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            new Statement("SELECT private_key FROM keys"), row => Sealer.KeyOf(row.GetFieldValue<byte[]>(0)), cancellationToken);
        return [.. rows.OfType<KeyId>().Distinct()];
    }

    /// <summary>Brings the token keys under the key that seals, so that a server without it notices.</summary>
    public async Task CatchUpTokenKeysAsync(CancellationToken cancellationToken)
    {
        var table = _tables[0];
        await ResealAsync(
            table, await database.ReadAsync(PageOf(table, last: null), row => Read(table, row), cancellationToken), cancellationToken);
    }

    /// <summary>Brings the rows of one table under the key that seals whose first hash is this.</summary>
    public async Task CatchUpAsync(SealedTable table, byte[] hash, CancellationToken cancellationToken)
    {
        var all = hashes.AllOf(hash);
        var rows = await DatabaseOf(table).ReadAsync(
            Made(table.OfHashes, [("@hash_1", all[1]), ("@hash_2", all[2])]), row => Read(table, row), cancellationToken);
        await ResealAsync(table, rows, cancellationToken);
    }

    public async Task<IReadOnlyDictionary<KeyId, long>> CountAsync(CancellationToken cancellationToken)
    {
        var counts = new Dictionary<KeyId, long>();
        foreach (var table in _tables)
        {
            object?[]? last = null;
            do
            {
                var rows = await DatabaseOf(table).ReadAsync(PageOf(table, last), row => Read(table, row), cancellationToken);
                foreach (var key in rows.SelectMany(row => table.KeysOf(row, hashes.Ring.Keys.First)))
                {
                    counts[key] = counts.GetValueOrDefault(key) + 1;
                }
                last = rows.Count == PageSize ? rows[^1] : null;
            }
            while (last is not null);
        }
        return counts;
    }

    private async Task<ResealCounts> ResealAsync(SealedTable table, List<object?[]> rows, CancellationToken cancellationToken)
    {
        var counts = new ResealCounts();
        var known = await lines.OfAsync(rows.SelectMany(table.SealedValuesOf), LineRows.None, cancellationToken);
        foreach (var some in rows.Chunk(AtOnce))
        {
            foreach (var one in await Task.WhenAll(some.Select(row => ResealAsync(table, row, known, cancellationToken))))
            {
                counts += one;
            }
        }
        return counts;
    }

    private async Task<ResealCounts> ResealAsync(
        SealedTable table, object?[] row, IReadOnlyDictionary<LineKeyId, LineKey> known, CancellationToken cancellationToken)
    {
        (string Name, SqlValue Value)[]? values;
        try
        {
            values = table.Reseal(row, sealer, hashes, rowSeals, known);
        }
        catch (CryptographicException)
        {
            // A row that cannot be opened must not keep the others waiting; whoever needs it is told by the store.
            return new ResealCounts(Unreadable: 1);
        }
        if (values is null)
        {
            return new ResealCounts();
        }
        var asRead = table.ValuesOf(row);
        try
        {
            var changed = await WriteAsync(table, table.Update, [.. values, .. asRead], cancellationToken);
            if (changed == 0 && table.Unique.Length > 0
                && await WriteAsync(table, table.GiveWay, [.. values, .. asRead], cancellationToken) > 0)
            {
                // Where the other has given way.
                await WriteAsync(table, table.Update, [.. values, .. asRead], cancellationToken);
            }
        }
        catch (DbException exception) when (exception.SqlState == IdentityLines.UniqueViolation)
        {
            // Somebody was first in its place: the next time finds them.
        }
        return new ResealCounts(Resealed: 1);
    }

    private async Task<int> WriteAsync(
        SealedTable table, string sql, (string Name, SqlValue Value)[] values, CancellationToken cancellationToken) =>
        (await DatabaseOf(table).WriteAsync([Made(sql, values)], cancellationToken))[0].Changed;

    private IDatabase DatabaseOf(SealedTable table) => table.IsOfKeys ? keys!.Database : database;

    public static Statement PageOf(SealedTable table, object?[]? last) => last is null
        ? Made(table.FirstPage, [("@limit", PageSize)])
        : Made(table.NextPage, [.. table.AfterOf(last), ("@limit", PageSize)]);

    public static object?[] Read(SealedTable table, DbDataReader row) =>
        [.. Enumerable.Range(0, table.Columns.Count).Select(i => row.IsDBNull(i) ? null : row.GetValue(i))];

    // Made of names of columns once for each table; values are in the order in which the SQL names them.
    public static Statement Made(string sql, (string Name, SqlValue Value)[] values) =>
        new("", [.. values.Where(value => IsNamed(sql, value.Name)).OrderBy(value => PlaceIn(sql, value.Name))]) { Sql = sql };

    private static bool IsNamed(string sql, string name) => PlaceIn(sql, name) >= 0;

    /// <summary>Where the SQL names a parameter first; negative for nowhere.</summary>
    private static int PlaceIn(string sql, string name)
    {
        for (var at = sql.IndexOf(name, StringComparison.Ordinal); at >= 0; at = sql.IndexOf(name, at + 1, StringComparison.Ordinal))
        {
            var end = at + name.Length;
            if (end == sql.Length || !(char.IsAsciiLetterOrDigit(sql[end]) || sql[end] == '_'))
            {
                return at;
            }
        }
        return -1;
    }
}

/// <summary>What a look at all rows came to.</summary>
internal sealed record ResealCounts(long Resealed = 0, long Unreadable = 0)
{
    public static ResealCounts operator +(ResealCounts one, ResealCounts other) =>
        new(one.Resealed + other.Resealed, one.Unreadable + other.Unreadable);
}
