using System.Text.Json.Nodes;
using Countersign.Core.Doctor;
using Countersign.Core.Projects;
using Countersign.Server.Doctor;
using Countersign.Server.Tests.Fixtures;
using Countersign.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Doctor;

/// <summary>A whole server in Live, looked at while it runs, and its configuration without it.</summary>
public abstract class ServerDoctorTests
{
    private static readonly Dictionary<string, string?> _live = new(TestServer.Live)
    {
        ["Countersign:TextLimits:Country"] = "Enforce", ["Countersign:TextLimits:Prefix"] = "Enforce",
    };

    protected abstract bool TakesBackups { get; }

    protected abstract Task<string> CreateStoreAsync();

    [Fact]
    public async Task A_running_server_says_what_is_weak_by_its_settings_its_store_and_those_it_asks()
    {
        await using var server = await TestServer.StartAsync(await CreateStoreAsync(), _live);
        await server.AddProjectAsync("shop", new ProjectSettings { LinkConfirmation = LinkConfirmation.Tap, DisclosesSsn = true });

        var found = await LookAsync(server);

        Assert.Equal(("weak", "shop"), found["projects.tap"].Single());
        Assert.Equal(("weak", "shop"), found["projects.ssn"].Single());
        Assert.Equal(("weak", "shop"), found["caps.none"].Single());
        Assert.Equal(("unknown", "test"), found["gateways.failing"].Single());
        Assert.Equal(TakesBackups ? [("weak", null)] : [], found["backup.old"]);
        // In shadow since the start of a moment ago.
        Assert.Equal(("fine", "Address"), found["limits.shadow"].Single());
        Assert.Equal(5, found["pumping.shadow"].Count());
        Assert.All(
            (string[])["store.answers", "store.schema", "store.mode", "store.key", "store.clock", "keys.old"],
            check => Assert.Equal(("fine", null), found[check].Single()));
        Assert.All(found, one => Assert.Contains(Checks.All, check => check.Id == one.Key));
        Assert.DoesNotContain(found.SelectMany(one => one), one => one.State == "broken");
    }

    [Fact]
    public async Task A_backup_that_was_taken_is_seen()
    {
        await using var server = await TestServer.StartAsync(await CreateStoreAsync(), _live);
        var taken = await server.AdminAsync(HttpMethod.Get, "/admin/backup");

        var found = await LookAsync(server);

        Assert.Equal(TakesBackups ? 200 : 409, taken.Status);
        Assert.Equal(TakesBackups ? [("fine", null)] : [], found["backup.old"]);
    }

    [Fact]
    public async Task A_key_without_the_scope_and_one_that_is_limited_to_projects_may_not_look()
    {
        await using var server = await TestServer.StartAsync(await CreateStoreAsync(), _live);
        await server.AddProjectAsync("shop");
        var desk = await server.AdminAsync(HttpMethod.Post, "/admin/keys", """{"name":"desk","scopes":["support"]}""");
        var shop = await server.AdminAsync(
            HttpMethod.Post, "/admin/keys", """{"name":"shop","scopes":["read"],"projects":["shop"]}""");

        Assert.Equal(403, (await server.AdminAsync(HttpMethod.Get, "/admin/doctor", key: desk.Text("key"))).Status);
        Assert.Equal(403, (await server.AdminAsync(HttpMethod.Get, "/admin/doctor", key: shop.Text("key"))).Status);
    }

    [Fact]
    public async Task The_verb_reads_the_store_of_a_server_that_is_down_and_names_what_is_broken_of_it()
    {
        var store = await CreateStoreAsync();
        await using var server = await TestServer.StartAsync(store, _live);
        await server.AddProjectAsync("shop", new ProjectSettings { LinkConfirmation = LinkConfirmation.Tap });
        var running = server.Services.GetRequiredService<IServerDoctor>().Configuration;
        await server.StopAsync();

        var (code, down) = await VerbAsync(store);
        var (codeOfKey, otherKey) = await VerbAsync(store, "--Countersign:EncryptionKey=" + Convert.ToBase64String(new byte[32]));
        var (codeOfMode, otherMode) = await VerbAsync(
            store, "--Countersign:Mode=Sandbox",
            $"--Countersign:Sandbox:ClientId={Credentials.Sandbox.Id}", $"--Countersign:Sandbox:ClientSecret={Credentials.Sandbox.Secret}");

        Assert.Equal((1, 2, 2), (code, codeOfKey, codeOfMode));
        Assert.Equal(("weak", "shop"), Of(down)["projects.tap"].Single());
        Assert.Equal(("unknown", "paper"), Of(down)["gateways.failing"].Single());
        Assert.Equal(("broken", null), Of(otherKey)["store.key"].Single());
        Assert.Equal(("broken", null), Of(otherMode)["store.mode"].Single());
        // The tests' server has settings of its own beside these.
        Assert.NotEqual(running, (string?)down["configuration"]);
        Assert.Equal((string?)down["configuration"], (string?)(await VerbAsync(store)).Report["configuration"]);
    }

