using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace Countersign.Soak;

/// <summary>
/// What surrounds the nodes: two SMS gateways, a system that knows names, and the receiver of a webhook. Each answers wrong, late, twice or
/// not at all, as <see cref="Faults"/> says, and writes down what it was told.
/// </summary>
internal sealed class World : IAsyncDisposable
{
    public const string Secret = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    // A gateway is given five seconds, and so is a source nearly.
    private static readonly TimeSpan _tooLong = TimeSpan.FromSeconds(7);

    private static readonly string[] _states = ["delivered", "delivered", "delivered", "enroute", "undelivered", "rejected", "unknown"];

    private readonly WebApplication _application;
    private readonly Faults _faults;
    private readonly X509Certificate2 _certificate;
    private readonly HttpClient _receipts = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly ConcurrentDictionary<string, ConcurrentQueue<JsonObject>> _phones = new(StringComparer.Ordinal);

    private World(WebApplication application, Faults faults, X509Certificate2 certificate) =>
        (_application, _faults, _certificate) = (application, faults, certificate);

    public Uri Plain { get; private set; } = null!;

    public Uri Secure { get; private set; } = null!;

    /// <summary>How often each gateway was handed a text, but for those times when it said that it has not taken it.</summary>
    public ConcurrentDictionary<(string Gateway, string Text), int> HandOvers { get; } = [];

    /// <summary>What the receiver has taken, by the event's id.</summary>
    public ConcurrentDictionary<string, JsonObject> Delivered { get; } = new(StringComparer.Ordinal);

    public int Deliveries => _deliveries;

    private int _deliveries;

    /// <summary>The receiver's certificate, which the nodes trust.</summary>
    public string Certificate => _certificate.ExportCertificatePem();

    public static async Task<World> StartAsync(Faults faults)
    {
        var certificate = NewCertificate();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, listener => listener.UseHttps(certificate));
        });
        var world = new World(builder.Build(), faults, certificate);
        world.Map();
        await world._application.StartAsync();
        world.Plain = new Uri(world._application.Urls.Single(url => url.StartsWith("http:", StringComparison.Ordinal)));
        world.Secure = new Uri(world._application.Urls.Single(url => url.StartsWith("https:", StringComparison.Ordinal)));
        return world;
    }

    /// <summary>What has arrived at a phone, oldest first.</summary>
    public IReadOnlyCollection<JsonObject> TextsTo(string number) => _phones.TryGetValue(number, out var texts) ? texts : [];

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _receipts.Dispose();
        _certificate.Dispose();
    }

    private void Map()
    {
        _application.MapPost("/gateway/{name}", TakeTextAsync);
        _application.MapPost("/match", MatchAsync);
        _application.MapPost("/hook", TakeEventAsync);
    }

    private async Task TakeTextAsync(HttpContext context, string name)
    {
        var text = (await JsonNode.ParseAsync(context.Request.Body))!.AsObject();
        if (_faults.Comes("gateway is down", 40))
        {
            context.Response.StatusCode = 503;
            await context.Response.WriteAsync("""{"reason":"provider_down"}""");
            return;
        }
        // Whoever said that it has not taken a text may be asked again, nobody else.
        HandOvers.AddOrUpdate((name, (string)text["id"]!), 1, (_, times) => times + 1);
        if (_faults.Comes("gateway fails without a word", 40))
        {
            context.Response.StatusCode = 500;
            return;
        }
        _phones.GetOrAdd((string)text["to"]!, _ => []).Enqueue(text);
        if (_faults.Comes("gateway takes a text and does not answer", 10))
        {
            await Task.Delay(_tooLong);
            context.Abort();
            return;
        }
        if (_faults.Comes("gateway never reports", 100))
        {
            return;
        }
        // After the answer, as gateways do, and some twice.
        var state = _faults.Comes("gateway reports other than delivered", 100) ? _states[_faults.Draw(_states.Length)] : "delivered";
        var times = _faults.Comes("gateway reports twice", 50) ? 2 : 1;
        context.Response.OnCompleted(() => ReportAsync(new Uri((string)text["receiptUrl"]!), state, times));
    }

    private async Task ReportAsync(Uri url, string state, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var body = new JsonObject { ["state"] = state }.ToJsonString();
            var time = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            var code = HMACSHA256.HashData(
                Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{time}.receipt.{url.PathAndQuery}.{body}"));
            using var request = new HttpRequestMessage(HttpMethod.Post, url)
            {
                Content = new StringContent(body, Encoding.UTF8, "application/json"),
            };
            request.Headers.TryAddWithoutValidation("Countersign-Signature", $"t={time},v2={Convert.ToHexStringLower(code)}");
            try
            {
                using var response = await _receipts.SendAsync(request);
                _ = response.IsSuccessStatusCode ? 0 : Lost();
            }
            catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
            {
                Lost();
            }
        }

        int Lost()
        {
            _faults.Count("receipt is not taken");
            return 0;
        }
    }

    private async Task MatchAsync(HttpContext context)
    {
        var question = (await JsonNode.ParseAsync(context.Request.Body))!;
        if (_faults.Comes("source fails", 40))
        {
            context.Response.StatusCode = 500;
            return;
        }
        if (_faults.Comes("source does not answer", 10))
        {
            await Task.Delay(_tooLong);
            context.Abort();
            return;
        }
        await context.Response.WriteAsync(
            new JsonObject { ["match"] = (string?)question["lastName"] == Person.FamilyName ? "matched" : "differs" }.ToJsonString());
    }

    private async Task TakeEventAsync(HttpContext context)
    {
        var told = (await JsonNode.ParseAsync(context.Request.Body))!.AsObject();
        Interlocked.Increment(ref _deliveries);
        if (_faults.Comes("receiver fails", 60))
        {
            context.Response.StatusCode = 500;
            return;
        }
        if (_faults.Comes("receiver closes the connection", 20))
        {
            context.Abort();
            return;
        }
        Delivered[(string)told["id"]!] = told;
        if (_faults.Comes("receiver takes an event and says that it failed", 30))
        {
            context.Response.StatusCode = 503;
        }
    }

    private static X509Certificate2 NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=countersign-soak", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(7));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
