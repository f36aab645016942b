using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Countersign.EndToEnd.Tests.Fixtures;

/// <summary>
/// The same with providers connected as the documents say: a mobile operator for numbers that begin with +1303, which tells what has
/// happened to them too, and a gateway of its own for British numbers beside the outbox for all others.
/// </summary>
public abstract class ConnectedServer(Store store, PostgresServer postgres) : ConfiguredServer(store, postgres)
{
    internal const string Sender = "60777";

    /// <summary>What comes from here is from where its <c>X-Forwarded-For</c> says.</summary>
    internal const string Proxy = "127.0.9.9";

    private const string Secret = "a-secret-of-more-than-32-characters";

    private readonly ConcurrentQueue<JsonNode> _british = [];
    private OperatorProcess? _operator;
    private ProviderDouble? _gateway;
    private int _addresses;

    internal static string InboundPath => "/gateways/british/inbound";

    /// <summary>A number of the operator's, and an address that its phone alone sends from.</summary>
    internal async Task<(string Number, string Address)> NextPhoneAsync()
    {
        var number = "+1303" + NextNumber()[5..];
        return (number, await AttachAsync(number));
    }

    /// <summary>Gives a phone with this number an address that it alone sends from.</summary>
    internal async Task<string> AttachAsync(string number)
    {
        var address = $"127.1.{Interlocked.Increment(ref _addresses).ToString(CultureInfo.InvariantCulture)}.42";
        await _operator!.AttachAsync(address, number);
        return address;
    }

    /// <summary>Opens the operator's address from this one, as a page that is visited has it opened; returns what comes back.</summary>
    internal static async Task<string> VisitAsync(Reply begun, string address)
    {
        using var browser = PersonsBrowser.From(address);
        var url = (string)begun.Json!["data"]!["redirectUrl"]!;
        for (var hop = 0; hop < 5; hop++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            var reply = await Reply.ReadAsync(await browser.SendAsync(request, TestContext.Current.CancellationToken));
            if (reply.Header("Location") is not { } next)
            {
                return (string)JsonNode.Parse(reply.Body)!["vfp"]!;
            }
            url = next;
        }
        throw new InvalidOperationException("The redirects have no end.");
    }

    /// <summary>What the operator knows about who has a number; null when it does not know the number.</summary>
    internal Task SetSubscriberAsync(string number, JsonObject? subscriber) => _operator!.SetSubscriberAsync(number, subscriber);

    internal string NextBritishNumber() => "+447400" + NextNumber()[6..];

    /// <summary>What the British gateway was handed for a number.</summary>
    internal IReadOnlyList<JsonNode> BritishTexts(string to) => [.. _british.Where(text => (string?)text["to"] == to)];

    /// <summary>What a person writes, as the British gateway passes it on.</summary>
    internal static string Written(string from, string text) =>
        new JsonObject { ["from"] = from, ["to"] = Sender, ["text"] = text }.ToJsonString();

    /// <summary>The signature of the British gateway.</summary>
    internal static string Signature(string kind, string path, string body, TimeSpan ago = default)
    {
        var time = (DateTimeOffset.UtcNow - ago).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var code = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{time}.{kind}.{path}.{body}"));
        return $"t={time},v2={Convert.ToHexStringLower(code)}";
    }

    internal async Task<Reply> PassOnAsync(string body, string signature, string? path = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path ?? InboundPath)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("Countersign-Signature", signature);
        return await Reply.ReadAsync(await Http.SendAsync(request, TestContext.Current.CancellationToken));
    }

    private protected override async Task<Dictionary<string, string>> SettingsAsync()
    {
        _operator = await OperatorProcess.StartAsync("http");
        _gateway = await ProviderDouble.StartAsync();
        _gateway.Does((_, request) =>
        {
            _british.Enqueue(JsonNode.Parse(request.Text)!);
            return Task.CompletedTask;
        });
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new(StringComparer.Ordinal)
        {
            ["Countersign__Gateways__british__Type"] = "webhook",
            ["Countersign__Gateways__british__Url"] = new Uri(_gateway.Address, "/send").AbsoluteUri,
            ["Countersign__Gateways__british__Secret"] = Secret,
            ["Countersign__TextRoutes__0__Countries__0"] = "GB",
            ["Countersign__TextRoutes__0__Gateways__0"] = "british",
            ["Countersign__TextRoutes__0__Sender"] = Sender,
            ["Countersign__TextRoutes__1__Countries__0"] = "*",
            ["Countersign__TextRoutes__1__Gateways__0"] = "outbox",
            ["Countersign__Operators__sim__Issuer"] = _operator.Issuer.GetLeftPart(UriPartial.Authority),
            ["Countersign__Operators__sim__ClientId"] = OperatorProcess.ClientId,
            ["Countersign__Operators__sim__PrivateKey"] = key.ExportPkcs8PrivateKeyPem(),
            ["Countersign__Operators__sim__Purpose"] = "FraudPreventionAndDetection",
            ["Countersign__Operators__sim__Cors"] = "true",
            ["Countersign__Operators__sim__Prefixes__0"] = "+1303",
            ["Countersign__TrustedProxies__0"] = Proxy,
            ["Countersign__RiskSources__0__Type"] = "camara",
            ["Countersign__RiskSources__0__Operator"] = "sim",
            ["Countersign__RiskSources__0__Tenure"] = "false",
            // Its phones reach this server by a network that is private elsewhere.
            ["Countersign__Operators__sim__AddressRanges__0"] = "127.0.0.0/8",
        };
    }

    private protected override Task ConnectAsync() => _operator!.RegisterAsync(Address.GetLeftPart(UriPartial.Authority), Address);

    private protected override async ValueTask EndProvidersAsync()
    {
        if (_operator is not null)
        {
            await _operator.DisposeAsync();
        }
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }
    }
}

public sealed class ConnectedSqlite(PostgresServer postgres) : ConnectedServer(Store.Sqlite, postgres);

public sealed class ConnectedPostgres(PostgresServer postgres) : ConnectedServer(Store.Postgres, postgres);

[CollectionDefinition]
public sealed class OnConnectedSqlite : ICollectionFixture<ConnectedSqlite>;

[CollectionDefinition]
public sealed class OnConnectedPostgres : ICollectionFixture<ConnectedPostgres>;