    protected static async Task<(int Code, JsonObject Report)> VerbAsync(string store, params string[] settings)
    {
        using var output = new StringWriter();
        var code = await DoctorVerb.Of(
        [
            "doctor", "--json", "--Countersign:Mode=Live", $"--Countersign:Store={store}", "--Countersign:Countries=US",
            $"--Countersign:EncryptionKey={TestServer.EncryptionKey}", "--Countersign:PublicUrl=https://id.example.com",
            "--Countersign:Gateways:paper:Type=outbox", .. settings,
        ])!.RunAsync(output);
        return (code, JsonNode.Parse(output.ToString())!.AsObject());
    }

    protected static ILookup<string, (string State, string? About)> Of(JsonObject report) => report["findings"]!.AsArray().ToLookup(
        one => (string)one!["check"]!, one => ((string)one!["state"]!, (string?)one["about"]), StringComparer.Ordinal);

    private static async Task<ILookup<string, (string State, string? About)>> LookAsync(TestServer server)
    {
        var answer = await server.AdminAsync(HttpMethod.Get, "/admin/doctor");
        return Of(answer.Json!.AsObject());
    }
}

public sealed class ServerDoctorOnSqlite : ServerDoctorTests, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    protected override bool TakesBackups => true;

    protected override Task<string> CreateStoreAsync() => Task.FromResult($"Data Source={_folder.File("countersign.db")}");

    [Fact]
    public async Task Who_only_looks_makes_no_file()
    {
        var (_, none) = await VerbAsync(await CreateStoreAsync());
        var files = Directory.GetFiles(Path.GetDirectoryName(_folder.File("x"))!);

        Assert.Equal(("unknown", null), Of(none)["store.answers"].Single());
        Assert.Empty(files);

        await File.WriteAllTextAsync(_folder.File("countersign.db"), "", TestContext.Current.CancellationToken);
        var (_, sandbox) = await VerbAsync(await CreateStoreAsync(), "--Countersign:Mode=Sandbox");

        Assert.Equal(("unknown", null), Of(sandbox)["store.key"].Single());
        Assert.Equal([_folder.File("countersign.db")], Directory.GetFiles(Path.GetDirectoryName(_folder.File("x"))!));
    }

    [Fact]
    public async Task A_file_that_is_no_store_is_broken()
    {
        await File.WriteAllTextAsync(
            _folder.File("countersign.db"), "no database at all, but a text", TestContext.Current.CancellationToken);

        var (code, report) = await VerbAsync(await CreateStoreAsync());

        Assert.Equal(2, code);
        Assert.Equal(("broken", null), Of(report)["store.answers"].Single());
    }

    [Fact]
    public async Task A_store_of_a_newer_version_is_broken_and_stays_as_it_is()
    {
        var store = await CreateStoreAsync();
        await using (var server = await TestServer.StartAsync(store, TestServer.Live))
        {
            await server.ExecuteAsync(
                "INSERT INTO SchemaVersions (ScriptName, Applied) VALUES ('Migrations/Sqlite/9999-later.sql', '2027-01-01')");
        }

        var (code, report) = await VerbAsync(store);

        Assert.Equal(2, code);
        Assert.Equal(("broken", null), Of(report)["store.schema"].Single());
    }

    [Fact]
    public async Task A_configuration_that_would_not_start_is_told_by_its_sentences()
    {
        var (code, report) = await VerbAsync(
            await CreateStoreAsync(), "--Countersign:PublicUrl=id.example.com", "--Countersign:Budget:NamesPerLine=1");

        Assert.Equal(2, code);
        Assert.Equal(2, Of(report)["configuration.read"].Count());
        Assert.All(report["findings"]!.AsArray(), one => Assert.Contains("Countersign:", (string?)one!["says"], StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();
}

public sealed class ServerDoctorOnPostgres(PostgresServer postgres) : ServerDoctorTests
{
    protected override bool TakesBackups => false;

    protected override async Task<string> CreateStoreAsync() => await postgres.CreateDatabaseAsync() + ";Maximum Pool Size=20";

    [Fact]
    public async Task A_database_that_is_away_is_named_with_what_it_says()
    {
        var (code, report) = await VerbAsync(
            "Host=127.0.0.1;Port=1;Database=countersign;Username=nobody;Password=a-secret-of-the-store;Timeout=3");

        Assert.Equal(2, code);
        Assert.Equal(("broken", null), Of(report)["store.answers"].Single());
        Assert.Contains("Connection refused", report.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("a-secret-of-the-store", report.ToJsonString(), StringComparison.Ordinal);
        // What the settings alone say is said all the same, and what the store would have said is not called fine.
        Assert.Equal(("weak", "paper"), Of(report)["texts.outbox"].Single());
        Assert.Equal(("weak", null), Of(report)["caps.none"].Single());
        Assert.All(
            (string[])["projects.tap", "clients.old", "webhooks.failing", "caps.spent", "keys.old"],
            check => Assert.Equal(("unknown", null), Of(report)[check].Single()));
    }
}
