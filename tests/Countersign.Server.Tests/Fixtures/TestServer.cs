using System.Collections.Concurrent;
using System.Data.Common;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Erasure;
using Countersign.Core.Flows;
using Countersign.Core.Keys;
using Countersign.Core.Projects;
using Countersign.Core.Texts;
using Countersign.Server.Hosting;
using Countersign.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Countersign.Server.Tests.Fixtures;

/// <summary>
/// The real server: built and prepared as Program does it, listening on a free port of loopback, on a store of its own. Its time moves by
/// <see cref="AdvanceAsync"/> and by nothing else a test waits for.
/// </summary>
public sealed class TestServer : IAsyncDisposable
{
    /// <summary>Base64 of 32 bytes.</summary>
    public const string EncryptionKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    /// <summary>The admin key of every test server.</summary>
    public const string AdminKey = "test-admin-key-0123456789-abcdefghij";

    // Each server begins on a store that is up to date already: the scripts have tests of their own.
    private static readonly Lazy<Task<byte[]>> _migratedSqlite = new(MigrateSqliteAsync);

    private string[] _arguments;
    private readonly Action<WebApplicationBuilder>? _substitute;
    private readonly DirectoryInfo? _folder;
    private readonly FakeTimeProvider? _liveClock;
    private readonly ConcurrentDictionary<Credentials, string> _tokens = [];
    private WebApplication? _app;
    private HttpClient? _client;

