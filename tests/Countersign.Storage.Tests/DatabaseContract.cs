using System.Data.Common;
using Countersign.Core.Flows;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Countersign.Storage.Tests;

public abstract class DatabaseContract(StoreFixture fixture) : StoreContract(fixture)
{
    private const string Insert = "INSERT INTO settings (name, value) VALUES (@name, @value)";

    [Fact]
    public async Task A_database_with_its_schema_answers_a_ping()
    {
        await Fixture.Database.PingAsync(Test);
    }

    [Fact]
    public async Task A_ping_writes_and_leaves_nothing()
    {
        await Fixture.ExecuteAsync(Fixture.Database is PostgresDatabase
            ? "INSERT INTO write_probe (value) VALUES (0)"
            : "INSERT INTO write_probe (value) VALUES (x'00')");

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => Fixture.Database.PingAsync(Test), Test)));

        Assert.Equal(0, await Fixture.CountAsync("write_probe"));
    }

    [Fact]
    public async Task A_database_that_takes_no_writes_answers_no_ping()
    {
        await using var database = OpenReadOnly();
        Assert.Empty(await database.ReadAsync(new Statement("SELECT name FROM settings"), _ => 0, Test));

        var failure = await Assert.ThrowsAnyAsync<DbException>(() => database.PingAsync(Test));

        Assert.Equal(Unavailability.Unable, Failures.UnavailabilityIn(failure));
    }

    [Fact]
    public async Task Migrating_again_changes_nothing()
    {
        await Fixture.Database.WriteAsync([Setting("kept", 1)], Test);

        Fixture.Database.Migrate();

        Assert.Equal(1, await Fixture.CountAsync("settings"));
    }

    [Theory]
    [Trait("attack", "O03")]
    [InlineData("9999-what-is-to-come")]
    [InlineData("0034-of-another-branch")]
    public async Task A_schema_with_a_script_of_a_newer_version_is_refused_and_stays_as_it_is(string script)
    {
        await Fixture.ExecuteAsync(
            $"""
            INSERT INTO SchemaVersions (ScriptName, Applied)
            VALUES ('Migrations/{(Fixture is SqliteFixture ? "Sqlite" : "Postgres")}/{script}.sql', '2026-11-30')
            """);
        await Fixture.Database.WriteAsync([Setting("kept", 1)], Test);
        await using var older = Fixture.Open();

        var refusal = Assert.Throws<InvalidOperationException>(older.Migrate);

        await Fixture.ExecuteAsync($"DELETE FROM SchemaVersions WHERE ScriptName LIKE '%{script}%'");
        Assert.StartsWith(
            $"Its schema is {script}, a newer version's, and this one knows schemas up to 00", refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith(
            "Start the newer version; or go back to this one with the backup from before the upgrade (docs/backup.md).", refusal.Message,
            StringComparison.Ordinal);
        Assert.Equal(1, await Fixture.CountAsync("settings"));
    }

    [Fact]
    public async Task A_write_of_several_statements_is_stored_whole_or_not_at_all()
    {
        await Assert.ThrowsAnyAsync<DbException>(() =>
            Fixture.Database.WriteAsync([Setting("a", 1), Setting("b", 1), Setting("a", 2)], Test));
        await Fixture.Database.WriteAsync([Setting("later", 1)], Test);

        Assert.Equal(1, await Fixture.CountAsync("settings"));
    }

    [Fact]
    public async Task A_write_is_not_acknowledged_before_its_commit()
    {
        await Fixture.ExecuteAsync("CREATE TABLE IF NOT EXISTS parents (id BIGINT PRIMARY KEY)");
        await Fixture.ExecuteAsync(
            "CREATE TABLE IF NOT EXISTS children (parent BIGINT REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED)");

        // The parent is missed only at the commit, when each statement has long succeeded.
        await Assert.ThrowsAnyAsync<DbException>(
            () => Fixture.Database.WriteAsync([Setting("a", 1), new Statement("INSERT INTO children (parent) VALUES (1)")], Test));
        await Fixture.Database.WriteAsync([Setting("b", 1)], Test);

        Assert.Equal(1, await Fixture.CountAsync("settings"));
    }

    [Fact]
    public async Task Outcomes_stand_in_the_order_of_their_statements()
    {
        var outcomes = await Fixture.Database.WriteAsync(
            [
                Setting("a", 1),
                new Statement("SELECT value, name FROM settings WHERE name = @name", ("@name", "a")) { ReturnsRow = true },
                new Statement("UPDATE settings SET value = @value", ("@value", 7L)),
                new Statement("SELECT value FROM settings WHERE name = @name", ("@name", "none")) { ReturnsRow = true },
                new Statement("DELETE FROM settings RETURNING value", []) { ReturnsRow = true },
            ],
            Test);

        Assert.Equal([1L, "a"], outcomes[1].Row!);
        Assert.Null(outcomes[3].Row);
        Assert.Equal([7L], outcomes[4].Row!);
        Assert.Equal((1, 1, 1), (outcomes[0].Changed, outcomes[2].Changed, outcomes[4].Changed));
    }

    [Fact]
    public async Task Outcomes_of_parallel_writes_are_not_mixed_up()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(
            () => Fixture.Database.WriteAsync(
                [
                    Setting($"{i}", i),
                    new Statement("SELECT value FROM settings WHERE name = @name", ("@name", $"{i}")) { ReturnsRow = true },
                ],
                Test),
            Test)));

        Assert.All(outcomes.Index(), outcome => Assert.Equal([(long)outcome.Index], outcome.Item[1].Row!));
    }

    [Fact]
    public async Task A_write_that_is_queued_is_finished_although_its_caller_has_left()
    {
        await using var database = Fixture.Open();
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Test);
        var write = database.WriteAsync([Setting("a", 1)], caller.Token);
        await caller.CancelAsync();

        await write;

        Assert.Equal(1, await Fixture.CountAsync("settings"));
    }

    [Fact]
    public async Task Closing_finishes_what_is_queued_and_takes_no_more()
    {
        var database = Fixture.Open();
        var writes = Enumerable.Range(0, 500).Select(i => database.WriteAsync([Setting($"{i}", i)], Test)).ToList();

        await database.DisposeAsync();

        Assert.All(writes, write => Assert.True(write.IsCompletedSuccessfully));
        Assert.Equal(500, await Fixture.CountAsync("settings"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => database.WriteAsync([Setting("late", 1)], Test));
    }

    [Fact]
    public async Task A_failed_read_leaves_the_database_usable()
    {
        await Assert.ThrowsAnyAsync<DbException>(() =>
            Fixture.Database.ReadAsync(new Statement("SELECT nothing FROM nowhere"), _ => 0, Test));

        await Fixture.Database.PingAsync(Test);
    }

    [Fact]
    public async Task A_read_that_the_database_refuses_does_not_spoil_the_same_read_with_another_value()
    {
        // PostgreSQL has no NUL in a text and says so after the statement was parsed, which at its second use is to stay prepared.
        foreach (var name in (string[])["nobody", "no\0body", "nobody", "no\0body", "nobody"])
        {
            if (name.Contains('\0', StringComparison.Ordinal) && Fixture.Database is PostgresDatabase)
            {
                await Assert.ThrowsAnyAsync<DbException>(() => FindAsync(name));
            }
            else
            {
                Assert.Empty(await FindAsync(name));
            }
        }

        Task<List<int>> FindAsync(string name) =>
            Fixture.Database.ReadAsync(new Statement("SELECT value FROM settings WHERE name = @name", ("@name", name)), _ => 0, Test);
    }

    [Fact]
    public async Task A_value_may_be_null_the_first_time_and_something_the_second()
    {
        long?[] values = [null, 5, null];

        foreach (var (i, value) in values.Index())
        {
            var outcomes = await Fixture.Database.WriteAsync(
                [
                    new Statement(
                        "INSERT INTO settings (name, value) VALUES (@name, COALESCE(@value, 42)) RETURNING value", ("@name", $"{i}"),
                        ("@value", value))
                    {
                        ReturnsRow = true,
                    },
                ],
                Test);
            Assert.Equal(value ?? 42, outcomes[0].Row![0]);
        }
    }

    private protected abstract IDatabase OpenReadOnly();

    private protected static Statement Setting(string name, long value) => new(Insert, ("@name", name), ("@value", value));
}

