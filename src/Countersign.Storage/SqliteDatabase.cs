using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Countersign.Storage;

/// <summary>
/// One SQLite file. Writes go through one thread, which commits them in groups: the disk is asked once for all that came while it was
/// busy with the group before. Reads run at once, on the caller's thread, since the driver is synchronous underneath anyway.
/// </summary>
internal sealed class SqliteDatabase : IDatabase
{
    // Larger groups commit hardly faster and make the first in line wait for the last.
    private const int MaxInGroup = 256;

    // FULL: a commit is on the disk before it is answered, also when the power fails. NORMAL would only survive a crash of the process.
    // The wait for a lock is for the operator who opens the file with another tool; the server itself has one writer. It is shorter than
    // callers wait, so that they hear that nothing was written.
    private const string Common =
        """
        PRAGMA busy_timeout = 4000;
        PRAGMA mmap_size = 33554432;
        PRAGMA temp_store = MEMORY;
        """;

    private const string Writing =
        $"""
        {Common}
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA journal_size_limit = 67108864;
        PRAGMA secure_delete = ON;
        """;

    private const string Reading =
        $"""
        {Common}
        PRAGMA query_only = ON;
        """;

    // Seconds. The driver tries again after SQLite has given up waiting for a lock, and by default for half a minute.
    private const int NoLongerThanBusy = 1;

    // Some pages, as a flow has: what fits into a page that is there anyway would say nothing of a full disk.
    private static readonly Statement _probe = new("INSERT INTO write_probe (value) VALUES (zeroblob(32768))");

    private readonly TimeProvider _time;
    private readonly string _connectionString;
    private readonly string _migratingString;
    private readonly string _scripts;
    private readonly BlockingCollection<PendingWrite> _queue = [];
    private readonly ConcurrentStack<SqliteSession> _readers = [];
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isDisposed;

    /// <param name="connectionString"><c>Data Source=</c> and a path; a relative one starts at the current folder.</param>
    /// <param name="time">By which writes wait; the machine's when it is null.</param>
    /// <param name="scripts">The folder of migrations that make its schema.</param>
    /// <exception cref="ArgumentException">The connection string does not name a file.</exception>
    public SqliteDatabase(string connectionString, TimeProvider? time = null, string scripts = "Sqlite")
    {
        _scripts = scripts;
        _time = time ?? TimeProvider.System;
        var builder = new SqliteConnectionStringBuilder(connectionString);
        if (builder.Mode is SqliteOpenMode.Memory || builder.DataSource.Contains(":memory:", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException(
                "A database in memory would forget every flow at a restart and is not supported: write Data Source= and the path "
                    + "of a file.",
                nameof(connectionString));
        }
        if (builder.DataSource.Length == 0 || builder.DataSource.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException(
                "Write Data Source= and the path of a file, for example Data Source=/var/lib/countersign/countersign.db.",
                nameof(connectionString));
        }

        Path = System.IO.Path.GetFullPath(builder.DataSource);
        builder.DataSource = Path;
        builder.Pooling = false;
        _migratingString = builder.ToString();
        builder.DefaultTimeout = NoLongerThanBusy;
        _connectionString = builder.ToString();
        new Thread(Run) { IsBackground = true, Name = "countersign-sqlite-writer" }.Start();
    }

    /// <summary>The file, with its whole path.</summary>
    public string Path { get; }

    /// <summary>
    /// A file of the database that other users of this machine may read, and that this process may not change; null when there is none.
    /// </summary>
    public string? ReadableByOthers { get; private set; }

    public void Migrate()
    {
        var folder = System.IO.Path.GetDirectoryName(Path);
        if (!Directory.Exists(folder))
        {
            throw new InvalidOperationException(
                $"The folder {folder} does not exist; the store cannot be made in it. Create it or correct Countersign:Store.");
        }

        SqliteFiles.RemoveDrafts(Path);
        ReadableByOthers = SqliteFiles.KeepToOwner(Path);
        // The mode is a property of the file: readers that come before the first write must find it set.
        SqliteSession.Open(_connectionString, Writing).Dispose();
        Migrations.UpgradeSqlite(_migratingString, _scripts);
    }

    /// <remarks>
    /// Room is asked for and given back in two transactions: in one, the disk would never be asked. Whoever ends in between leaves a row
    /// that the next probe takes away.
    /// </remarks>
    public async Task PingAsync(CancellationToken cancellationToken)
    {
        await this.TouchAsync(cancellationToken);
        await WriteAsync([_probe], cancellationToken);
        await WriteAsync([new Statement("DELETE FROM write_probe")], CancellationToken.None);
    }

    public Task<List<T>> ReadAsync<T>(Statement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<List<T>>(cancellationToken);
        }
        ObjectDisposedException.ThrowIf(_isDisposed, this);

        SqliteSession? session = null;
        try
        {
            session = _readers.TryPop(out var idle) ? idle : SqliteSession.Open(_connectionString, Reading);
            var rows = session.Read(statement, read);
            Return(session);
            return Task.FromResult(rows);
        }
        catch (Exception e)
        {
            // Whatever happened, this connection's next user shall not inherit it.
            session?.Dispose();
            return Task.FromException<List<T>>(e);
        }
    }

