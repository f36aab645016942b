using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Projects;
using Countersign.Server.Security;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Base64Url = System.Buffers.Text.Base64Url;

namespace Countersign.Server.Tests.Security;

/// <summary>A token is what this server signed, of the right kind, alive: everything else is nobody (RFC 8725).</summary>
public abstract class TokenTests(ServerFixture fixture)
{
    private TestServer Server => fixture.Server;

    /// <summary>Forgeries made of a good access token.</summary>
    private static readonly Dictionary<string, Func<Materials, string>> _forgeries = new()
    {
        ["nothing"] = _ => "",
        ["dots"] = _ => "..",
        ["no JSON"] = _ => "YQ.YQ.YQ",
        ["no signature"] = m => m.Header + "." + m.Payload + ".",
        ["no third segment"] = m => m.Header + "." + m.Payload,
        ["a fourth segment"] = m => m.Token + ".YQ",
        ["five segments, as if encrypted"] = m => m.Token + ".YQ.YQ",
        ["a signature of another token"] = m => m.Header + "." + m.Payload + "." + m.OtherToken.Split('.')[2],
        ["a signature of nothing"] = m => m.Header + "." + m.Payload + "." + Base64Url.EncodeToString(new byte[64]),
        ["a payload changed"] = m => m.Header + "." + Encode(m.Claims(c => c["client_id"] = "other")) + "." + m.Signature,
        ["alg none"] = m => m.With(h => h["alg"] = "none") + ".",
        ["alg None"] = m => m.With(h => h["alg"] = "None") + "." + m.Signature,
        ["no alg"] = m => m.With(h => h.Remove("alg")) + "." + m.Signature,
        ["HS256 with the public point"] = m => Hmac(m.With(h => h["alg"] = "HS256"), m.PublicPoint),
        ["HS256 with the public key in DER"] = m => Hmac(m.With(h => h["alg"] = "HS256"), m.Key.ExportSubjectPublicKeyInfo()),
        ["HS256 with the public key in PEM"] = m =>
            Hmac(m.With(h => h["alg"] = "HS256"), Encoding.UTF8.GetBytes(m.Key.ExportSubjectPublicKeyInfoPem())),
        ["HS256 with no key"] = m => Hmac(m.With(h => h["alg"] = "HS256"), []),
        ["a foreign key with our key's id"] = m => m.SignForeign(_ => { }),
        ["a foreign key with its own id"] = m => m.SignForeign(h => h["kid"] = "mine"),
        ["a foreign key in the token itself"] = m => m.SignForeign(h => h["jwk"] = m.ForeignJwk()),
        ["a foreign key behind an address"] = m => m.SignForeign(h => h["jku"] = "http://127.0.0.1:1/jwks.json"),
        ["a foreign certificate"] = m => m.SignForeign(h => h["x5c"] = new JsonArray("AA==")),
        ["no key id"] = m => m.SignForeign(h => h.Remove("kid")),
        ["a key id that is a path"] = m => m.SignForeign(h => h["kid"] = "../../../../dev/null"),
        ["a key id that is SQL"] = m => m.SignForeign(h => h["kid"] = "' UNION SELECT 'x' --"),
        ["a key id that is an address"] = m => m.SignForeign(h => h["kid"] = "http://127.0.0.1:1/key"),
        ["a key id that is a number"] = m => m.SignForeign(h => h["kid"] = 1),
        ["another type"] = m => m.SignOurs(h => h["typ"] = "JWT", _ => { }),
        ["no type"] = m => m.SignOurs(h => h.Remove("typ"), _ => { }),
        ["another audience"] = m => m.SignOurs(_ => { }, c => c["aud"] = "countersign-else"),
        ["no audience"] = m => m.SignOurs(_ => { }, c => c.Remove("aud")),
        ["no end"] = m => m.SignOurs(_ => { }, c => c.Remove("exp")),
        ["an end that has passed"] = m => m.SignOurs(_ => { }, c => c["exp"] = 1_000_000_000),
        ["a project that is not the client's"] = m => m.SignOurs(_ => { }, c => c["project"] = "other"),
        ["a client that nobody knows"] = m => m.SignOurs(_ => { }, c => c["client_id"] = "nobody"),
        ["a secret that the client never had"] = m => m.SignOurs(_ => { }, c => c["secret_id"] = "0123456789abcdef"),
        ["an auth token"] = m => m.AuthToken,
        ["an auth token of an access token's type"] = m => m.SignOurs(_ => { }, c => c["aud"] = "countersign-browser"),
    };

