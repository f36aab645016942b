using System.Security.Cryptography;
using Countersign.Core.Flows;
using Countersign.Core.Keys;
using Microsoft.Data.Sqlite;

namespace Countersign.Storage.Tests;

public sealed class SqliteBackupsTests(SqliteFixture fixture) : StoreContract(fixture), IClassFixture<SqliteFixture>
{
    private SqliteDatabase Database => (SqliteDatabase)Fixture.Database;

    [Fact]
    public async Task A_backup_is_one_whole_file_with_all_that_is_stored_and_nothing_that_was_removed()
    {
        var flows = new FlowStore(Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, TimeSpan.FromMinutes(15));
        var (kept, removed) = (Sample.Flow(), Sample.Flow());
        await flows.AddAsync(kept, Test);
        await flows.AddAsync(removed, Test);
        await Fixture.ExecuteAsync($"DELETE FROM flows WHERE id = x'{Convert.ToHexString(removed.Id.ToBytes())}'");
        await Fixture.ExecuteAsync($"DELETE FROM event_outbox WHERE flow_id = x'{Convert.ToHexString(removed.Id.ToBytes())}'");
        using var folder = new TemporaryFolder();

        var (file, digest) = await TakeAsync(folder);

        Assert.Equal(digest, SHA256.HashData(await File.ReadAllBytesAsync(file, Test)));
        var said = StoreFile.Read(file);
        Assert.Equal(Migrations.VersionOf(Migrations.Known("Sqlite")), said.Schema);
        Assert.Equal((false, Sample.Now.AddTicks(-4567)), (said.IsOlder, said.TakenAt));
        await using var copy = new SqliteDatabase($"Data Source={file}");
        var copied = new FlowStore(copy, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, TimeSpan.FromMinutes(15));
        Assert.NotNull(await copied.FindAsync(kept.Id, Test));
        Assert.Null(await copied.FindAsync(removed.Id, Test));
        Assert.Equal(-1, (await File.ReadAllBytesAsync(file, Test)).AsSpan().IndexOf(removed.Id.ToBytes()));
    }

    [Fact]
    public async Task A_backup_holds_no_key_and_nothing_personal_in_clear()
    {
        var flows = new FlowStore(Database, Fixture.Sealer, Fixture.Hasher, Fixture.Hashes, TimeSpan.FromMinutes(15));
        var flow = Sample.Flow() with { SmsMessage = "Marker ####" };
        await flows.AddAsync(flow, Test);
        await flows.TrySaveAsync(new Decision(flow, Sample.Text(flow)), Test);
        using var folder = new TemporaryFolder();

        var (file, _) = await TakeAsync(folder);

        var bytes = await File.ReadAllBytesAsync(file, Test);
        PersonalData.AssertNoneIn(bytes, "the backup");
        Assert.Equal(-1, bytes.AsSpan().IndexOf((byte[])[.. Enumerable.Range(1, MasterKey.Size).Select(i => (byte)i)]));
    }

    [Fact]
    public async Task Calls_go_on_while_a_backup_is_taken_and_each_is_in_it_whole_or_not_at_all()
    {
        using var folder = new TemporaryFolder();
        var writes = Enumerable.Range(0, 400).Select(i => Task.Run(() => Database.WriteAsync([Pair("a", i), Pair("b", i)], Test), Test));

        var taken = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => Task.Run(() => TakeAsync(folder, $"{i}.db"), Test)));
        await Task.WhenAll(writes);

        Assert.Equal(800, await Fixture.CountAsync("settings"));
        foreach (var (file, _) in taken)
        {
            await using var copy = new SqliteDatabase($"Data Source={file}");
            var counts = await copy.ReadAsync(
                new Statement("SELECT count(*) FROM settings WHERE name <> 'backup' GROUP BY substr(name, 1, 1)"), row => row.GetInt64(0),
                Test);
            Assert.True(counts is [] || (counts is [var one, var other] && one == other), string.Join(" and ", counts));
        }
    }

    [Fact]
    public async Task A_write_is_acknowledged_while_somebody_reads_the_whole_store()
    {
        await using var reader = new SqliteConnection($"{Fixture.Connection};Pooling=false");
        await reader.OpenAsync(Test);
        await using var command = new SqliteCommand("BEGIN; SELECT count(*) FROM settings", reader);
        await command.ExecuteScalarAsync(Test);

        await Database.WriteAsync([Pair("a", 1)], Test);

        Assert.Equal(1, await Fixture.CountAsync("settings"));
    }

    [Fact]
    public async Task Nothing_is_left_beside_the_store()
    {
        var path = Database.Path;
        using var folder = new TemporaryFolder();

        await TakeAsync(folder);
        await File.WriteAllTextAsync(path + ".draft-0a1b2c3d", "what a process has left that was killed", Test);
        Database.Migrate();

        Assert.All(
            Directory.GetFiles(Path.GetDirectoryName(path)!),
            file => Assert.DoesNotContain(".draft-", file, StringComparison.Ordinal));
    }

    private async Task<(string File, byte[] Digest)> TakeAsync(TemporaryFolder folder, string name = "backup.db")
    {
        using var backups = new SqliteBackups(Database, new StillClock(Sample.Now));
        await using var backup = (await backups.TakeAsync(Test))!;
        var file = folder.File(name);
        await using var stream = File.Create(file);
        await backup.Content.CopyToAsync(stream, Test);
        return (file, backup.Digest.ToArray());
    }

    private static Statement Pair(string side, long i) =>
        new("INSERT INTO settings (name, value) VALUES (@name, @value)", ("@name", $"{side}{i}"), ("@value", i));

    private sealed class StillClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
