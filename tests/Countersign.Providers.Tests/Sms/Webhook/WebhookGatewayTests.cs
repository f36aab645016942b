using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Core.Texts;
using Countersign.Providers.Sms;
using Countersign.Providers.Sms.Webhook;

namespace Countersign.Providers.Tests.Sms.Webhook;

public sealed class WebhookFixture : HttpGatewayFixture
{
    public const string Secret = "first-secret-0123456789abcdef0123456789abcdef";
    public const string SecondSecret = "second-secret-0123456789abcdef0123456789abcdef";

    public override IReadOnlyList<string> Secrets { get; } = [Secret, SecondSecret];

    public override IReadOnlyDictionary<string, string?> OptionsFor(string provider) => new Dictionary<string, string?>
    {
        ["Type"] = "webhook",
        ["Url"] = $"{provider}/send?tenant=7",
        ["Secret"] = Secret,
        ["SecondSecret"] = SecondSecret,
        ["Sender"] = Sender,
        ["ReportsHandover"] = "true",
    };
}

public sealed class WebhookGatewayTests(WebhookFixture fixture) : HttpGatewayContract(fixture), IClassFixture<WebhookFixture>
{
    private protected override ProviderReply Taken { get; } = new(202, """{"id":"m-1"}""");

    private protected override IReadOnlyList<(ProviderReply Reply, SmsRefusal Why)> Refusals { get; } =
    [
        (Reason(422, "invalid_destination"), SmsRefusal.InvalidDestination),
        (Reason(422, "blocked_destination"), SmsRefusal.BlockedDestination),
        (Reason(422, "opted_out"), SmsRefusal.OptedOut),
        (Reason(422, "sender_not_allowed"), SmsRefusal.SenderNotAllowed),
        (Reason(422, "content_rejected"), SmsRefusal.ContentRejected),
        (Reason(429, "throttled"), SmsRefusal.Throttled),
        (Reason(403, "auth_failed"), SmsRefusal.AuthFailed),
        (Reason(402, "insufficient_credit"), SmsRefusal.InsufficientCredit),
        (Reason(503, "provider_down"), SmsRefusal.ProviderDown),
        // A gateway that knows that it has not taken the text may say so with any status.
        (Reason(500, "provider_down"), SmsRefusal.ProviderDown),
        (Reason(410, "expired"), SmsRefusal.Expired),
        (Reason(400, "other"), SmsRefusal.Other),
        (new(404, "no such page", "text/plain"), SmsRefusal.Other),
        (Reason(401, "in words of its own"), SmsRefusal.AuthFailed),
    ];

    private protected override ProviderReply Garbage { get; } = new(500, "<html>Oh.</html>", "text/html");

    private protected override string TextIn(ProviderRequest request) => Member(request, "text");

    private protected override (string, string) ValidityIn(ProviderRequest request) => (Member(request, "validitySeconds"), "120");

    private protected override string NumberIn(ProviderRequest request) => Member(request, "to");

    private protected override string SenderIn(ProviderRequest request) => Member(request, "sender");

    private protected override string ReceiptUrlIn(ProviderRequest request) => Member(request, "receiptUrl");

    [Fact]
    public async Task What_is_sent_is_signed_with_both_secrets()
    {
        Provider.Answers(Taken);

        await Gateway.SubmitAsync(Submission("Your code is 1234.", attempt: 2), Test);

        var request = Assert.Single(Provider.Requests);
        var at = Time.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal(
            $"t={at},{Both(WebhookFixture.Secret)},{Both(WebhookFixture.SecondSecret)}",
            request.Header("Countersign-Signature"));
        string Both(string secret) =>
            $"v1={Hmac(secret, at, request.Text)},v2={Hmac(secret, at, "text./send?tenant=7." + request.Text)}";
        Assert.Equal($"{Member(request, "id")}-2", request.Header("Idempotency-Key"));
        Assert.Equal(
            ("otp", "gsm7", "1", "2"),
            (Member(request, "kind"), Member(request, "encoding"), Member(request, "segments"), Member(request, "attempt")));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(201)]
    [InlineData(204)]
    public async Task Any_success_takes_the_text_whatever_is_said_with_it(int status)
    {
        Provider.Answers(new ProviderReply(status, "thanks", "text/plain"));

        Assert.Equal(new SmsResult.Accepted(), await Gateway.SubmitAsync(Submission("Your code is 1234."), Test));
    }

