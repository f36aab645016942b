using System.Globalization;
using Countersign.Server.Tests.Fixtures;
using Countersign.Storage;
using DbUp;
using Microsoft.Data.Sqlite;

namespace Countersign.Server.Tests.Whole;

/// <summary>
/// Stores as servers of earlier schemas have left them in the middle of flows (<c>eng/old-store</c> has made them with those servers), and
/// this version started on them.
/// </summary>
public sealed class UpgradeTests(PostgresServer postgres) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string Folder { get; } =
        Path.Combine(Repository.Root, "tests", "Countersign.Server.Tests", "Whole", "OldStores");

    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Folder, "*.sql").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Flows_that_ran_in_an_earlier_version_go_on_in_this_one(string name) =>
        await AssertGoOnAsync(await LoadAsync(name), Sqlite);

    /// <summary>The rows that the earlier version left, in PostgreSQL as its scripts had made it.</summary>
    [Theory, Trait("tier", "long")]
    [MemberData(nameof(Names))]
    public async Task So_they_do_on_PostgreSQL(string name)
    {
        var flows = await LoadAsync(name);
        var store = await postgres.CreateDatabaseAsync();
        await using (var from = new SqliteConnection($"{Sqlite};Pooling=false"))
        {
            await from.OpenAsync(TestContext.Current.CancellationToken);
            var scripts = await ScriptsAsync(from);
            DeployChanges.To.PostgresqlDatabase(store)
                .WithScriptsEmbeddedInAssembly(typeof(Migrations).Assembly, scripts.Contains).WithVariablesDisabled().LogToNowhere().Build()
                .PerformUpgrade();
            await StoreMove.CopyAsync(from, store);
        }

        await AssertGoOnAsync(flows, store);
    }

    public void Dispose() => _folder.Dispose();

    private string Sqlite => $"Data Source={_folder.File("old.db")}";

    private static async Task AssertGoOnAsync(IReadOnlyList<(string Kind, string Id, string AuthToken)> flows, string store)
    {
        await using var server = await TestServer.StartAsync(store);
        var ended = new List<string>();
        foreach (var (kind, id, authToken) in flows)
        {
            await GoOnAsync(server, kind, server.Browser(authToken));
            var path = kind switch { "unify" => "/v3/unify-status", "pre-fill" => "/v3/validate", _ => "/v3/verify-status" };
            var status = await server.PostAsync(path, $$"""{"correlationId":"{{id}}"}""");
            ended.Add($"{kind} {status.Json?["success"]?.ToString() ?? $"{status}"}");
        }

        Assert.Equal(flows.Select(flow => $"{flow.Kind} true"), ended);
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

    /// <summary>Makes the store, with the clock of a sandbox that is still at the moment at which it was left.</summary>
    private async Task<IReadOnlyList<(string Kind, string Id, string AuthToken)>> LoadAsync(string name)
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(Folder, $"{name}.sql"), TestContext.Current.CancellationToken);
        var notes = lines.Where(line => line.StartsWith("-- ", StringComparison.Ordinal)).Select(line => line.Split(' ')).ToList();
        var left = long.Parse(notes.Single(note => note[1] == "left")[2], CultureInfo.InvariantCulture);
        var since = TimeProvider.System.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(left);
        await using var connection = new SqliteConnection($"{Sqlite};Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // A file of the repository.
        command.CommandText = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {string.Join('\n', lines)}
            UPDATE settings SET value = value - {(long)since.TotalMilliseconds} WHERE name = 'sandbox-clock-offset';
            """);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return [.. notes.Where(note => note[1] != "left").Select(note => (note[1], note[2], note[3]))];
    }
}
