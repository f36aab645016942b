using System.Data.Common;
using Countersign.Core;
using Countersign.Core.Keys;
using Countersign.Core.Projects;
using Countersign.Providers.Numbers;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Countersign.Storage.Tests;

/// <summary>One database for the tests of one class.</summary>
public abstract class StoreFixture : IAsyncLifetime
{
    internal static IReadOnlyList<string> Tables { get; } =
        ["flows", "texts", "outcomes", "outcome_counts", "receipts", "receipt_keys", "event_outbox", "event_head", "events",
         "erased_events", "webhooks", "webhook_deliveries",
         "projects", "clients", "keys", "idempotency", "settings", "identities", "devices", "passkeys", "domain_links",
            "suppressions",
         "person_records", "record_imports", "record_sources", "record_visibility", "verified_numbers", "taken_requests",
         "taken_signatures", "revoked_tokens", "taken_assertions", "admin_keys", "write_probe", "identity_aliases",
         "counters", "spending", "text_traffic", "abuse_entries", "taken_challenges",
         "audit_waiting", "audit_entries", "audit_checkpoints", "audit_state"];

    internal static MasterKey Key { get; } = new([.. Enumerable.Range(1, MasterKey.Size).Select(i => (byte)i)]);

    internal static KeyRing Ring { get; } = KeyRing.Of(Key, TimeProvider.System);

    internal DayKeys Days { get; } = TestDays.Of(Ring);

    internal Sealer Sealer => field ??= new Sealer(Ring, days: Days);

    internal HashSealer Hashes => field ??= new HashSealer(Ring, Days);

    internal RowSeals Rows => field ??= new RowSeals(Sealer, Hashes, NullLogger<RowSeals>.Instance);

    internal SecretHasher Hasher { get; } = new(Key.DeriveHashKey());

    internal INumberPlan Plan { get; } = new NumberPlan();

    internal RequestIds Requests => RequestsWith(Lines);

    internal LineKeyStore Lines => new(Keys, Sealer, Hasher, Hashes, Plan);

    internal RequestIds RequestsWith(ILineKeys lines) =>
        new(new OutcomeStore(Database, Sealer, Hasher, Hashes, lines, TimeSpan.FromMinutes(15)), Hashes);

    internal IDatabase Database { get; private set; } = null!;

    /// <summary>The pseudonyms' database, as a server with nothing said would have it.</summary>
    internal KeyDatabase Keys { get; private set; } = null!;

    /// <summary>As an operator would write it.</summary>
    public string Connection { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Connection = await CreateAsync();
        Database = Open();
        Database.Migrate();
        Keys = OpenKeys();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Keys.DisposeAsync();
        await Database.DisposeAsync();
        Remove();
    }

    /// <summary>A second server's view of the same database.</summary>
    internal abstract IDatabase Open();

    internal abstract KeyDatabase OpenKeys();

    /// <summary>A connection that knows nothing of ours.</summary>
    internal abstract DbConnection Connect();

    /// <summary>Empties all tables.</summary>
    public async Task EmptyAsync()
    {
        foreach (var table in Tables)
        {
            await ExecuteAsync($"DELETE FROM {table}");
        }
        await Keys.Database.WriteAsync(
            [.. Inventory.OfKeys.Select(table => new Statement("") { Sql = $"DELETE FROM {table}" })], default);
    }

    internal ProjectStore Projects => new(Database, Hasher, Hashes, StricterDefaults.None, Rows, Lines);

    /// <summary>Makes a project, so that it can see records.</summary>
    internal Task AddProjectAsync(ProjectId id) => Projects.PutAsync(new Project(id, $"{id}", new ProjectSettings()), default);

    /// <summary>Gives rows the seals that they would have if a server had written what a test wrote.</summary>
    internal async Task SealRowsAsync()
    {
        var rows = new RowSeals(Sealer, Hashes, NullLogger<RowSeals>.Instance) { TakesUnsealed = true };
        await new Resealing(Database, Sealer, Hashes, rows, Lines).SealRowsAsync(default);
    }

    internal async Task ExecuteAsync(string sql)
    {
        await using var connection = Connect();
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Every value of every column of every table, as the database holds it.</summary>
    internal async Task<List<object>> DumpAsync()
    {
        var values = new List<object>();
        await using var connection = Connect();
        await connection.OpenAsync();
        foreach (var table in Tables)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM {table}";
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                for (var i = 0; i < reader.FieldCount; i++)
                {
                    values.Add(reader.GetValue(i));
                }
            }
        }
        return values;
    }

    internal async Task<long> CountAsync(string table)
    {
        await using var connection = Connect();
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM {table}";
        return (long)(await command.ExecuteScalarAsync())!;
    }

    protected abstract Task<string> CreateAsync();

    protected virtual void Remove() { }
}

public sealed class SqliteFixture : StoreFixture
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("countersign-sqlite-");

    public string File => Path.Combine(_folder.FullName, "countersign.db");

    internal override IDatabase Open() => new SqliteDatabase(Connection);

    internal override KeyDatabase OpenKeys() => new(() =>
    {
        var opened = new SqliteDatabase(StoreConnection.KeysBeside(Connection), scripts: "Keys/Sqlite");
        opened.Migrate();
        return opened;
    });

    internal override DbConnection Connect() => new SqliteConnection($"{Connection};Pooling=false");

    protected override Task<string> CreateAsync() => Task.FromResult($"Data Source={File}");

    protected override void Remove() => _folder.Delete(recursive: true);
}

public sealed class PostgresFixture(PostgresServer server) : StoreFixture
{
    internal override IDatabase Open() => new PostgresDatabase(Connection);

    internal override KeyDatabase OpenKeys() => KeyDatabase.Of(Database);

    internal override DbConnection Connect() => new NpgsqlConnection($"{Connection};Pooling=false");

    protected override Task<string> CreateAsync() => server.CreateDatabaseAsync();
}