    [Fact]
    public async Task A_throttling_gateway_says_when_to_come_again()
    {
        Provider.Answers(new ProviderReply(429, """{"reason":"throttled","retryAfterSeconds":3}"""));

        Assert.Equal(new SmsResult.Rejected(SmsRefusal.Throttled, TimeSpan.FromSeconds(3)),
            await Gateway.SubmitAsync(Submission("Your code is 1234."), Test));
    }

    [Theory]
    [InlineData("accepted", ReceiptState.Accepted)]
    [InlineData("enroute", ReceiptState.Enroute)]
    [InlineData("delivered", ReceiptState.Delivered)]
    [InlineData("undelivered", ReceiptState.Undelivered)]
    [InlineData("expired", ReceiptState.Expired)]
    [InlineData("rejected", ReceiptState.Rejected)]
    [InlineData("unknown", ReceiptState.Unknown)]
    public void Receipts_are_read(string state, ReceiptState expected) => Assert.Equal(
        new CallbackReading.Receipt(Token, expected, "027"),
        Callbacks.Read(Callback(CallbackKind.Receipt, $$"""{"state":"{{state}}","error":"027"}""")));

    [Theory]
    [InlineData("""{"state":"on its way"}""")]
    [InlineData("""{}""")]
    [InlineData("""{"state":7}""")]
    [InlineData("""{"state":"\ud800"}""")]
    [InlineData("")]
    public void What_is_no_receipt_is_unreadable(string body) =>
        Assert.IsType<CallbackReading.Unreadable>(Callbacks.Read(Callback(CallbackKind.Receipt, body)));

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    public void A_person_s_text_is_read(string byteOrderMark)
    {
        var inbound = Assert.IsType<CallbackReading.Inbound>(
            Callbacks.Read(Callback(CallbackKind.Inbound, byteOrderMark + """{"from":"+12025559917","to":"MyBrand","text":"STOP"}""")));

        Assert.Equal((Number, "MyBrand", "STOP"), (inbound.From, inbound.To, inbound.Text.Reveal()));
        Assert.True(inbound.SignedContent!.HasTime);
    }

    [Theory]
    [InlineData("second secret", true)]
    [InlineData("one right of two", true)]
    [InlineData("299 seconds old", true)]
    [InlineData("other secret", false)]
    [InlineData("301 seconds old", false)]
    [InlineData("301 seconds ahead", false)]
    [InlineData("other body", false)]
    [InlineData("no header", false)]
    [InlineData("no time", false)]
    [InlineData("odd time", false)]
    [InlineData("version 2", true)]
    [InlineData("version 2 of another path", false)]
    [InlineData("version 2 of another kind", false)]
    [InlineData("version 1 as version 2", false)]
    public void What_is_not_signed_for_this_body_just_now_is_forged(string what, bool isGenuine)
    {
        const string body = """{"state":"delivered"}""";
        var now = Time.GetUtcNow().ToUnixTimeSeconds();
        string SignedAt(long seconds) => $"t={seconds},v1={Hmac(WebhookFixture.Secret, seconds, body)}";
        var header = what switch
        {
            "second secret" => $"t={now},v1={Hmac(WebhookFixture.SecondSecret, now, body)}",
            "one right of two" => $"t={now}, v1={new string('0', 64)}, v1={Hmac(WebhookFixture.Secret, now, body)}",
            "299 seconds old" => SignedAt(now - 299),
            "other secret" => $"t={now},v1={Hmac("another-secret-0123456789abcdef0123456789", now, body)}",
            "301 seconds old" => SignedAt(now - 301),
            "301 seconds ahead" => SignedAt(now + 301),
            "other body" => $"t={now},v1={Hmac(WebhookFixture.Secret, now, body + " ")}",
            "version 2" => $"t={now},v2={Hmac(WebhookFixture.Secret, now, "receipt./gateways/first/x." + body)}",
            "version 2 of another path" => $"t={now},v2={Hmac(WebhookFixture.Secret, now, "receipt./gateways/second/x." + body)}",
            "version 2 of another kind" => $"t={now},v2={Hmac(WebhookFixture.Secret, now, "inbound./gateways/first/x." + body)}",
            "version 1 as version 2" => $"t={now},v2={Hmac(WebhookFixture.Secret, now, body)}",
            "no time" => $"v1={Hmac(WebhookFixture.Secret, now, body)}",
            "odd time" => SignedAt(long.MaxValue),
            _ => null,
        };

        var reading = Callbacks.Read(Callback(CallbackKind.Receipt, body, header));

        Assert.Equal((isGenuine, !isGenuine), (reading is CallbackReading.Receipt, reading is CallbackReading.Forged));
    }