    public static TheoryData<string> Forgeries => [.. _forgeries.Keys];

    [Theory]
    [Trait("attack", "T01")]
    [MemberData(nameof(Forgeries))]
    public async Task A_forged_access_token_opens_nothing(string name)
    {
        var materials = await MaterialsAsync();

        var reply = await CallAsync(_forgeries[name](materials));

        Assert.Equal("401 8002 not authorized", reply.Fault);
    }

    [Fact]
    public async Task What_our_own_key_signs_in_the_right_form_is_taken()
    {
        var materials = await MaterialsAsync();

        // Shows that the forgeries above fail for the reason in their name.
        Assert.Equal(200, (await CallAsync(materials.SignOurs(_ => { }, _ => { }))).Status);
    }

    [Fact]
    public async Task A_token_of_an_earlier_version_lives_until_a_rotation_ends_a_secret()
    {
        var materials = await MaterialsAsync();

        Assert.Equal(200, (await CallAsync(materials.SignOurs(_ => { }, claims => claims.Remove("secret_id")))).Status);
    }

    [Fact]
    public async Task After_a_rotation_without_grace_the_old_secrets_tokens_are_refused_on_every_node_within_a_minute()
    {
        await using var server = await fixture.StartAsync(TestServer.Live);
        await using var other = await server.StartSecondNodeAsync();
        var old = await server.NewClientAsync("shop");
        var token = await server.GetTokenAsync(old);
        Assert.Equal((200, 200), (await AskAsync(token, server), await AskAsync(token, other)));

        var fresh = await RotateAsync(server, "shop", old, graceSeconds: 0);
        var atOnce = await AskAsync(token, server);
        await server.AdvanceAsync(TimeSpan.FromSeconds(59));
        var onOther = await AskAsync(token, other);
        var renewed = await server.GetTokenAsync(fresh);

        Assert.Equal((401, 401), (atOnce, onOther));
        Assert.Equal((200, 200), (await AskAsync(renewed, server), await AskAsync(renewed, other)));
    }

    [Fact]
    public async Task A_token_of_an_earlier_version_ends_with_the_secret_that_it_may_have_been_got_with()
    {
        await using var server = await fixture.StartAsync(TestServer.Live);
        await using var other = await server.StartSecondNodeAsync();
        var client = await server.NewClientAsync("shop");
        var first = await OfAnEarlierVersionAsync(server, client);
        Assert.Equal((200, 200), (await AskAsync(first, server), await AskAsync(first, other)));

        client = await RotateAsync(server, "shop", client, graceSeconds: 0);
        await server.AdvanceAsync(TimeSpan.FromSeconds(59));
        var ended = (await AskAsync(first, server), await AskAsync(first, other));
        // A node that is not upgraded yet issues one for the new secret.
        var second = await OfAnEarlierVersionAsync(server, client);
        var renewed = (await AskAsync(second, server), await AskAsync(second, other));
        client = await RotateAsync(server, "shop", client, graceSeconds: 600);
        await server.AdvanceAsync(TimeSpan.FromSeconds(599));
        var during = (await AskAsync(second, server), await AskAsync(second, other));
        await server.AdvanceAsync(TimeSpan.FromSeconds(1));
        var after = (await AskAsync(second, server), await AskAsync(second, other));

        Assert.Equal((401, 401), ended);
        Assert.Equal((200, 200), renewed);
        Assert.Equal((200, 200), during);
        Assert.Equal((401, 401), after);
        Assert.Equal(200, await AskAsync(await server.GetTokenAsync(client), other));
    }

    [Fact]
    public async Task During_the_grace_of_a_rotation_tokens_of_both_secrets_are_taken_and_then_those_of_the_new_one()
    {
        await using var server = await fixture.StartAsync(TestServer.Live);
        await using var other = await server.StartSecondNodeAsync();
        var old = await server.NewClientAsync("shop");
        var token = await server.GetTokenAsync(old);
        await AskAsync(token, other);

        var fresh = await RotateAsync(server, "shop", old, graceSeconds: 600);
        await server.AdvanceAsync(TimeSpan.FromSeconds(599));
        var late = await server.GetTokenAsync(old);
        var renewed = await server.GetTokenAsync(fresh);
        var during = (await AskAsync(token, server), await AskAsync(token, other), await AskAsync(late, other),
            await AskAsync(renewed, other));
        await server.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Equal((200, 200, 200, 200), during);
        Assert.Equal((401, 401, 401, 200),
            (await AskAsync(token, server), await AskAsync(token, other), await AskAsync(late, other), await AskAsync(renewed, other)));
    }

