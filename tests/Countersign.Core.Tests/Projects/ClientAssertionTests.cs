using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Core.Projects;
using Base64Url = System.Buffers.Text.Base64Url;

namespace Countersign.Core.Tests.Projects;

/// <summary>A client's own word that it is itself (RFC 7523) is taken when it is signed by its key, for this server, and fresh.</summary>
public sealed class ClientAssertionTests : IDisposable
{
    private const string Server = "https://verify.example/token";
    private const string NotSigned = "no key of the client has signed it by an algorithm that is taken";

    private static readonly long _now = Sample.Now.ToUnixTimeSeconds();

    private readonly ECDsa _pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose() => _pair.Dispose();

    private ApiClient Client => new(ClientId.Parse("till"), ProjectId.Parse("shop"), Sample.Hash(1))
    {
        Keys = KeysOf(_pair.ExportParameters(includePrivateParameters: false), "one"),
    };

    [Fact]
    public void A_word_that_is_good_is_taken_until_its_end()
    {
        var good = Assert.IsType<AssertionVerdict.Good>(Judge(_ => { }));

        Assert.Equal((Client.Keys.Keys[0].Thumbprint, "1"), (good.Key.Thumbprint, good.Id));
        Assert.Equal(Sample.Now.AddSeconds(60), good.ExpiresAt);
        Assert.Equal("Good", good.ToString());
    }

    public static TheoryData<string, Action<JsonObject>> Good => new()
    {
        { "the end of the five minutes", claims => claims["exp"] = _now + 300 },
        { "an end within a second", claims => claims["exp"] = _now + 0.5 },
        { "a client's clock that is a minute ahead", claims => (claims["nbf"], claims["iat"]) = (_now + 60, _now + 60) },
        { "issued six minutes ago", claims => claims["iat"] = _now - 360 },
        { "neither nbf nor iat", claims => _ = claims.Remove("iat") },
        { "a list of audiences", claims => claims["aud"] = new JsonArray(1, "https://other.example", Server) },
        { "the longest id", claims => claims["jti"] = new string('x', ClientAssertion.MaxIdCharacters) },
    };

    [Theory, MemberData(nameof(Good))]
    public void What_is_just_permitted_is_good(string name, Action<JsonObject> change) =>
        Assert.True(Judge(change) is AssertionVerdict.Good, name);

    public static TheoryData<string, Action<JsonObject>> Refused => new()
    {
        { "iss and sub are not both the client's id", claims => claims["iss"] = "other" },
        { "iss and sub are not both the client's id", claims => claims["sub"] = "other" },
        { "iss and sub are not both the client's id", claims => claims.Remove("iss") },
        { "aud is not this server", claims => claims["aud"] = "https://other.example" },
        { "aud is not this server", claims => claims["aud"] = new JsonArray("https://other.example") },
        { "aud is not this server", claims => claims["aud"] = new JsonObject() },
        { "aud is not this server", claims => claims.Remove("aud") },
        { "exp is missing or no number", claims => claims.Remove("exp") },
        { "exp is missing or no number", claims => claims["exp"] = "soon" },
        { "it has expired", claims => claims["exp"] = _now },
        { "it has expired", claims => claims["exp"] = _now - 1 },
        { "exp is more than five minutes ahead", claims => claims["exp"] = _now + 300.5 },
        { "nbf is ahead, or no number", claims => claims["nbf"] = _now + 60.5 },
        { "nbf is ahead, or no number", claims => claims["nbf"] = "soon" },
        { "iat is ahead, or no number", claims => claims["iat"] = _now + 60.5 },
        { "iat is ahead, or no number", claims => claims["iat"] = true },
        { "it was issued more than five minutes ago", claims => claims["iat"] = _now - 360.5 },
        { "jti is missing or too long", claims => claims.Remove("jti") },
        { "jti is missing or too long", claims => claims["jti"] = "" },
        { "jti is missing or too long", claims => claims["jti"] = 7 },
        { "jti is missing or too long", claims => claims["jti"] = new string('x', ClientAssertion.MaxIdCharacters + 1) },
    };

    [Theory, MemberData(nameof(Refused))]
    public void What_is_not_said_here_and_now_is_refused_with_its_reason(string reason, Action<JsonObject> change) =>
        Assert.Equal(new AssertionVerdict.Refused(reason), Judge(change));