public sealed class SqliteAsDatabase(SqliteFixture fixture) : DatabaseContract(fixture), IClassFixture<SqliteFixture>
{
    [Fact]
    public async Task A_full_file_answers_no_ping()
    {
        // Pages that other tests have left empty would be room.
        await Fixture.ExecuteAsync("VACUUM");
        await using var database = Fixture.Open();
        // Not below what there is: SQLite takes the size of the file then.
        await database.WriteAsync([new Statement("PRAGMA max_page_count = 1") { ReturnsRow = true }], Test);

        var failure = await Assert.ThrowsAnyAsync<DbException>(() => database.PingAsync(Test));

        Assert.Equal(Unavailability.Unable, Failures.UnavailabilityIn(failure));
    }

    [Fact]
    public async Task A_write_that_waits_for_anothers_lock_is_given_up_before_its_caller_is_and_is_not_done_later()
    {
        await using var other = Fixture.Connect();
        await other.OpenAsync(Test);
        await using var transaction = await other.BeginTransactionAsync(Test);
        await using var command = other.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "INSERT INTO settings (name, value) VALUES ('other', 1)";
        await command.ExecuteNonQueryAsync(Test);

        var failure = await Assert.ThrowsAnyAsync<DbException>(() => Fixture.Database.WriteAsync([Setting("ours", 1)], Test));
        await transaction.CommitAsync(Test);
        await Fixture.Database.WriteAsync([Setting("later", 1)], Test);

        Assert.Equal(Unavailability.Away, Failures.UnavailabilityIn(failure));
        Assert.Equal(2, await Fixture.CountAsync("settings"));
    }

