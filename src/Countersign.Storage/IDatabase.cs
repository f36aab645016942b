using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Countersign.Core.Flows;

namespace Countersign.Storage;

/// <summary>What the stores need of a database: visible SQL in, rows out. Two adapters, one SQL (docs/decisions/0002).</summary>
internal interface IDatabase : IStoreProbe, IAsyncDisposable
{
    /// <summary>Brings the schema up to date. Called once, before the server listens; many nodes may call it at the same time.</summary>
    void Migrate();

    /// <summary>All rows of one SELECT, each read by <paramref name="read"/>.</summary>
    Task<List<T>> ReadAsync<T>(Statement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken);

    /// <summary>
    /// Executes the statements in their order as one transaction, which is durable when the task completes. The outcomes stand in the
    /// order of the statements. Once queued, a write is finished whether its caller still waits or not: the token only keeps it from
    /// beginning.
    /// </summary>
    Task<WriteResult[]> WriteAsync(Statement[] statements, CancellationToken cancellationToken);

    /// <summary>
    /// Rids the database's own files of what was deleted from a table: SQLite's log of it, PostgreSQL's former rows. Nobody who reads or
    /// writes waits for it longer than a moment.
    /// </summary>
    /// <returns>False where it could not be done now: somebody reads, or PostgreSQL would take long for a table so large.</returns>
    Task<bool> ScrubAsync(string table, CancellationToken cancellationToken) => Task.FromResult(true);

    /// <summary>
    /// Where outcomes are kept by days, makes those from one moment to another. False when somebody has the table: then it is to be tried
    /// again.
    /// </summary>
    Task<bool> MakeOutcomeDaysAsync(DateTimeOffset first, DateTimeOffset last, CancellationToken cancellationToken) =>
        Task.FromResult(true);

    /// <summary>
    /// Where outcomes are kept by days, removes the first if it was over before a moment, and says about how many rows went; null when
    /// none did.
    /// </summary>
    Task<long?> DropOutcomeDayAsync(DateTimeOffset before, CancellationToken cancellationToken) => Task.FromResult<long?>(null);

    /// <summary>The table of the outcomes that go one by one.</summary>
    string OutcomesOfNoDay => "outcomes";
}

internal static class DatabaseRemovals
{
    /// <summary>Removes rows from before a moment, at most <paramref name="limit"/> of them, and says how many.</summary>
    /// <param name="sql">One DELETE, which names <c>@before</c> (Unix milliseconds) first and then <c>@limit</c>.</param>
    public static async Task<int> RemoveAsync(
        this IDatabase database, [ConstantExpected] string sql, DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [new Statement(sql, ("@before", before.ToUnixTimeMilliseconds()), ("@limit", limit))], cancellationToken);
        return outcomes[0].Changed;
    }
}

internal static class DatabaseReads
{
    /// <summary>Reads next to nothing: throws when the database does not answer or has no schema.</summary>
    public static Task TouchAsync(this IDatabase database, CancellationToken cancellationToken) =>
        database.ReadAsync(new Statement("SELECT 1 FROM flows WHERE id IS NULL"), _ => 0, cancellationToken);

    /// <summary>The first row, or null, also where that is what is read of it.</summary>
    public static async Task<T?> FindAsync<T>(
        this IDatabase database, Statement statement, Func<DbDataReader, T?> read, CancellationToken cancellationToken)
        where T : class
    {
        var rows = await database.ReadAsync(statement, read, cancellationToken);
        return rows.Count > 0 ? rows[0] : null;
    }
}
