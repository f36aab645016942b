using Countersign.Core;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>
/// What stands in a column instead of a number: a keyed hash of the one form of its line, bound by the line's own key
/// (<see cref="ILineKeys"/>), in what a project keeps within the project. Rows from before lines had keys have the keyed hash alone. No
/// store hashes a number by itself.
/// </summary>
/// <param name="purpose">Table and column, so that equal numbers of two tables have different hashes.</param>
/// <param name="size">Bytes that are kept of a hash.</param>
internal sealed class NumberHashes(SecretHasher hasher, HashSealer hashes, INumberPlan plan, string purpose, int size = 32)
{
    /// <summary>The hashes that a line's rows may have, as <see cref="AllOf"/> names them.</summary>
    public const string All =
        "(@number_hash, @former_hash_1, @former_hash_2, @former_hash_3, @former_hash_4, @former_hash_5, @former_hash_6, "
        + "@former_hash_7, @former_hash_8, @former_hash_9, @former_hash_10, @former_hash_11, @former_hash_12, "
        + "@former_hash_13, @former_hash_14, @former_hash_15, @former_hash_16, @former_hash_17, @former_hash_18, "
        + "@former_hash_19, @former_hash_20, @former_hash_21, @former_hash_22, @former_hash_23, @former_hash_24, "
        + "@former_hash_25, @former_hash_26, @former_hash_27, @former_hash_28, @former_hash_29, @former_hash_30, "
        + "@former_hash_31, @former_hash_32, @former_hash_33, @former_hash_34, @former_hash_35, @former_hash_36, "
        + "@former_hash_37, @former_hash_38, @former_hash_39, @former_hash_40, @former_hash_41, @former_hash_42, "
        + "@former_hash_43, @former_hash_44, @former_hash_45, @former_hash_46, @former_hash_47, @former_hash_48, "
        + "@former_hash_49, @former_hash_50, @former_hash_51, @former_hash_52, @former_hash_53, @former_hash_54, "
        + "@former_hash_55, @former_hash_56, @former_hash_57, @former_hash_58, @former_hash_59, @former_hash_60, "
        + "@former_hash_61, @former_hash_62, @former_hash_63, @former_hash_64, @former_hash_65)";

    // A key and a twin of the line by itself, and each within a key and a twin of the project.
    private const int MaxKeysOfLine = LineRows.MaxKeys + (LineRows.MaxKeys * LineRows.MaxKeys);

    private const int Count = (INumberPlan.MaxFormerForms + 1 + MaxKeysOfLine) * KeySet.MaxKeys;

    private static readonly string[] _names =
        ["@number_hash", .. Enumerable.Range(1, Count - 1).Select(i => $"@former_hash_{i}")];

    public PhoneNumber FormOf(PhoneNumber number) => plan.FormOf(number);

    /// <summary>The hash that rows are written with.</summary>
    /// <param name="line">The key of the number's line, in what a project keeps within the project.</param>
    public byte[] Of(PhoneNumber number, LineKey line) => hashes.Seal(line.Bind(Hash(plan.FormOf(number))));

    /// <summary>
    /// The values of <see cref="All"/>: rows that were written before lines had keys, or while numbers were kept as typed, are found, too,
    /// and those under another key. Where there are fewer the first is repeated, so that one statement serves all.
    /// </summary>
    /// <param name="line">The key of the number's line; null when it has none.</param>
    public (string Name, SqlValue Value)[] AllOf(PhoneNumber number, LineKey? line) =>
        NamedOf([.. Under(number, line?.All ?? []), .. WithoutKeyOf(number)]);

    /// <summary>
    /// As <see cref="AllOf"/>, of a line in every project (<see cref="LineEverywhere"/>): so many times the values of <see cref="All"/> as
    /// it takes, mostly once.
    /// </summary>
    public IEnumerable<(string Name, SqlValue Value)[]> AllOf(PhoneNumber number, LineEverywhere line) =>
        Under(number, line.Keys).Concat(WithoutKeyOf(number)).DistinctBy(Convert.ToHexString, StringComparer.Ordinal)
            .Chunk(_names.Length).Select(NamedOf);

    /// <summary>True when a row that holds this number stands under it, in the form that it holds or in another of its line.</summary>
    public bool IsUnder(byte[] hash, PhoneNumber number, LineKey? line) =>
        hashes.AllOf(Hash(number)).Any(one => hash.AsSpan().SequenceEqual(one))
        || AllOf(number, line).Any(one => hash.AsSpan().SequenceEqual(one.Value.Bytes));

    /// <summary>The hashes of rows from before lines had keys.</summary>
    private IEnumerable<byte[]> WithoutKeyOf(PhoneNumber number) =>
        plan.FormerFormsOf(plan.FormOf(number)).Prepend(plan.FormOf(number)).SelectMany(one => hashes.AllOf(Hash(one)));

    /// <summary>The hash that a row stands under, whatever key it is under: what is sealed beside it is sealed for it.</summary>
    public byte[] Open(byte[] stored) => hashes.Open(stored);

    private IEnumerable<byte[]> Under(PhoneNumber number, IEnumerable<LineKey> keys)
    {
        var hash = Hash(plan.FormOf(number));
        return keys.SelectMany(key => hashes.AllOf(key.Bind(hash)));
    }

    private static (string Name, SqlValue Value)[] NamedOf(byte[][] all) =>
        [.. _names.Select((name, i) => (name, (SqlValue)(i < all.Length ? all[i] : all[0])))];

    private byte[] Hash(PhoneNumber number) => hasher.Hash(purpose, new Secret(number.E164)).ToBytes()[..size];
}
