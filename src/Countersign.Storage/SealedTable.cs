using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>
/// A table's sealed values and keyed hashes, and the statements that bring a row under another key. They are made here from the names of
/// the columns: a table after another, one way.
/// </summary>
internal sealed class SealedTable
{
    private readonly SealedColumn[] _sealed;
    private readonly string[] _hashes;
    private readonly string[] _columns;
    private readonly string[] _changed;

    /// <param name="keys">The primary key.</param>
    /// <param name="others">What else a place is made of, or must not have changed.</param>
    /// <param name="hashes">Columns with a keyed hash, also those of the key.</param>
    /// <param name="unique">Columns in which no two rows may be equal, where a hash is one of them.</param>
    public SealedTable(string name, string[] keys, string[] others, SealedColumn[] sealedColumns, string[] hashes, string[] unique)
    {
        (Name, Keys, _sealed, _hashes) = (name, keys, sealedColumns, hashes);
        _changed = [.. sealedColumns.Select(column => column.Name), .. hashes];
        _columns = [.. keys.Concat(others).Concat(_changed).Distinct(StringComparer.Ordinal)];
        var columns = string.Join(", ", _columns);
        var order = string.Join(", ", keys);
        FirstPage = $"SELECT {columns} FROM {name} ORDER BY {order} LIMIT @limit";
        NextPage = $"SELECT {columns} FROM {name} WHERE ({order}) > ({Named(keys, "@after_", ", ")}) ORDER BY {order} LIMIT @limit";
        OfHashes = $"SELECT {columns} FROM {name} WHERE {hashes.FirstOrDefault()} IN (@hash_1, @hash_2)";
        var isTaken = $"EXISTS (SELECT 1 FROM {name} other WHERE {And(unique.Select(column => $"other.{column} = {NewOf(column)}"))}"
            + $" AND NOT ({And(keys.Select(column => $"other.{column} = @{column}"))}))";
        var asRead = And(_columns.Select(column => keys.Contains(column, StringComparer.Ordinal)
            ? $"{column} = @{column}" : $"({column} = @{column} OR ({column} IS NULL AND @{column} IS NULL))"));
        Update = $"UPDATE {name} SET {string.Join(", ", _changed.Select(column => $"{column} = @new_{column}"))} WHERE {asRead}"
            + (unique.Length == 0 ? "" : $" AND NOT {isTaken}");
        AsRead = asRead;
        GiveWay = $"DELETE FROM {name} WHERE {asRead} AND {isTaken}";
        Unique = unique;
    }

    /// <summary>Whether it stands in the pseudonyms' database (<see cref="KeyDatabase"/>).</summary>
    public bool IsOfKeys { get; init; }

    /// <summary>Columns of numbers that may be null: PostgreSQL asks what a null is.</summary>
    public string[] Numbers { get; init; } = [];

    /// <summary>Columns of text that may be null.</summary>
    public string[] Texts { get; init; } = [];

    public string Name { get; }

    public string[] Keys { get; }

    public string[] Unique { get; }

    public string FirstPage { get; }

    public string NextPage { get; }

    public string OfHashes { get; }

    public string Update { get; }

    /// <summary>Whether a row has more than hashes.</summary>
    public bool HoldsSealed => _sealed.Length > 0;

    /// <summary>The condition that a row is as it was read.</summary>
    public string AsRead { get; }

    /// <summary>
    /// For a row whose place another has taken under the key that seals. Where nothing else is said that one is the newer, and stays.
    /// </summary>
    public string GiveWay { get; init; }

    /// <summary>False for a value of a column of hashes that is none.</summary>
    public Func<object?[], bool> HasHashes { get; init; } = _ => true;

    public IEnumerable<BoundColumns> Bound => _sealed.Select(column => column.Binds).OfType<BoundColumns>();

    public IReadOnlyList<string> Columns => _columns;

    public IReadOnlyList<SealedColumn> Sealed => _sealed;

    public IReadOnlyList<string> Hashes => _hashes;

    /// <summary>The changed columns' new values; null when the row is under the key that seals.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The row cannot be opened.</exception>
    /// <param name="lines">The keys of the lines that its values name (<see cref="SealedValuesOf"/>).</param>
    public (string Name, SqlValue Value)[]? Reseal(
        object?[] row, Sealer sealer, HashSealer hashes, RowSeals rows, IReadOnlyDictionary<LineKeyId, LineKey> lines)
    {
        var first = hashes.Ring.Keys.First;
        var withHashes = HasHashes(row);
        var isNew = _sealed.All(column => !LacksSeal(column, row, rows)
                && (Of(row, column.Name) is not byte[] value || (Sealer.KeyOf(value) ?? first) == KeyOf(column, hashes).Id))
            && (!withHashes || _hashes.All(column => Of(row, column) is not byte[] value
                || (HashSealer.KeyOf(value) ?? first) == hashes.Sealing.Id));
        if (isNew)
        {
            return null;
        }
        return
        [
            .. _sealed.Select(column => ("@new_" + column.Name, (SqlValue)SealedAnew(column, row, sealer, hashes, rows, lines))),
            .. _hashes.Select(column => ("@new_" + column, (SqlValue)(Of(row, column) is byte[] value && withHashes
                ? hashes.Seal(Name, hashes.Open(value))
                : Of(row, column) as byte[]))),
        ];
    }

