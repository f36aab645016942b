using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Core.Texts;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Providers.Tests.Sms.Vonage;

public sealed class VonageFixture : HttpGatewayFixture
{
    public const string ApplicationId = "78d335fa-323d-0114-9c3d-d6f0d48968cf";
    public const string SignatureSecret = "signature-secret-0123456789abcdef0123456789";
    public const string SecondSecret = "second-secret-0123456789abcdef0123456789abc";

    private static readonly RSA _key = RSA.Create(2048);

    public static RSA Key => _key;

    public override IReadOnlyList<string> Secrets { get; } = [SignatureSecret, SecondSecret];

    public override IReadOnlyDictionary<string, string?> OptionsFor(string provider) => new Dictionary<string, string?>
    {
        ["Type"] = "vonage",
        ["ApplicationId"] = ApplicationId,
        ["PrivateKey"] = _key.ExportPkcs8PrivateKeyPem(),
        ["SignatureSecret"] = SignatureSecret,
        ["SecondSignatureSecret"] = SecondSecret,
        ["ApiUrl"] = provider,
        ["Sender"] = Sender,
    };
}

/// <summary>
/// The adapter against a double made from Vonage's public documentation; nobody has tried it on the live service. The tokens are made and
/// read by a library here, by the adapter's own code there.
/// </summary>
public sealed class VonageGatewayTests(VonageFixture fixture) : HttpGatewayContract(fixture), IClassFixture<VonageFixture>
{
    private protected override ProviderReply Taken { get; } = new(202, """{"message_uuid":"aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab"}""");

    private protected override IReadOnlyList<(ProviderReply Reply, SmsRefusal Why)> Refusals { get; } =
    [
        (Error(422, "messages#1040"), SmsRefusal.InvalidDestination),
        (Error(422, "messages#1170"), SmsRefusal.InvalidDestination),
        (Error(403, "messages#1050"), SmsRefusal.BlockedDestination),
        (Error(403, "messages#1160"), SmsRefusal.BlockedDestination),
        (Error(422, "messages#1120"), SmsRefusal.SenderNotAllowed),
        (Error(422, "messages#1022"), SmsRefusal.ContentRejected),
        (Error(429, "messages#1000"), SmsRefusal.Throttled),
        (Error(503, "messages#1100"), SmsRefusal.ProviderDown),
        (Error(401, "#unauthorized"), SmsRefusal.AuthFailed),
        (Error(403, "messages#1060"), SmsRefusal.AuthFailed),
        (Error(402, "#low-balance"), SmsRefusal.InsufficientCredit),
        (Error(402, "messages#1070"), SmsRefusal.InsufficientCredit),
        (Error(422, "messages#1020", """,{"name":"to","reason":"invalid"}"""), SmsRefusal.InvalidDestination),
        (Error(422, "messages#1020", """,{"name":"from","reason":"invalid"}"""), SmsRefusal.SenderNotAllowed),
        (Error(422, "messages#1020"), SmsRefusal.Other),
        (Error(422, "messages#1020", """],"\ud800-longer-than-all-names":[{"name":"to"}"""), SmsRefusal.Other),
        (Error(422, "messages#1020", """,{"name":"from","\udfff-longer":1}"""), SmsRefusal.Other),
    ];

    private protected override string TextIn(ProviderRequest request) => Member(request, "text");

    private protected override (string, string) ValidityIn(ProviderRequest request) => (Member(request, "ttl"), "120");

    private protected override string NumberIn(ProviderRequest request) => "+" + Member(request, "to");

    private protected override string SenderIn(ProviderRequest request) => Member(request, "from");

    private protected override string ReceiptUrlIn(ProviderRequest request) => Member(request, "webhook_url");

