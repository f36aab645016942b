using System.Net.Http.Headers;
using System.Text;
using Countersign.Core.Projects;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Endpoints.RelyingParty.OAuth;

/// <summary>A client ends its tokens and asks about them, and learns nothing of others'.</summary>
public abstract class RevokeTests(ServerFixture fixture)
{
    private const string NotActive = """{"active":false}""";

    private TestServer Server => fixture.Server;

    [Fact]
    [Trait("attack", "A03")]
    public async Task A_revoked_token_is_refused_at_once_where_it_was_revoked_and_elsewhere_within_a_minute()
    {
        await using var server = await fixture.StartAsync(TestServer.Live);
        await using var other = await server.StartSecondNodeAsync();
        var shop = await server.NewClientAsync("shop");
        var token = await server.GetTokenAsync(shop);
        var kept = await other.GetTokenAsync(shop);
        Assert.Equal((200, 200), (await AskAsync(token, server), await AskAsync(token, other)));

        var reply = await CallAsync("/revoke", token, shop, server);
        var atOnce = (await AskAsync(token, server), (await CallAsync("/introspect", token, shop, server)).Body);
        await server.AdvanceAsync(TimeSpan.FromSeconds(59));

        Assert.Equal((200, "", null), (reply.Status, reply.Body, reply.Header("Content-Type")));
        Assert.Equal("no-store", reply.Header("Cache-Control"));
        Assert.Equal((401, NotActive), atOnce);
        Assert.Equal((401, NotActive), (await AskAsync(token, other), (await CallAsync("/introspect", token, shop, other)).Body));
        Assert.Equal((200, 200), (await AskAsync(kept, server), await AskAsync(kept, other)));
    }

    [Fact]
    public async Task A_revocation_survives_a_restart_and_is_removed_when_the_token_would_have_expired()
    {
        await using var server = await fixture.StartAsync();
        var token = await server.GetTokenAsync();
        await CallAsync("/revoke", token, Credentials.Sandbox, server);

        await server.RestartAsync();
        var after = await AskAsync(token, server);
        var store = server.Services.GetRequiredService<IRevokedTokenStore>();
        await server.AdvanceAsync(TimeSpan.FromMinutes(61));
        await store.RemoveExpiredAsync(
            server.Services.GetRequiredService<TimeProvider>().GetUtcNow(), limit: 10, TestContext.Current.CancellationToken);

        Assert.Equal(401, after);
        Assert.Equal(0, await server.CountAsync("revoked_tokens"));
        Assert.Equal(401, await AskAsync(token, server));
    }

    [Fact]
    public async Task A_good_token_is_told_as_it_is()
    {
        var token = await Server.GetTokenAsync();
        var claims = Fixtures.Base64Url.Read(token.Split('.')[1]);

        var reply = await CallAsync("/introspect", token, Credentials.Sandbox);

        Assert.Equal(200, reply.Status);
        Assert.Equal(
            ["active", "client_id", "token_type", "exp", "iat", "iss", "aud", "sub", "jti"],
            reply.Json!.AsObject().Select(member => member.Key));
        Assert.True((bool)reply.Json["active"]!);
        Assert.Equal("Bearer", reply.Text("token_type"));
        Assert.All(["client_id", "exp", "iat", "iss", "aud", "sub", "jti"], name =>
            Assert.Equal(claims[name]!.ToJsonString(), reply.Json[name]!.ToJsonString()));
    }

    [Fact]
    public async Task A_token_of_another_client_is_neither_revoked_nor_told_of()
    {
        var theirs = await Server.GetTokenAsync();
        var shop = await Server.AddProjectAsync($"shop{Guid.NewGuid():N}");

        var revoked = await CallAsync("/revoke", theirs, shop);
        var told = await CallAsync("/introspect", theirs, shop);

        Assert.Equal((200, ""), (revoked.Status, revoked.Body));
        Assert.Equal((200, NotActive), (told.Status, told.Body));
        Assert.Equal(200, await AskAsync(theirs, Server));
    }

    [Fact]
    public async Task What_is_no_living_access_token_is_not_active_and_nothing_comes_of_revoking_it()
    {
        await using var server = await fixture.StartAsync();
        var flow = await server.BeginAsync("mobile", "2001009002");
        var expired = await server.GetTokenAsync();
        await server.AdvanceAsync(TimeSpan.FromMinutes(61));
        var fresh = await server.GetTokenAsync();
        var later = await server.BeginAsync("mobile", "2001009002");

        foreach (var token in (string[])["x", "a.b.c", expired, flow.AuthToken!, later.AuthToken!, $"{fresh}x", fresh.Split('.')[0]])
        {
            Assert.Equal(NotActive, (await CallAsync("/introspect", token, Credentials.Sandbox, server)).Body);
            Assert.Equal(200, (await CallAsync("/revoke", token, Credentials.Sandbox, server)).Status);
        }

        Assert.Equal(0, await server.CountAsync("revoked_tokens"));
        Assert.Equal(200, await AskAsync(fresh, server));
        Assert.Equal(200, (await server.Browser(later.AuthToken!).SendAsync("mobile/otp/start")).Status);
    }

