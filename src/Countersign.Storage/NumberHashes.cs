using Countersign.Core;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>
/// What stands in a column instead of a number: a keyed hash of the one form of its line. No store hashes a number by itself.
/// </summary>
/// <param name="purpose">Table and column, so that equal numbers of two tables have different hashes.</param>
/// <param name="size">Bytes that are kept of a hash.</param>
internal sealed class NumberHashes(SecretHasher hasher, INumberPlan plan, string purpose, int size = 32)
{
    /// <summary>The hashes that a line's rows may have, as <see cref="AllOf"/> names them.</summary>
    public const string All =
        "(@number_hash, @former_hash_1, @former_hash_2, @former_hash_3, @former_hash_4, @former_hash_5, @former_hash_6, @former_hash_7, "
        + "@former_hash_8, "
        + "@former_hash_9, @former_hash_10, @former_hash_11, @former_hash_12, @former_hash_13, @former_hash_14, @former_hash_15)";

    private static readonly string[] _formerNames = [.. Enumerable.Range(1, INumberPlan.MaxFormerForms).Select(i => $"@former_hash_{i}")];

    public PhoneNumber FormOf(PhoneNumber number) => plan.FormOf(number);

    /// <summary>The hash that rows are written with.</summary>
    public byte[] Of(PhoneNumber number) => Hash(plan.FormOf(number));

    /// <summary>
    /// The values of <see cref="All"/>: rows that were written while numbers were kept as typed are found, too. Where a line had fewer
    /// forms the first is repeated, so that one statement serves all.
    /// </summary>
    public (string Name, SqlValue Value)[] AllOf(PhoneNumber number)
    {
        var form = plan.FormOf(number);
        var first = Hash(form);
        var former = plan.FormerFormsOf(form);
        return [("@number_hash", first),
            .. _formerNames.Select((name, i) => (name, (SqlValue)(i < former.Count ? Hash(former[i]) : first)))];
    }

    /// <summary>True when a row that holds this number stands under it, in the form that it holds or in another of its line.</summary>
    public bool IsUnder(byte[] hash, PhoneNumber number) =>
        hash.AsSpan().SequenceEqual(Hash(number)) || AllOf(number).Any(one => hash.AsSpan().SequenceEqual(one.Value.Bytes));

    private byte[] Hash(PhoneNumber number) => hasher.Hash(purpose, new Secret(number.E164)).ToBytes()[..size];
}