    [Fact]
    public async Task A_second_rotation_ends_the_tokens_of_the_oldest_secret()
    {
        await using var server = await fixture.StartAsync(TestServer.Live);
        var first = await server.NewClientAsync("shop");
        var (token, second) = (await server.GetTokenAsync(first), await RotateAsync(server, "shop", first, graceSeconds: 3600));
        var next = await server.GetTokenAsync(second);

        await RotateAsync(server, "shop", second, graceSeconds: 3600);

        Assert.Equal((401, 200), (await AskAsync(token, server), await AskAsync(next, server)));
    }

    [Fact]
    [Trait("attack", "A02")]
    public async Task Tokens_of_another_public_address_are_refused()
    {
        await using var server = await fixture.StartAsync(
            new Dictionary<string, string?> { ["Countersign:PublicUrl"] = "https://one.example" });
        await using var moved = await TestServer.StartAsync(
            server.Store, new Dictionary<string, string?> { ["Countersign:PublicUrl"] = "https://two.example" });
        var token = await server.GetTokenAsync();
        var flow = await server.BeginAsync("mobile", "2001009002");

        Assert.Equal((200, 401), (await AskAsync(token, server), await AskAsync(token, moved)));
        Assert.Equal(401, (await moved.Browser(flow.AuthToken!).SendAsync("mobile/otp/start")).Status);
        Assert.Equal(200, (await server.Browser(flow.AuthToken!).SendAsync("mobile/otp/start")).Status);
        Assert.Equal(200, await AskAsync(await moved.GetTokenAsync(), moved));
    }

    [Theory]
    [InlineData("GET", "/v3/domain/id")]
    [InlineData("POST", "/v3/verify")]
    [InlineData("GET", "/v3/no/such/path")]
    [InlineData("GET", "/admin/server")]
    [InlineData("POST", "/v1/client/mobile/otp/start")]
    public async Task A_refusal_says_whether_there_was_a_token(string method, string path)
    {
        using var without = new HttpRequestMessage(new HttpMethod(method), path);
        using var basic = new HttpRequestMessage(new HttpMethod(method), path);
        basic.Headers.TryAddWithoutValidation("Authorization", "Basic YTpi");
        using var bad = new HttpRequestMessage(new HttpMethod(method), path);
        bad.Headers.TryAddWithoutValidation("Authorization", "Bearer a.b.c");

        var replies = (await Server.SendAsync(without), await Server.SendAsync(basic), await Server.SendAsync(bad));

        Assert.Equal((401, "Bearer"), (replies.Item1.Status, replies.Item1.Header("WWW-Authenticate")));
        Assert.Equal((401, "Bearer"), (replies.Item2.Status, replies.Item2.Header("WWW-Authenticate")));
        Assert.Equal((401, "Bearer error=\"invalid_token\""), (replies.Item3.Status, replies.Item3.Header("WWW-Authenticate")));
    }

    [Fact]
    [Trait("attack", "T03")]
    public async Task An_access_token_is_no_auth_token()
    {
        var page = Server.Browser(await Server.GetTokenAsync());

        Assert.Equal("401 8002 not authorized", (await page.SendAsync("mobile/otp/start")).Fault);
    }

    [Fact]
    public async Task An_auth_token_of_a_flow_that_never_was_opens_nothing()
    {
        var materials = await MaterialsAsync();
        var token = materials.SignOurs(
            header => header["typ"] = "cs-auth+jwt", claims =>
            {
                claims["aud"] = "countersign-browser";
                claims["sub"] = "0199d5a4-1b2c-7d3e-8f40-5a6b7c8d9e0f";
            });

        Assert.Equal("401 8002 not authorized", (await Server.Browser(token).SendAsync("mobile/otp/start")).Fault);
    }

