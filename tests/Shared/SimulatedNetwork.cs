using System.Text;
using System.Text.Json.Nodes;
using Countersign.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Testing;

/// <summary>The simulated operator in this process, on a free port, by the clock of the server under test.</summary>
public sealed class SimulatedNetwork : IAsyncDisposable
{
    /// <summary>The handset in which the SIM of <see cref="Number"/> is.</summary>
    public const string RightSim = "127.0.0.42";

    public const string OtherSim = "127.0.0.43";

    /// <summary>No SIM is behind it.</summary>
    public const string Wifi = "127.0.0.99";

    public const string Number = "+12025550142";

    public const string ClientId = "countersign";

    private readonly WebApplication _app;
    private readonly HttpClient _control;

    private SimulatedNetwork(WebApplication app)
    {
        _app = app;
        Origin = app.Urls.First();
        _control = new HttpClient { BaseAddress = new Uri(Origin) };
    }

    /// <summary>Its issuer.</summary>
    public string Origin { get; }

    public static async Task<SimulatedNetwork> StartAsync(FakeTimeProvider? clock = null)
    {
        var app = Countersign.Operator.Program.Build(["--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=Error"], builder =>
        {
            if (clock is not null)
            {
                builder.Services.AddSingleton<TimeProvider>(clock);
            }
        });
        await app.StartAsync();
        return new SimulatedNetwork(app);
    }

    /// <summary>Lets a server ask.</summary>
    /// <param name="key">Its public key in PEM.</param>
    public Task RegisterAsync(string callback, string key) => ControlAsync(HttpMethod.Post, "/sim/clients", new JsonObject
    {
        ["client_id"] = ClientId, ["redirect_uris"] = new JsonArray(callback), ["pem"] = key,
    });

    /// <summary>Lets a server ask that publishes its key itself.</summary>
    public Task RegisterAsync(string callback, Uri keys) => ControlAsync(HttpMethod.Post, "/sim/clients", new JsonObject
    {
        ["client_id"] = ClientId, ["redirect_uris"] = new JsonArray(callback), ["jwks_uri"] = keys.AbsoluteUri,
    });

    /// <summary>Something that goes wrong from now on, as <c>PUT /sim/faults</c> takes it.</summary>
    public Task SetFaultAsync(JsonObject fault) => ControlAsync(HttpMethod.Put, "/sim/faults", fault);

    public Task AttachAsync(string address, string number) =>
        ControlAsync(HttpMethod.Put, $"/sim/network/{address}?msisdn={Uri.EscapeDataString(number)}");

    /// <summary>What the operator knows about a number: all of it.</summary>
    public Task PutSubscriberAsync(string number, JsonObject subscriber) =>
        ControlAsync(HttpMethod.Put, $"/sim/subscribers/{Uri.EscapeDataString(number)}", subscriber);

    public Task RotateKeysAsync() => ControlAsync(HttpMethod.Post, "/sim/keys/rotate");

    /// <summary>Calls that reached the operator: method, path and status of each.</summary>
    public async Task<IReadOnlyList<string>> CallsAsync()
    {
        var log = JsonNode.Parse(await _control.GetStringAsync("/sim/log"))!;
        return [.. (log as JsonArray ?? log["calls"]!.AsArray()).Select(call => $"{call!["method"]} {call["path"]} {call["status"]}")];
    }

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task ControlAsync(HttpMethod method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await _control.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }
}
