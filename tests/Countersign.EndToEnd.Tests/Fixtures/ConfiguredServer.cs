using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Countersign.EndToEnd.Tests.Fixtures;

/// <summary>
/// A server in Live as <c>countersign init</c> configures it, with nothing added but addresses and a database, and two projects, made by
/// the command: "shop", whose records it has, and "bank". It is shared: each test has numbers and API clients of its own.
/// </summary>
public abstract class ConfiguredServer(Store kind, PostgresServer postgres) : IAsyncLifetime
{
    /// <summary>A person of the shop's records.</summary>
    internal const string Known = "+12025550142";

    internal const string Target = "https://shop.example/verified";

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _admin = new();
    private readonly ConcurrentQueue<HttpClient> _https = [];
    private string _adminKey = "";
    private ServerProcess? _server;
    private int _numbers = 2_100_000;
    private int _names;
    private int _addresses;

    /// <summary>The public listener.</summary>
    internal Uri Address { get; private set; } = null!;

    internal Uri AdminAddress { get; private set; } = null!;

    internal string AdminKey => _adminKey;

    internal string Database => Path.Combine(_folder.Path, "countersign.db");

    /// <summary>The file of the gateway that init configures.</summary>
    internal string Outbox => _folder.File("texts.jsonl");

    internal bool IsOnSqlite => kind == Store.Sqlite;

    internal HttpClient Http { get; } = new();

    /// <summary>What stands in its database.</summary>
    internal StoredRows Rows { get; private set; } = null!;

    /// <summary>What the server has written to its log so far.</summary>
    internal string Log => _server!.Output;

