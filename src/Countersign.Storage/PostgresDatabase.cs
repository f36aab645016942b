using System.Data.Common;
using System.Threading.Channels;
using Npgsql;
using NpgsqlTypes;

namespace Countersign.Storage;

/// <summary>
/// A PostgreSQL server, shared by many nodes. Writes that arrive together go out together: a few lanes take what is queued, send it as one
/// batch and so in one round trip, one transaction and one flush. Reads go straight to a pooled connection.
/// </summary>
/// <remarks>
/// Writes that name a row which others change, too, are sorted by it. Two groups that save the same two flows in opposite order can still
/// block each other; PostgreSQL then refuses one of them, whose writes are repeated one by one, and one that is refused by itself once
/// more. That takes two races at once and costs a second (deadlock_timeout), never a wrong answer.
/// </remarks>
internal sealed partial class PostgresDatabase : IDatabase
{
    // While one lane waits for the disk, another collects. More lanes make smaller groups.
    private const int Lanes = 3;

    // Row locks are held until the group's commit, so groups stay short.
    private const int MaxInGroup = 64;

    // In bytes: written anew in less than a second, for which everybody who asks waits.
    private const long MaxScrubbed = 64 << 20;

    private readonly string _connectionString;
    private readonly TimeProvider _time;
    private readonly ILogger? _logger;
    private readonly IReadOnlyList<string> _scripts;
    private readonly Channel<PendingWrite> _queue = Channel.CreateUnbounded<PendingWrite>();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlDataSource _listeners;
    private readonly Task _lanes;

    /// <param name="connectionString">Npgsql's; whatever it sets is kept.</param>
    /// <param name="time">By which writes wait; the machine's when it is null.</param>
    /// <param name="logger">Hears of a migration that waits; null for none.</param>
    /// <param name="scripts">The folders of migrations that make its schema; the store's and the pseudonyms' when it is null.</param>
    public PostgresDatabase(
        string connectionString, TimeProvider? time = null, ILogger<PostgresDatabase>? logger = null, IReadOnlyList<string>? scripts = null)
    {
        _scripts = scripts ?? ["Postgres", "Keys/Postgres"];
        _time = time ?? TimeProvider.System;
        _logger = logger;
        _connectionString = PostgresSource.WithDefaults(connectionString);
        _source = PostgresSource.Create(_connectionString);
        _listeners = PostgresSource.Create(new NpgsqlConnectionStringBuilder(_connectionString)
        {
            Pooling = false,
            // Seconds. A line that has died silently is noticed by asking.
            KeepAlive = 10,
        }.ConnectionString);
        _lanes = Task.WhenAll(Enumerable.Range(0, Lanes).Select(_ => Task.Run(RunLaneAsync)));
    }

    /// <summary>The most connections that reads and writes use at once.</summary>
    public int PoolSize => new NpgsqlConnectionStringBuilder(_connectionString).MaxPoolSize;

    /// <summary>How many connections the server takes from all that are not its superusers.</summary>
    public async Task<long> CountConnectionsAsync(CancellationToken cancellationToken)
    {
        var rows = await ReadAsync(
            new Statement(
                """
                SELECT CAST(sum(CASE name WHEN 'max_connections' THEN CAST(setting AS bigint) ELSE -CAST(setting AS bigint) END) AS bigint)
                FROM pg_settings
                WHERE name IN ('max_connections', 'superuser_reserved_connections', 'reserved_connections')
                """),
            row => row.GetInt64(0),
            cancellationToken);
        return rows[0];
    }

    /// <remarks>With the days of outcomes that somebody may write before the clean-up comes by.</remarks>
    public void Migrate()
    {
        Migrations.UpgradePostgres(_source, _connectionString, _scripts, _logger);
        if (_scripts.Contains("Postgres", StringComparer.Ordinal))
        {
            MakeOutcomeDays(_time.GetUtcNow());
        }
    }