    /// <summary>The keys under which a row's values are.</summary>
    public IEnumerable<KeyId> KeysOf(object?[] row, KeyId? first) =>
        SealedValuesOf(row).Select(value => Sealer.KeyOf(value) ?? first)
            .Concat(_hashes.Where(_ => HasHashes(row)).Select(column => Of(row, column)).OfType<byte[]>()
                .Select(value => HashSealer.KeyOf(value) ?? first))
            .Select(key => key ?? KeyId.None);

    public IEnumerable<byte[]> SealedValuesOf(object?[] row) => _sealed.Select(column => Of(row, column.Name)).OfType<byte[]>();

    /// <summary>The row as it was read.</summary>
    public (string Name, SqlValue Value)[] ValuesOf(object?[] row) =>
        [.. _columns.Select((column, i) => ("@" + column, ValueOf(column, row[i])))];

    public (string Name, SqlValue Value)[] AfterOf(object?[] row) => [.. Keys.Select(key => ("@after_" + key, ValueOf(key, Of(row, key))))];

    public override string ToString() => Name;

    private byte[]? SealedAnew(
        SealedColumn column, object?[] row, Sealer sealer, HashSealer hashes, RowSeals rows,
        IReadOnlyDictionary<LineKeyId, LineKey> lines)
    {
        if (LacksSeal(column, row, rows))
        {
            return rows.SealOf(column.Binds!, name => Of(row, name));
        }
        if (Of(row, column.Name) is byte[] ofLine && Sealer.LineOf(ofLine) is not null)
        {
            var place = column.PlaceOf(row);
            return sealer.Seal(sealer.Open(ofLine, place, lines), place, Sealer.LineKeyOf(ofLine, lines), KeyOf(column, hashes));
        }
        return Of(row, column.Name) is byte[] value
            ? sealer.Seal(ClearOf(column, value, row, sealer), column.PlaceOf(row), column.VersionOf(row), KeyOf(column, hashes))
            : null;
    }

    /// <summary>True for a row from before seals while it is to get one.</summary>
    private bool LacksSeal(SealedColumn column, object?[] row, RowSeals rows) =>
        rows.TakesUnsealed && column.Binds is { } bound && !rows.IsIntact(bound, name => Of(row, name));

    /// <summary>The key that a column is to be under: seals of rows go with the hashes.</summary>
    private static MasterKey KeyOf(SealedColumn column, HashSealer hashes) =>
        column.Binds is null ? hashes.Ring.Sealing : hashes.Sealing;

    private static byte[] ClearOf(SealedColumn column, byte[] value, object?[] row, Sealer sealer) =>
        column.IsSealed(value) ? sealer.Open(value, column.PlaceOf(row), column.VersionOf(row)) : value;

    private string NewOf(string column) => (_changed.Contains(column, StringComparer.Ordinal) ? "@new_" : "@") + column;

    private object? Of(object?[] row, string column) => row[Array.IndexOf(_columns, column)];

    private SqlValue ValueOf(string column, object? value) => value switch
    {
        byte[] bytes => bytes,
        string text => text,
        long number => number,
        null when Numbers.Contains(column, StringComparer.Ordinal) => (long?)null,
        null when Texts.Contains(column, StringComparer.Ordinal) => (string?)null,
        null => (byte[]?)null,
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };

    private static string Named(IEnumerable<string> columns, string prefix, string between) =>
        string.Join(between, columns.Select(column => prefix + column));

    private static string And(IEnumerable<string> terms) => string.Join(" AND ", terms);
}

/// <param name="PlaceOf">The place for which it is sealed, by the row's columns.</param>
/// <param name="VersionOf">The version for which it is sealed.</param>
internal sealed record SealedColumn(string Name, Func<object?[], string> PlaceOf, Func<object?[], long?> VersionOf)
{
    public SealedColumn(string name, Func<object?[], string> placeOf) : this(name, placeOf, _ => null) { }

    /// <summary>The columns whose seal it is.</summary>
    public BoundColumns? Binds { get; private init; }

    /// <summary>The seal of columns of a row.</summary>
    public static SealedColumn Of(BoundColumns bound) => new(bound.Seal, row => bound.PlaceOf(row[0])) { Binds = bound };

    /// <summary>False for a value that an earlier version wrote in clear.</summary>
    public Func<byte[], bool> IsSealed { get; init; } = _ => true;

    public override string ToString() => nameof(SealedColumn);
}
