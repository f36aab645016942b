using System.Data.Common;

namespace Countersign.Storage;

/// <summary>
/// Finds the rows that have one of many values in a column, in one of two statements, so that both stay prepared however many values there
/// are. Where there are fewer than a statement names the first is repeated.
/// </summary>
/// <param name="select">What is read, up to the table's name. A constant, as the column is.</param>
/// <param name="fewAre">So many values the shorter statement names: those of one or two things, by which most are asked for.</param>
internal sealed class RowsByValue(string select, string column, int fewAre)
{
    // So many the longer one names; a piece of an import has fewer.
    private const int Many = 256;

    private static readonly string[] _names = [.. Enumerable.Range(0, Many).Select(i => $"@value_{i}")];

    private readonly string _few = $"{select} WHERE {column} IN ({string.Join(", ", _names.Take(fewAre))})";

    // As rows, since PostgreSQL compares each row of a table that has grown since it planned the statement with each of a list of values.
    private readonly string _many = $"{select} WHERE {column} IN (SELECT column1 FROM (VALUES "
        + $"{string.Join(", ", _names.Select(name => $"({name})"))}) AS asked)";

    public async Task<List<T>> ReadAsync<T>(
        IDatabase database, IEnumerable<byte[]> values, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        // One that two statements name would be found twice.
        byte[][] all = [.. values.DistinctBy(Convert.ToHexString, StringComparer.Ordinal)];
        var (sql, count) = all.Length <= fewAre ? (_few, fewAre) : (_many, Many);
        foreach (var some in all.Chunk(count))
        {
            var named = _names.Take(count).Select((name, i) => (name, (SqlValue)some[i < some.Length ? i : 0]));
            rows.AddRange(await database.ReadAsync(new Statement("", [.. named]) { Sql = sql }, read, cancellationToken));
        }
        return rows;
    }
}
