using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Projects;
using Countersign.Core.Texts;
using Countersign.Server.Endpoints.Browser;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Endpoints.Browser;

/// <summary>Who may call the browser endpoints, from where, and what stands around their answers.</summary>
public abstract class BrowserAccessTests(ServerFixture fixture)
{
    private TestServer Server => fixture.Server;

    public static TheoryData<string> NotOfferedPaths => [.. NotOffered.Paths];

    public static TheoryData<string> StepsWithToken =>
        [
            "mobile/instant/start", "mobile/instant/finish", "mobile/instant/error", "mobile/otp/start", "mobile/otp/finish",
            "mobile/otp/error", "mobile/instantlink/start", "mobile/instantlink/error", "device/passive/register", "device/passive/verify",
            "device/passive/error", "device/universal/register", "device/universal/verify", "device/universal/error",
            "device/fido2/start", "device/fido2/register/finish", "device/fido2/verify/finish", "device/fido2/error", .. NotOffered.Paths,
        ];

    [Theory]
    [MemberData(nameof(StepsWithToken))]
    public async Task A_step_without_a_living_token_is_refused_before_anything_else(string path)
    {
        using var without = new HttpRequestMessage(HttpMethod.Post, "/v1/client/" + path) { Content = new StringContent("{") };
        using var nonsense = new HttpRequestMessage(HttpMethod.Post, "/v1/client/" + path) { Content = new StringContent("{") };
        nonsense.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "a.b.c");
        using var basic = new HttpRequestMessage(HttpMethod.Post, "/v1/client/" + path) { Content = new StringContent("{") };
        basic.Headers.Authorization = new AuthenticationHeaderValue("Basic", "dGVzdDp0ZXN0");