    /// <summary>The worked example of docs/gateways.md: whoever builds the other side compares with it.</summary>
    [Fact]
    public void The_documented_example_is_true()
    {
        var doc = File.ReadAllText(Path.Combine(Repository.Root, "docs", "gateways.md"));
        const string secret = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
        const string body = """{"state":"delivered"}""";
        const long seconds = 1795428000;

        var header = Signature.Sign(
            new SignedPlace("receipt", "/gateways/own/receipts/abc"), Encoding.UTF8.GetBytes(body),
            DateTimeOffset.FromUnixTimeSeconds(seconds), [2], [secret]);

        Assert.Contains(secret, doc, StringComparison.Ordinal);
        Assert.Contains(body, doc, StringComparison.Ordinal);
        Assert.Contains($"Countersign-Signature: {header}", doc, StringComparison.Ordinal);
        Assert.Equal($"t={seconds},v2={Hmac(secret, seconds, "receipt./gateways/own/receipts/abc." + body)}", header);
        Assert.Contains($"`v1={Hmac(secret, seconds, body)}`", doc, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void A_signature_of_version_1_counts_unless_version_2_is_asked_for(int version, bool isGenuine)
    {
        const string body = """{"state":"delivered"}""";
        const long now = 1795428000;
        var options = new WebhookOptions { Secret = WebhookFixture.Secret, SignatureVersion = version };

        Assert.Equal(isGenuine, Signature.IsGenuine(
            $"t={now},v1={Hmac(WebhookFixture.Secret, now, body)}", new SignedPlace("receipt", "/x"), Encoding.UTF8.GetBytes(body),
            DateTimeOffset.FromUnixTimeSeconds(now), options.SignatureVersions, options.Secrets));
    }

    [Fact]
    public void A_certificate_is_shown_when_one_is_configured()
    {
        using var folder = new TemporaryFolder();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=countersign", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        File.WriteAllText(folder.File("certificate.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(folder.File("key.pem"), key.ExportPkcs8PrivateKeyPem());
        var options = new WebhookOptions
        {
            Url = "https://texts.example.com", Secret = WebhookFixture.Secret, ClientCertificateFile = folder.File("certificate.pem"),
            ClientKeyFile = folder.File("key.pem"),
        };
        var faults = new OptionFaults("Countersign:Gateways:own");

        options.Check(faults);

        Assert.True(faults.ToResult().Succeeded);
        using var loaded = options.LoadCertificate()!;
        Assert.True(loaded.HasPrivateKey);
    }

    private TimeProvider Time => fixture.Time;

    private static string Member(ProviderRequest request, string name) => JsonNode.Parse(request.Body)![name]!.ToString();

    private static ProviderReply Reason(int status, string reason) =>
        new(status, $$"""{"reason":"{{reason}}","detail":"… +12025559917 …"}""");

    // Written a second time, as the other side would.
    private static string Hmac(string secret, long seconds, string body) => Convert.ToHexStringLower(
        HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(seconds.ToString(CultureInfo.InvariantCulture) + "." + body)));

    private GatewayCallback Callback(CallbackKind kind, string body)
    {
        var now = Time.GetUtcNow().ToUnixTimeSeconds();
        return Callback(kind, body, $"t={now},v1={Hmac(WebhookFixture.Secret, now, body)}");
    }

    private static GatewayCallback Callback(CallbackKind kind, string body, string? signature)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (signature is not null)
        {
            headers["countersign-signature"] = signature;
        }
        return new GatewayCallback(
            kind, "POST", kind == CallbackKind.Receipt ? Token.Reveal() : null, new Uri("https://id.example.com/gateways/first/x"), headers,
            Encoding.UTF8.GetBytes(body));
    }
}
