using Countersign.Core.Flows;
using Countersign.Core.Keys;
using Microsoft.Data.Sqlite;

namespace Countersign.Storage.Tests;

public sealed class SqliteDatabaseTests(SqliteFixture fixture) : StoreContract(fixture), IClassFixture<SqliteFixture>
{
    [Theory]
    [InlineData("Data Source=:memory:", "path of a file")]
    [InlineData("Data Source=flows;Mode=Memory;Cache=Shared", "path of a file")]
    [InlineData("Data Source=file:flows.db?mode=memory", "path of a file")]
    [InlineData("Data Source=", "path of a file")]
    public async Task What_is_not_a_file_is_refused_with_the_cure(string connection, string cure)
    {
        var exception = await Assert.ThrowsAsync<ArgumentException>(async () => await new SqliteDatabase(connection).DisposeAsync());

        Assert.Contains(cure, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_relative_path_starts_at_the_current_folder()
    {
        await using var database = new SqliteDatabase("Data Source=some.db");

        Assert.Equal(Path.Combine(Environment.CurrentDirectory, "some.db"), database.Path);
        Assert.False(File.Exists(database.Path));
    }

    [Fact]
    public async Task A_folder_that_does_not_exist_is_named()
    {
        await using var database = new SqliteDatabase("Data Source=/nowhere/at/all/countersign.db");

        var exception = Assert.Throws<InvalidOperationException>(database.Migrate);

        Assert.Contains("/nowhere/at/all", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_that_cannot_be_brought_up_to_date_says_where_and_why()
    {
        using var folder = new TemporaryFolder();
        await using var database = new SqliteDatabase($"Data Source={folder.Path}/countersign.db");
        await using (var connection = new SqliteConnection($"Data Source={folder.Path}/countersign.db;Pooling=false"))
        {
            await connection.OpenAsync(Test);
            await using var command = new SqliteCommand("CREATE TABLE flows (id)", connection);
            await command.ExecuteNonQueryAsync(Test);
        }

        var exception = Assert.Throws<InvalidOperationException>(database.Migrate);

        Assert.Contains("0001-schema.sql failed: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains("already exists", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_deleted_is_overwritten()
    {
        using var folder = new TemporaryFolder();
        await using var database = new SqliteDatabase($"Data Source={folder.File("countersign.db")}");
        database.Migrate();

        var outcomes = await database.WriteAsync([new Statement("PRAGMA secure_delete") { ReturnsRow = true }], Test);

        Assert.Equal(1L, Assert.Single(outcomes[0].Row!));
    }

    [Fact]
    public async Task A_file_without_schema_is_not_ready()
    {
        using var folder = new TemporaryFolder();
        await using (var database = new SqliteDatabase($"Data Source={folder.File("empty.db")}"))
        {
            await Assert.ThrowsAsync<SqliteException>(() => database.PingAsync(Test));
        }
    }

    [Fact]
    public async Task The_file_is_in_wal_mode_and_the_writer_waits_for_the_disk()
    {
        var journal = await Fixture.Database.WriteAsync([new Statement("PRAGMA journal_mode") { ReturnsRow = true }], Test);
        var synchronous = await Fixture.Database.WriteAsync([new Statement("PRAGMA synchronous") { ReturnsRow = true }], Test);

        Assert.Equal("wal", journal[0].Row![0]);
        Assert.Equal(2L, synchronous[0].Row![0]);
    }

    [Fact]
    public async Task Readers_cannot_write()
    {
        await Assert.ThrowsAsync<SqliteException>(
            () => Fixture.Database.ReadAsync(new Statement("DELETE FROM settings RETURNING value"), _ => 0, Test));
    }

    [Fact]
    public async Task Another_writer_makes_ours_slow_and_not_wrong()
    {
        await using var other = new SqliteConnection($"{Fixture.Connection};Pooling=false");
        await other.OpenAsync(Test);
        await ExecuteAsync(other, "BEGIN IMMEDIATE");

        var write = Fixture.Database.WriteAsync([new Statement("INSERT INTO settings (name, value) VALUES ('a', 1)")], Test);
        await ExecuteAsync(other, "INSERT INTO settings (name, value) VALUES ('b', 1)");
        var wasWaiting = !write.IsCompleted;
        await ExecuteAsync(other, "COMMIT");
        await write;

        Assert.True(wasWaiting);
        Assert.Equal(2, await Fixture.CountAsync("settings"));
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_after_the_process_was_killed()
    {
        using var folder = new TemporaryFolder();
        var connection = $"Data Source={folder.File("countersign.db")}";
        await using var database = new SqliteDatabase(connection);
        database.Migrate();
        var flows = new FlowStore(database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, TimeSpan.FromMinutes(15));
        var flow = Sample.Flow();

        await flows.AddAsync(flow, Test);

        // The copy is what a dead process leaves: the file and its log, as they are at this moment, and nothing from memory.
        using var left = new TemporaryFolder();
        foreach (var name in new[] { "countersign.db", "countersign.db-wal" })
        {
            File.Copy(folder.File(name), left.File(name));
        }
        await using (var restarted = new SqliteDatabase($"Data Source={left.File("countersign.db")}"))
        {
            restarted.Migrate();
            Assert.NotNull(
                await new FlowStore(restarted, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, TimeSpan.FromMinutes(15)).FindAsync(
                    flow.Id, Test));
        }
        await database.DisposeAsync();
    }

    [Fact]
    [Trait("attack", "D01")]
    public async Task The_bytes_on_the_disk_hold_no_personal_data()
    {
        var flows = new FlowStore(Fixture.Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, TimeSpan.FromMinutes(15));
        var keys = new IdempotencyStore(Fixture.Database, Fixture.Sealer, Fixture.Hashes);
        var flow = Sample.Flow() with { SmsMessage = "Marker ####", ClientCustomerId = "Marker" };
        await flows.AddAsync(flow, Test);
        await flows.TrySaveAsync(new Decision(flow.WithLink(Sample.Hash(1), Sample.Now.AddMinutes(3)), Sample.Text(flow)), Test);
        await keys.KeepAsync(
            new KeyedAnswer(new KeyedCall(Sample.Hash(1), Sample.Hash(2), Sample.Now, Sample.Now), "Marker answer"u8.ToArray()), Test);

        var file = ((SqliteFixture)Fixture).File;

        PersonalData.AssertNoneIn(await File.ReadAllBytesAsync(file, Test), "the database");
        var log = await File.ReadAllBytesAsync(file + "-wal", Test);
        Assert.NotEmpty(log);
        PersonalData.AssertNoneIn(log, "the write-ahead log");
    }

    [Theory]
    [InlineData("SELECT id FROM flows WHERE next_deadline <= 1 ORDER BY next_deadline LIMIT 9", "flows_next_deadline")]
    [InlineData("SELECT id FROM flows WHERE link_hash = x'00'", "flows_link_hash")]
    [InlineData("SELECT id FROM flows WHERE id = x'00'", "sqlite_autoindex_flows_1")]
    [InlineData("SELECT id FROM flows WHERE id < x'00' AND expires_at < 1 ORDER BY id LIMIT 9", "sqlite_autoindex_flows_1")]
    [InlineData("SELECT id FROM texts WHERE due_at <= 1 ORDER BY due_at LIMIT 9", "texts_due_at")]
    [InlineData("SELECT id FROM texts WHERE flow_id = x'00' ORDER BY seq", "texts_flow_id")]
    [InlineData("SELECT id FROM texts WHERE to_hash = x'00' ORDER BY created_at, seq", "texts_to_hash")]
    [InlineData("SELECT key_hash FROM idempotency WHERE created_at < 1 ORDER BY created_at LIMIT 9", "idempotency_created_at")]
    public async Task Every_search_has_its_index(string sql, string index)
    {
        await using var connection = Fixture.Connect();
        await connection.OpenAsync(Test);
        await using var command = connection.CreateCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN {sql}";
        await using var reader = await command.ExecuteReaderAsync(Test);
        Assert.True(await reader.ReadAsync(Test));

        Assert.Contains($"INDEX {index}", reader.GetString(3), StringComparison.Ordinal);
        Assert.StartsWith("SEARCH", reader.GetString(3), StringComparison.Ordinal);
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using var command = new SqliteCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Test);
    }
}
