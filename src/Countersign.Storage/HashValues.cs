using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>The values that a row's hash may have, for a statement that names them <c>(@hash, @hash_1, @hash_2)</c>.</summary>
internal static class HashValues
{
    /// <param name="name">With its <c>@</c>.</param>
    /// <returns><see cref="KeySet.MaxKeys"/> values, first what rows are written with.</returns>
    public static (string Name, SqlValue Value)[] ValuesOf(this HashSealer hashes, string name, byte[] hash)
    {
        var all = hashes.AllOf(hash);
        return [(name, all[0]), (name + "_1", all[1]), (name + "_2", all[2])];
    }
}