    public Task<WriteResult[]> WriteAsync(Statement[] statements, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<WriteResult[]>(cancellationToken);
        }

        var item = new PendingWrite(statements, StorageOptions.CallTimeout, _time);
        try
        {
            _queue.Add(item, CancellationToken.None);
        }
        catch (InvalidOperationException e)
        {
            throw new ObjectDisposedException("The store is closed.", e);
        }
        return item.Task;
    }

    /// <remarks>Pages are overwritten (<c>secure_delete</c>), but the log holds their former versions until it is cut.</remarks>
    public Task<bool> ScrubAsync(string table, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            // Writers wait while readers are waited for.
            using var session = SqliteSession.Open(_connectionString, "PRAGMA busy_timeout = 500");
            // The first column says whether somebody was in the way.
            return session.Read(new Statement("PRAGMA wal_checkpoint(TRUNCATE)"), row => row.GetInt64(0)) is [0];
        },
        cancellationToken);

    /// <summary>
    /// Takes no more writes, finishes those that are queued, and closes the file. Does not wait for ever for a file that is locked.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        _queue.CompleteAdding();
        await _drained.Task.WaitAsync(StorageOptions.CallTimeout, TimeProvider.System)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        CloseReaders();
    }

    private void Run()
    {
        SqliteSession? session = null;
        var group = new List<PendingWrite>(MaxInGroup);
        while (_queue.TryTake(out var first, Timeout.Infinite))
        {
            group.Add(first);
            while (group.Count < MaxInGroup && _queue.TryTake(out var next))
            {
                group.Add(next);
            }

            try
            {
                session ??= SqliteSession.Open(_connectionString, Writing);
                Commit(session, group);
            }
            catch (Exception e)
            {
                // The whole group is lost, and each of its callers is told. The next group starts on a fresh connection.
                group.ForEach(item => item.Fail(e));
                session?.Dispose();
                session = null;
            }
            group.Clear();
        }

        session?.Dispose();
        _drained.SetResult();
    }

    private static void Commit(SqliteSession session, List<PendingWrite> group)
    {
        // IMMEDIATE: a transaction that begins by reading may not be able to write later.
        session.Execute("BEGIN IMMEDIATE");
        // Not before the lock is held: whoever was answered while it was waited for has been answered that nothing was written.
        foreach (var item in group.Where(item => item.TryBegin()))
        {
            Apply(session, item);
        }
        session.Execute("COMMIT");

        // Only now is anything true.
        group.ForEach(item => item.Acknowledge());
    }

    /// <summary>Applies one write under a savepoint, so that a bad one fails alone.</summary>
    private static void Apply(SqliteSession session, PendingWrite item)
    {
        session.Execute("SAVEPOINT item");
        try
        {
            item.Outcomes = Array.ConvertAll(item.Statements, session.Execute);
            session.Execute("RELEASE item");
        }
        catch (Exception e) when (session.IsInTransaction)
        {
            session.Execute("ROLLBACK TO item");
            session.Execute("RELEASE item");
            item.Fail(e);
        }
    }

    private void Return(SqliteSession session)
    {
        _readers.Push(session);
        if (_isDisposed)
        {
            CloseReaders();
        }
    }

    private void CloseReaders()
    {
        while (_readers.TryPop(out var session))
        {
            session.Dispose();
        }
    }
}