    [Theory]
    [InlineData("""{ "alg": "ES256" }""", true)]
    [InlineData("""{ "alg": "ES256", "kid": "one" }""", true)]
    [InlineData("""{ "alg": "ES256", "typ": "jwt" }""", true)]
    [InlineData("""{ "alg": "ES256", "typ": "Client-Authentication+JWT" }""", true)]
    [InlineData("""{ "alg": "ES256", "typ": "at+jwt" }""", false)]
    [InlineData("""{ "alg": "ES256", "typ": 7 }""", false)]
    [InlineData("""{ "alg": "ES256", "kid": "two" }""", false)]
    [InlineData("""{ "alg": "ES256", "kid": 7 }""", false)]
    [InlineData("""{ "alg": "ES256", "crit": [] }""", false)]
    [InlineData("""{ "alg": "ES384" }""", false)]
    [InlineData("""{ "alg": "RS256" }""", false)]
    [InlineData("""{ "alg": "none" }""", false)]
    [InlineData("""{ "kid": "one" }""", false)]
    public void A_header_names_what_it_was_signed_by_and_asks_for_nothing_unknown(string header, bool isTaken)
    {
        var verdict = Read(Signed(header, Claims())).Judge(Client, [Server], Sample.Now);

        Assert.Equal(isTaken ? null : NotSigned, (verdict as AssertionVerdict.Refused)?.Reason);
    }

    [Fact]
    public void Only_a_key_of_the_client_signs_for_it()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var stranger = Client with { Keys = KeysOf(other.ExportParameters(includePrivateParameters: false), id: null) };
        var word = Read(Signed("""{ "alg": "ES256" }""", Claims()));

        Assert.Equal(new AssertionVerdict.Refused(NotSigned), word.Judge(stranger, [Server], Sample.Now));
        Assert.Equal(new AssertionVerdict.Refused(NotSigned), word.Judge(Client with { Keys = ClientKeys.None }, [Server], Sample.Now));
        Assert.IsType<AssertionVerdict.Good>(word.Judge(Client, ["https://other.example", Server], Sample.Now));
    }

    [Theory]
    [InlineData("")]
    [InlineData("e30.e30")]
    [InlineData("e30.e30.AA.AA")]
    [InlineData("e30.e30.A=")]
    [InlineData("e30.W10.AA")]
    [InlineData("W10.e30.AA")]
    [InlineData("e30.e3.AA")]
    [InlineData("e30.!!!!.AA")]
    public void What_is_no_token_is_not_read(string text) => Assert.Null(ClientAssertion.Read(text));

    [Theory]
    [InlineData("""{"sub":"a","sub":"b"}""")]
    [InlineData("""{"a":[[[[[[[[1]]]]]]]]}""")]
    public void Claims_of_which_two_readers_make_two_things_are_not_read(string claims) =>
        Assert.Null(ClientAssertion.Read($"e30.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.AA"));

    [Fact]
    public void It_says_who_it_is_and_prints_nothing()
    {
        var word = Read(Signed("{}", Claims()));

        Assert.Equal(("till", "***"), (word.Subject, word.ToString()));
        Assert.Null(Read("e30.e30.AA").Subject);
    }

    private AssertionVerdict Judge(Action<JsonObject> change)
    {
        var claims = Claims();
        change(claims);
        return Read(Signed("""{ "alg": "ES256" }""", claims)).Judge(Client, [Server], Sample.Now);
    }

    private static JsonObject Claims() => new()
    {
        ["iss"] = "till", ["sub"] = "till", ["aud"] = Server, ["exp"] = _now + 60, ["iat"] = _now, ["jti"] = "1",
    };

    private string Signed(string header, JsonObject claims)
    {
        var signed = $"{Text(header)}.{Text(claims.ToJsonString())}";
        var signature = _pair.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";

        static string Text(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
    }

    private static ClientAssertion Read(string text)
    {
        var read = ClientAssertion.Read(text);
        Assert.NotNull(read);
        return read;
    }

    private static ClientKeys KeysOf(ECParameters key, string? id)
    {
        var json = new JsonObject
        {
            ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Base64Url.EncodeToString(key.Q.X), ["y"] = Base64Url.EncodeToString(key.Q.Y),
        };
        if (id is not null)
        {
            json["kid"] = id;
        }
        return ClientKeys.Parse(new JsonObject { ["keys"] = new JsonArray(json) }.ToJsonString()).Keys!;
    }
}
