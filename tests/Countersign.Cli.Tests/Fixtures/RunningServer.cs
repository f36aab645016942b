using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Countersign.Core.Erasure;
using Countersign.Server.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Countersign.Cli.Tests.Fixtures;

/// <summary>A real server on a free port, with an admin key.</summary>
public sealed class RunningServer : IAsyncLifetime
{
    public const string AdminKey = "test-admin-key-0123456789-abcdefghij";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("countersign-cli-");
    private WebApplication? _app;

    /// <summary>Settings beside those that every server of the tests has.</summary>
    public IReadOnlyList<string> Settings { get; init; } =
        // Signed often, so that a test need not do a thousand things first.
        [$"--Countersign:Admin:Keys:test={AdminKey}", "--Countersign:Audit:CheckpointEvery=3"];

    public string Origin { get; private set; } = "";

    /// <summary>Where the admin API is; the public address where there is none.</summary>
    public string AdminOrigin { get; private set; } = "";

    public IServiceProvider Services => _app!.Services;

    public async ValueTask InitializeAsync()
    {
        _app = global::Program.Build(
            [
                "--urls=http://127.0.0.1:0", "--Countersign:Admin:Urls=http://127.0.0.1:0",
                $"--Countersign:Store=Data Source={Path.Combine(_folder.FullName, "countersign.db")}",
                .. Settings,
            ],
            builder =>
            {
                builder.Logging.ClearProviders();
                builder.Services.AddSingleton(new Banner(TextWriter.Null));
                builder.Services.AddSingleton(new ErasureOptions(TimeSpan.Zero, TimeProvider.System));
            });
        await Startup.PrepareAsync(_app);
        await _app.StartAsync();
        var (urls, admin) = Services.GetRequiredService<Listeners>().AddressesOf(Services.GetRequiredService<IServer>());
        (Origin, AdminOrigin) = (urls[0], admin.Count > 0 ? admin[0] : urls[0]);
    }

    /// <summary>Begins a flow of the sandbox for a test user.</summary>
    /// <returns>Its correlation id.</returns>
    public async Task<string> BeginFlowAsync(string number)
    {
        using var http = new HttpClient { BaseAddress = new Uri(Origin) };
        using var body = JsonContent.Create(new JsonObject
        {
            ["flowType"] = "mobile", ["phoneNumber"] = number, ["firstName"] = "Sheilakathryn", ["lastName"] = "Butrimovich",
        });
        using var begun = await http.PostAsync("/sandbox/flows", body, TestContext.Current.CancellationToken);
        return (string)(await begun.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!["correlationId"]!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }
        _folder.Delete(recursive: true);
    }

    /// <summary>Runs a command against this server, with its key.</summary>
    internal Task<Run> RunAsync(params string[] arguments) => CommandLine.RunAsync(
        new Dictionary<string, string> { ["COUNTERSIGN_SERVER"] = AdminOrigin, ["COUNTERSIGN_ADMIN_KEY"] = AdminKey }, arguments);
}