    [Fact]
    public async Task A_submission_carries_a_token_of_the_application_s_key_for_five_minutes()
    {
        Provider.Answers(Taken);

        await Gateway.SubmitAsync(Submission("Ваш код 1234"), Test);

        var request = Assert.Single(Provider.Requests);
        var jwt = request.Header("Authorization")["Bearer ".Length..];
        var read = await new JsonWebTokenHandler().ValidateTokenAsync(jwt, new TokenValidationParameters
        {
            IssuerSigningKey = new RsaSecurityKey(VonageFixture.Key.ExportParameters(false)),
            ValidAlgorithms = ["RS256"],
            ValidateIssuer = false,
            ValidateAudience = false,
            LifetimeValidator = (from, to, _, _) => from <= Time.GetUtcNow().UtcDateTime && to > Time.GetUtcNow().UtcDateTime,
        });
        Assert.True(read.IsValid);
        Assert.Equal(VonageFixture.ApplicationId, read.Claims["application_id"]);
        var token = (JsonWebToken)read.SecurityToken;
        Assert.Equal(TimeSpan.FromMinutes(5), token.ValidTo - token.IssuedAt);
        Assert.Equal(32, token.Id.Length);
        Assert.Equal(
            ("/v1/messages", "sms", "text", "unicode"), (request.Target, Member(request, "channel"), Member(request, "message_type"),
            (string)JsonNode.Parse(request.Body)!["sms"]!["encoding_type"]!));
    }

    [Theory]
    [InlineData("submitted", null, ReceiptState.Accepted)]
    [InlineData("delivered", null, ReceiptState.Delivered)]
    [InlineData("undeliverable", "1260", ReceiptState.Undelivered)]
    [InlineData("rejected", "1050", ReceiptState.Rejected)]
    public void Receipts_are_read(string status, string? error, ReceiptState state)
    {
        var body = new JsonObject
        {
            ["message_uuid"] = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab",
            ["to"] = "12025559917",
            ["channel"] = "sms",
            ["status"] = status,
        };
        if (error is not null)
        {
            body["error"] = new JsonObject { ["type"] = $"https://developer.vonage.com/api-errors/messages#{error}", ["title"] = "…" };
        }

        Assert.Equal(new CallbackReading.Receipt(Token, state, error), Callbacks.Read(Callback(CallbackKind.Receipt, body.ToJsonString())));
    }

    [Fact]
    public void A_person_s_text_is_read()
    {
        var reading = Callbacks.Read(Callback(
            CallbackKind.Inbound, """{"channel":"sms","message_type":"text","from":"12025559917","to":"12025550100","text":"STOP €"}"""));

        var inbound = Assert.IsType<CallbackReading.Inbound>(reading);
        Assert.Equal((Number, "12025550100", "STOP €"), (inbound.From, inbound.To, inbound.Text.Reveal()));
    }

    [Fact]
    public void What_comes_by_another_channel_is_nothing() =>
        Assert.IsType<CallbackReading.Nothing>(
            Callbacks.Read(Callback(CallbackKind.Inbound, """{"channel":"whatsapp","from":"12025559917","text":"STOP"}""")));

    [Fact]
    public void What_is_no_JSON_is_unreadable() =>
        Assert.IsType<CallbackReading.Unreadable>(Callbacks.Read(Callback(CallbackKind.Receipt, "[]")));

    [Theory]
    [InlineData("genuine", true)]
    [InlineData("second secret", true)]
    [InlineData("other secret", false)]
    [InlineData("old", false)]
    [InlineData("of the future", false)]
    [InlineData("other body", false)]
    [InlineData("no hash", false)]
    [InlineData("no header", false)]
    [InlineData("no algorithm", false)]
    [InlineData("cut", false)]
    [InlineData("name that is no text", false)]
    public void What_is_not_signed_by_Vonage_for_this_body_just_now_is_forged(string what, bool isGenuine)
    {
        const string body = """{"channel":"sms","status":"delivered"}""";
        var now = Time.GetUtcNow();
        var header = what switch
        {
            "second secret" => Sign(body, now, VonageFixture.SecondSecret),
            "other secret" => Sign(body, now, "another-secret-0123456789abcdef0123456789ab"),
            "old" => Sign(body, now - TimeSpan.FromMinutes(5.1), VonageFixture.SignatureSecret),
            "of the future" => Sign(body, now + TimeSpan.FromMinutes(5.1), VonageFixture.SignatureSecret),
            "other body" => Sign(body + " ", now, VonageFixture.SignatureSecret),
            "no hash" => Sign(null, now, VonageFixture.SignatureSecret),
            "no header" => null,
            "no algorithm" => "Bearer " + Part("""{"alg":"none","typ":"JWT"}""") + "."
                + Sign(body, now, VonageFixture.SignatureSecret).Split('.')[1] + ".",
            "name that is no text" => SignText(
                $$"""{"iat":{{now.ToUnixTimeSeconds()}},"\ud800-longer-than-iat":1}""", VonageFixture.SignatureSecret),
            "cut" => Sign(body, now, VonageFixture.SignatureSecret)[..^3],
            _ => Sign(body, now, VonageFixture.SignatureSecret),
        };

        var reading = Callbacks.Read(Callback(CallbackKind.Receipt, body, header));

        Assert.Equal((isGenuine, !isGenuine), (reading is CallbackReading.Receipt, reading is CallbackReading.Forged));
    }