    /// <remarks>
    /// No lock is taken that a reader of all tables (<c>pg_dump</c>) would hold up. The row may go where one was before, so the disk is
    /// asked for room separately: what generate_series gives does not fit into that little memory and goes into a temporary file.
    /// </remarks>
    public async Task PingAsync(CancellationToken cancellationToken)
    {
        await this.TouchAsync(cancellationToken);
        await using var connection = await OpenAnsweringAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("INSERT INTO write_probe (value) VALUES (1)"),
                new("DELETE FROM write_probe"),
                new("SELECT set_config('work_mem', '64kB', true)"),
                new("SELECT count(*) FROM generate_series(1, 10000)"),
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A connection for LISTEN, which a pooler in transaction mode would lose: the server must be reached directly.</summary>
    public NpgsqlConnection CreateListeningConnection() => _listeners.CreateConnection();

    public async Task<List<T>> ReadAsync<T>(Statement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        try
        {
            try
            {
                await using var connection = await _source.OpenConnectionAsync(cancellationToken);
                return await ReadOnceAsync(connection, statement, read, cancellationToken);
            }
            catch (NpgsqlException broken) when (Failures.MeansBrokenConnection(broken))
            {
                // The server was restarted, or has ended the connection: a read may be repeated, once, on one that is known to answer.
                ForgetPrepared();
                await using var connection = await OpenAnsweringAsync(cancellationToken);
                return await ReadOnceAsync(connection, statement, read, cancellationToken);
            }
        }
        catch (PostgresException)
        {
            ForgetPrepared();
            throw;
        }
    }

    public Task<WriteResult[]> WriteAsync(Statement[] statements, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<WriteResult[]>(cancellationToken);
        }

        var item = new PendingWrite(statements, StorageOptions.CallTimeout, _time);
        ObjectDisposedException.ThrowIf(!_queue.Writer.TryWrite(item), this);
        return item.Task;
    }

