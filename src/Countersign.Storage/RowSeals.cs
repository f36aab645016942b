using System.Buffers.Binary;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>
/// Binds columns in clear to one another and to their row: who can write the database and has no key cannot change one of them, or bring
/// one from another row, without it being noticed. What is sealed is a digest of them, with the key that hashes are sealed with: so a
/// server that has not heard of the next key finds all rows until it knows that it lacks it.
/// </summary>
internal sealed class RowSeals(Sealer sealer, HashSealer hashes, ILogger<RowSeals> logger)
{
    // The first byte of what is sealed: which columns there are and how they are written may change.
    private const byte Format = 1;

    private volatile bool _takesUnsealed;

    /// <summary>True once, while a store from before seals gets them: until then its rows are taken as they are.</summary>
    public bool TakesUnsealed
    {
        get => _takesUnsealed;
        set => _takesUnsealed = value;
    }

    /// <summary>The seal of a row that is about to be written; null for one that needs none.</summary>
    /// <param name="values">The bound columns among others, each with its <c>@</c>.</param>
    public byte[]? SealOf(BoundColumns bound, (string Name, SqlValue Value)[] values) => SealOf(bound, column => ClearOf(values, column));

    public byte[]? SealOf(BoundColumns bound, Func<string, object?> of) =>
        bound.NeedsNone(of) ? null : sealer.Seal([Format, .. DigestOf(bound, of)], bound.PlaceOf(of(bound.Key)), with: hashes.Sealing);

    /// <summary>False for a row that is not as it was written: it is to be treated as if it were not there.</summary>
    /// <param name="row">With the bound columns and their seal, under their names.</param>
    /// <exception cref="Core.UnavailableException">Whether it is cannot be told without the key that others seal with.</exception>
    public bool Accepts(BoundColumns bound, DbDataReader row) => Accepts(bound, column =>
    {
        var i = row.GetOrdinal(column);
        return row.IsDBNull(i) ? null : row.GetValue(i);
    });

    /// <summary>Reads a row; null when it is not as it was written.</summary>
    public Func<DbDataReader, T?> Checked<T>(Func<DbDataReader, T> read, params BoundColumns[] all)
        where T : class =>
        row => all.All(bound => Accepts(bound, row)) ? read(row) : null;

    /// <summary>True when the row has its seal or needs none.</summary>
    public bool IsIntact(BoundColumns bound, Func<string, object?> of)
    {
        if (bound.NeedsNone(of))
        {
            return true;
        }
        if (of(bound.Seal) is not byte[] seal)
        {
            return false;
        }
        try
        {
            var opened = sealer.Open(seal, bound.PlaceOf(of(bound.Key)));
            return opened is [Format, ..] && CryptographicOperations.FixedTimeEquals(opened.AsSpan(1), DigestOf(bound, of));
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private bool Accepts(BoundColumns bound, Func<string, object?> of)
    {
        if (TakesUnsealed || IsIntact(bound, of))
        {
            return true;
        }
        hashes.RefuseWithoutKeys();
        Log.RowRefused(logger, bound.Table, BoundColumns.NameOf(of(bound.Key)), bound.Seal);
        return false;
    }

    /// <exception cref="CryptographicException">The key of a hash is not there.</exception>
    private byte[] DigestOf(BoundColumns bound, Func<string, object?> of)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var column in bound.Columns)
        {
            var (kind, bytes) = of(column) switch
            {
                null => ((byte)0, (byte[])[]),
                long number => ((byte)1, BytesOf(number)),
                string text => ((byte)2, Encoding.UTF8.GetBytes(text)),
                byte[] hash when bound.Hashes.Contains(column, StringComparer.Ordinal) => ((byte)3, hashes.Open(hash)),
                byte[] value => ((byte)3, value),
                _ => throw new ArgumentOutOfRangeException(nameof(of)),
            };
            digest.AppendData([kind]);
            digest.AppendData(BytesOf(bytes.Length));
            digest.AppendData(bytes);
        }
        return digest.GetHashAndReset();
    }

    private static byte[] BytesOf(long number)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        return bytes;
    }

    private static object? ClearOf((string Name, SqlValue Value)[] values, string column)
    {
        var value = values.First(one => one.Name.Length == column.Length + 1 && one.Name.EndsWith(column, StringComparison.Ordinal)).Value;
        return value.IsNull ? null : value.Boxed;
    }
}