    public async ValueTask InitializeAsync()
    {
        try
        {
            await StartAsync();
        }
        catch
        {
            // What did not begin is not disposed of by the framework.
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
        await EndProvidersAsync();
        Http.Dispose();
        _admin.Dispose();
        foreach (var http in _https)
        {
            http.Dispose();
        }
        _folder.Dispose();
    }

    /// <summary>A mobile number of the United States that no other test has.</summary>
    internal string NextNumber() => "+1202" + Interlocked.Increment(ref _numbers).ToString(CultureInfo.InvariantCulture);

    /// <summary>A name that nothing else on this server has.</summary>
    internal string NextName(string kind) => $"{kind}-{Interlocked.Increment(ref _names).ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Calls the server from an address that nobody else calls from.</summary>
    internal HttpClient NextHttp()
    {
        var n = Interlocked.Increment(ref _addresses);
        var http = PersonsBrowser.From(string.Create(CultureInfo.InvariantCulture, $"127.2.{n / 250}.{(n % 250) + 1}"));
        http.BaseAddress = Address;
        _https.Enqueue(http);
        return http;
    }

    /// <summary>A new API client of a project.</summary>
    internal async Task<BackEnd> ClientAsync(string project)
    {
        var made = await AdminAsync(HttpMethod.Post, $"/admin/projects/{project}/clients", new { id = NextName(project) });
        return await BackEnd.OpenAsync(this, made.Text("id"), made.Text("secret"));
    }

    /// <summary>A new project with these settings beside what is required, and a client of it.</summary>
    internal async Task<BackEnd> ProjectAsync(JsonObject? settings = null)
    {
        var id = NextName("project");
        var project = new JsonObject { ["id"] = id, ["name"] = id, ["linkConfirmation"] = "match", ["targetUrls"] = new JsonArray(Target) };
        foreach (var (name, value) in settings ?? [])
        {
            project[name] = value?.DeepClone();
        }
        var made = await AdminAsync(HttpMethod.Post, "/admin/projects", project);
        Assert.True(made.Status is 200 or 201, made.ToString());
        return await ClientAsync(id);
    }

    /// <summary>Has the records imported for a project, by the command.</summary>
    internal async Task ImportAsync(string project, string source, params string[] lines)
    {
        var file = _folder.File($"{source}.csv");
        await File.WriteAllLinesAsync(
            file, ["phone,given_name,family_name,birthdate,ssn,street,city,region,postal_code,country,email", .. lines]);
        await DoneAsync("records", "import", file, "--source", source, "--project", project);
    }

    /// <param name="key">Null for the key that init has made.</param>
    internal async Task<Reply> AdminAsync(HttpMethod method, string path, object? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(AdminAddress, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key ?? _adminKey);
        request.Content = body is null ? null : JsonContent.Create(body);
        return await Reply.ReadAsync(await _admin.SendAsync(request, TestContext.Current.CancellationToken));
    }

    /// <summary>What the <c>countersign</c> command prints.</summary>
    internal async Task<string> DoneAsync(params string[] arguments)
    {
        var (code, output) = await CommandAsync(arguments);
        return code == 0 ? output : throw new InvalidOperationException($"countersign {string.Join(' ', arguments)}: {code} {output}");
    }

    /// <summary>How the <c>countersign</c> command ends, and what it prints.</summary>
    internal async Task<(int Code, string Output)> CommandAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Repository.Command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["COUNTERSIGN_SERVER"] = AdminAddress?.AbsoluteUri ?? "";
        start.Environment["COUNTERSIGN_ADMIN_KEY"] = _adminKey;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await error);
    }

    /// <summary>The texts to a number so far, in the outbox that init configures, oldest first.</summary>
    internal IReadOnlyList<JsonNode> Texts(string to)
    {
        if (!File.Exists(Outbox))
        {
            return [];
        }
        using var reader = new StreamReader(new FileStream(Outbox, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var whole = reader.ReadToEnd();
        return [.. whole[..(whole.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!).Where(text => (string?)text["to"] == to)];
    }

    /// <summary>The code or link of the newest text with one: notices come when they come.</summary>
    internal string LastProof(string to) => (string)Texts(to).Last(text => (string?)text["kind"] != "notice")["proof"]!;

    /// <summary>Proves a number by a code in a browser that keeps a key from now on.</summary>
    /// <param name="phoneNumber">Null for a new one.</param>
    internal async Task<TiedBrowser> TieAsync(BackEnd project, string? phoneNumber = null)
    {
        var number = phoneNumber ?? NextNumber();
        var key = new BrowserKey();
        using var flow = await project.BeginAsync("/v3/unify", new { possessionType = "mobile", phoneNumber = number });
        await key.RegisterAsync(flow);
        await flow.AskForCodeAsync();
        await flow.EnterAsync(LastProof(number));
        var result = await flow.ResultAsync();
        Assert.Equal(("true", key.DeviceId), (result.Text("success"), result.TextOrNull("deviceId")));
        return new TiedBrowser(key, number, result.Text("proveId"));
    }

    /// <summary>Waits until something that the server does by itself has happened.</summary>
    internal static async Task<T> WaitForAsync<T>(Func<T?> look)
        where T : class
    {
        for (var n = 0; n < 400; n++)
        {
            if (look() is { } found)
            {
                return found;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
        }
        throw new TimeoutException("It has not happened.");
    }

    /// <summary>Another build of the server; null for the one that is tested.</summary>
    private protected virtual string? Program => null;

    /// <summary>Settings beside those of init: none, but where providers are connected.</summary>
    private protected virtual Task<Dictionary<string, string>> SettingsAsync() =>
        Task.FromResult(new Dictionary<string, string>(StringComparer.Ordinal));

    /// <summary>The server runs, and has no project yet.</summary>
    private protected virtual Task ConnectAsync() => Task.CompletedTask;

    private protected virtual ValueTask EndProvidersAsync() => ValueTask.CompletedTask;

    private async Task StartAsync()
    {
        Address = new Uri($"http://127.0.0.1:{Ports.Free()}");
        AdminAddress = new Uri($"http://127.0.0.1:{Ports.Free()}");
        Http.BaseAddress = Address;
        var file = _folder.File("live.json");
        await DoneAsync("init", file, "--public-url", Address.GetLeftPart(UriPartial.Authority), "--country", "US", "--country", "GB");
        var key = (await File.ReadAllLinesAsync(file)).Single(line => line.TrimStart().StartsWith("\"ops\":", StringComparison.Ordinal));
        _adminKey = key.Split('"')[3];
        var store = IsOnSqlite ? $"Data Source={Database}" : await postgres.CreateDatabaseAsync();
        Rows = new StoredRows(store);
        var settings = new Dictionary<string, string>(await SettingsAsync(), StringComparer.Ordinal)
        {
            ["Countersign__Admin__Urls"] = AdminAddress.GetLeftPart(UriPartial.Authority),
            ["Countersign__Store"] = store,
            // Where it is, not what: init's stands beside the working directory.
            ["Countersign__Gateways__outbox__File"] = Outbox,
        };
        _server = await ServerProcess.StartConfiguredAsync(file, settings, Program);
        await ConnectAsync();
        foreach (var project in (string[])["shop", "bank"])
        {
            await DoneAsync("project", "create", project, "--name", project, "--target-url", Target, "--link-confirmation", "match");
        }
        await ImportAsync(
            "shop", "crm", $"{Known},Lori,Montgomery,1980-02-03,123456789,1 Main Street,Littleton,CO,80161,US,lori@example.com");
    }
}

public sealed class ConfiguredSqlite(PostgresServer postgres) : ConfiguredServer(Store.Sqlite, postgres);

public sealed class ConfiguredPostgres(PostgresServer postgres) : ConfiguredServer(Store.Postgres, postgres);

[CollectionDefinition]
public sealed class OnConfiguredSqlite : ICollectionFixture<ConfiguredSqlite>;

[CollectionDefinition]
public sealed class OnConfiguredPostgres : ICollectionFixture<ConfiguredPostgres>;