    /// <summary>
    /// Takes no more writes, finishes those that are queued, and closes the connections. Does not wait for ever for a server that hangs.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _lanes.WaitAsync(StorageOptions.CallTimeout, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _source.DisposeAsync();
        await _listeners.DisposeAsync();
    }

    private static async Task<List<T>> ReadOnceAsync<T>(
        NpgsqlConnection connection, Statement statement, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (statement.TakesLong)
        {
            batch.Timeout = (int)Statement.LongTimeout.TotalSeconds;
        }
        if (statement.DependsOnValues)
        {
            // Until the end of the batch, which is one transaction.
            batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT set_config('plan_cache_mode', 'force_custom_plan', true)"));
        }
        var command = new NpgsqlBatchCommand(statement.Sql);
        AddValues(command.Parameters, statement);
        batch.BatchCommands.Add(command);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (statement.DependsOnValues)
        {
            await reader.NextResultAsync(cancellationToken);
        }
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }
        return rows;
    }

    private async Task RunLaneAsync()
    {
        var group = new List<PendingWrite>(MaxInGroup);
        while (await CollectAsync(group))
        {
            await CommitAsync(group);
            group.Clear();
        }
    }

    /// <summary>Waits for writes and takes those that are there. Returns false when there will be no more.</summary>
    private async Task<bool> CollectAsync(List<PendingWrite> group)
    {
        // One lane at a time: all that wait for a channel are woken by one item, and would tear a group into pieces.
        await _turn.WaitAsync();
        try
        {
            if (!await _queue.Reader.WaitToReadAsync())
            {
                return false;
            }
            while (group.Count < MaxInGroup && _queue.Reader.TryRead(out var item))
            {
                group.Add(item);
            }
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Commits those of a group that may still begin, and leaves them in it.</summary>
    /// <param name="isRepeated">One by itself that was refused for the sake of another's before.</param>
    private async Task CommitAsync(List<PendingWrite> group, bool isRepeated = false)
    {
        try
        {
            var outcomes = await ExecuteAsync(group);
            for (var i = 0; i < group.Count; i++)
            {
                group[i].Outcomes = outcomes[i];
                group[i].Acknowledge();
            }
        }
        catch (PostgresException refusal) when (refusal.InvariantSeverity == "ERROR"
            && (group.Count > 1 ? IsOfOneOfThem(refusal) : !isRepeated && IsForAnother(refusal)))
        {
            // The server has refused one of them and therefore all, and says so: nothing was stored. A broken connection, or a server that
            // is going down (FATAL, which may come behind the commit), says nothing of the kind, so those writes are not repeated: a save
            // that did happen would now look like somebody else's.
            ForgetPrepared();
            foreach (var item in group)
            {
                await CommitAsync([item], isRepeated: group.Count == 1);
            }
        }
        catch (Exception e)
        {
            if (e is PostgresException)
            {
                ForgetPrepared();
            }
            group.ForEach(item => item.Fail(e));
        }
    }

    /// <summary>
    /// Closes the pooled connections. A statement that is refused while Npgsql is preparing it leaves a connection on which the next
    /// caller's answers no longer fit its questions ("unexpected backend message").
    /// </summary>
    private void ForgetPrepared() => _source.Clear();

    /// <summary>
    /// False for what would be refused again and again, one by one: a full disk, a time limit. A deadlock is one of the others.
    /// </summary>
    private static bool IsOfOneOfThem(PostgresException refusal) =>
        Failures.UnavailabilityIn(refusal) is null || IsForAnother(refusal);

    /// <summary>True where the server has given up one write so that another could go on: it is likely to be done when that is.</summary>
    private static bool IsForAnother(PostgresException refusal) =>
        refusal.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure;

    /// <summary>
    /// A connection that has just answered. One that the server has closed while it lay in the pool is found out here, before anything is
    /// written, and replaced; later nobody could say whether the write has happened, and it must not happen twice.
    /// </summary>
    private async Task<NpgsqlConnection> OpenAnsweringAsync(CancellationToken cancellationToken)
    {
        // Each is asked, the replacements too: while one caller clears the pool, another still takes a closed connection out of it.
        for (var closed = 0; ; closed++)
        {
            var connection = await _source.OpenConnectionAsync(cancellationToken);
            try
            {
                await using var question = new NpgsqlCommand("SELECT 1", connection);
                await question.ExecuteScalarAsync(cancellationToken);
                return connection;
            }
            catch (Exception failure)
            {
                await connection.DisposeAsync();
                if (!Failures.MeansBrokenConnection(failure) || closed == PoolSize)
                {
                    throw;
                }
                // The others of the pool will be no better.
                _source.Clear();
            }
        }
    }

    /// <summary>Sends the group as one batch: without BEGIN, all of a batch is one transaction, which commits at its end.</summary>
    private async Task<WriteResult[][]> ExecuteAsync(List<PendingWrite> group)
    {
        await using var connection = await OpenAnsweringAsync(CancellationToken.None);
        // Not before there is a connection: whoever was answered while there was none has been answered that nothing was written.
        group.RemoveAll(item => !item.TryBegin());
        if (group.Count == 0)
        {
            return [];
        }
        SortByLock(group);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var statement in group.SelectMany(item => item.Statements))
        {
            var command = new NpgsqlBatchCommand(statement.Sql);
            AddValues(command.Parameters, statement);
            batch.BatchCommands.Add(command);
        }

        // A reader stops only at statements that answer with rows; how many rows the others changed is known when it has been read to its
        // end.
        var rows = new Queue<object?[]?>();
        await using (var reader = await batch.ExecuteReaderAsync())
        {
            do
            {
                if (reader.FieldCount > 0)
                {
                    rows.Enqueue(await reader.ReadAsync() ? ReadRow(reader) : null);
                }
            }
            while (await reader.NextResultAsync());
        }

        var next = 0;
        return [.. group.Select(item => Array.ConvertAll(
            item.Statements,
            statement => new WriteResult(batch.BatchCommands[next++].RecordsAffected, statement.ReturnsRow ? rows.Dequeue() : null)))];
    }

    /// <summary>Those without a lock keep their order, behind the others.</summary>
    private static void SortByLock(List<PendingWrite> group)
    {
        var sorted = group.OrderBy(item => item.Statements[0].Lock is { } key ? Convert.ToHexStringLower(key) : "z", StringComparer.Ordinal)
            .ToList();
        group.Clear();
        group.AddRange(sorted);
    }

    private static void AddValues(NpgsqlParameterCollection parameters, Statement statement)
    {
        foreach (var (name, value) in statement.Values)
        {
            parameters.Add(value switch
            {
                { IsNull: true } => new NpgsqlParameter(name, TypeOf(value)) { Value = DBNull.Value },
                { Type: SqlType.Number } => new NpgsqlParameter<long>(name, NpgsqlDbType.Bigint) { TypedValue = value.Number },
                { Type: SqlType.Text } => new NpgsqlParameter<string>(name, NpgsqlDbType.Text) { TypedValue = value.Text },
                _ => new NpgsqlParameter<byte[]>(name, NpgsqlDbType.Bytea) { TypedValue = value.Bytes },
            });
        }
    }

    private static NpgsqlDbType TypeOf(SqlValue value) => value.Type switch
    {
        SqlType.Number => NpgsqlDbType.Bigint,
        SqlType.Text => NpgsqlDbType.Text,
        _ => NpgsqlDbType.Bytea,
    };

    private static object?[] ReadRow(NpgsqlDataReader reader)
    {
        var row = new object?[reader.FieldCount];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
        }
        return row;
    }
}
