using Countersign.Core;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>The values that a row's hash may have, for a statement that names them <c>(@hash, @hash_1, @hash_2)</c>.</summary>
internal static class HashValues
{
    private static readonly string[] _names =
        [.. Enumerable.Range(1, AbuseStore.MaxHashes).SelectMany(i => new[] { $"@key_{i}", $"@key_{i}_1", $"@key_{i}_2" })];

    /// <summary>Names what <see cref="ValuesOfDays"/> makes of a hash.</summary>
    public const string OfDays =
        "(@hash, @hash_1, @hash_2, @hash_3, @hash_4, @hash_5, @hash_6, @hash_7, @hash_8, @hash_9, @hash_10, @hash_11)";

    /// <summary>The same of a second hash.</summary>
    public const string OfDaysToo =
        "(@other, @other_1, @other_2, @other_3, @other_4, @other_5, @other_6, @other_7, @other_8, @other_9, @other_10, @other_11)";

    private static readonly string[] _ofDays = NamesOfDays("@hash");
    private static readonly string[] _ofDaysToo = NamesOfDays("@other");

    /// <summary>Names what <see cref="ValuesOf(HashSealer, IReadOnlyList{SecretHash}, int)"/> makes of so many hashes.</summary>
    public static string NamesOf(int count) => string.Join(", ", _names.Take(count * KeySet.MaxKeys));

    /// <param name="name">With its <c>@</c>.</param>
    /// <returns><see cref="KeySet.MaxKeys"/> values, first what rows are written with.</returns>
    public static (string Name, SqlValue Value)[] ValuesOf(this HashSealer hashes, string name, byte[] hash)
    {
        var all = hashes.AllOf(hash);
        return [(name, all[0]), (name + "_1", all[1]), (name + "_2", all[2])];
    }

    /// <summary>The values that a hash may have in a table of short life, first what rows are written with.</summary>
    public static (string Name, SqlValue Value)[] ValuesOfDays(this HashSealer hashes, string table, byte[] hash) =>
        Named(_ofDays, hashes.AllOf(table, hash));

    /// <summary>The same, for <see cref="OfDaysToo"/>.</summary>
    public static (string Name, SqlValue Value)[] ValuesOfDaysToo(this HashSealer hashes, string table, byte[] hash) =>
        Named(_ofDaysToo, hashes.AllOf(table, hash));

    /// <summary>
    /// The values of some hashes, for a statement that names <see cref="NamesOf"/> as many as there may be. Where there are fewer the
    /// first is repeated, so that one statement serves all.
    /// </summary>
    /// <param name="count">How many there may be, at most <see cref="AbuseStore.MaxHashes"/>.</param>
    public static (string Name, SqlValue Value)[] ValuesOf(this HashSealer hashes, IReadOnlyList<SecretHash> some, int count)
    {
        if (some.Count == 0 || some.Count > count)
        {
            throw new ArgumentException("There are too few or too many hashes for the statement.", nameof(some));
        }
        var all = some.Select(hash => hashes.AllOf(hash.ToBytes())).ToList();
        var values = new (string, SqlValue)[count * KeySet.MaxKeys];
        for (var i = 0; i < values.Length; i++)
        {
            var (hash, key) = (i / KeySet.MaxKeys, i % KeySet.MaxKeys);
            values[i] = (_names[i], all[hash < all.Count ? hash : 0][key]);
        }
        return values;
    }

    /// <summary>
    /// Names what <see cref="Sought"/> makes of so many values: in few sizes, since each is prepared once.
    /// </summary>
    public static string SoughtNames(int count) => string.Join(", ", Enumerable.Range(0, SizeFor(count)).Select(SoughtName));

    /// <summary>The values for which a column is searched, many perhaps. Where there are fewer the first is repeated.</summary>
    /// <param name="values">One at least.</param>
    public static (string Name, SqlValue Value)[] Sought(IReadOnlyList<byte[]?> values) =>
        [.. Enumerable.Range(0, SizeFor(values.Count)).Select(i => (SoughtName(i), (SqlValue)values[i < values.Count ? i : 0]))];

    private static string SoughtName(int index) => $"@sought_{index}";

    private static int SizeFor(int count)
    {
        var size = 2 * KeySet.MaxKeys;
        while (size < count)
        {
            size *= 8;
        }
        return size;
    }

    private static (string Name, SqlValue Value)[] Named(string[] names, byte[][] all) =>
        [.. all.Select((value, i) => (names[i], (SqlValue)value))];

    private static string[] NamesOfDays(string name) => [name, .. Enumerable.Range(1, HashSealer.MaxValues - 1).Select(i => $"{name}_{i}")];
}
