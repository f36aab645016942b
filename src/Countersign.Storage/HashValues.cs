using Countersign.Core;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>The values that a row's hash may have, for a statement that names them <c>(@hash, @hash_1, @hash_2)</c>.</summary>
internal static class HashValues
{
    /// <summary>How many hashes <see cref="ValuesOf(HashSealer, IReadOnlyList{SecretHash})"/> takes at most.</summary>
    public const int MaxKeys = 4;

    /// <summary>Names what <see cref="ValuesOf(HashSealer, IReadOnlyList{SecretHash})"/> makes.</summary>
    public const string Keys =
        "@key_1, @key_1_1, @key_1_2, @key_2, @key_2_1, @key_2_2, @key_3, @key_3_1, @key_3_2, @key_4, @key_4_1, @key_4_2";

    private static readonly string[] _names = ["@key_1", "@key_2", "@key_3", "@key_4"];

    /// <param name="name">With its <c>@</c>.</param>
    /// <returns><see cref="KeySet.MaxKeys"/> values, first what rows are written with.</returns>
    public static (string Name, SqlValue Value)[] ValuesOf(this HashSealer hashes, string name, byte[] hash)
    {
        var all = hashes.AllOf(hash);
        return [(name, all[0]), (name + "_1", all[1]), (name + "_2", all[2])];
    }

    /// <summary>
    /// The values of one to <see cref="MaxKeys"/> hashes, for a statement that names <see cref="Keys"/>. Where there are fewer the first is
    /// repeated, so that one statement serves all.
    /// </summary>
    public static IEnumerable<(string Name, SqlValue Value)> ValuesOf(this HashSealer hashes, IReadOnlyList<SecretHash> some) =>
        some.Count is 0 or > MaxKeys
            ? throw new ArgumentException("A text has one to four keys.", nameof(some))
            : _names.Index().SelectMany(one =>
                hashes.ValuesOf(one.Item, some[one.Index < some.Count ? one.Index : 0].ToBytes()));
}
