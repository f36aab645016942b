using System.Net;
using System.Net.Http.Headers;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Endpoints.Http;

/// <summary>A body is read however it arrives.</summary>
public abstract class RequestBodyTests(ServerFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_body_without_a_length_over_http2_is_read()
    {
        await using var server = await fixture.StartAsync(substitute: builder =>
            builder.Services.Configure<Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions>(kestrel =>
            kestrel.ConfigureEndpointDefaults(endpoint =>
                endpoint.Protocols = Microsoft.AspNetCore.Server.Kestrel.Core.HttpProtocols.Http2)));
        using var http2 = new HttpClient
        {
            BaseAddress = new Uri(server.Origin), DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sandbox/flows")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StreamContent(
                new LengthlessStream(System.Text.Encoding.UTF8.GetBytes(TestServer.VerifyBody("mobile", "2001009002")))),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        using var response = await http2.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private sealed class LengthlessStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}

public sealed class RequestBodyOnSqlite(OnSqlite fixture) : RequestBodyTests(fixture), IClassFixture<OnSqlite>;

public sealed class RequestBodyOnPostgres(OnPostgres fixture) : RequestBodyTests(fixture), IClassFixture<OnPostgres>;