    [Theory]
    [InlineData("bearer {0}", 200)]
    [InlineData("BEARER {0}", 200)]
    [InlineData("Bearer  {0} ", 200)]
    [InlineData("{0}", 401)]
    [InlineData("Token {0}", 401)]
    [InlineData("Bearer", 401)]
    [InlineData("Bearer {0} {0}", 401)]
    [InlineData("Bearer {0}, Bearer {0}", 401)]
    public async Task The_scheme_is_bearer_in_any_case(string authorization, int status)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, "/v3/verify") { Content = TestServer.Json(TestServer.VerifyBody("none", "2001009002")) };
        request.Headers.TryAddWithoutValidation("Authorization", string.Format(null, authorization, await Server.GetTokenAsync()));

        Assert.Equal(status, (await Server.SendAsync(request)).Status);
    }

    [Fact]
    public async Task A_token_in_the_query_or_the_body_opens_nothing()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v3/verify?access_token=" + await Server.GetTokenAsync())
        {
            Content = TestServer.Json(TestServer.VerifyBody("none", "2001009002")),
        };

        Assert.Equal(401, (await Server.SendAsync(request)).Status);
    }

    [Fact]
    public async Task An_access_token_lives_exactly_sixty_minutes()
    {
        await using var server = await fixture.StartAsync();
        var token = await server.GetTokenAsync();
        var claims = Fixtures.Base64Url.Read(token.Split('.')[1]);

        await server.AdvanceAsync(TimeSpan.FromMinutes(59) + TimeSpan.FromSeconds(30));
        var living = await CallAsync(token, server);
        await server.AdvanceAsync(TimeSpan.FromSeconds(30));
        var dead = await CallAsync(token, server);

        Assert.Equal(3600, (long)claims["exp"]! - (long)claims["iat"]!);
        Assert.Equal((200, 401), (living.Status, dead.Status));
    }

    [Fact]
    [Trait("attack", "A03")]
    public async Task A_removed_client_is_nobody_within_a_minute_and_gets_no_token_at_once()
    {
        await using var server = await fixture.StartAsync();
        var shop = await server.AddProjectAsync("shop");
        var token = await server.GetTokenAsync(shop);
        Assert.Equal(200, (await CallAsync(token, server)).Status);

        await server.Services.GetRequiredService<IProjectStore>()
            .RemoveClientAsync(ClientId.Parse("shop-client"), TestContext.Current.CancellationToken);
        await server.AdvanceAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(401, (await CallAsync(token, server)).Status);
        await Assert.ThrowsAsync<InvalidOperationException>(() => server.GetTokenAsync(shop));
    }

    [Fact]
    public async Task A_token_survives_a_restart()
    {
        await using var server = await fixture.StartAsync();
        var token = await server.GetTokenAsync();

        await server.RestartAsync();

        Assert.Equal(200, (await CallAsync(token, server)).Status);
    }

    [Fact]
    public async Task The_published_keys_prove_an_access_token_and_hold_nothing_private()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/.well-known/jwks.json");
        var reply = await Server.SendAsync(request);
        var keys = new JsonWebKeySet(reply.Body);

        var result = await new JsonWebTokenHandler().ValidateTokenAsync(await Server.GetTokenAsync(), new TokenValidationParameters
        {
            ValidIssuer = Server.Origin,
            ValidAudience = "countersign-api",
            ValidTypes = ["at+jwt"],
            IssuerSigningKeys = keys.Keys,
        });

        Assert.True(result.IsValid, result.Exception?.Message);
        Assert.Equal("application/json", reply.Header("Content-Type"));
        foreach (var key in reply.Json!["keys"]!.AsArray())
        {
            Assert.Equal(["kty", "use", "alg", "crv", "kid", "x", "y"], key!.AsObject().Select(member => member.Key));
            Assert.Equal(
                ("EC", "sig", "ES256", "P-256"), ((string?)key["kty"], (string?)key["use"], (string?)key["alg"], (string?)key["crv"]));
        }
    }

    [Fact]
    public async Task The_metadata_says_where_everything_is()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/.well-known/oauth-authorization-server");

        var metadata = (await Server.SendAsync(request)).Json!;

        Assert.Equal(Server.Origin, (string?)metadata["issuer"]);
        Assert.Equal(Server.Origin + "/token", (string?)metadata["token_endpoint"]);
        Assert.Equal(Server.Origin + "/.well-known/jwks.json", (string?)metadata["jwks_uri"]);
        Assert.Equal(
            (Server.Origin + "/revoke", Server.Origin + "/introspect"),
            ((string?)metadata["revocation_endpoint"], (string?)metadata["introspection_endpoint"]));
        Assert.Equal("""["client_credentials"]""", metadata["grant_types_supported"]!.ToJsonString());
        Assert.All(["token", "revocation", "introspection"], name =>
        {
            Assert.Equal(
                """["client_secret_basic","client_secret_post","private_key_jwt"]""",
                metadata[$"{name}_endpoint_auth_methods_supported"]!.ToJsonString());
            Assert.Equal(
                """["ES256","ES384","PS256","RS256"]""",
                metadata[$"{name}_endpoint_auth_signing_alg_values_supported"]!.ToJsonString());
        });
    }

    [Fact]
    public async Task In_the_next_period_a_new_key_signs_and_the_former_is_still_published()
    {
        await using var server = await fixture.StartAsync();
        var first = Fixtures.Base64Url.Read((await server.GetTokenAsync()).Split('.')[0])["kid"]!.ToString();
        var period = new KeyOptions().TokenKeyLifetime.Ticks;
        var passed = server.Services.GetRequiredService<TimeProvider>().GetUtcNow().UtcTicks % period;

        await server.AdvanceAsync(TimeSpan.FromTicks(period - passed) + TimeSpan.FromMinutes(1));
        var token = await server.GetTokenAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/.well-known/jwks.json");
        var published = (await server.SendAsync(request)).Json!["keys"]!.AsArray().Select(key => (string)key!["kid"]!).ToArray();

        Assert.Equal(200, (await CallAsync(token, server)).Status);
        Assert.NotEqual(first, Fixtures.Base64Url.Read(token.Split('.')[0])["kid"]!.ToString());
        Assert.Contains(first, published);
        Assert.Equal(2, published.Length);
    }

    private static async Task<int> AskAsync(string token, TestServer server)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v3/domain/id");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return (await server.SendAsync(request)).Status;
    }

    private static async Task<string> OfAnEarlierVersionAsync(TestServer server, Credentials client)
    {
        var token = await server.GetTokenAsync(client);
        return new Materials(token, token, token, await SigningKeyOfAsync(server))
            .SignOurs(_ => { }, claims => claims.Remove("secret_id"));
    }

    private static async Task<Credentials> RotateAsync(TestServer server, string project, Credentials client, int graceSeconds)
    {
        var reply = await server.AdminAsync(
            HttpMethod.Post, $"/admin/projects/{project}/clients/{client.Id}/rotate", $$"""{"expireOldAfterSeconds":{{graceSeconds}}}""");
        return client with { Secret = reply.Text("secret") };
    }

    private static async Task<ECDsa> SigningKeyOfAsync(TestServer server) =>
        ((ECDsaSecurityKey)(await server.Services.GetRequiredService<SigningKeys>().CurrentAsync(default)).Key).ECDsa;

    private Task<Reply> CallAsync(string token) => CallAsync(token, Server);

    private static async Task<Reply> CallAsync(string token, TestServer server)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, "/v3/verify") { Content = TestServer.Json(TestServer.VerifyBody("none", "2001009002")) };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        return await server.SendAsync(request);
    }

    private async Task<Materials> MaterialsAsync()
    {
        var flow = await Server.BeginAsync("mobile", "2001009002");
        return new Materials(
            await Server.GetTokenAsync(), await Server.GetTokenAsync(await Server.AddProjectAsync("other")), flow.AuthToken!,
            await SigningKeyOfAsync(Server));
    }

    private static string Encode(JsonNode node) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(node.ToJsonString()));

    private static string Hmac(string signed, byte[] key) =>
        signed + "." + Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(signed)));

    /// <summary>What a forger may have, and our own key to show that only the forgery is wrong.</summary>
    private sealed record Materials(string Token, string OtherToken, string AuthToken, ECDsa Key)
    {
        private static readonly ECDsa _foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        public string Header => Token.Split('.')[0];

        public string Payload => Token.Split('.')[1];

        public string Signature => Token.Split('.')[2];

        public byte[] PublicPoint => Key.ExportParameters(includePrivateParameters: false).Q.X!;

        public JsonObject ForeignJwk()
        {
            var point = _foreign.ExportParameters(includePrivateParameters: false).Q;
            return new JsonObject
            {
                ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y)
            };
        }

        public JsonObject Claims(Action<JsonObject> change) => Changed(Payload, change);

        /// <summary>Header, changed, and payload.</summary>
        public string With(Action<JsonObject> change) => Encode(Changed(Header, change)) + "." + Payload;

        public string SignForeign(Action<JsonObject> header) => Sign(_foreign, With(header));

        public string SignOurs(Action<JsonObject> header, Action<JsonObject> claims) =>
            Sign(Key, Encode(Changed(Header, header)) + "." + Encode(Claims(claims)));

        private static string Sign(ECDsa key, string signed) =>
            signed + "." + Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256));

        private static JsonObject Changed(string segment, Action<JsonObject> change)
        {
            var node = Fixtures.Base64Url.Read(segment).AsObject();
            change(node);
            return node;
        }
    }
}

public sealed class TokensOnSqlite(OnSqlite fixture) : TokenTests(fixture), IClassFixture<OnSqlite>;

public sealed class TokensOnPostgres(OnPostgres fixture) : TokenTests(fixture), IClassFixture<OnPostgres>;
