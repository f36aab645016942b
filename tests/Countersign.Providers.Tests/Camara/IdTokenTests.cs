using Countersign.Providers.Camara;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Providers.Tests.Camara;

/// <summary>For whom an operator's id token is.</summary>
public sealed class IdTokenTests
{
    [Theory]
    [InlineData("""{"aud":"us"}""", true)]
    [InlineData("""{"aud":["us"]}""", true)]
    [InlineData("""{"aud":["us","us"]}""", true)]
    [InlineData("""{"aud":["us","others"]}""", false)]
    [InlineData("""{"aud":["us",null]}""", false)]
    [InlineData("""{"aud":[null,"us"]}""", false)]
    [InlineData("""{"aud":["us",""]}""", false)]
    [InlineData("""{"aud":[]}""", false)]
    [InlineData("""{"aud":null}""", false)]
    [InlineData("""{"aud":"US"}""", false)]
    [InlineData("""{"aud":"us "}""", false)]
    [InlineData("{}", false)]
    public void A_token_is_for_one_client_alone(string payload, bool isForUs) =>
        Assert.Equal(isForUs, IdToken.IsForAlone(Token("""{"alg":"ES256"}""", payload), "us"));

    [Theory]
    [InlineData("""{"alg":"ES256","kid":"a"}""", """{"aud":"us","nonce":"n"}""", true)]
    [InlineData("""{"alg":"ES256"}""", """{"aud":"others","aud":"us"}""", false)]
    [InlineData("""{"alg":"ES256"}""", """{"aud":"us","aud":"us"}""", false)]
    [InlineData("""{"alg":"ES256"}""", """{"a\u0075d":"others","aud":"us"}""", false)]
    [InlineData("""{"alg":"ES256"}""", """{"azp":"others","aud":"us","azp":"us"}""", false)]
    [InlineData("""{"alg":"ES256"}""", """{"aud":"us","nonce":"m","nonce":"n"}""", false)]
    [InlineData("""{"alg":"ES256","kid":"a","kid":"b"}""", """{"aud":"us"}""", false)]
    public void A_token_that_says_something_twice_is_for_nobody(string header, string payload, bool isForUs) =>
        Assert.Equal(isForUs, IdToken.IsForAlone(Token(header, payload), "us"));

    private static JsonWebToken Token(string header, string payload) =>
        new($"{Base64UrlEncoder.Encode(header)}.{Base64UrlEncoder.Encode(payload)}.");
}
