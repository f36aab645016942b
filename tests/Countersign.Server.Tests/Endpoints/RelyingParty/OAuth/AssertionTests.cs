using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Core.Flows;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Base64Url = System.Buffers.Text.Base64Url;

namespace Countersign.Server.Tests.Endpoints.RelyingParty.OAuth;

/// <summary>
/// A client shows who it is by a signed word of its own (private_key_jwt), once, here and now: everything else is nobody.
/// </summary>
public abstract class AssertionTests(ServerFixture fixture)
{
    private const string JwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private const string Address = "https://id.example.com";

    [Fact]
    public async Task An_assertion_opens_each_of_the_three_addresses_once_on_whatever_node()
    {
        using var pair = new KeyPair("ES256");
        await using var server = await fixture.StartAsync(TestServer.Live);
        await using var other = await server.StartSecondNodeAsync();
        await CreateAsync(server, "shop", "till", pair);
        var assertion = pair.Sign(Claims(server, "till"));

        var first = await TokenAsync(server, assertion);
        var again = (await TokenAsync(server, assertion), await TokenAsync(other, assertion));
        var token = first.Text("access_token");
        var told = await PostAsync(other, "/introspect", With(pair.Sign(Claims(other, "till")), ("token", token)));
        var revoked = await PostAsync(other, "/revoke", With(pair.Sign(Claims(other, "till")), ("token", token)));
        var after = await PostAsync(other, "/introspect", With(pair.Sign(Claims(other, "till")), ("token", token)));

        Assert.Equal(200, first.Status);
        Assert.Equal(("401 8002 not authorized", "401 8002 not authorized"), (again.Item1.Fault, again.Item2.Fault));
        Assert.Equal(("invalid_client", null), (again.Item2.Text("error"), again.Item2.Header("WWW-Authenticate")));
        Assert.True((bool)told.Json!["active"]!);
        Assert.Equal((200, """{"active":false}"""), (revoked.Status, after.Body));
        Assert.Contains(other.Logs.All, line => line.ToString().Contains("its jti was used before", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("attack", "T02")]
    public async Task Of_many_calls_with_one_assertion_one_is_let_in()
    {
        using var pair = new KeyPair("ES256");
        await using var server = await fixture.StartAsync(TestServer.Live);
        await using var other = await server.StartSecondNodeAsync();
        await CreateAsync(server, "shop", "till", pair);
        var assertion = pair.Sign(Claims(server, "till"));

        var replies = await Task.WhenAll(Enumerable.Range(0, 16).Select(index =>
            TokenAsync(index % 2 == 0 ? server : other, assertion)));

        Assert.Single(replies, reply => reply.Status == 200);
        Assert.Equal(15, replies.Count(reply => reply.Status == 401));
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("PS256")]
    [InlineData("RS256")]
    public async Task Each_algorithm_is_taken_with_and_without_a_key_id(string algorithm)
    {
        using var pair = new KeyPair(algorithm);
        await using var server = await fixture.StartAsync();
        await CreateAsync(server, "shop", "till", pair);

        var named = await TokenAsync(server, pair.Sign(Claims(server, "till")));
        var unnamed = await TokenAsync(server, pair.Sign(Claims(server, "till"), header => header.Remove("kid")));

        Assert.Equal((200, 200), (named.Status, unnamed.Status));
    }

    [Fact]
    public async Task A_client_that_is_made_again_with_its_keys_has_not_its_former_tokens()
    {
        using var pair = new KeyPair("ES256");
        await using var server = await fixture.StartAsync();
        await CreateAsync(server, "shop", "till", pair);
        var token = (await TokenAsync(server, pair.Sign(Claims(server, "till")))).Text("access_token");

        await server.AdminAsync(HttpMethod.Delete, "/admin/projects/shop/clients/till");
        await server.AdvanceAsync(TimeSpan.FromSeconds(3));
        await CreateAsync(server, "shop", "till", pair);
        var told = await PostAsync(server, "/introspect", With(pair.Sign(Claims(server, "till")), ("token", token)));

        Assert.Equal((200, """{"active":false}"""), (told.Status, told.Body));
    }

    public static TheoryData<string> WrongClaims => [.. _wrongClaims.Keys];

    private static readonly Dictionary<string, Action<JsonObject, long>> _wrongClaims = new()
    {
        ["another audience"] = (claims, _) => claims["aud"] = "https://other.example/token",
        ["an audience that begins like ours"] = (claims, _) => claims["aud"] = Address + "/token/",
        ["an audience in other letters"] = (claims, _) => claims["aud"] = "https://ID.example.com",
        ["no audience"] = (claims, _) => claims.Remove("aud"),
        ["audiences without ours"] = (claims, _) => claims["aud"] = new JsonArray("https://other.example", 1),
        ["another issuer"] = (claims, _) => claims["iss"] = "other",
        ["no issuer"] = (claims, _) => claims.Remove("iss"),
        ["another subject"] = (claims, _) => claims["sub"] = "neighbour",
        ["no subject"] = (claims, _) => claims.Remove("sub"),
        ["a subject that is a number"] = (claims, _) => claims["sub"] = 1,
        ["no end"] = (claims, _) => claims.Remove("exp"),
        ["an end that is text"] = (claims, now) => claims["exp"] = $"{now + 60}",
        ["an end that is now"] = (claims, now) => claims["exp"] = now,
        ["an end that is past"] = (claims, now) => claims["exp"] = now - 1,
        ["an end too far ahead"] = (claims, now) => claims["exp"] = now + 302,
        ["an end beyond all time"] = (claims, _) => claims["exp"] = 1e300,
        ["a beginning ahead"] = (claims, now) => claims["nbf"] = now + 62,
        ["a beginning that is text"] = (claims, now) => claims["nbf"] = $"{now}",
        ["issued ahead"] = (claims, now) => claims["iat"] = now + 62,
        ["issued long ago"] = (claims, now) => claims["iat"] = now - 361,
        ["no id"] = (claims, _) => claims.Remove("jti"),
        ["an empty id"] = (claims, _) => claims["jti"] = "",
        ["an id that is a number"] = (claims, _) => claims["jti"] = 7,
        ["an id too long"] = (claims, _) => claims["jti"] = new string('x', 257),
    };

    [Theory]
    [MemberData(nameof(WrongClaims))]
    public async Task Claims_that_are_not_right_open_nothing(string name)
    {
        await using var scene = await SceneAsync();

        var reply = await TokenAsync(scene.Server, scene.Pair.Sign(Claims(scene.Server, "till", _wrongClaims[name])));

        Assert.Equal(("401 8002 not authorized", "invalid_client"), (reply.Fault, reply.Text("error")));
        Assert.Equal(0, await scene.Server.CountAsync("taken_assertions"));
        // The reason is in its name.
        Assert.Equal(200, (await TokenAsync(scene.Server, scene.Pair.Sign(Claims(scene.Server, "till")))).Status);
    }

    public static TheoryData<string> RightClaims => [.. _rightClaims.Keys];

    private static readonly Dictionary<string, Action<JsonObject, long>> _rightClaims = new()
    {
        ["the token endpoint"] = (claims, _) => claims["aud"] = Address + "/token",
        ["ours among several audiences"] = (claims, _) => claims["aud"] = new JsonArray("https://other.example", Address),
        ["an end five minutes ahead"] = (claims, now) => claims["exp"] = now + 300,
        ["a clock a minute ahead"] = (claims, now) => (claims["nbf"], claims["iat"]) = (now + 59, now + 59),
        ["no iat"] = (claims, _) => claims.Remove("iat"),
        ["a fraction of a second"] = (claims, now) => claims["exp"] = now + 60.5,
        ["claims that nobody knows"] = (claims, _) => claims["extra"] = new JsonObject { ["a"] = 1 },
    };

    [Theory]
    [MemberData(nameof(RightClaims))]
    public async Task Claims_that_are_right_open(string name)
    {
        await using var scene = await SceneAsync();

        Assert.Equal(200, (await TokenAsync(scene.Server, scene.Pair.Sign(Claims(scene.Server, "till", _rightClaims[name])))).Status);
    }

    [Fact]
    [Trait("attack", "T01")]
    public async Task What_the_clients_key_has_not_signed_opens_nothing()
    {
        await using var scene = await SceneAsync();
        using var rsa = new KeyPair("RS256");
        using var stranger = new KeyPair("ES256");
        var (server, pair) = (scene.Server, scene.Pair);
        await CreateAsync(server, "bank", "neighbour", stranger);
        await CreateAsync(server, "depot", "rsa", rsa);
        JsonObject Good() => Claims(server, "till");
        var good = pair.Sign(Good()).Split('.');
        var publicKey = Encoding.UTF8.GetBytes(pair.Ecdsa!.ExportSubjectPublicKeyInfoPem());
        var named = new JsonObject { ["kid"] = "key", ["typ"] = "JWT" };

        string[] forged =
        [
            "", "x", "..", "a.b.c", $"{good[0]}.{good[1]}.", $"{good[0]}.{good[1]}", $"{good[0]}.{good[1]}.{good[2]}.x",
            $"{good[0]}.{good[1]}.{Base64Url.EncodeToString(new byte[64])}",
            $"{good[0]}.{Encode(Claims(server, "till"))}.{good[2]}",
            $"{Encode(With(named, "none"))}.{Encode(Good())}.",
            $"{Encode(With(named, "None"))}.{Encode(Good())}.{good[2]}",
            Hmac(With(named, "HS256"), Good(), publicKey),
            Hmac(With(named, "HS256"), Good(), pair.Ecdsa.ExportSubjectPublicKeyInfo()),
            stranger.Sign(Good()),
            stranger.Sign(Good(), header => header["jwk"] = stranger.Jwk.DeepClone()),
            pair.Sign(Good(), header => header["kid"] = "other"),
            pair.Sign(Good(), header => header["kid"] = 1),
            pair.Sign(Good(), header => header["alg"] = "ES384"),
            pair.Sign(Good(), header => header["alg"] = "RS256"),
            pair.Sign(Good(), header => header["typ"] = "at+jwt"),
            pair.Sign(Good(), header => header["crit"] = new JsonArray("exp")),
            pair.Sign(Claims(server, "neighbour")),
            pair.Sign(Claims(server, "nobody")),
            // One signed for RSASSA-PSS is none of PKCS #1.
            rsa.Sign(Claims(server, "rsa"), header => header["alg"] = "PS256", signsAs: "RS256"),
        ];
        var replies = new List<Reply>();
        foreach (var assertion in forged)
        {
            replies.Add(await TokenAsync(server, assertion));
        }

        Assert.Equal("400 8001 field 'client_assertion' is missing", replies[0].Fault);
        Assert.All(replies.Skip(1), reply => Assert.Equal("401 8002 not authorized", reply.Fault));
        Assert.Equal(0, await server.CountAsync("taken_assertions"));
    }

    [Fact]
    public async Task A_client_shows_one_kind_of_credentials_and_says_one_id()
    {
        await using var scene = await SceneAsync();
        var (server, pair) = (scene.Server, scene.Pair);
        string Fresh() => pair.Sign(Claims(server, "till"));

        var withSecret = await TokenAsync(server, Fresh(), ("client_secret", "x"));
        var withBoth = await TokenAsync(server, Fresh(), ("client_id", "test-client"), ("client_secret", "test-secret"));
        var otherId = await TokenAsync(server, Fresh(), ("client_id", "neighbour"));
        var ownId = await TokenAsync(server, Fresh(), ("client_id", "till"));
        var otherType = await TokenAsync(
            server, Fresh(), ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"));
        var noType = await PostAsync(server, "/token", new() { ["grant_type"] = "client_credentials", ["client_assertion"] = Fresh() });
        using var basic = new HttpRequestMessage(HttpMethod.Post, "/token") { Content = new FormUrlEncodedContent(With(Fresh())) };
        basic.Headers.TryAddWithoutValidation("Authorization", "Basic " + Convert.ToBase64String("till:x"u8));
        var withBasic = await server.SendAsync(basic);

        Assert.Equal("400 8001 a client shows a secret or an assertion, not both", withSecret.Fault);
        Assert.Equal("400 8001 a client shows a secret or an assertion, not both", withBoth.Fault);
        Assert.Equal("400 8001 a client shows a secret or an assertion, not both", withBasic.Fault);
        Assert.Equal(("invalid_request", "401 8002 not authorized", 200), (withBoth.Text("error"), otherId.Fault, ownId.Status));
        Assert.Equal("400 8001 field 'client_assertion_type' is invalid: must be " + JwtBearer, otherType.Fault);
        Assert.Equal("400 8001 field 'client_assertion_type' is missing", noType.Fault);
    }

    [Fact]
    public async Task A_client_with_keys_may_have_a_secret_too_and_is_made_without_one()
    {
        using var pair = new KeyPair("ES256");
        await using var server = await fixture.StartAsync();
        var made = await CreateAsync(server, "shop", "till", pair);

        var rotated = await server.AdminAsync(HttpMethod.Post, "/admin/projects/shop/clients/till/rotate");
        var bySecret = await server.GetTokenAsync(new Credentials("till", rotated.Text("secret")));
        var byKey = await TokenAsync(server, pair.Sign(Claims(server, "till")));

        Assert.Equal(["id", "projectId"], made.Json!.AsObject().Select(member => member.Key));
        Assert.NotEmpty(bySecret);
        Assert.Equal(200, byKey.Status);
    }

    [Fact]
    public async Task The_tokens_of_a_key_end_with_it_within_a_minute_on_every_node_and_those_of_others_stay()
    {
        using var first = new KeyPair("ES256");
        using var second = new KeyPair("RS256", "second");
        await using var server = await fixture.StartAsync(TestServer.Live);
        await using var other = await server.StartSecondNodeAsync();
        await CreateAsync(server, "shop", "till", first, second);
        var ofFirst = (await TokenAsync(server, first.Sign(Claims(server, "till")))).Text("access_token");
        var ofSecond = (await TokenAsync(server, second.Sign(Claims(server, "till")))).Text("access_token");
        Assert.Equal((200, 200), (await AskAsync(ofFirst, other), await AskAsync(ofSecond, other)));

        var changed = await server.AdminAsync(HttpMethod.Patch, "/admin/projects/shop/clients/till", Jwks(second).ToJsonString());
        var atOnce = await AskAsync(ofFirst, server);
        await server.AdvanceAsync(TimeSpan.FromSeconds(59));

        Assert.Equal((204, 401, 401), (changed.Status, atOnce, await AskAsync(ofFirst, other)));
        Assert.Equal((200, 200), (await AskAsync(ofSecond, server), await AskAsync(ofSecond, other)));
        Assert.Equal(401, (await TokenAsync(other, first.Sign(Claims(server, "till")))).Status);
    }

    private async Task<Scene> SceneAsync()
    {
        var server = await fixture.StartAsync(TestServer.Live);
        var pair = new KeyPair("ES256");
        await CreateAsync(server, "shop", "till", pair);
        return new Scene(server, pair);
    }

    private static async Task<Reply> CreateAsync(TestServer server, string project, string client, params KeyPair[] pairs)
    {
        await server.AdminAsync(
            HttpMethod.Post, "/admin/projects", $$"""{"id":"{{project}}","name":"x","linkConfirmation":"tap"}""");
        var body = Jwks(pairs);
        body["id"] = client;
        var reply = await server.AdminAsync(HttpMethod.Post, $"/admin/projects/{project}/clients", body.ToJsonString());
        Assert.True(reply.Status == 201, reply.ToString());
        return reply;
    }

    private static JsonObject Jwks(params KeyPair[] pairs) => new()
    {
        ["jwks"] = new JsonObject { ["keys"] = new JsonArray([.. pairs.Select(pair => pair.Jwk.DeepClone())]) },
    };

    private static JsonObject Claims(TestServer server, string client, Action<JsonObject, long>? change = null)
    {
        var now = server.Services.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = client, ["sub"] = client,
            ["aud"] = server.Services.GetRequiredService<PublicAddress>().Origin, ["iat"] = now, ["exp"] = now + 60,
            ["jti"] = Guid.NewGuid().ToString(),
        };
        change?.Invoke(claims, now);
        return claims;
    }

    private static JsonObject With(JsonObject header, string algorithm)
    {
        var changed = header.DeepClone().AsObject();
        changed["alg"] = algorithm;
        return changed;
    }

    private static Dictionary<string, string> With(string assertion, params (string Name, string Value)[] more)
    {
        var fields = new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["client_assertion_type"] = JwtBearer, ["client_assertion"] = assertion,
        };
        foreach (var (name, value) in more)
        {
            fields[name] = value;
        }
        return fields;
    }

    private static string Hmac(JsonObject header, JsonObject claims, byte[] key)
    {
        var signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(signed)))}";
    }

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));

    private static Task<Reply> TokenAsync(TestServer server, string assertion, params (string Name, string Value)[] more) =>
        PostAsync(server, "/token", With(assertion, more));

    private static async Task<Reply> PostAsync(TestServer server, string path, Dictionary<string, string> fields)
    {
        using var form = new FormUrlEncodedContent(fields);
        return await Reply.ReadAsync(await server.Client.PostAsync(path, form, TestContext.Current.CancellationToken));
    }

    private static async Task<int> AskAsync(string token, TestServer server)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v3/domain/id");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        return (await server.SendAsync(request)).Status;
    }

    private sealed record Scene(TestServer Server, KeyPair Pair) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            Pair.Dispose();
            await Server.DisposeAsync();
        }
    }

    /// <summary>A client's pair of keys.</summary>
    private sealed class KeyPair : IDisposable
    {
        private readonly string _algorithm;
        private readonly RSA? _rsa;

        public KeyPair(string algorithm, string id = "key")
        {
            _algorithm = algorithm;
            Jwk = new JsonObject { ["kid"] = id, ["use"] = "sig" };
            if (algorithm.StartsWith("ES", StringComparison.Ordinal))
            {
                Ecdsa = ECDsa.Create(algorithm == "ES256" ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384);
                var point = Ecdsa.ExportParameters(includePrivateParameters: false).Q;
                (Jwk["kty"], Jwk["crv"]) = ("EC", algorithm == "ES256" ? "P-256" : "P-384");
                (Jwk["x"], Jwk["y"]) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
                return;
            }
            _rsa = RSA.Create(2048);
            var modulus = _rsa.ExportParameters(includePrivateParameters: false);
            (Jwk["kty"], Jwk["n"], Jwk["e"]) =
                ("RSA", Base64Url.EncodeToString(modulus.Modulus), Base64Url.EncodeToString(modulus.Exponent));
        }

        public JsonObject Jwk { get; }

        public ECDsa? Ecdsa { get; }

        public string Sign(JsonObject claims, Action<JsonObject>? change = null, string? signsAs = null)
        {
            var header = new JsonObject { ["alg"] = _algorithm, ["kid"] = (string)Jwk["kid"]!, ["typ"] = "JWT" };
            change?.Invoke(header);
            var signed = $"{Encode(header)}.{Encode(claims)}";
            var bytes = Encoding.UTF8.GetBytes(signed);
            var signature = (signsAs ?? _algorithm) switch
            {
                "ES256" => Ecdsa!.SignData(bytes, HashAlgorithmName.SHA256),
                "ES384" => Ecdsa!.SignData(bytes, HashAlgorithmName.SHA384),
                "PS256" => _rsa!.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
                _ => _rsa!.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            };
            return $"{signed}.{Base64Url.EncodeToString(signature)}";
        }

        public void Dispose()
        {
            Ecdsa?.Dispose();
            _rsa?.Dispose();
        }
    }
}

public sealed class AssertionOnSqlite(OnSqlite fixture) : AssertionTests(fixture), IClassFixture<OnSqlite>;

[Trait("tier", "long")]
public sealed class AssertionOnPostgres(OnPostgres fixture) : AssertionTests(fixture), IClassFixture<OnPostgres>;
