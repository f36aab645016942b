using System.Net;
using System.Security.Cryptography;
using System.Text;
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
    private const string Nonce = "nonce-0123456789";

    private static readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly PhoneNumber _number = PhoneNumber.Parse("+12015550123");
    private static readonly Lazy<OperatorSettings> _settings = new(() => OperatorSettings.Read(new Dictionary<string, OperatorOptions>
    {
        ["op"] = new()
        {
            Issuer = Issuer, ClientId = "countersign", Purpose = "FraudPreventionAndDetection",
            PrivateKey = _key.ExportPkcs8PrivateKeyPem(),
        },
    })[0]);

    public static Target Target { get; } = new("operators", Read);

    private static string Read(byte[] input)
    {
        var parts = Split(input);
        if (parts is not [var kind, var discovery, var keys, var token, var api, var header, var payload])
        {
            return Target.NoInput;
        }
        using var handler = new ScriptedAnswer();
        handler.Answer = request => request.RequestUri!.AbsolutePath switch
        {
            "/.well-known/openid-configuration" => AnswerOf(discovery) ?? Json(Discovery),
            "/keys" => AnswerOf(keys) ?? Json(Keys),
            "/token" => AnswerOf(WithIdToken(token, header, payload)) ?? Json("""{"access_token":"t","expires_in":3600}"""),
            _ => AnswerOf(api) ?? Json("{}"),
        };
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 15, 12, 0, 0, TimeSpan.Zero));
        using var one = new MobileOperator(_settings.Value, time, NullLogger.Instance, handler);
        switch (Encoding.UTF8.GetString(kind))
        {
            case "verify":
                return Verify(one, isSigned: token.AsSpan().IndexOf("IDTOKEN"u8) >= 0);
            case "kyc":
                var question = new IdentityQuestion(_number, ProjectId.Parse("shop"), new PersonName("Lori", "Montgomery"), true);
                return new CamaraIdentitySource(one, "v0.4", NullLogger.Instance).MatchAsync(question, default).GetAwaiter().GetResult()
                    .Match.ToString();
            case "risk":
                return new CamaraRiskSource(one, new RiskSourceOptions(), time, NullLogger.Instance)
                    .AssessAsync(new RiskQuestion(_number, time.GetUtcNow().AddDays(-9)), default).GetAwaiter().GetResult().ToString();
            default:
                return Target.NoInput;
        }
    }

    private static string Verify(MobileOperator one, bool isSigned)
    {
        try
        {
            var token = one.Tokens.RedeemAsync(
                new Secret("code"), new Secret("verifier"), Nonce, new Uri("https://id.example.com/operators/op/callback"), default)
                .GetAwaiter().GetResult();
            BrokenPromise.Unless(isSigned, "an id token that the operator has not signed was taken");
            return one.IsNumberAsync(_number, token, "correlator", default).GetAwaiter().GetResult().ToString();
        }
        catch (OperatorFailure failure)
        {
            return failure.Reason;
        }
    }

    private static List<byte[]> Split(byte[] input)
    {
        var parts = new List<byte[]>();
        var rest = input.AsSpan();
        while (rest.IndexOf("\n%%\n"u8) is >= 0 and var end)
        {
            parts.Add(rest[..end].ToArray());
            rest = rest[(end + 4)..];
        }
        parts.Add(rest.ToArray());
        return parts;
    }

    private static byte[] WithIdToken(byte[] answer, byte[] header, byte[] payload)
    {
        var signed = Base64UrlEncoder.Encode(header) + "." + Base64UrlEncoder.Encode(payload);
        var signature = _key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256);
        return Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(answer).Replace(
            "IDTOKEN", signed + "." + Base64UrlEncoder.Encode(signature), StringComparison.Ordinal));
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