        foreach (var request in (HttpRequestMessage[])[without, nonsense, basic])
        {
            var reply = await Server.SendAsync(request);

            Assert.Equal("401 8002 not authorized", reply.Fault);
            Assert.Equal("*", reply.Header("Access-Control-Allow-Origin"));
        }
    }

    [Theory]
    [Trait("attack", "T05")]
    [MemberData(nameof(NotOfferedPaths))]
    public async Task A_step_that_is_not_offered_leads_back_to_the_one_to_take(string path)
    {
        var flow = await Server.BeginAsync("mobile", "2001009002");

        var answer = await Server.Browser(flow.AuthToken!).Post(path, """{"signals":{"a":1},"deviceId":null}""");

        Assert.Equal("""{"next":"mobile/instant","error":{"code":10003,"message":"this step is not offered"}}""", answer.ToJsonString());
        Assert.Equal("pending pending pending", (await Server.StatusAsync(flow.Id)).Outcome);
    }

    [Theory]
    [InlineData("POST", "/v1/client/nothing", 404)]
    [InlineData("GET", "/v1/client/mobile/otp/start", 405)]
    [InlineData("POST", "/v1/client/mobile/otp/start", 401)]
    [InlineData("GET", "/v1/client/status", 400)]
    [InlineData("POST", "/v1/client/device/unregister", 401)]
    [InlineData("POST", "/v1/client/challenge", 400)]
    [InlineData("POST", "/V1/CLIENT/mobile/otp/start", 401)]
    public async Task A_page_of_any_origin_can_read_every_answer(string method, string path, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("Origin", "https://shop.example");

        var reply = await Server.SendAsync(request);

        Assert.Equal((status, "*"), (reply.Status, reply.Header("Access-Control-Allow-Origin")));
        Assert.Null(reply.Header("Access-Control-Allow-Credentials"));
        Assert.Null(reply.Header("Set-Cookie"));
    }

    [Fact]
    public async Task A_page_can_read_an_internal_error_too()
    {
        await using var server = await fixture.StartAsync(substitute: builder =>
            builder.Services.AddSingleton<ICodeGenerator, BrokenGenerator>());
        var flow = await server.BeginAsync("mobile", "2001009002");

        var reply = await server.Browser(flow.AuthToken!).SendAsync("mobile/otp/start");

        Assert.Equal("500 8000 internal error, try again later", reply.Fault);
        Assert.Equal(("*", "nosniff"), (reply.Header("Access-Control-Allow-Origin"), reply.Header("X-Content-Type-Options")));
        Assert.Contains("no-store", reply.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.DoesNotContain("out of digits", reply.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/client/mobile/otp/start")]
    [InlineData("/v1/client/nothing")]
    public async Task A_preflight_permits_the_seven_headers_of_the_protocol(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", "https://shop.example");
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,pa-version");

        var reply = await Server.SendAsync(request);

        Assert.Equal(
            (204, "*", "POST"), (reply.Status, reply.Header("Access-Control-Allow-Origin"), reply.Header("Access-Control-Allow-Methods")));
        Assert.Equal(
            ["authorization", "content-type", "pa-challenge", "pa-kid", "pa-sig-version", "pa-signature", "pa-version"],
            reply.Header("Access-Control-Allow-Headers")!.Split(", ").Order(StringComparer.Ordinal));
        Assert.NotNull(reply.Header("Access-Control-Max-Age"));
    }

    [Fact]
    public async Task No_page_of_another_origin_can_read_the_relying_partys_answers()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v3/verify") { Content = TestServer.Json("{}") };
        request.Headers.Add("Origin", "https://shop.example");

        Assert.Null((await Server.SendAsync(request)).Header("Access-Control-Allow-Origin"));
    }

    [Theory]
    [Trait("attack", "T02")]
    [InlineData("https://shop.example", true)]
    [InlineData("https://SHOP.example", true)]
    [InlineData("https://evil.example", false)]
    [InlineData("https://shop.example.evil.example", false)]
    [InlineData("http://shop.example", false)]
    [InlineData("null", false)]
    [InlineData(null, true)]
    public async Task A_project_with_web_origins_is_called_from_no_other(string? origin, bool isPermitted)
    {
        var shop = await Server.AddProjectAsync("origins", new ProjectSettings { WebOrigins = ["https://shop.example"] });
        var flow = await Server.BeginAsync("desktop", "2001009002", credentials: shop);
        var page = Server.Browser(flow.AuthToken!);

        var reply = await page.SendAsync("mobile/instantlink/start", origin: origin);

        Assert.Equal(isPermitted ? "200" : "403 8003 step not allowed", reply.Fault);
        Assert.Equal("*", reply.Header("Access-Control-Allow-Origin"));
        if (isPermitted)
        {
            await using var socket = await page.ConnectSocketAsync(origin);
            await socket.SendAsync("ping");
            Assert.Equal("pong", await socket.ReceiveAsync());
        }
        else
        {
            await Assert.ThrowsAsync<WebSocketException>(() => page.ConnectSocketAsync(origin));
        }
    }

    [Theory]
    [InlineData("", "Bearer")]
    [InlineData("?token=", "Bearer error=\"invalid_token\"")]
    [InlineData("?token=a.b.c", "Bearer error=\"invalid_token\"")]
    public async Task A_socket_without_a_living_token_is_refused(string query, string challenge)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(
            new Uri(Server.Origin.Replace("http", "ws", StringComparison.Ordinal) + "/v1/client/status" + query),
            TestContext.Current.CancellationToken));

        Assert.Equal(HttpStatusCode.Unauthorized, socket.HttpStatusCode);
        Assert.Equal(challenge, Assert.Single(socket.HttpResponseHeaders!["WWW-Authenticate"]));
    }

    [Fact]
    [Trait("attack", "T02")]
    public async Task An_auth_token_lives_as_long_as_its_flow()
    {
        await using var server = await fixture.StartAsync();
        var flow = await server.BeginAsync("mobile", "2001009002");
        var page = server.Browser(flow.AuthToken!);
        var life = (long)page.Claims["exp"]! - (long)page.Claims["iat"]!;

        await server.AdvanceAsync(TimeSpan.FromSeconds(870));
        var living = await page.SendAsync("mobile/instant/start");
        await server.AdvanceAsync(TimeSpan.FromSeconds(30));
        var dead = await page.SendAsync("mobile/instant/start");

        Assert.Equal((900, 200), (life, living.Status));
        Assert.Equal("401 8002 not authorized", dead.Fault);
        await Assert.ThrowsAsync<WebSocketException>(() => page.ConnectSocketAsync());
    }

    [Fact]
    public async Task Every_auth_token_survives_plain_atob()
    {
        var shop = await Server.AddProjectAsync("shop", new ProjectSettings { LinkConfirmation = LinkConfirmation.Match });

        var flows = await Task.WhenAll(
            Enumerable.Range(0, 200).Select(i => Server.BeginAsync(i % 2 == 0 ? "desktop" : "mobile", "2001009002", credentials: shop)));

        foreach (var flow in flows)
        {
            var payload = flow.AuthToken!.Split('.')[1];
            Assert.DoesNotContain('-', payload);
            Assert.DoesNotContain('_', payload);
            // What atob does: standard alphabet, padding forgiven.
            Assert.NotEmpty(Convert.FromBase64String(payload.PadRight((payload.Length + 3) / 4 * 4, '=')));
        }
    }

    [Fact]
    public async Task Every_claim_that_published_sdks_read_is_there_and_fresh()
    {
        var flows = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Server.BeginAsync("mobile", "2001009002")));
        var (first, second) = (Server.Browser(flows[0].AuthToken!).Claims, Server.Browser(flows[1].AuthToken!).Claims);

        Assert.Equal(["iss", "aud", "sub", "iat", "exp", "jti", "rid", "auth"], first.AsObject().Select(claim => claim.Key));
        Assert.Equal(["id", "ans", "endp", "chlg", "next", "subs"], first["auth"]!.AsObject().Select(claim => claim.Key));
        Assert.Equal((string?)first["auth"]!["ans"], (string?)second["auth"]!["ans"]);
        Assert.NotEqual((string?)first["auth"]!["chlg"], (string?)second["auth"]!["chlg"]);
        Assert.NotEqual((string?)first["jti"], (string?)second["jti"]);
        Assert.DoesNotContain("2001009002", first.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Lori", first.ToJsonString(), StringComparison.Ordinal);
    }

    private sealed class BrokenGenerator : ICodeGenerator
    {
        public OneTimeCode NewCode(PhoneNumber to, int length) => throw new InvalidOperationException("out of digits");
    }
}

public sealed class BrowserAccessOnSqlite(OnSqlite fixture) : BrowserAccessTests(fixture), IClassFixture<OnSqlite>;

public sealed class BrowserAccessOnPostgres(OnPostgres fixture) : BrowserAccessTests(fixture), IClassFixture<OnPostgres>;
