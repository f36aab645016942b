using System.Diagnostics.CodeAnalysis;
using Countersign.Core;

namespace Countersign.Storage;

/// <summary>One SQL statement and its values, in the order in which the SQL's parameters are first named.</summary>
/// <param name="sql">A constant: it is the key under which the prepared command is kept.</param>
/// <param name="values">Names as in the SQL, with their <c>@</c>.</param>
internal sealed class Statement([ConstantExpected] string sql, params (string Name, SqlValue Value)[] values)
{
    /// <value>Set where it is made of names of tables and columns: few, each prepared once, as a constant is.</value>
    public string Sql { get; init; } = sql;

    public (string Name, SqlValue Value)[] Values { get; } = values;

    /// <summary>True when the statement answers with rows (SELECT, RETURNING) and the first of them is wanted.</summary>
    public bool ReturnsRow { get; init; }

    /// <summary>How long a read may take that <see cref="TakesLong"/>.</summary>
    public static TimeSpan LongTimeout { get; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Names a row that other writes change too; null for a row that only one does. Where writes go out in groups, they take such rows
    /// in one order, so that no two groups wait for each other.
    /// </summary>
    public byte[]? Lock { get; init; }

    /// <summary>True for a read that goes through a whole table, for an administrator who waits.</summary>
    public bool TakesLong { get; init; }

    /// <summary>
    /// True for a read of which the best way depends on its values, as where some are frequent and others rare: it is then planned for
    /// them, which takes some milliseconds, and not once for all.
    /// </summary>
    public bool DependsOnValues { get; init; }
}

/// <summary>What a statement of a write did.</summary>
/// <param name="Changed">How many rows it changed.</param>
/// <param name="Row">The first row it returned: long, string, byte[] or null for each column. Null when none was returned or
/// wanted.</param>
internal readonly record struct WriteResult(int Changed, object?[]? Row);

internal enum SqlType
{
    Number,
    Text,
    Bytes,
}

/// <summary>One of the three kinds of values that both databases store alike. A null knows its kind, because PostgreSQL asks.</summary>
internal readonly struct SqlValue
{
    private readonly long _number;
    private readonly object? _reference;

    private SqlValue(SqlType type, bool isNull, long number, object? reference)
    {
        Type = type;
        IsNull = isNull;
        _number = number;
        _reference = reference;
    }

    public SqlType Type { get; }

    public bool IsNull { get; }

    public long Number => _number;

    public string Text => (string)_reference!;

    public byte[] Bytes => (byte[])_reference!;

    /// <summary>The value as ADO.NET wants it.</summary>
    public object Boxed => IsNull ? DBNull.Value : Type is SqlType.Number ? _number : _reference!;

    public static implicit operator SqlValue(long value) => new(SqlType.Number, false, value, null);

    public static implicit operator SqlValue(long? value) => new(SqlType.Number, value is null, value.GetValueOrDefault(), null);

    public static implicit operator SqlValue(string? value) => new(SqlType.Text, value is null, 0, value);

    public static implicit operator SqlValue(byte[]? value) => new(SqlType.Bytes, value is null, 0, value);

    public static implicit operator SqlValue(ProjectId value) => value.ToString();

    public static implicit operator SqlValue(ClientId value) => value.ToString();

    public static implicit operator SqlValue(SourceName value) => value.ToString();

    public override string ToString() => Type.ToString();
}
