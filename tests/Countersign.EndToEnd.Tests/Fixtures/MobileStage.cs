using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Countersign.EndToEnd.Tests.Fixtures;

/// <summary>A simulated operator over TLS, a server that asks it, an app, and browsers that are handsets.</summary>
public sealed class MobileStage(Chromium chromium) : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("countersign-mobile-").FullName;
    private readonly TcpProxy _wire = new();
    private readonly TcpProxy _appWire = new();
    private OperatorProcess? _operator;
    private ServerProcess? _server;
    private RelyingParty? _app;
    private int _handsets = 100;

    internal OperatorProcess Operator => _operator!;
    internal ServerProcess Server => _server!;
    internal string Origin => _wire.Origin;
    internal string AppOrigin => _appWire.Origin;

    public async ValueTask InitializeAsync()
    {
        try
        {
            await SetAsync();
        }
        catch
        {
            // What did not begin is not disposed of by the framework.
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>A browser that sends from an address of its own.</summary>
    /// <param name="sim">The number of the SIM in it; null for none.</param>
    public async Task<IPage> HandsetAsync(string? sim)
    {
        var address = $"127.0.0.{Interlocked.Increment(ref _handsets)}";
        if (sim is not null)
        {
            await Operator.AttachAsync(address, sim);
        }
        return await chromium.OpenAsync(new BrowserNewContextOptions
        {
            ViewportSize = new() { Width = 390, Height = 780 },
            IsMobile = true,
            HasTouch = true,
            IgnoreHTTPSErrors = true,
            Proxy = new Proxy { Server = await Operator.OpenRadioAsync(address), Bypass = "<-loopback>" },
        });
    }

    /// <summary>Begins a mobile flow and opens the app's page for it.</summary>
    /// <param name="mobileAuth">fetch or redirect.</param>
    internal async Task<Visit> VisitAsync(IPage handset, Sdk sdk, string number, string mobileAuth)
    {
        var begun = await BeginAsync(number);
        await handset.GotoAsync($"{_appWire.Origin}/{(sdk == Sdk.Published ? "published" : "ours")}.html");
        await handset.EvaluateAsync(
            "([token, options]) => { window.isFirst = true; relyingParty.start(token, options); }",
            new object[] { begun["authToken"]!.GetValue<string>(), new { finishUrl = "/finish?ask=/v3/verify-status", mobileAuth } });
        return new Visit(handset, begun["correlationId"]!.GetValue<string>());
    }

    internal Task<JsonObject> BeginAsync(string number) =>
        Server.CallAsync("/v3/verify", new { flowType = "mobile", phoneNumber = number, firstName = "Ada", lastName = "Vance" });

    /// <summary>What has happened to a flow.</summary>
    internal async Task<IReadOnlyList<string>> TimelineAsync(string correlationId)
    {
        var flow = JsonNode.Parse(await Server.Http.GetStringAsync($"/sandbox/flows/{correlationId}"))!;
        return [.. flow["timeline"]!.AsArray().Select(entry => entry!["what"]!.GetValue<string>())];
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
        if (_operator is not null)
        {
            await _operator.DisposeAsync();
        }
        await _appWire.DisposeAsync();
        await _wire.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task SetAsync()
    {
        _operator = await OperatorProcess.StartAsync("https");
        var certificate = Path.Combine(_folder, "operator.pem");
        await File.WriteAllTextAsync(certificate, await _operator.CertificateAsync());
        _server = await ServerProcess.StartAsync(
            $"Data Source={Path.Combine(_folder, "countersign.db")}", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Countersign__PublicUrl"] = _wire.Origin,
            ["Countersign__Sandbox__WebOrigins__0"] = _appWire.Origin,
            ["Countersign__Operators__sim__Issuer"] = _operator.Issuer.GetLeftPart(UriPartial.Authority),
            ["Countersign__Operators__sim__ClientId"] = OperatorProcess.ClientId,
            ["Countersign__Operators__sim__Purpose"] = "FraudPreventionAndDetection",
            ["Countersign__Operators__sim__Cors"] = "true",
            // The only authority that the server trusts; how one is trusted on Linux.
            ["SSL_CERT_FILE"] = certificate,
        });
        _wire.Connect(_server.Http.BaseAddress!);
        await _operator.RegisterAsync(_wire.Origin, _server.Http.BaseAddress!);
        _app = await RelyingParty.StartAsync(_server);
        _appWire.Connect(new Uri(_app.Origin));
    }
}
