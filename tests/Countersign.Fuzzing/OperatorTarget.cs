using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Countersign.Core;
using Countersign.Core.IdentityMatching;
using Countersign.Providers.Camara;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Fuzzing;

/// <summary>
/// What a mobile operator answers: discovery, keys, token, API. Parts of an input stand between lines of "%%": which question is asked
/// (<c>verify</c>, <c>kyc</c>, <c>risk</c>), the four answers (<see cref="ScriptedAnswer"/>; an empty one is a good one), and header and
/// payload of an id token that the operator signs, which takes the place of "IDTOKEN" in the token's answer.
/// </summary>
internal static class OperatorTarget
{
    private const string Issuer = "https://operator.example";
    private const string Client = "countersign";
    private const string Nonce = "nonce-0123456789";

    private static readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly DateTimeOffset _now = new(2026, 11, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly PhoneNumber _number = PhoneNumber.Parse("+12015550123");
    private static readonly SignedParts _idToken = new(_key);
    private static readonly Lazy<OperatorSettings> _settings = new(SettingsOf);

    public static Target Target { get; } = new("operators", Read);

    private static string Read(byte[] input)
    {
        if (Parts.Of(input) is not [var kind, var discovery, var keys, var token, var api, var header, var payload])
        {
            return Target.NoInput;
        }
        var isSigned = token.AsSpan().IndexOf("IDTOKEN"u8) >= 0;
        using var handler = new ScriptedAnswer();
        handler.Answer = request => request.RequestUri!.AbsolutePath switch
        {
            "/.well-known/openid-configuration" => AnswerOf(discovery) ?? Json(Discovery),
            "/keys" => AnswerOf(keys) ?? Json(Keys),
            "/token" => AnswerOf(isSigned ? WithIdToken(token, header, payload) : token)
                ?? Json("""{"access_token":"t","expires_in":3600}"""),
            _ => AnswerOf(api) ?? Json("{}"),
        };
        var time = new FakeTimeProvider(_now);
        using var one = new MobileOperator(_settings.Value, time, NullLogger.Instance, handler);
        switch (Encoding.UTF8.GetString(kind))
        {
            case "verify":
                return Verify(one, isSigned, payload);
            case "kyc":
                var question = new IdentityQuestion(_number, ProjectId.Parse("shop"), new PersonName("Lori", "Montgomery"), true);
                var source = new CamaraIdentitySource(one, "v0.4", NullLogger.Instance);
                return OneThread.Wait(() => source.MatchAsync(question, default)).Match.ToString();
            case "risk":
                var risks = new CamaraRiskSource(one, new RiskSourceOptions(), time, NullLogger.Instance);
                var asked = new RiskQuestion(_number, time.GetUtcNow().AddDays(-9));
                return OneThread.Wait(() => risks.AssessAsync(asked, default)).ToString();
            default:
                return Target.NoInput;
        }
    }

    private static string Verify(MobileOperator one, bool isSigned, byte[] idToken)
    {
        try
        {
            var token = OneThread.Wait(() => one.Tokens.RedeemAsync(
                new Secret("code"), new Secret("verifier"), Nonce, new Uri("https://id.example.com/operators/op/callback"), default));
            BrokenPromise.Unless(isSigned, "an id token that the operator has not signed was taken");
            BrokenPromise.Unless(IsForThisCheck(idToken), "an id token of another check was taken");
            return OneThread.Wait(() => one.IsNumberAsync(_number, token, "correlator", default)).ToString();
        }
        catch (OperatorFailure failure)
        {
            return failure.Reason;
        }
    }

    /// <summary>OpenID Connect Core 3.1.3.7, read by another reader than the product's.</summary>
    private static bool IsForThisCheck(byte[] payload)
    {
        using var claims = JsonDocument.Parse(payload);
        var (root, now) = (claims.RootElement, _now.ToUnixTimeSeconds());
        return root.GetProperty("iss").ValueEquals(Issuer) && root.GetProperty("nonce").ValueEquals(Nonce)
            && NumericDate.Of(root.GetProperty("exp")) > now
            && (root.GetProperty("aud") is { ValueKind: JsonValueKind.Array } all
                ? all.GetArrayLength() > 0 && all.EnumerateArray().All(one => one.ValueEquals(Client))
                : root.GetProperty("aud").ValueEquals(Client));
    }

    private static byte[] WithIdToken(byte[] answer, byte[] header, byte[] payload)
    {
        return Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(answer).Replace(
            "IDTOKEN", _idToken.Of(header, payload), StringComparison.Ordinal));
    }

    private static OperatorSettings SettingsOf()
    {
        var settings = OperatorSettings.Read(new Dictionary<string, OperatorOptions>
        {
            ["op"] = new()
            {
                Issuer = Issuer, ClientId = Client, Purpose = "FraudPreventionAndDetection",
                PrivateKey = _key.ExportPkcs8PrivateKeyPem(),
            },
        })[0];
        settings.Key.Credentials.CryptoProviderFactory.CustomCryptoProvider = new NoSignatures();
        return settings;
    }

    // What was written as an answer and is none stands for one that is no JSON.
    private static HttpResponseMessage? AnswerOf(byte[] text) =>
        text.Length == 0 ? null : ScriptedAnswer.Read(text) ?? new HttpResponseMessage(HttpStatusCode.OK);

    private static HttpResponseMessage Json(string body) => new(HttpStatusCode.OK) { Content = new StringContent(body) };

    private static string Discovery =>
        $$"""
        {"issuer":"{{Issuer}}","authorization_endpoint":"{{Issuer}}/authorize","token_endpoint":"{{Issuer}}/token",
         "jwks_uri":"{{Issuer}}/keys"}
        """;

    private static string Keys { get; } = KeysOf();

    private static string KeysOf()
    {
        var published = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(_key));
        return $$"""{"keys":[{"kty":"EC","crv":"P-256","kid":"k","use":"sig","x":"{{published.X}}","y":"{{published.Y}}"}]}""";
    }
}
