using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Countersign.EndToEnd.Tests.Fixtures;

/// <summary>A sandbox with the limits of Live, and clients of three projects.</summary>
internal sealed class LimitedSandbox : IAsyncDisposable
{
    private const string AdminKey = "end-to-end-admin-key-0123456789-abcdef";

    private readonly TemporaryFolder _folder = new();
    private ServerProcess? _server;

    public Uri Address => _server!.Http.BaseAddress!;

    public (string Id, string Secret)[] Clients { get; private set; } = [];

    /// <param name="program">Another build of the server; null for the one that is tested.</param>
    /// <param name="guardOff">Of such a build: the attack whose guard is taken away.</param>
    public static async Task<LimitedSandbox> StartAsync(string? program = null, string guardOff = "")
    {
        var sandbox = new LimitedSandbox();
        try
        {
            await sandbox.BeginAsync(program, guardOff);
            return sandbox;
        }
        catch
        {
            await sandbox.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
        _folder.Dispose();
    }

    private async Task BeginAsync(string? program, string guardOff)
    {
        var admin = new Uri($"http://127.0.0.1:{Ports.Free()}");
        _server = await ServerProcess.StartAsync(
            $"Data Source={_folder.File("countersign.db")}",
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [WeakenedServer.GuardOff] = guardOff,
                ["Countersign__Admin__Urls"] = admin.GetLeftPart(UriPartial.Authority), ["Countersign__Admin__Keys__ops"] = AdminKey,
                ["Countersign__Sandbox__LinkConfirmation"] = "Match", ["Countersign__Budget__GuessProbability"] = "0.00001",
                ["Countersign__Budget__NamesPerProject"] = "5", ["Countersign__Budget__NamesPerLine"] = "10",
                ["Countersign__TextLimits__PerHour"] = "6", ["Countersign__TextLimits__PerDay"] = "12",
                ["Countersign__RequestsPerSecond"] = "25",
            },
            program: program);
        Clients =
        [
            (ServerProcess.ClientId, ServerProcess.ClientSecret), await ClientAsync(admin, "bank"), await ClientAsync(admin, "club"),
        ];
    }

    /// <summary>A client of a project of its own, of the same name.</summary>
    private static async Task<(string Id, string Secret)> ClientAsync(Uri admin, string name)
    {
        await AskAsync(admin, "/admin/projects", new JsonObject { ["id"] = name, ["name"] = name });
        return (name, (await AskAsync(admin, $"/admin/projects/{name}/clients", new JsonObject { ["id"] = name })).Text("secret"));
    }

    private static async Task<Reply> AskAsync(Uri admin, string path, JsonObject body)
    {
        using var http = new HttpClient { BaseAddress = admin };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
        using var content = JsonContent.Create(body);
        return await Reply.ReadAsync(await http.PostAsync(path, content, TestContext.Current.CancellationToken));
    }
}
