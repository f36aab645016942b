using System.Globalization;
using Countersign.Core;
using Countersign.Server.Tests.Fixtures;
using Countersign.Storage;
using DbUp;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Countersign.Server.Tests.Whole;

/// <summary>
/// Stores as servers of earlier schemas have left them in the middle of flows (<c>eng/old-store</c> has made them with those servers), and
/// this version started on them.
/// </summary>
public sealed class UpgradeTests(PostgresServer postgres) : IDisposable
{
    private const string KeysBelow = "-- keys";

    private readonly TemporaryFolder _folder = new();

    private static string Folder { get; } =
        Path.Combine(Repository.Root, "tests", "Countersign.Server.Tests", "Whole", "OldStores");

    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Folder, "*.sql").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [Trait("attack", "O03")]
    [MemberData(nameof(Names))]
    public async Task Flows_that_ran_in_an_earlier_version_go_on_in_this_one(string name) =>
        await AssertGoOnAsync(await LoadAsync(name), Store);

    /// <summary>The rows that the earlier version left, in PostgreSQL as its scripts had made it.</summary>
    [Theory, Trait("tier", "long")]
    [MemberData(nameof(Names))]
    public async Task So_they_do_on_PostgreSQL(string name)
    {
        var old = await LoadAsync(name);
        var store = await postgres.CreateDatabaseAsync();
        await using (var from = new SqliteConnection($"{Store};Pooling=false"))
        {
            await from.OpenAsync(TestContext.Current.CancellationToken);
            var scripts = await ScriptsAsync(from);
            DeployChanges.To.PostgresqlDatabase(store)
                .WithScriptsEmbeddedInAssembly(typeof(Migrations).Assembly, scripts.Contains).WithVariablesDisabled().LogToNowhere().Build()
                .PerformUpgrade();
            await StoreMove.CopyAsync(from, store);
        }

        await AssertGoOnAsync(old, await WithTimeAsync(store, old.Since));
    }

    public void Dispose() => _folder.Dispose();

    private string Store => $"Data Source={_folder.File("old.db")}";

    private string Keys => StoreConnection.KeysBeside(Store);

    private async Task AssertGoOnAsync(OldStore old, string store)
    {
        await using var server = await TestServer.StartAsync(
            store,
            new Dictionary<string, string?> { ["Countersign:Keys:Store"] = Keys },
            builder => builder.Services.AddKeyedSingleton<TimeProvider>(ClockKeys.Machine, new FormerTime(old.Since)));
        var ended = new List<string>();
        foreach (var (kind, id, authToken) in old.Flows)
        {
            await GoOnAsync(server, kind, server.Browser(authToken));
            var path = kind switch { "unify" => "/v3/unify-status", "pre-fill" => "/v3/validate", _ => "/v3/verify-status" };
            var status = await server.PostAsync(path, $$"""{"correlationId":"{{id}}"}""");
            ended.Add($"{kind} {status.Json?["success"]?.ToString() ?? $"{status}"}");
        }

        Assert.Equal(old.Flows.Select(flow => $"{flow.Kind} true"), ended);
        Assert.Contains("code true", ended);
        Assert.Contains("link true", ended);
    }

    private static async Task GoOnAsync(TestServer server, string kind, Page browser)
    {
        switch (kind)
        {
            case "link":
                var link = (await server.MessagesAsync("2001009002")).Last(message => message.Link is not null).Link!;
                Assert.Equal(303, (await server.ConfirmLinkAsync(link)).Status);
                break;
            case "begun":
                await browser.Post("mobile/instant/error");
                await browser.Post("mobile/otp/start");
                await browser.Enter("1234");
                break;
            default:
                await browser.Enter("1234");
                break;
        }
    }

    /// <summary>The names in PostgreSQL of the scripts that the store has.</summary>
    private static async Task<HashSet<string>> ScriptsAsync(SqliteConnection store)
    {
        await using var command = new SqliteCommand("SELECT replace(ScriptName, '/Sqlite/', '/Postgres/') FROM SchemaVersions", store);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            names.Add(reader.GetString(0));
        }
        return names;
    }

    /// <summary>The database's time is the one of the moment at which the store was left, too: nodes that share a store go by it.</summary>
    private static async Task<string> WithTimeAsync(string store, TimeSpan since)
    {
        await using var connection = new NpgsqlConnection($"{store};Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // A number.
        command.CommandText = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            CREATE SCHEMA former;
            CREATE FUNCTION former.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS
                'SELECT pg_catalog.clock_timestamp() - {since.TotalSeconds} * interval ''1 second''';
            """);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return $"{store};Search Path=public,former,pg_catalog";
    }

    /// <summary>Makes the store and, from when there was one on, the database of its keys.</summary>
    private async Task<OldStore> LoadAsync(string name)
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(Folder, $"{name}.sql"), TestContext.Current.CancellationToken);
        var notes = lines.Where(line => line.StartsWith("-- ", StringComparison.Ordinal)).Select(line => line.Split(' ')).ToList();
        var left = long.Parse(notes.Single(note => note[1] == "left")[2], CultureInfo.InvariantCulture);
        await ExecuteAsync(Store, lines.TakeWhile(line => line != KeysBelow));
        await ExecuteAsync(Keys, lines.SkipWhile(line => line != KeysBelow));
        return new OldStore(
            TimeProvider.System.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(left),
            [.. notes.Where(note => note.Length == 4).Select(note => (note[1], note[2], note[3]))]);
    }

    private static async Task ExecuteAsync(string store, IEnumerable<string> lines)
    {
        var script = string.Join('\n', lines);
        if (script.Length == 0)
        {
            return;
        }
        await using var connection = new SqliteConnection($"{store};Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // A file of the repository.
        command.CommandText = script;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <param name="Since">How long ago it was left.</param>
    private sealed record OldStore(TimeSpan Since, IReadOnlyList<(string Kind, string Id, string AuthToken)> Flows);

    /// <summary>From the moment on at which a store was left.</summary>
    private sealed class FormerTime(TimeSpan since) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() - since;
    }
}
