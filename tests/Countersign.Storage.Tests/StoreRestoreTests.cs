using Countersign.Core;
using Countersign.Core.Administration;
using Countersign.Core.Flows;
using Countersign.Core.Keys;
using Countersign.Core.Possession;
using Countersign.Core.Projects;
using Countersign.Providers.Numbers;
using DbUp;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Storage.Tests;

public sealed class StoreRestoreTests : IAsyncLifetime
{
    private static readonly Flow _flow = Sample.Flow();

    // A store of Live with a flow in it, a backup of it, and a store without anything.
    private static readonly Lazy<Task<(byte[] Used, byte[] Backup, byte[] Empty)>> _stores = new(MakeStoresAsync);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    private string Backup => _folder.File("backup.db");

    private string Store => Path.Combine(Directory.CreateDirectory(_folder.File("store")).FullName, "countersign.db");

    public async ValueTask InitializeAsync() => await File.WriteAllBytesAsync(Backup, (await _stores.Value).Backup, Test);

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_backup_is_restored_where_no_store_is()
    {
        await using (var services = Build(Store))
        {
            var restored = await services.RestoreAsync(Backup, Mode.Live, replaces: false);

            Assert.Equal((Store, null), (restored.Store, restored.Replaced));
        }

        Assert.Equal(["countersign.db"], Files());
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Store));
        }
        Assert.Equal(StoreFile.Read(Backup).TakenAt, StoreFile.Read(Store).TakenAt);
        Assert.True(await HasFlowAsync());
    }

    [Fact]
    public async Task A_copy_that_another_tool_made_is_restored_with_its_log_and_known_as_a_backup()
    {
        await File.WriteAllBytesAsync(_folder.File("of.db"), (await _stores.Value).Used, Test);
        await using var used = new SqliteDatabase($"Data Source={_folder.File("of.db")}");
        await used.WriteAsync([new Statement("INSERT INTO settings (name, value) VALUES ('last', 1)")], Test);
        foreach (var ending in (string[])["", "-wal"])
        {
            File.Copy(_folder.File("of.db") + ending, _folder.File("copy.db") + ending);
        }

        await using (var services = Build(Store))
        {
            await services.RestoreAsync(_folder.File("copy.db"), Mode.Live, replaces: false);
        }

        await using var restored = new SqliteDatabase($"Data Source={Store}");
        Assert.Equal(
            [("backup", 0), ("last", 1), ("mode", 1)],
            await restored.ReadAsync(
                new Statement("SELECT name, value FROM settings ORDER BY name"), row => (row.GetString(0), row.GetInt64(1)), Test));
    }

    [Fact]
    public async Task A_store_is_replaced_when_that_is_said_and_kept_beside()
    {
        await MakeStoreAsync();
        await using var services = Build(Store);

        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => services.RestoreAsync(Backup, Mode.Live, replaces: false));
        var hadFlow = await HasFlowAsync();
        var restored = await services.RestoreAsync(Backup, Mode.Live, replaces: true);

        Assert.Contains("With --replace the backup takes its place", refusal.Message, StringComparison.Ordinal);
        Assert.False(hadFlow);
        Assert.True(await HasFlowAsync());
        Assert.Null(StoreFile.Read(restored.Replaced!).TakenAt);
        Assert.Equal(
            ["countersign.db", Path.GetFileName(restored.Replaced!)],
            Files().Where(name => !name.EndsWith("-shm", StringComparison.Ordinal) && !name.EndsWith("-wal", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_store_that_a_server_uses_is_not_replaced()
    {
        await MakeStoreAsync();
        await using var used = new SqliteDatabase($"Data Source={Store}");
        await used.ReadAsync(new Statement("SELECT name FROM settings"), _ => 0, Test);
        await using var services = Build(Store);

        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => services.RestoreAsync(Backup, Mode.Live, replaces: true));

        Assert.Equal($"A server uses {Store}, or another program has it open: stop it first.", refusal.Message);
        await used.WriteAsync([new Statement("INSERT INTO settings (name, value) VALUES ('kept', 1)")], Test);
        Assert.DoesNotContain(Files(), name => name.Contains("replaced", StringComparison.Ordinal));
        Assert.DoesNotContain(Files(), name => name.Contains("draft", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_store_that_is_damaged_is_replaced()
    {
        await File.WriteAllBytesAsync(Store, [.. Enumerable.Repeat((byte)7, 8192)], Test);
        await File.WriteAllTextAsync(Store + "-wal", "of the damaged one", Test);
        await using var services = Build(Store);

        await services.RestoreAsync(Backup, Mode.Live, replaces: true);

        Assert.False(File.Exists(Store + "-wal"));
        Assert.True(await HasFlowAsync());
    }

    [Fact]
    public async Task A_log_without_its_database_is_not_taken_for_the_backups()
    {
        await File.WriteAllTextAsync(Store + "-wal", "of another", Test);
        await using var services = Build(Store);

        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => services.RestoreAsync(Backup, Mode.Live, replaces: false));

        Assert.Contains("countersign.db-wal", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(["countersign.db-wal"], Files());
    }

    [Fact]
    public async Task Without_its_key_a_backup_is_not_restored_and_the_keys_are_named()
    {
        var other = MasterKey.New();
        await using var services = Build(Store, other);

        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => services.RestoreAsync(Backup, Mode.Live, replaces: true));

        Assert.StartsWith(
            $"This server cannot read it: it is under encryption key {StoreFixture.Key.Id}, and the server has {other.Id}. Without its key "
                + "nobody reads it, ever: ",
            refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Files());
    }

    [Fact]
    [Trait("attack", "A02")]
    public async Task A_backup_of_the_other_mode_is_not_restored()
    {
        await using var services = Build(Store);

        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => services.RestoreAsync(Backup, Mode.Sandbox, replaces: true));

        Assert.EndsWith(
            "is of a server whose mode is Live, and Countersign:Mode is Sandbox. Nothing was changed.", refusal.Message,
            StringComparison.Ordinal);
        Assert.Empty(Files());
    }

    [Theory]
    [InlineData("does not exist.", "absent")]
    [InlineData("cannot be read as a SQLite database: ", "text")]
    [InlineData("cannot be read as a SQLite database: ", "half")]
    [InlineData("holds no store of Countersign.", "other")]
    [InlineData("holds no store of Countersign.", "empty")]
    [InlineData("its schema is 9999-later, a newer version's, and this one knows schemas up to 00", "newer")]
    public async Task What_is_no_backup_for_this_version_is_refused_and_the_store_stays(string problem, string kind)
    {
        await MakeStoreAsync();
        var before = await File.ReadAllBytesAsync(Store, Test);
        await MakeAsync(kind);
        await using var services = Build(Store);

        var refusal = await Assert.ThrowsAsync<ConfigurationException>(
            () => services.RestoreAsync(_folder.File("given.db"), Mode.Live, replaces: true));

        Assert.Contains(problem, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(["countersign.db"], Files());
        Assert.Equal(before, await File.ReadAllBytesAsync(Store, Test));
    }

    [Fact]
    public async Task A_backup_with_a_damaged_page_is_refused()
    {
        var bytes = await File.ReadAllBytesAsync(Backup, Test);
        for (var at = bytes.Length - 4096; at < bytes.Length; at++)
        {
            bytes[at] ^= 0x5a;
        }
        await File.WriteAllBytesAsync(Backup, bytes, Test);

        var refusal = Assert.Throws<ConfigurationException>(() => StoreFile.Read(Backup));

        Assert.True(
            refusal.Message.Contains("is damaged", StringComparison.Ordinal)
                || refusal.Message.Contains("malformed", StringComparison.Ordinal),
            refusal.Message);
    }

    [Fact]
    public async Task An_older_backup_is_restored_and_brought_up_to_date_by_the_next_start()
    {
        var former = Migrations.Known("Sqlite").SkipLast(1).ToList();
        DeployChanges.To.SqliteDatabase($"Data Source={_folder.File("older.db")};Pooling=false")
            .WithScriptsEmbeddedInAssembly(typeof(Migrations).Assembly, former.Contains).WithVariablesDisabled().LogToNowhere().Build()
            .PerformUpgrade();
        await using var services = Build(Store);

        var restored = await services.RestoreAsync(_folder.File("older.db"), Mode.Live, replaces: false);
        services.MigrateStorage();

        Assert.Equal((Migrations.VersionOf(former), true), (restored.Backup.Schema, restored.Backup.IsOlder));
        Assert.False(StoreFile.Read(Store).IsOlder);
    }

    [Fact]
    public async Task The_store_itself_is_no_backup_of_it()
    {
        await MakeStoreAsync();
        await using var services = Build(Store);

        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => services.RestoreAsync(Store, Mode.Live, replaces: true));

        Assert.EndsWith("is the store itself. Name a backup of it.", refusal.Message, StringComparison.Ordinal);
    }

    private IEnumerable<string> Files() =>
        Directory.GetFiles(Path.GetDirectoryName(Store)!).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);

    private async Task MakeStoreAsync() => await File.WriteAllBytesAsync(Store, (await _stores.Value).Empty, Test);

    private static async Task<(byte[] Used, byte[] Backup, byte[] Empty)> MakeStoresAsync()
    {
        using var folder = new TemporaryFolder();
        var (file, backup) = (folder.File("of.db"), new MemoryStream());
        byte[] empty;
        await using (var services = Build(file))
        {
            services.MigrateStorage();
            empty = await File.ReadAllBytesAsync(file, Test);
            await services.ClaimStoreAsync(Mode.Live, Test);
            await services.GetRequiredService<ISigningKeyStore>().GetOrAddAsync("k1", [1, 2, 3], Sample.Now, Test);
            await services.GetRequiredService<IFlowStore>().AddAsync(_flow, Test);
            await using var taken = (await services.GetRequiredService<IStoreBackups>().TakeAsync(Test))!;
            await taken.Content.CopyToAsync(backup, Test);
        }
        return (await File.ReadAllBytesAsync(file, Test), backup.ToArray(), empty);
    }

    private async Task MakeAsync(string kind)
    {
        var file = _folder.File("given.db");
        var whole = await File.ReadAllBytesAsync(Backup, Test);
        switch (kind)
        {
            case "text":
                await File.WriteAllTextAsync(file, new string('x', 5000), Test);
                break;
            case "half":
                await File.WriteAllBytesAsync(file, whole[..(whole.Length / 2)], Test);
                break;
            case "empty":
                await File.WriteAllBytesAsync(file, [], Test);
                break;
            case "other" or "newer":
                await File.WriteAllBytesAsync(file, kind == "other" ? [] : whole, Test);
                await using (var connection = new SqliteConnection($"Data Source={file};Pooling=false"))
                {
                    await connection.OpenAsync(Test);
                    await using var command = new SqliteCommand(
                        kind == "other" ? "CREATE TABLE bookmarks (id)"
                            : "INSERT INTO SchemaVersions (ScriptName, Applied) VALUES ('Migrations/Sqlite/9999-later.sql', '')",
                        connection);
                    await command.ExecuteNonQueryAsync(Test);
                }
                break;
        }
    }

    private async Task<bool> HasFlowAsync()
    {
        await using var services = Build(Store);
        return await services.GetRequiredService<IFlowStore>().FindAsync(_flow.Id, Test) is not null;
    }

    private static ServiceProvider Build(string store, MasterKey? key = null) =>
        new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddKeyedSingleton(ClockKeys.Machine, TimeProvider.System)
            .AddSingleton<INumberPlan, NumberPlan>()
            .AddSingleton(new PossessionOptions())
            .AddSingleton(StricterDefaults.None)
            .AddStorage(new StorageOptions { Store = $"Data Source={store}" }, new ConfiguredKeyStore(key ?? StoreFixture.Key))
            // As if the pseudonyms' database were the same everywhere.
            .AddSingleton(provider => TestDays.Of(provider.GetRequiredService<KeyRing>()))
            .BuildServiceProvider();
}
