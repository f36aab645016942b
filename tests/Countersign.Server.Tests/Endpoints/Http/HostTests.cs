using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Countersign.Server.Endpoints.Sandbox;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Endpoints.Http;

/// <summary>What a sandbox tells without credentials it tells under its own names alone; headers that browsers hold pages to.</summary>
public sealed class HostTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    private TestServer Server => fixture.Server;

    [Fact]
    public void The_names_are_kept_from_when_every_address_is_bound()
    {
        using var started = new CancellationTokenSource();
        var urls = new List<string> { "http://one.example:1" };
        var hosts = Countersign.Server.Endpoints.Sandbox.SandboxHosts.KeptFrom(() =>
            new(new SandboxHostsOptions(), null, urls, null), started.Token);
        Assert.False(hosts().Knows("two.example"));

        urls.Add("http://two.example:2");
        Assert.True(hosts().Knows("two.example"));
        started.Cancel();

        Assert.True(hosts().Knows("two.example"));
        Assert.Same(hosts(), hosts());
    }

    [Theory]
    [InlineData("GET", "/sandbox")]
    [InlineData("GET", "/SANDBOX/messages?to=2001009002")]
    [InlineData("GET", "/sandbox/users")]
    [InlineData("POST", "/sandbox/clock")]
    [InlineData("POST", "/sandbox/flows")]
    [InlineData("GET", "/sandbox/flows/019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a")]
    [InlineData("GET", "/l/AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("POST", "/l/AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("GET", "/reference")]
    [InlineData("GET", "/reference/")]
    public async Task A_foreign_name_is_refused_where_no_credential_is_asked_for(string method, string path)
    {
        foreach (var host in (string[])["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost.evil.example", "8.8.8.8"])
        {
            var reply = await SendAsync(Server, method, path, host);

            Assert.Equal((400, 8001), (reply.Status, reply.Code));
            Assert.Contains("Countersign:AllowedHosts", reply.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("POST", "/token", 400)]
    [InlineData("POST", "/v3/verify", 401)]
    [InlineData("POST", "/v1/client/mobile/otp/start", 401)]
    [InlineData("GET", "/health", 200)]
    [InlineData("GET", "/sdk/countersign.js", 200)]
    [InlineData("GET", "/sandboxes", 404)]
    public async Task What_asks_for_a_credential_or_tells_nothing_is_called_by_any_name(string method, string path, int status) =>
        Assert.Equal(status, (await SendAsync(Server, method, path, "evil.example")).Status);

    [Theory]
    [InlineData("localhost")]
    [InlineData("localhost:9")]
    [InlineData("LOCALHOST.")]
    [InlineData("shop.localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("127.1.2.3:80")]
    [InlineData("[::1]:8080")]
    public async Task Loopback_names_are_the_sandboxs_own(string host) =>
        Assert.Equal(200, (await SendAsync(Server, "GET", "/sandbox/users", host)).Status);

    [Fact]
    public async Task The_public_address_and_allowed_hosts_are_its_own_too()
    {
        await using var server = await fixture.StartAsync(new Dictionary<string, string?>
        {
            ["Countersign:PublicUrl"] = "https://id.example.com",
            ["Countersign:AllowedHosts"] = "countersign, *.tunnel.example",
        });

        foreach (var host in (string[])["id.example.com", "ID.example.com:443", "countersign:8080", "a.tunnel.example"])
        {
            Assert.Equal(200, (await SendAsync(server, "GET", "/sandbox/users", host)).Status);
        }
        foreach (var host in (string[])["example.com", "tunnel.example", "evil-tunnel.example", "x.id.example.com"])
        {
            Assert.Equal(400, (await SendAsync(server, "GET", "/sandbox/users", host)).Status);
        }
    }

    [Theory]
    [InlineData("http://0.0.0.0:8080", "192.168.1.5", true)]
    [InlineData("http://*:8080", "10.0.0.7", true)]
    [InlineData("http://[::]:8080", "[fd00::1]", true)]
    [InlineData("http://0.0.0.0:8080", "evil.example", false)]
    [InlineData("http://192.168.1.5:8080", "192.168.1.5", true)]
    [InlineData("http://192.168.1.5:8080", "192.168.1.6", false)]
    [InlineData("http://box.lan:8080", "box.lan", true)]
    [InlineData("http://127.0.0.1:8080;http://box.lan:80", "BOX.lan", true)]
    public void The_hosts_it_listens_on_are_its_own(string urls, string host, bool isOwn) =>
        Assert.Equal(isOwn, new SandboxHosts(new SandboxHostsOptions(), publicUrl: null, urls.Split(';'), allowed: null).Knows(host));

    [Fact]
    public void The_web_servers_own_list_counts_as_well() =>
        Assert.True(new SandboxHosts(new SandboxHostsOptions(), publicUrl: null, [], allowed: "a.example;b.example").Knows("b.example"));

    [Fact]
    public async Task In_Live_the_host_is_not_looked_at()
    {
        await using var server = await fixture.StartAsync(TestServer.Live);

        Assert.Equal(404, (await SendAsync(server, "GET", "/l/AAAAAAAAAAAAAAAAAAAAAA", "evil.example")).Status);
        Assert.Equal(200, (await SendAsync(server, "GET", "/reference/", "evil.example")).Status);
    }

    [Fact]
    [Trait("attack", "L12")]
    public async Task Links_and_tokens_name_the_public_address_whatever_name_the_server_is_called_by()
    {
        await using var server = await fixture.StartAsync(TestServer.Live);
        var shop = await server.AddProjectAsync("shop");
        var token = await AskAsync("/token", null, new JsonObject
        {
            ["grant_type"] = "client_credentials", ["client_id"] = shop.Id, ["client_secret"] = shop.Secret,
        }.ToJsonString());
        var begun = await AskAsync("/v3/verify", token.Text("access_token"), TestServer.VerifyBody("desktop", "+12025550142"));
        var sent = await AskAsync("/v1/client/mobile/instantlink/start", begun.Text("authToken"), "{}");
        var metadata = await AskAsync("/.well-known/oauth-authorization-server", null, null);

        Assert.All([token, begun, sent, metadata], reply => Assert.Equal(200, reply.Status));
        Assert.StartsWith(
            "https://id.example.com/l/", Assert.Single(server.Gateway.Submissions).Text.Proof.Reveal(), StringComparison.Ordinal);
        Assert.All(
            [token.Text("access_token"), begun.Text("authToken")],
            jwt => Assert.Equal("https://id.example.com", (string?)Base64Url.Read(jwt.Split('.')[1])["iss"]));
        Assert.All([token, begun, sent, metadata], reply =>
            Assert.DoesNotContain("evil", reply.Body + string.Join(' ', reply.Headers.Values), StringComparison.OrdinalIgnoreCase));

        async Task<Reply> AskAsync(string path, string? bearer, string? json)
        {
            using var request = new HttpRequestMessage(json is null ? HttpMethod.Get : HttpMethod.Post, path);
            request.Content = json is null ? null : TestServer.Json(json);
            request.Headers.Host = "evil.example";
            foreach (var name in (string[])["X-Forwarded-Host", "X-Original-Host", "X-Host", "X-Forwarded-Server"])
            {
                request.Headers.Add(name, "evil.example");
            }
            request.Headers.Add("Forwarded", "host=evil.example;proto=https");
            request.Headers.Authorization = bearer is null ? null : new AuthenticationHeaderValue("Bearer", bearer);
            return await server.SendAsync(request);
        }
    }

    [Theory]
    [InlineData("/sandbox")]
    [InlineData("/sandbox/landing")]
    [InlineData("/reference/")]
    [InlineData("/l/AAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Pages_may_use_nothing_of_the_device_and_share_nothing(string path)
    {
        var page = await SendAsync(Server, "GET", path);

        Assert.StartsWith("text/html", page.Header("Content-Type"), StringComparison.Ordinal);
        Assert.Contains("camera=()", page.Header("Permissions-Policy"), StringComparison.Ordinal);
        Assert.Equal(
            ("same-origin", "same-origin"), (page.Header("Cross-Origin-Opener-Policy"), page.Header("Cross-Origin-Resource-Policy")));
    }

    [Fact]
    public async Task What_other_origins_pages_fetch_stays_theirs_to_fetch()
    {
        var module = await SendAsync(Server, "GET", "/sdk/countersign.js");
        var answer = await SendAsync(Server, "POST", "/v1/client/mobile/otp/start");

        Assert.Equal("cross-origin", module.Header("Cross-Origin-Resource-Policy"));
        Assert.Null(answer.Header("Cross-Origin-Resource-Policy"));
        Assert.Null(answer.Header("Permissions-Policy"));
    }

    [Theory]
    [InlineData("https://id.example.com", "max-age=31536000")]
    [InlineData("http://id.example.com", null)]
    [InlineData("https://localhost:8443", null)]
    [InlineData(null, null)]
    public async Task Browsers_are_told_to_keep_to_https_where_the_public_address_is_https(string? address, string? expected)
    {
        await using var server = await fixture.StartAsync(new Dictionary<string, string?> { ["Countersign:PublicUrl"] = address });

        foreach (var path in (string[])["/health", "/l/AAAAAAAAAAAAAAAAAAAAAA", "/v3/verify", "/nowhere"])
        {
            Assert.Equal(expected, (await SendAsync(server, "GET", path)).Header("Strict-Transport-Security"));
        }
    }

    private static async Task<Reply> SendAsync(TestServer server, string method, string path, string? host = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Host = host;
        return await server.SendAsync(request);
    }
}
