using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Countersign.Operator.Tests.Fixtures;

/// <summary>An operator on a port of its own, with a clock that the test moves.</summary>
internal sealed class RunningOperator : IAsyncDisposable
{
    private readonly List<HttpClient> _handsets = [];

    private RunningOperator(WebApplication app, WatchedClock clock)
    {
        App = app;
        Clock = clock;
        Origin = app.Urls.First();
        Http = Handset("127.0.0.1");
    }

    public WebApplication App { get; }
    public WatchedClock Clock { get; }
    public string Origin { get; }

    /// <summary>Calls from 127.0.0.1, where no SIM is.</summary>
    public HttpClient Http { get; }

    public static async Task<RunningOperator> StartAsync(params string[] args)
    {
        var clock = new WatchedClock();
        var urls = args.Any(arg => arg.StartsWith("--urls", StringComparison.Ordinal)) ? args : ["--urls=http://127.0.0.1:0", .. args];
        var app = Program.Build(urls, builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(clock);
            builder.Logging.ClearProviders();
        });
        await app.StartAsync();
        return new RunningOperator(app, clock);
    }

    /// <summary>A device that sends from this address and follows no redirect.</summary>
    public HttpClient Handset(string address)
    {
        var handset = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = new Uri(Origin) };
        _handsets.Add(handset);
        return handset;
    }

    public async Task<RelyingParty> RegisterAsync(string id = "countersign", string callback = RelyingParty.Callback)
    {
        var party = new RelyingParty(this, id);
        var answer = await ControlAsync(HttpMethod.Post, "/sim/clients", new JsonObject
        {
            ["client_id"] = id,
            ["redirect_uris"] = new JsonArray(callback),
            ["jwk"] = party.PublicJwk,
        });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return party;
    }

    public async Task<HttpResponseMessage> ControlAsync(HttpMethod method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        return await Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Sets one fault for a number, or for all.</summary>
    public async Task SetFaultAsync(string fault, string? number = null)
    {
        var answer = await ControlAsync(
            HttpMethod.Put, "/sim/faults", new JsonObject { ["msisdn"] = number, ["faults"] = new JsonArray(fault) });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var handset in _handsets)
        {
            handset.Dispose();
        }
        await App.DisposeAsync();
    }
}