    [Fact]
    public async Task A_write_whose_caller_was_answered_while_anothers_lock_was_waited_for_is_not_done_when_the_lock_is_gone()
    {
        var time = new FakeTimeProvider();
        await using var database = new SqliteDatabase(Fixture.Connection, time);
        await database.WriteAsync([Setting("before", 1)], Test);
        var guarded = new GuardedDatabase(
            database, StorageOptions.CallTimeout, time, new Subscriptions(), NullLogger<GuardedDatabase>.Instance);
        await using var other = Fixture.Connect();
        await other.OpenAsync(Test);
        // The driver begins it as IMMEDIATE: it holds the lock.
        await using var transaction = await other.BeginTransactionAsync(Test);

        var writes = Enumerable.Range(0, 20).Select(i => guarded.WriteAsync([Setting($"{i}", i)], Test)).ToList();
        time.Advance(StorageOptions.CallTimeout);
        var answers = await Task.WhenAll(writes.Select(async write => await Record.ExceptionAsync(() => write)));
        await transaction.RollbackAsync(Test);
        await database.WriteAsync([Setting("later", 1)], Test);

        Assert.All(answers, answer => Assert.IsType<StoreUnavailableException>(answer));
        Assert.Equal(2, await Fixture.CountAsync("settings"));
    }

    private protected override IDatabase OpenReadOnly() => new SqliteDatabase($"{Fixture.Connection};Mode=ReadOnly");
}

