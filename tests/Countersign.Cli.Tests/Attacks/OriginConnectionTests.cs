using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Countersign.Cli.Attacks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Countersign.Cli.Tests.Attacks;

/// <summary>A host that a request names is for the server to judge, not for the connection.</summary>
public sealed class OriginConnectionTests
{
    [Theory]
    [InlineData("localhost", true)]
    [InlineData("evil.example", false)]
    public async Task The_certificate_has_to_be_the_origins_whatever_host_a_request_names(string certified, bool isAnswered)
    {
        using var certificate = CertificateOf(certified);
        await using var app = await StartAsync(certificate);
        var port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
        var origin = new Uri($"https://localhost:{port}");
        using var handler = new SocketsHttpHandler();
        // Nobody has signed it: its name alone counts here.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, errors) =>
            (errors & SslPolicyErrors.RemoteCertificateNameMismatch) == 0;
        // Nobody is there: what goes through a proxy would not be answered.
        handler.Proxy = new WebProxy("http://127.0.0.1:1");
        OriginConnection.Hold(handler, origin);
        using var target = new Target(origin, handler, new Bounds(10, TimeSpan.FromMinutes(1)), TimeProvider.System)
        {
            WaitAsync = (_, _) => Task.CompletedTask,
        };

        var call = target.CallAsync(
            () => new HttpRequestMessage(HttpMethod.Get, target.At("/")) { Headers = { Host = "evil.example" } },
            TestContext.Current.CancellationToken);

        if (isAnswered)
        {
            Assert.Equal("evil.example", (await call).Body);
        }
        else
        {
            Assert.Contains("SecureConnectionError", (await Assert.ThrowsAsync<CannotPlay>(() => call)).Message, StringComparison.Ordinal);
        }
    }

    private static async Task<WebApplication> StartAsync(X509Certificate2 certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        var app = builder.Build();
        app.Run(context => context.Response.WriteAsync(context.Request.Host.Host));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static X509Certificate2 CertificateOf(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
