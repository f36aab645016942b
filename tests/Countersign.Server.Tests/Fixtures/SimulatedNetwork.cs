using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Server.Tests.Fixtures;

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

    public Task AttachAsync(string address, string number) => ControlAsync(HttpMethod.Put, $"/sim/network/{address}?msisdn={Uri.EscapeDataString(number)}");

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

/// <summary>A phone's browser, as far as addresses go: it sends from an address of its own and follows redirects.</summary>
public sealed class Handset(string address, TestServer server) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new System.Net.Sockets.Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });

    /// <summary>Opens an address and goes where it leads, as far as the operator and the server under test go.</summary>
    /// <param name="onTheWay">Changes where the browser is sent next.</param>
    public async Task<Reply> OpenAsync(string url, Func<string, string>? onTheWay = null, (string Name, string Value)? header = null)
    {
        for (var hop = 0; hop < 5; hop++)
        {
            // In Live the server goes by the name it has in public.
            using var request = new HttpRequestMessage(HttpMethod.Get, url.Replace("https://id.example.com", server.Origin, StringComparison.Ordinal));
            if (header is var (name, value))
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
            var reply = await Reply.ReadAsync(await _http.SendAsync(request));
            if (reply.Header("Location") is not { } next || next.Contains('#', StringComparison.Ordinal))
            {
                return reply;
            }
            url = onTheWay is null ? next : onTheWay(next);
        }
        throw new InvalidOperationException("The redirects have no end.");
    }

    public void Dispose() => _http.Dispose();
}