    [Theory]
    [InlineData("Bearer \t{0}")]
    [InlineData("Bearer  {0}")]
    [InlineData("bearer {0}\t")]
    [InlineData("Bearer \u00A0{0} ")]
    public void A_request_is_the_same_however_its_token_is_written(string format)
    {
        const string body = """{"channel":"sms","from":"12025559917","to":"12025550100","text":"STOP"}""";
        var header = Sign(body, Time.GetUtcNow(), VonageFixture.SignatureSecret);

        var first = Assert.IsType<CallbackReading.Inbound>(Callbacks.Read(Callback(CallbackKind.Inbound, body, header)));
        var again = Callbacks.Read(
            Callback(CallbackKind.Inbound, body, string.Format(CultureInfo.InvariantCulture, format, header["Bearer ".Length..])));

        Assert.Equal(first.SignedContent, Assert.IsType<CallbackReading.Inbound>(again).SignedContent);
        Assert.True(first.SignedContent!.HasTime);
        Assert.EndsWith(first.SignedContent.Content.Reveal(), header[..header.LastIndexOf('.')], StringComparison.Ordinal);
    }

    private TimeProvider Time => fixture.Time;

    private static string Member(ProviderRequest request, string name) => JsonNode.Parse(request.Body)![name]!.ToString();

    private static ProviderReply Error(int status, string code, string parameter = "") => new(
        status,
        $$"""{"type":"https://developer.vonage.com/api-errors/{{code}}","title":"…","detail":"… 12025559917 """
            + $$"""…","instance":"bf0c","invalid_parameters":[{"name":"x"}{{parameter}}]}""",
        "application/problem+json");

    private static string Part(string json) => Base64UrlEncoder.Encode(json);

    private static string Sign(string? body, DateTimeOffset at, string secret)
    {
        var claims = new Dictionary<string, object>
        {
            ["api_key"] = "a1b2c3d4", ["jti"] = "c5ba8f24", ["iss"] = "Vonage", ["iat"] = at.ToUnixTimeSeconds()
        };
        if (body is not null)
        {
            claims["payload_hash"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        }
        return SignText(JsonSerializer.Serialize(claims), secret);
    }

    private static string SignText(string claims, string secret)
    {
        var signed = Part("""{"alg":"HS256","typ":"JWT"}""") + "." + Part(claims);
        return $"Bearer {signed}.{Base64UrlEncoder.Encode(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(signed)))}";
    }

    private GatewayCallback Callback(CallbackKind kind, string body) =>
        Callback(kind, body, Sign(body, Time.GetUtcNow(), VonageFixture.SignatureSecret));

    private static GatewayCallback Callback(CallbackKind kind, string body, string? authorization)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (authorization is not null)
        {
            headers["authorization"] = authorization;
        }
        return new GatewayCallback(
            kind, "POST", kind == CallbackKind.Receipt ? Token.Reveal() : null, new Uri("https://id.example.com/gateways/first/x"), headers,
            Encoding.UTF8.GetBytes(body));
    }
}