public sealed class PostgresAsDatabase(PostgresFixture fixture) : DatabaseContract(fixture), IClassFixture<PostgresFixture>
{
    [Fact]
    [Trait("attack", "O02")]
    public async Task Connections_that_the_server_has_ended_are_replaced_and_nothing_is_written_twice()
    {
        await using var database = Fixture.Open();
        for (var round = 0; round < 5; round++)
        {
            // As many connections as there are lanes, and some that read.
            await Task.WhenAll(Enumerable.Range(0, 200).Select(i => database.WriteAsync([Setting($"{round}-{i}", i)], Test)));
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
                () => database.ReadAsync(new Statement("SELECT value FROM settings"), _ => 0, Test), Test)));
            await EndConnectionsAsync();

            await database.WriteAsync([Setting($"first {round}", 1)], Test);
            await EndConnectionsAsync();
            var rows = await database.ReadAsync(new Statement("SELECT value FROM settings"), _ => 0, Test);
            await EndConnectionsAsync();
            await database.PingAsync(Test);

            Assert.Equal(201 * (round + 1), rows.Count);
        }
    }

    [Fact]
    public async Task Callers_that_find_their_connections_ended_at_once_are_all_answered()
    {
        await using var database = Fixture.Open();
        for (var round = 0; round < 15; round++)
        {
            await CallAsync(round);
            await EndConnectionsAsync();
        }
        await CallAsync(15);

        Assert.Equal(16 * 40, await Fixture.CountAsync("settings"));

        Task CallAsync(int round) => Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(
            async () =>
            {
                await database.ReadAsync(new Statement("SELECT value FROM settings"), _ => 0, Test);
                await database.WriteAsync([Setting($"{round}-{i}", i)], Test);
                await database.PingAsync(Test);
            },
            Test)));
    }

    [Fact]
    public async Task A_write_whose_connection_ends_under_way_is_not_repeated()
    {
        await using var database = Fixture.Open();
        await database.WriteAsync([Setting("before", 1)], Test);
        await using var other = Fixture.Connect();
        await other.OpenAsync(Test);
        await using var transaction = await other.BeginTransactionAsync(Test);
        await ExecuteAsync("LOCK TABLE settings IN ACCESS EXCLUSIVE MODE");

        var write = database.WriteAsync([Setting("ours", 1)], Test);
        while (await ExecuteAsync("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'settings'::regclass") is 0L)
        {
            // It is on its way.
        }
        await EndConnectionsAsync();
        await Assert.ThrowsAnyAsync<DbException>(() => write);
        await transaction.RollbackAsync(Test);
        await database.WriteAsync([Setting("later", 1)], Test);

        Assert.Equal(2, await Fixture.CountAsync("settings"));

        async Task<object?> ExecuteAsync(string sql)
        {
            await using var command = other.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = sql;
            return await command.ExecuteScalarAsync(Test);
        }
    }

    [Fact]
    public async Task A_group_that_a_time_limit_ends_is_not_repeated_piece_by_piece()
    {
        await using var database = new PostgresDatabase($"{Fixture.Connection};Options=-c lock_timeout=300");
        await using var other = Fixture.Connect();
        await other.OpenAsync(Test);
        await using var transaction = await other.BeginTransactionAsync(Test);
        await using var command = other.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "LOCK TABLE settings IN ACCESS EXCLUSIVE MODE";
        await command.ExecuteNonQueryAsync(Test);

        // One by one they would wait for a minute.
        var writes = Enumerable.Range(0, 200).Select(i => database.WriteAsync([Setting($"{i}", i)], Test)).ToList();
        var outcomes = await Task.WhenAll(writes.Select(async write => await Record.ExceptionAsync(() => write)));
        await transaction.RollbackAsync(Test);

        Assert.All(outcomes, failure => Assert.Equal(Unavailability.Away, Failures.UnavailabilityIn(failure!)));
        Assert.Equal(0, await Fixture.CountAsync("settings"));
    }

    [Theory]
    [InlineData("40P01", 1, true)]
    [InlineData("40001", 1, true)]
    [InlineData("40P01", 2, false)]
    [InlineData("23505", 1, false)]
    [InlineData("57014", 1, false)]
    public async Task A_write_by_itself_that_the_server_gave_up_for_another_s_sake_is_repeated_once(
        string state, int refusals, bool isStored)
    {
        await Fixture.ExecuteAsync("CREATE SEQUENCE refusals");
        // What a sequence has counted stays counted where the write is taken back.
        await Fixture.ExecuteAsync(
            $"""
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF nextval('refusals') <= {refusals} THEN RAISE EXCEPTION 'refused' USING ERRCODE = '{state}'; END IF;
                RETURN NEW;
            END $$
            """);
        await Fixture.ExecuteAsync("CREATE TRIGGER refuse BEFORE INSERT ON settings FOR EACH ROW EXECUTE FUNCTION refuse()");
        try
        {
            var failure = await Record.ExceptionAsync(() => Fixture.Database.WriteAsync([Setting("ours", 1)], Test));

            Assert.Equal(isStored ? null : state, (failure as PostgresException)?.SqlState);
            Assert.Equal(isStored ? 1 : 0, await Fixture.CountAsync("settings"));
        }
        finally
        {
            await Fixture.ExecuteAsync("DROP TRIGGER refuse ON settings");
            await Fixture.ExecuteAsync("DROP FUNCTION refuse");
            await Fixture.ExecuteAsync("DROP SEQUENCE refusals");
        }
    }

    [Fact]
    public async Task Writes_whose_callers_were_answered_while_a_connection_was_waited_for_are_not_done()
    {
        var time = new FakeTimeProvider();
        await using var database = new PostgresDatabase($"{Fixture.Connection};Maximum Pool Size=1", time);
        await database.WriteAsync([Setting("before", 1)], Test);
        var guarded = new GuardedDatabase(
            database, StorageOptions.CallTimeout, time, new Subscriptions(), NullLogger<GuardedDatabase>.Instance);
        using var release = new ManualResetEventSlim();
        var reads = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reader = Task.Run(() => database.ReadAsync(new Statement("SELECT 1"), Hold, Test), Test);
        await reads.Task;

        var writes = Enumerable.Range(0, 100).Select(i => guarded.WriteAsync([Setting($"{i}", i)], Test)).ToList();
        time.Advance(StorageOptions.CallTimeout);
        var answers = await Task.WhenAll(writes.Select(async write => await Record.ExceptionAsync(() => write)));
        release.Set();
        await reader;
        await database.WriteAsync([Setting("later", 1)], Test);

        Assert.All(answers, answer => Assert.IsType<StoreUnavailableException>(answer));
        Assert.Equal(2, await Fixture.CountAsync("settings"));

        int Hold(DbDataReader row)
        {
            reads.SetResult();
            release.Wait(Test);
            return 0;
        }
    }

    [Fact]
    public async Task A_group_that_is_repeated_one_by_one_leaves_out_those_whose_callers_were_answered()
    {
        const int refused = 130;
        var time = new FakeTimeProvider();
        await using var database = new PostgresDatabase(Fixture.Connection, time);
        await database.WriteAsync([Setting("taken", 1)], Test);
        await using var other = Fixture.Connect();
        await other.OpenAsync(Test);
        await ExecuteAsync("SELECT pg_advisory_lock(7)");

        // Three groups of 64 at most wait for the lock: each of them begins with one that will be refused.
        var writes = Enumerable.Range(0, refused + 60)
            .Select(i => database.WriteAsync(
                [
                    new Statement("SELECT 1 FROM pg_advisory_xact_lock_shared(7)") { ReturnsRow = true },
                    Setting(i < refused ? "taken" : $"{i}", i),
                ],
                Test))
            .ToList();
        while (await ExecuteAsync(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory' "
                + "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())") is not 3L)
        {
            // They are on their way.
        }
        time.Advance(StorageOptions.CallTimeout);
        await ExecuteAsync("SELECT pg_advisory_unlock(7)");
        var answers = await Task.WhenAll(writes.Select(async write => await Record.ExceptionAsync(() => write)));

        Assert.All(answers, answer => Assert.True(answer is TimeoutException or PostgresException { SqlState: "23505" }, $"{answer}"));
        Assert.Equal(1, await Fixture.CountAsync("settings"));

        async Task<object?> ExecuteAsync(string sql)
        {
            await using var command = other.CreateCommand();
            command.CommandText = sql;
            return await command.ExecuteScalarAsync(Test);
        }
    }

    [Fact]
    public async Task A_dump_of_all_tables_keeps_no_node_from_being_ready()
    {
        await using var database = new PostgresDatabase($"{Fixture.Connection};Options=-c lock_timeout=300");
        await using var dump = Fixture.Connect();
        await dump.OpenAsync(Test);
        await using var transaction = await dump.BeginTransactionAsync(Test);
        await using var command = dump.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "LOCK TABLE write_probe, flows, settings IN ACCESS SHARE MODE";
        await command.ExecuteNonQueryAsync(Test);

        await database.PingAsync(Test);
        await database.PingAsync(Test);

        Assert.Equal(0, await Fixture.CountAsync("write_probe"));
    }

    [Fact]
    public async Task A_ping_asks_the_disk_for_room_and_changes_no_setting_of_its_connection()
    {
        // What a server may put into temporary files is its disk, as far as a test can fill it.
        await using var database = new PostgresDatabase($"{Fixture.Connection};Options=-c temp_file_limit=0;Maximum Pool Size=1");

        var failure = await Assert.ThrowsAnyAsync<DbException>(() => database.PingAsync(Test));
        await using var ample = new PostgresDatabase($"{Fixture.Connection};Maximum Pool Size=1");
        await ample.PingAsync(Test);
        var memory = await ample.ReadAsync(new Statement("SHOW work_mem"), row => row.GetString(0), Test);

        Assert.Equal(Unavailability.Unable, Failures.UnavailabilityIn(failure));
        Assert.Equal(["4MB"], memory);
    }

    private protected override IDatabase OpenReadOnly() =>
        new PostgresDatabase($"{Fixture.Connection};Options=-c default_transaction_read_only=on");

    /// <summary>As a restart of the server does: to those that lie in the pool, and to those at work.</summary>
    private Task EndConnectionsAsync() => Fixture.ExecuteAsync(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            + "WHERE datname = current_database() AND pid <> pg_backend_pid() AND state IN ('idle', 'active')");

    [Fact]
    public async Task Nodes_that_start_together_migrate_once()
    {
        var empty = await TestContext.Current.GetFixture<PostgresServer>();
        var connection = await empty!.CreateDatabaseAsync();
        var nodes = Enumerable.Range(0, 4).Select(_ => new PostgresDatabase(connection)).ToList();

        await Task.WhenAll(nodes.Select(node => Task.Run(node.Migrate, Test)));

        await Task.WhenAll(nodes.Select(node => node.PingAsync(Test)));
        await Task.WhenAll(nodes.Select(node => node.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task A_migration_whose_table_is_in_use_gives_up_its_place_and_comes_again()
    {
        var empty = await TestContext.Current.GetFixture<PostgresServer>();
        var connection = await empty!.CreateDatabaseAsync();
        await using var source = Npgsql.NpgsqlDataSource.Create(connection);
        await using (var database = new PostgresDatabase(connection))
        {
            database.Migrate();
        }
        // As before the upgrade that adds these columns; a backup reads the table meanwhile.
        await ExecuteAsync(
            "ALTER TABLE flows DROP COLUMN client_request_hash, DROP COLUMN client_customer_hash, DROP COLUMN number_hash; "
                + "DELETE FROM schemaversions WHERE scriptname LIKE '%0016-flow-search%'");
        await using var backup = await source.OpenConnectionAsync(Test);
        await using var reading = await backup.BeginTransactionAsync(Test);
        await using var read = new Npgsql.NpgsqlCommand("SELECT count(*) FROM flows", backup, reading);
        await read.ExecuteScalarAsync(Test);
        var scripts = new List<string>();

        Migrations.UpgradePostgres(source, connection, ["Postgres"], TimeSpan.FromMilliseconds(20), (_, script) =>
        {
            scripts.Add(script);
            if (scripts.Count == 2)
            {
                reading.Rollback();
            }
        });

        Assert.Equal(2, scripts.Count);
        Assert.All(scripts, script => Assert.EndsWith("0016-flow-search.sql", script, StringComparison.Ordinal));
        await ExecuteAsync("SELECT number_hash FROM flows");

        async Task ExecuteAsync(string sql)
        {
            await using var command = source.CreateCommand(sql);
            await command.ExecuteNonQueryAsync(Test);
        }
    }

    [Fact]
    public async Task Without_a_server_a_write_and_a_ping_fail()
    {
        await using var database = new PostgresDatabase("Host=127.0.0.1;Port=1;Username=nobody");

        await Assert.ThrowsAnyAsync<DbException>(() => database.PingAsync(Test));
        await Assert.ThrowsAnyAsync<DbException>(() => database.WriteAsync([new Statement("DELETE FROM settings")], Test));
    }
}
