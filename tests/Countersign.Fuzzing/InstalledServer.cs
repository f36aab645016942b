using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Countersign.Core;
using Countersign.Core.Audit;
using Countersign.Core.Texts;
using Countersign.Providers.Http;
using Countersign.Providers.Sms;
using Countersign.Server;
using Countersign.Server.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Fuzzing;

/// <summary>
/// The server as Program builds and prepares it, in Live, without a socket and without its clockwork: a call is handed to its whole
/// pipeline and has been answered when that returns. Once it is <see cref="Freeze">frozen</see> what calls would store is refused as by a
/// store that is away, so that each call finds what the first one found.
/// </summary>
internal sealed class InstalledServer : IDisposable
{
    public const string Origin = "https://id.example.com";
    public const string AdminKey = "fuzzing-admin-key-0123456789-abcdef";
    public const string ClientId = "shop-backend";
    public const string ClientSecret = "fuzzing-client-secret-0123456789-abcdef";

    private static readonly Lazy<InstalledServer> _shared = new(() => new InstalledServer());

    private readonly TemporaryFolder _folder = new();
    private readonly TestGateway _handset = new("handset");
    private readonly InProcessServer _server = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 15, 12, 0, 0, TimeSpan.Zero));
    private readonly WebApplication _app;
    private bool _isFrozen;

    private InstalledServer()
    {
        _app = global::Program.Build(
            [.. Settings(_folder.File("countersign.db")).Select(pair => $"--{pair.Key}={pair.Value}")], Substitute);
        OneThread.Wait(() => Startup.PrepareAsync(_app));
        OneThread.Wait(() => _app.StartAsync());
        AccessToken = Say(Send(
            "POST /token", $"grant_type=client_credentials&client_id={ClientId}&client_secret={ClientSecret}",
            ("Content-Type", "application/x-www-form-urlencoded")), "access_token");
        AuthTokens = new(StringComparer.Ordinal)
        {
            ["mobile"] = Say(Begin("mobile", "+12015550123"), "authToken"),
            ["otp"] = Say(Begin("mobile", "+12015550124"), "authToken"),
            ["desktop"] = Say(Begin("desktop", "+12015550125"), "authToken"),
        };
        FlowId = Say(Begin("mobile", "+12015550126"), "correlationId");
        Send("POST /v1/client/mobile/otp/start", "{}", Json, ("Authorization", $"Bearer {AuthTokens["otp"]}"));
        Send("POST /v1/client/mobile/instantlink/start", "{}", Json, ("Authorization", $"Bearer {AuthTokens["desktop"]}"));
        // Made when it is first asked for.
        OneThread.Wait(() => Get<AuditChainer>().KeyAsync(default).AsTask());
        // Targets run until their process is ended from outside, too.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
    }

    /// <summary>One for the whole process: it takes a second to start.</summary>
    public static InstalledServer Shared => _shared.Value;

    public IServiceProvider Services => _app.Services;

    public DateTimeOffset Now => _time.GetUtcNow();

    public T Get<T>() where T : notnull => Services.GetRequiredService<T>();

    /// <summary>A living one of the shop.</summary>
    public string AccessToken { get; }

    /// <summary>Of a mobile flow that has just begun, of one whose code is out, and of a desktop flow whose link is.</summary>
    public Dictionary<string, string> AuthTokens { get; }

    /// <summary>Of a flow that has just begun.</summary>
    public string FlowId { get; }

    /// <summary>What stands behind /l/ in the text that is out.</summary>
    public string LinkToken => _handset.Submissions.Select(text => text.Text.Proof.Reveal())
        .First(proof => proof.Contains("/l/", StringComparison.Ordinal)).Split("/l/")[1];

    /// <summary>From now on nothing is stored.</summary>
    public void Freeze() => _isFrozen = true;

    /// <summary>Sends a call through the whole pipeline.</summary>
    public HttpReply Send(HttpCall call)
    {
        // A little goes by with each call, so that a rate which is meant for a second is not used up for ever.
        _time.Advance(TimeSpan.FromMicroseconds(10));
        return _server.Send(call);
    }

    public void Dispose()
    {
        _app.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _folder.Dispose();
    }

    private static (string, string) Json => ("Content-Type", "application/json");

    private HttpReply Begin(string type, string number) => Send(
        "POST /v3/verify",
        $$"""
        {"flowType":"{{type}}","phoneNumber":"{{number}}","firstName":"Lori","lastName":"Montgomery",
         "finalTargetUrl":"https://shop.example/done"}
        """,
        Json, ("Authorization", $"Bearer {AccessToken}"));

    private HttpReply Send(string line, string body, params (string Name, string Value)[] headers)
    {
        var head = string.Concat(headers.Select(header => $"{header.Name}: {header.Value}\n"));
        var reply = Send(HttpCall.Read(Encoding.UTF8.GetBytes($"{line}\n{head}\n{body}"))!);
        return reply.Status == 200 ? reply : throw new InvalidOperationException($"{line} is not possible: {reply}");
    }

    private static string Say(HttpReply reply, string member)
    {
        using var json = JsonDocument.Parse(reply.Body);
        return json.RootElement.GetProperty(member).GetString()!;
    }

    private static Dictionary<string, string> Settings(string database)
    {
        using var key = RSA.Create(2048);
        return new(StringComparer.Ordinal)
        {
            ["Countersign:Mode"] = "Live",
            ["Countersign:Store"] = $"Data Source={database}",
            ["Countersign:EncryptionKey"] = Convert.ToBase64String(SHA256.HashData("fuzzing"u8)),
            ["Countersign:PublicUrl"] = Origin,
            ["Countersign:Admin:Keys:fuzzing"] = AdminKey,
            ["Countersign:Admin:Urls"] = "http://127.0.0.1:0",
            ["Countersign:Countries"] = "US,CA,GB,DE,FR,ES,IT,AU",
            // Where calls come from: what they say of an address is read.
            ["Countersign:TrustedProxies:0"] = "198.51.100.0/24",
            ["Countersign:RequestsPerSecond"] = "1000000",
            ["Countersign:FlowCallsPerSecond"] = "1000000",
            ["Countersign:BadTokensPerSecond"] = "1000000",
            ["Countersign:Projects:shop:Name"] = "Shop",
            ["Countersign:Projects:shop:OneCall:0"] = "VerifiedUser",
            ["Countersign:Projects:shop:LinkConfirmation"] = "Match",
            ["Countersign:Projects:shop:TargetUrls:0"] = "https://shop.example",
            [$"Countersign:Projects:shop:Clients:{ClientId}"] = ClientSecret,
            ["Countersign:TextRoutes:0:Countries:0"] = "*",
            ["Countersign:TextRoutes:0:Gateways:0"] = "handset",
            ["Countersign:TextRoutes:0:Gateways:1"] = "kannel",
            ["Countersign:TextRoutes:0:Gateways:2"] = "twilio",
            ["Countersign:TextRoutes:0:Gateways:3"] = "vonage",
            ["Countersign:TextRoutes:0:Gateways:4"] = "webhook",
            ["Countersign:Operators:op:Issuer"] = "https://operator.example",
            ["Countersign:Operators:op:ClientId"] = "countersign",
            ["Countersign:Operators:op:Purpose"] = "FraudPreventionAndDetection",
            ["Countersign:Operators:op:PrivateKey"] = key.ExportPkcs8PrivateKeyPem(),
            ["Countersign:Gateways:kannel:Type"] = "kannel",
            ["Countersign:Gateways:kannel:Url"] = "http://127.0.0.1:1/cgi-bin/sendsms",
            ["Countersign:Gateways:kannel:Username"] = "countersign",
            ["Countersign:Gateways:kannel:Password"] = "kannel-password",
            ["Countersign:Gateways:kannel:Sender"] = "12345",
            ["Countersign:Gateways:kannel:InboundSecret"] = GatewaySecrets.Kannel,
            ["Countersign:Gateways:twilio:Type"] = "twilio",
            ["Countersign:Gateways:twilio:AccountSid"] = "AC0123456789abcdef0123456789abcdef",
            ["Countersign:Gateways:twilio:AuthToken"] = GatewaySecrets.Twilio,
            ["Countersign:Gateways:twilio:Sender"] = "+12015550100",
            ["Countersign:Gateways:vonage:Type"] = "vonage",
            ["Countersign:Gateways:vonage:ApplicationId"] = "78d335fa-323d-0114-9c3d-d6f0d48968cf",
            ["Countersign:Gateways:vonage:PrivateKey"] = key.ExportPkcs8PrivateKeyPem(),
            ["Countersign:Gateways:vonage:SignatureSecret"] = GatewaySecrets.Vonage,
            ["Countersign:Gateways:vonage:Sender"] = "12015550101",
            ["Countersign:Gateways:webhook:Type"] = "webhook",
            ["Countersign:Gateways:webhook:Url"] = "http://127.0.0.1:1/texts",
            ["Countersign:Gateways:webhook:Secret"] = GatewaySecrets.Webhook,
        };
    }

    private void Substitute(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        var services = builder.Services;
        services.AddSingleton<IServer>(_server);
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton(new Banner(TextWriter.Null));
        services.AddSingleton<ISmsGateway>(_handset);
        foreach (var name in GatewaySecrets.Names.Select(GatewayName.Parse))
        {
            services.AddKeyedSingleton(name, (provider, _) => new Submission(
                new ProviderClient(Submission.ConnectionWith(certificate: null), _time, ScriptedAnswer.Shared), name, _time,
                provider.GetRequiredService<ILogger<Submission>>()));
        }
        // What works by itself would take part in an execution or not, as the machine pleases.
        foreach (var worker in services.Where(service => service.ServiceType == typeof(IHostedService)).ToList())
        {
            services.Remove(worker);
        }
        foreach (var port in services.Where(IsStore).ToList())
        {
            services.Replace(new ServiceDescriptor(
                port.ServiceType,
                provider => FrozenStore.Over(port.ServiceType, port.ImplementationFactory!(provider), () => _isFrozen),
                port.Lifetime));
        }
    }

    private static bool IsStore(ServiceDescriptor service) =>
        service.ServiceType is { IsInterface: true, Namespace: { } name } && !service.IsKeyedService
            && name.StartsWith("Countersign.Core", StringComparison.Ordinal)
            && service.ImplementationFactory?.Method.DeclaringType?.Assembly == typeof(Countersign.Storage.StorageServices).Assembly;
}