    [Fact]
    public async Task A_token_of_a_secret_that_was_rotated_or_of_a_client_that_is_gone_is_not_active()
    {
        await using var server = await fixture.StartAsync(TestServer.Live);
        var old = await server.NewClientAsync("shop");
        var token = await server.GetTokenAsync(old);

        var rotated = await server.AdminAsync(
            HttpMethod.Post, $"/admin/projects/shop/clients/{old.Id}/rotate", """{"expireOldAfterSeconds":0}""");
        var fresh = old with { Secret = rotated.Text("secret") };

        Assert.Equal(NotActive, (await CallAsync("/introspect", token, fresh, server)).Body);
        Assert.Equal(401, (await CallAsync("/introspect", token, old, server)).Status);
    }

    [Theory]
    [InlineData("access_token")]
    [InlineData("refresh_token")]
    [InlineData("whatever")]
    [InlineData("")]
    public async Task A_hint_changes_nothing(string hint)
    {
        var shop = await Server.AddProjectAsync($"shop{Guid.NewGuid():N}");
        var token = await Server.GetTokenAsync(shop);

        var told = await CallAsync("/introspect", token, shop, hint: hint);
        var revoked = await CallAsync("/revoke", token, shop, hint: hint);

        Assert.True((bool)told.Json!["active"]!);
        Assert.Equal(200, revoked.Status);
        Assert.Equal(401, await AskAsync(token, Server));
    }

    [Theory]
    [InlineData("", null, "400 8001 field 'client_id' is missing; field 'client_secret' is missing; field 'token' is missing",
        "invalid_request")]
    [InlineData("token=x", null, "400 8001 field 'client_id' is missing; field 'client_secret' is missing", "invalid_request")]
    [InlineData("client_id=test-client&client_secret=test-secret", null, "400 8001 field 'token' is missing", "invalid_request")]
    [InlineData("client_id=test-client&client_secret=test-secret&token=a&token=b", null, "400 8001 a field is given twice",
        "invalid_request")]
    [InlineData("client_id=test-client&client_secret=wrong&token=x", null, "401 8002 not authorized", "invalid_client")]
    [InlineData("client_id=nobody&client_secret=test-secret&token=x", null, "401 8002 not authorized", "invalid_client")]
    [InlineData("token=x", "test-client:wrong", "401 8002 not authorized", "invalid_client")]
    [InlineData("token=x&client_id=other", "test-client:test-secret",
        "400 8001 credentials in the Authorization header and in the body differ", "invalid_request")]
    public async Task Both_refuse_as_the_token_endpoint_does(string body, string? basic, string fault, string error)
    {
        foreach (var path in (string[])["/revoke", "/introspect"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = new StringContent(body, new MediaTypeHeaderValue("application/x-www-form-urlencoded")),
            };
            if (basic is not null)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue(
                    "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(basic)));
            }

            var reply = await Server.SendAsync(request);

            Assert.Equal(fault, reply.Fault);
            Assert.Equal((error, reply.Message), (reply.Text("error"), reply.Text("error_description")));
            Assert.Equal("no-store", reply.Header("Cache-Control"));
            Assert.Equal(basic is not null && reply.Status == 401 ? "Basic realm=\"countersign\"" : null, reply.Header("WWW-Authenticate"));
        }
    }

    [Fact]
    public async Task Json_and_basic_are_taken_as_at_the_token_endpoint()
    {
        var token = await Server.GetTokenAsync();
        using var json = new HttpRequestMessage(HttpMethod.Post, "/introspect")
        {
            Content = TestServer.Json($$"""{"client_id":"test-client","client_secret":"test-secret","token":"{{token}}"}"""),
        };
        using var basic = new HttpRequestMessage(HttpMethod.Post, "/introspect")
        {
            Content = new FormUrlEncodedContent([new("token", token)]),
        };
        basic.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("test-client:test-secret")));

        Assert.True((bool)(await Server.SendAsync(json)).Json!["active"]!);
        Assert.True((bool)(await Server.SendAsync(basic)).Json!["active"]!);
    }

    [Fact]
    public async Task A_wrong_method_speaks_OAuth_too()
    {
        using var get = new HttpRequestMessage(HttpMethod.Get, "/introspect");

        var reply = await Server.SendAsync(get);

        Assert.Equal((405, "invalid_request"), (reply.Status, reply.Text("error")));
    }

    private async Task<Reply> CallAsync(
        string path, string token, Credentials client, TestServer? server = null, string? hint = null)
    {
        var fields = new Dictionary<string, string>
        {
            ["token"] = token, ["client_id"] = client.Id, ["client_secret"] = client.Secret,
        };
        if (hint is not null)
        {
            fields["token_type_hint"] = hint;
        }
        using var form = new FormUrlEncodedContent(fields);
        return await Reply.ReadAsync(await (server ?? Server).Client.PostAsync(path, form, TestContext.Current.CancellationToken));
    }

    private static async Task<int> AskAsync(string token, TestServer server)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v3/domain/id");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return (await server.SendAsync(request)).Status;
    }
}

public sealed class RevokeOnSqlite(OnSqlite fixture) : RevokeTests(fixture), IClassFixture<OnSqlite>;

public sealed class RevokeOnPostgres(OnPostgres fixture) : RevokeTests(fixture), IClassFixture<OnPostgres>;