    private TestServer(
        string store, DirectoryInfo? folder, IReadOnlyDictionary<string, string?>? settings, Action<WebApplicationBuilder>? substitute,
        FakeTimeProvider? liveClock = null)
    {
        Store = store;
        _folder = folder;
        _substitute = substitute;
        var all = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["urls"] = "http://127.0.0.1:0",
            ["Countersign:Store"] = store,
            ["Countersign:EncryptionKey"] = EncryptionKey,
            ["Countersign:Admin:Keys:test"] = AdminKey,
            ["Countersign:Admin:Urls"] = "http://127.0.0.1:0",
            ["Countersign:Sandbox:ClientId"] = Credentials.Sandbox.Id,
            ["Countersign:Sandbox:ClientSecret"] = Credentials.Sandbox.Secret,
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string?>())
        {
            all[name] = value;
        }
        if (IsLive(all))
        {
            // Whole milliseconds, as the store keeps deadlines: what is due in eight seconds is due when eight seconds have passed.
            _liveClock = liveClock
                ?? new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()));
            (all["Countersign:Sandbox:ClientId"], all["Countersign:Sandbox:ClientSecret"]) = (null, null);
            all.TryAdd("Countersign:PublicUrl", "https://id.example.com");
            all.TryAdd("Countersign:RequestsPerSecond", "1000000");
            all.TryAdd("Countersign:FlowCallsPerSecond", "1000000");
            // Tests send many texts to one line. One that is about limits sets them, or takes these away.
            all.TryAdd("Countersign:TextLimits:PerHour", "1000");
            all.TryAdd("Countersign:TextLimits:PerDay", "1000");
            all.TryAdd("Countersign:Budget:NamesPerProject", "1000");
            all.TryAdd("Countersign:Budget:NamesPerLine", "1000");
            if (!all.Keys.Any(name => name.StartsWith("Countersign:Countries", StringComparison.OrdinalIgnoreCase)))
            {
                all["Countersign:Countries"] = "US,CA,GB,DE,FR,ES,IT,AU";
            }
        }
        _arguments = [.. all.Where(setting => setting.Value is not null).Select(setting => $"--{setting.Key}={setting.Value}")];
    }

    /// <summary>
    /// Settings of a server in Live, to add to: its time is a <see cref="FakeTimeProvider"/> that <see cref="AdvanceAsync"/> moves.
    /// </summary>
    public static IReadOnlyDictionary<string, string?> Live { get; } = new Dictionary<string, string?> { ["Countersign:Mode"] = "Live" };

    /// <summary>Connection string of the store.</summary>
    public string Store { get; }

    /// <summary>Every line the server has logged since it was first started.</summary>
    /// <summary>Of a project that may ask everything by one-call verify and change numbers, which a new one in Live may not.</summary>
    public static ProjectSettings Permissive { get; } = new()
    {
        OneCall = Enum.GetValues<VerificationType>(), NumberChange = NumberChangeRule.On,
    };

    public LogLines Logs { get; } = new();

    /// <summary>Where texts go in Live when the test has put no gateway there, by configuration or substitution.</summary>
    public TestGateway Gateway { get; } = new("test");

    public IServiceProvider Services => App.Services;

    /// <summary>Scheme, host and port, without a slash at the end.</summary>
    public string Origin { get; private set; } = "";

    /// <summary>Where the admin API is; null without one.</summary>
    public string? AdminOrigin { get; private set; }

    /// <summary>Follows no redirect, keeps no cookie. What is the admin API's goes to its address, all else to the public one.</summary>
    public HttpClient Client => _client ?? throw new InvalidOperationException("The server is stopped.");

    private WebApplication App => _app ?? throw new InvalidOperationException("The server is stopped.");

    /// <param name="store">A connection string; without one, SQLite in a folder of its own that goes away with the server.</param>
    /// <param name="settings">Configuration by its full names (<c>Countersign:RequestsPerSecond</c>); null takes one of the fixture's own
    /// away.</param>
    /// <param name="substitute">Puts other adapters behind the ports.</param>
    /// <param name="liveClock">In Live: a clock that something else goes by, too.</param>
    public static async Task<TestServer> StartAsync(
        string? store = null, IReadOnlyDictionary<string, string?>? settings = null, Action<WebApplicationBuilder>? substitute = null,
        FakeTimeProvider? liveClock = null)
    {
        var folder = store is null ? Directory.CreateTempSubdirectory("countersign-test-") : null;
        if (folder is not null)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "countersign.db"), await _migratedSqlite.Value);
        }
        var server = new TestServer(
            store ?? $"Data Source={Path.Combine(folder!.FullName, "countersign.db")}", folder, settings, substitute, liveClock);
        try
        {
            await server.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Brings an empty database on PostgreSQL up to date.</summary>
    public static void Migrate(string store)
    {
        using var source = NpgsqlDataSource.Create($"{store};Pooling=false");
        Migrations.UpgradePostgres(source, store, ["Postgres", "Keys/Postgres"]);
    }

    private static async Task<byte[]> MigrateSqliteAsync()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("countersign.db");
        await using (var database = new SqliteDatabase($"Data Source={file}"))
        {
            database.Migrate();
        }
        return await File.ReadAllBytesAsync(file);
    }

    /// <summary>Starts again on the same store, after <see cref="StopAsync"/>. The port is another one.</summary>
    public async Task StartAsync()
    {
        _app = Program.Build(_arguments, builder =>
        {
            builder.Logging.ClearProviders();
            builder.Logging.AddProvider(Logs);
            builder.Services.AddSingleton(new Banner(TextWriter.Null));
            // A test waits for what it begins: nothing is under way when it erases.
            builder.Services.AddSingleton(new ErasureOptions(TimeSpan.Zero, TimeProvider.System));
            if (_liveClock is not null)
            {
                builder.Services.AddSingleton<TimeProvider>(_liveClock);
            }
            _substitute?.Invoke(builder);
            if (_liveClock is not null && !builder.Services.Any(service => service.ServiceType == typeof(ISmsGateway)))
            {
                builder.Services.AddSingleton<ISmsGateway>(Gateway);
            }
        });
        await Startup.PrepareAsync(_app);
        await _app.StartAsync();
        var (urls, admin) = Services.GetRequiredService<Listeners>().AddressesOf(Services.GetRequiredService<IServer>());
        (Origin, AdminOrigin) = (urls[0], admin.Count > 0 ? admin[0] : null);
        var connections = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, MaxConnectionsPerServer = 256 };
        _client = new HttpClient(new ByListener(this) { InnerHandler = connections }) { BaseAddress = new Uri(Origin) };
    }

    public async Task StopAsync()
    {
        _client?.Dispose();
        _client = null;
        if (_app is { } app)
        {
            _app = null;
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>A second node on the same store, with the same settings.</summary>
    /// <param name="more">Settings that are this node's alone.</param>
    public async Task<TestServer> StartSecondNodeAsync(params (string Name, string Value)[] more)
    {
        var node = new TestServer(Store, folder: null, _liveClock is null ? null : Live, _substitute, _liveClock);
        node._arguments = [.. _arguments, .. more.Select(setting => $"--{setting.Name}={setting.Value}")];
        await node.StartAsync();
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Logs.Dispose();
        _folder?.Delete(recursive: true);
    }

    /// <summary>A living access token, asked for once.</summary>
    public async Task<string> GetTokenAsync(Credentials? credentials = null)
    {
        var asked = credentials ?? Credentials.Sandbox;
        if (_tokens.TryGetValue(asked, out var known))
        {
            return known;
        }

        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = asked.Id,
            ["client_secret"] = asked.Secret,
        });
        var reply = await Reply.ReadAsync(await Client.PostAsync("/token", form));
        return _tokens[asked] = reply.Status == 200 ? reply.Text("access_token")
            : throw new InvalidOperationException($"No token: {reply}");
    }

    /// <summary>Sends a request of one's own.</summary>
    public async Task<Reply> SendAsync(HttpRequestMessage request) => await Reply.ReadAsync(await Client.SendAsync(request));

    /// <summary>Sends a request without a body, with a living access token.</summary>
    public async Task<Reply> CallAsync(HttpMethod method, string path, Credentials? credentials = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await GetTokenAsync(credentials));
        return await SendAsync(request);
    }

    /// <summary>Sends a JSON body with a living access token.</summary>
    public async Task<Reply> PostAsync(string path, string json, Credentials? credentials = null, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Json(json) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await GetTokenAsync(credentials));
        if (idempotencyKey is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        }
        return await Reply.ReadAsync(await Client.SendAsync(request));
    }

    /// <summary>Calls the admin API.</summary>
    /// <param name="json">Null for a request without a body.</param>
    /// <param name="key">Null for the key of every test server.</param>
    public async Task<Reply> AdminAsync(HttpMethod method, string path, string? json = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = json is null ? null : Json(json) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key ?? AdminKey);
        return await SendAsync(request);
    }

    /// <summary>POST /v3/verify with a body of one's own.</summary>
    public Task<Reply> VerifyAsync(string json, Credentials? credentials = null, string? idempotencyKey = null) =>
        PostAsync("/v3/verify", json, credentials, idempotencyKey);

    /// <summary>Begins a flow that must begin.</summary>
    /// <param name="type">desktop, mobile or none.</param>
    /// <param name="more">Members that are added or replaced.</param>
    public async Task<Begun> BeginAsync(string type, string number, JsonObject? more = null, Credentials? credentials = null)
    {
        var reply = await VerifyAsync(VerifyBody(type, number, more), credentials);
        return reply.Status == 200
            ? new Begun(reply.Text("correlationId"), reply.TextOrNull("authToken"), reply)
            : throw new InvalidOperationException($"No flow: {reply}");
    }

    /// <summary>A body that verify takes.</summary>
    public static string VerifyBody(string type, string number, JsonObject? more = null)
    {
        var body = new JsonObject
        {
            ["flowType"] = type,
            ["phoneNumber"] = number,
            ["firstName"] = "Lori",
            ["lastName"] = "Montgomery",
        };
        if (type == "desktop")
        {
            body["finalTargetUrl"] = "https://shop.example/done";
        }
        foreach (var (name, value) in more ?? [])
        {
            body[name] = value?.DeepClone();
        }
        return body.ToJsonString();
    }

    public Task<Reply> StatusAsync(string correlationId, Credentials? credentials = null) =>
        PostAsync("/v3/verify-status", new JsonObject { ["correlationId"] = correlationId }.ToJsonString(), credentials);

    /// <summary>A page that holds this auth token.</summary>
    public Page Browser(string authToken) => new(this, authToken);

    /// <summary>
    /// Moves the server's time forward; what falls due has happened when this returns. A gateway that is asked by what fell due must answer
    /// by itself: its deadline would pass only when the time moves on.
    /// </summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        const int max = 86_400;
        _tokens.Clear();
        if (_liveClock is not null)
        {
            _liveClock.Advance(by);
            await Services.GetRequiredService<DueTexts>().CatchUpAsync(default);
            await Services.GetRequiredService<DueFlows>().CatchUpAsync(default);
            Services.GetRequiredService<IWakeUp>().SignalAllHere();
            return;
        }
        for (var left = (long)by.TotalSeconds; left > 0; left -= max)
        {
            using var content = Json($$"""{"advanceSeconds":{{Math.Min(left, max)}}}""");
            using var response = await Client.PostAsync("/sandbox/clock", content);
            response.EnsureSuccessStatusCode();
        }
    }

    /// <summary>All texts to a number, newest last.</summary>
    public async Task<IReadOnlyList<Message>> MessagesAsync(string to)
    {
        var reply = await Reply.ReadAsync(await Client.GetAsync("/sandbox/messages?to=" + Uri.EscapeDataString(to)));
        return reply.Status == 200
            ? [.. reply.Json!.AsArray().Select(m => new Message(
                (string)m!["id"]!, (string)m["to"]!, (string)m["kind"]!, (string)m["text"]!, (string?)m["link"], (string?)m["code"],
                (string)m["state"]!))]
            : throw new InvalidOperationException($"No messages: {reply}");
    }

    public async Task<Message> LastMessageAsync(string to) => (await MessagesAsync(to))[^1];

    /// <summary>Presses the link page's confirm button.</summary>
    /// <param name="digits">What the desktop shows, when links are matched.</param>
    public async Task<Reply> ConfirmLinkAsync(string link, string? digits = null)
    {
        var fields = new Dictionary<string, string> { ["action"] = "confirm" };
        if (digits is not null)
        {
            fields["digits"] = digits;
        }
        // After a restart the port is another one.
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri(link).AbsolutePath) { Content = new FormUrlEncodedContent(fields) };
        return await SendAsync(request);
    }

    /// <summary>A new project with one API client, made by the admin API.</summary>
    public async Task<Credentials> NewClientAsync(string project)
    {
        var body = new JsonObject { ["id"] = project, ["name"] = "Shop", ["linkConfirmation"] = "tap" };
        await AdminAsync(HttpMethod.Post, "/admin/projects", body.ToJsonString());
        var client = await AdminAsync(HttpMethod.Post, $"/admin/projects/{project}/clients");
        return client.Status == 201 ? new Credentials(client.Text("id"), client.Text("secret"))
            : throw new InvalidOperationException($"No client: {client}");
    }

    /// <summary>A second project with one API client.</summary>
    public async Task<Credentials> AddProjectAsync(string id, ProjectSettings? settings = null)
    {
        var credentials = new Credentials($"{id}-client", $"{id}-secret");
        var projects = Services.GetRequiredService<IProjectStore>();
        settings ??= new ProjectSettings();
        if (_liveClock is not null && settings.TargetUrls.Count == 0)
        {
            settings = settings with { TargetUrls = ["https://shop.example"] };
        }
        await projects.PutAsync(new Project(ProjectId.Parse(id), id, settings), default);
        await projects.PutAsync(
            new ApiClient(ClientId.Parse(credentials.Id), ProjectId.Parse(id),
                ClientSecrets.HashOf(Services.GetRequiredService<SecretHasher>(), credentials.Secret)), default);
        return credentials;
    }

    /// <summary>Rows of a table, counted past the server.</summary>
    public async Task<long> CountAsync(string table)
    {
        await using DbConnection connection = Store.Contains("Data Source", StringComparison.OrdinalIgnoreCase)
            ? new SqliteConnection($"{Store};Pooling=false")
            : new NpgsqlConnection($"{Store};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The name comes from the test.
        command.CommandText = $"SELECT count(*) FROM {table}";
#pragma warning restore CA2100
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Does something to the store, past the server.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using DbConnection connection = Store.Contains("Data Source", StringComparison.OrdinalIgnoreCase)
            ? new SqliteConnection($"{Store};Pooling=false")
            : new NpgsqlConnection($"{Store};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statement comes from the test.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private static bool IsLive(IReadOnlyDictionary<string, string?> settings) => settings.GetValueOrDefault("Countersign:Mode") == "Live";

    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    private sealed class ByListener(TestServer server) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var asked = request.RequestUri!;
            if (server.AdminOrigin is { } admin && asked.GetLeftPart(UriPartial.Authority) == server.Origin
                && (asked.AbsolutePath.StartsWith("/admin", StringComparison.OrdinalIgnoreCase)
                    || asked.AbsolutePath == "/openapi/admin.json"))
            {
                request.RequestUri = new Uri(new Uri(admin), asked.PathAndQuery);
            }
            return base.SendAsync(request, cancellationToken);
        }
    }
}

/// <summary>An API client's id and secret.</summary>
public sealed record Credentials(string Id, string Secret)
{
    /// <summary>Those of the sandbox's own project in every test server.</summary>
    public static Credentials Sandbox { get; } = new("test-client", "test-secret");
}

/// <summary>A flow that was begun, and the answer that said so.</summary>
/// <param name="AuthToken">Null without a possession check.</param>
public sealed record Begun(string Id, string? AuthToken, Reply Reply);

/// <summary>A text as the sandbox shows it.</summary>
public sealed record Message(string Id, string To, string Kind, string Text, string? Link, string? Code, string State);
