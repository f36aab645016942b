using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Countersign.Operator.Hosting;
using Countersign.Operator.State;
using Countersign.Operator.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Operator.Tests.Hosting;

/// <summary>What can be configured, and what the start says.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task Https_needs_no_certificate_and_its_own_can_be_trusted()
    {
        await using var running = await RunningOperator.StartAsync("--urls=https://127.0.0.1:0;http://127.0.0.1:0");
        using var plain = new HttpClient();
        using var certificate = X509Certificate2.CreateFromPem(
            await plain.GetStringAsync(
                running.App.Urls.Single(url => url.StartsWith("http:", StringComparison.Ordinal)) + "/sim/certificate",
                TestContext.Current.CancellationToken));
        using var trusting = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { certificate },
                    RevocationMode = X509RevocationMode.NoCheck,
                    VerificationTime = running.Clock.GetUtcNow().UtcDateTime,
                },
            },
        });

        var discovery = await trusting.GetStringAsync(
            running.Origin + "/.well-known/openid-configuration", TestContext.Current.CancellationToken);

        Assert.StartsWith("https://127.0.0.1:", running.Origin, StringComparison.Ordinal);
        Assert.Contains($"\"issuer\":\"{running.Origin}\"", discovery, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clients_subscribers_and_network_come_from_the_configuration()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, key.ExportSubjectPublicKeyInfoPem(), TestContext.Current.CancellationToken);
        try
        {
            await using var running = await RunningOperator.StartAsync(
                "--Operator:Issuer=https://operator.example",
                "--Operator:Clients:0:Id=configured", $"--Operator:Clients:0:PublicKeyFile={file}",
                "--Operator:Clients:0:RedirectUris:0=https://rp.example/callback", "--Operator:Clients:1:Id=by-jwk",
                """--Operator:Clients:1:Jwk={"kty":"EC","crv":"P-256","x":"MZBwvTIJmFVIdNEu3b1n6XD5XE0SC-"""
                    + """o1vXXAnuVxuwg","y":"a5hoklHsVS2oErXbwTl1dzWO3lsEy8LrScYA4mA_oUs"}""",
                "--Operator:Subscribers:+12025550150:GivenName=Jan",
                "--Operator:Subscribers:+12025550150:SimSwappedAt=2026-11-22T10:00:00Z",
                "--Operator:Network:127.0.0.50=+12025550150", "--Operator:Network:127.0.0.42=");

            var subscriber = await running.Http.GetStringAsync("/sim/subscribers/+12025550150", TestContext.Current.CancellationToken);
            var network = await running.Http.GetStringAsync("/sim/network", TestContext.Current.CancellationToken);
            var clients = await running.Http.GetStringAsync("/sim/clients", TestContext.Current.CancellationToken);
            var discovery = await running.Http.GetStringAsync("/.well-known/openid-configuration", TestContext.Current.CancellationToken);

            Assert.Contains("\"givenName\":\"Jan\"", subscriber, StringComparison.Ordinal);
            Assert.Contains("\"simSwappedAt\":\"2026-11-22T10:00:00Z\"", subscriber, StringComparison.Ordinal);
            Assert.Contains("127.0.0.50", network, StringComparison.Ordinal);
            Assert.DoesNotContain("127.0.0.42", network, StringComparison.Ordinal);
            Assert.Contains("\"configured\"", clients, StringComparison.Ordinal);
            Assert.Contains("\"by-jwk\"", clients, StringComparison.Ordinal);
            Assert.Contains("\"token_endpoint\":\"https://operator.example/token\"", discovery, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("--Operator:Isuer=http://127.0.0.1", "Operator:Isuer")]
    [InlineData("--Operator:Issuer=http://127.0.0.1:8090/", "Operator:Issuer")]
    [InlineData("--Operator:Issuer=127.0.0.1", "Operator:Issuer")]
    [InlineData("--Operator:OpenRegistration=yes", "Operator:OpenRegistration")]
    [InlineData("--Operator:GatewaySecret=short", "Operator:GatewaySecret")]
    [InlineData("--Operator:Network:somewhere=+12025550142", "Operator:Network")]
    [InlineData("--Operator:Network:127.0.0.42=0142", "Operator:Network:127.0.0.42")]
    [InlineData("--Operator:Subscribers:0142:GivenName=Jan", "Operator:Subscribers")]
    [InlineData("--Operator:Subscribers:+12025550142:ShoeSize=42", "ShoeSize")]
    [InlineData("--Operator:Subscribers:+12025550142:Birthdate=1990", "Birthdate")]
    [InlineData("--Operator:Radio:127.0.0.42=many", "Operator:Radio:127.0.0.42")]
    [InlineData("--Operator:Radio:10.0.0.1=0", "Operator:Radio:10.0.0.1")]
    [InlineData("--Operator:Clients:0:Id=a", "Operator:Clients:0")]
    [InlineData("--bogus", "--bogus is no option of the operator")]
    [InlineData("--Opertor:Issuer=http://127.0.0.1:8090", "--Opertor:Issuer is no option")]
    [InlineData("--urls", "--urls needs a value")]
    [InlineData("--urls=http://127.0.0.1:9090x", "--urls must hold addresses to listen on")]
    [InlineData("--urls=http://localhots:9090", "--urls must hold addresses to listen on")]
    [InlineData("--urls=http://localhost:0", "--urls has localhost with port 0")]
    [InlineData("--Kestrel:Endpoints:mine:Url=http://127.0.0.l:9090", "Kestrel:Endpoints:mine:Url must be one address to listen on")]
    [InlineData(
        "--urls=http://unix:/run/operator.sock", "Operator:Issuer is required where the first address to listen on is a Unix socket")]
    [InlineData("--Kestrel:Endpoints:mine:Url=http://unix:/run/operator.sock", "Operator:Issuer is required")]
    [InlineData("--Kestrel:Limitz:X=1", "Kestrel:Limitz is no setting.")]
    [InlineData("--Kestrel:EndpointDefaults:Protocols=Http9", "Kestrel:EndpointDefaults:Protocols must be one of ")]
    [InlineData("--Logging:LogLevell:Default=Debug", "Logging:LogLevell is no setting. Did you mean Logging:LogLevel?")]
    [InlineData(
        "--Logging:Console:FormaterName=json", "Logging:Console:FormaterName is no setting. Did you mean Logging:Console:FormatterName?")]
    [InlineData("--Logging:Console:FormatterName=jsno", "Logging:Console:FormatterName is 'jsno', and there is no such format.")]
    [InlineData("--Logging:Console:MaxQueueLength=x", "Logging:Console:MaxQueueLength must be a whole number.")]
    [InlineData("--Logging:Console:MaxQueueLength=0", "Logging:Console:MaxQueueLength must be at least 1.")]
    [InlineData("--Logging:Console:QueueFullMode=Never", "Logging:Console:QueueFullMode must be one of ")]
    [InlineData("--Logging:Console:LogToStandardErrorThreshold=Loud", "Logging:Console:LogToStandardErrorThreshold must be one of ")]
    [InlineData(
        "--Logging:Console:FormatterOptions:SingleLine=perhaps", "Logging:Console:FormatterOptions:SingleLine must be true or false.")]
    [InlineData("--Logging:Console:FormatterOptions:ColorBehavior=Pink", "Logging:Console:FormatterOptions:ColorBehavior must be one of ")]
    [InlineData(
        "--Logging:Console:FormatterOptions:TimestampFormat=%", "Logging:Console:FormatterOptions:TimestampFormat must be a .NET format")]
    [InlineData("--Logging:Console:FormatterOptions:JsonWriterOptions:IndentSize=-1",
        "Logging:Console:FormatterOptions:JsonWriterOptions:IndentSize is no setting.")]
    [InlineData("--Logging:LogLevel:Default=Loud", "Logging:LogLevel:Default must be one of Trace,")]
    public void A_setting_that_cannot_work_is_named(string argument, string setting)
    {
        var problem = Assert.Throws<ConfigurationException>(() => Program.Build([argument]));

        Assert.Contains(setting, problem.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Matches("[.?]\\z", problem.Message);
    }

    [Theory]
    [InlineData("--version", "Countersign.Operator 0")]
    [InlineData("--help", "Usage: Countersign.Operator")]
    [InlineData("-h", "Usage: Countersign.Operator")]
    public void Help_and_version_are_answered(string argument, string answer) =>
        Assert.StartsWith(answer, CommandLine.Answer(["--radio", argument]), StringComparison.Ordinal);


    [Theory]
    [InlineData("-Operator:GatewaySecret=s3cret-s3cret-s3cret")]
    [InlineData("-p=s3cret")]
    [InlineData("--Token=s3cret")]
    [InlineData("s3cret")]
    public void What_is_no_setting_is_not_repeated(string argument)
    {
        var problem = Assert.Throws<ConfigurationException>(() => Program.Build([argument]));

        Assert.DoesNotContain("s3cret", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_file_that_is_not_there_is_named()
    {
        var problem = Assert.Throws<ConfigurationException>(() =>
            Program.Build(["--Operator:Clients:0:Id=a", "--Operator:Clients:0:PublicKeyFile=/nowhere/key.pem"]));

        Assert.Contains("Operator:Clients:0:PublicKeyFile", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var problem = await Assert.ThrowsAsync<ConfigurationException>(() =>
            RunningOperator.StartAsync($"--Operator:Radio:127.0.0.42={port}"));

        Assert.Contains($"Operator:Radio:127.0.0.42: port {port} ", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_banner_names_the_issuer_the_SIMs_and_their_radios()
    {
        await using var running = await RunningOperator.StartAsync("--radio");
        await using var text = new StringWriter();

        running.App.Services.GetRequiredService<Banner>().Print(text);

        Assert.Contains($"Issuer            {running.Origin}", text.ToString(), StringComparison.Ordinal);
        Assert.Matches(@"127\.0\.0\.42 +\+12025550142   radio proxy http://127\.0\.0\.1:\d+", text.ToString());
    }

    [Fact]
    public void Numbers_and_records_print_masked()
    {
        Assert.True(Msisdn.TryParse("+12025550142", out var number));

        Assert.Equal("+1202*****42", number.ToString());
        Assert.Equal("Subscriber +1202*****42", DefaultSubscribers.All[0].ToString());
    }
}
