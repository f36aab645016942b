using System.Text;
using Countersign.Core.Texts;
using Countersign.Providers.Sms;
using Countersign.Providers.Sms.Twilio;

namespace Countersign.Providers.Tests.Sms.Twilio;

public sealed class TwilioFixture : HttpGatewayFixture
{
    public const string AuthToken = "auth-token-0123456789abcdef";
    public const string SecondAuthToken = "second-token-0123456789abcd";

    public override IReadOnlyList<string> Secrets { get; } = [AuthToken, SecondAuthToken, "api-key-secret-77"];

    public override IReadOnlyDictionary<string, string?> OptionsFor(string provider) => new Dictionary<string, string?>
    {
        ["Type"] = "twilio",
        ["AccountSid"] = "AC0123456789abcdef0123456789abcdef",
        ["AuthToken"] = AuthToken,
        ["SecondAuthToken"] = SecondAuthToken,
        ["ApiKeySid"] = "SK0123456789abcdef0123456789abcdef",
        ["ApiKeySecret"] = "api-key-secret-77",
        ["ApiUrl"] = provider,
        ["Sender"] = Sender,
    };
}

/// <summary>The adapter against a double made from Twilio's public documentation; nobody has tried it on the live service.</summary>
public sealed class TwilioGatewayTests(TwilioFixture fixture) : HttpGatewayContract(fixture), IClassFixture<TwilioFixture>
{
    private protected override ProviderReply Taken { get; } = new(
        201, """{"sid":"SM0123456789abcdef0123456789abcdef","status":"queued","error_code":null"""
            + ""","error_message":null,"num_segments":"1"}""");

    private protected override IReadOnlyList<(ProviderReply Reply, SmsRefusal Why)> Refusals { get; } =
    [
        (Error(400, 21211), SmsRefusal.InvalidDestination),
        (Error(400, 21614), SmsRefusal.InvalidDestination),
        (Error(403, 21408), SmsRefusal.BlockedDestination),
        (Error(400, 21608), SmsRefusal.BlockedDestination),
        (Error(400, 21610), SmsRefusal.OptedOut),
        (Error(400, 21606), SmsRefusal.SenderNotAllowed),
        (Error(400, 21212), SmsRefusal.SenderNotAllowed),
        (Error(400, 21617), SmsRefusal.ContentRejected),
        (Error(429, 20429), SmsRefusal.Throttled),
        (Error(400, 21611), SmsRefusal.Throttled),
        (Error(503, 20429), SmsRefusal.Throttled),
        (Error(401, 20003), SmsRefusal.AuthFailed),
        (Error(400, 30002), SmsRefusal.InsufficientCredit),
        (Error(400, 99999), SmsRefusal.Other),
        (Error(401, 99999), SmsRefusal.AuthFailed),
        (new(201, """{"sid":"SM0123456789abcdef0123456789abcdef","status":"failed","error_code":21610}"""), SmsRefusal.OptedOut),
    ];

    private protected override string TextIn(ProviderRequest request) => FormFields.Of(request.Body).Find("Body")!;

    private protected override (string, string) ValidityIn(ProviderRequest request) =>
        (FormFields.Of(request.Body).Find("ValidityPeriod")!, "120");

    private protected override string NumberIn(ProviderRequest request) => FormFields.Of(request.Body).Find("To")!;

    private protected override string SenderIn(ProviderRequest request) => FormFields.Of(request.Body).Find("From")!;

    private protected override string ReceiptUrlIn(ProviderRequest request) => FormFields.Of(request.Body).Find("StatusCallback")!;

    [Fact]
    public async Task The_account_s_messages_are_asked_for_with_the_key_and_nothing_is_rewritten()
    {
        Provider.Answers(Taken);

        await Gateway.SubmitAsync(Submission("Your code is 1234."), Test);

        var request = Assert.Single(Provider.Requests);
        Assert.Equal("/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Messages.json", request.Target);
        Assert.Equal(
            "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("SK0123456789abcdef0123456789abcdef:api-key-secret-77")),
            request.Header("Authorization"));
        Assert.Equal("false", FormFields.Of(request.Body).Find("SmartEncoded"));
        Assert.Null(FormFields.Of(request.Body).Find("MessagingServiceSid"));
    }

    [Theory]
    [InlineData("queued", null, ReceiptState.Accepted)]
    [InlineData("sending", null, ReceiptState.Accepted)]
    [InlineData("sent", null, ReceiptState.Enroute)]
    [InlineData("delivered", null, ReceiptState.Delivered)]
    [InlineData("undelivered", "30005", ReceiptState.Undelivered)]
    [InlineData("undelivered", "30036", ReceiptState.Expired)]
    [InlineData("failed", "30007", ReceiptState.Rejected)]
    [InlineData("canceled", null, ReceiptState.Rejected)]
    public void Receipts_are_read(string status, string? error, ReceiptState state)
    {
        List<(string, string)> fields = [("MessageSid", "SM1"), ("To", "+12025559917"), ("From", "MyBrand"), ("MessageStatus", status)];
        if (error is not null)
        {
            fields.Add(("ErrorCode", error));
        }

        Assert.Equal(new CallbackReading.Receipt(Token, state, error), Callbacks.Read(Callback(CallbackKind.Receipt, fields)));
    }

    [Fact]
    public void A_status_that_is_not_of_a_text_s_way_is_nothing() =>
        Assert.IsType<CallbackReading.Nothing>(Callbacks.Read(Callback(CallbackKind.Receipt, [("MessageStatus", "receiving")])));

    [Fact]
    public void A_person_s_text_is_read()
    {
        var reading = Callbacks.Read(
            Callback(CallbackKind.Inbound, [("From", "+12025559917"), ("To", "+12025550100"), ("Body", "stop &c €")]));

        var inbound = Assert.IsType<CallbackReading.Inbound>(reading);
        Assert.Equal((Number, "+12025550100", "stop &c €"), (inbound.From, inbound.To, inbound.Text.Reveal()));
        Assert.False(inbound.SignedContent!.HasTime);
    }

    [Theory]
    [InlineData(TwilioFixture.AuthToken, "https://id.example.com", true)]
    [InlineData(TwilioFixture.SecondAuthToken, "https://id.example.com", true)]
    [InlineData("another-token-0123456789abcd", "https://id.example.com", false)]
    [InlineData(TwilioFixture.AuthToken, "https://evil.example", false)]
    [InlineData(null, "https://id.example.com", false)]
    public void What_is_not_signed_by_Twilio_for_this_address_is_forged(string? key, string origin, bool isGenuine)
    {
        var callback = Callback(CallbackKind.Receipt, [("MessageStatus", "delivered")], key, origin);

        Assert.Equal(isGenuine, Callbacks.Read(callback) is CallbackReading.Receipt);
        Assert.Equal(!isGenuine, Callbacks.Read(callback) is CallbackReading.Forged);
    }

    [Fact]
    public void A_field_that_was_added_or_changed_on_the_way_is_forged()
    {
        var signed = Callback(CallbackKind.Receipt, [("MessageStatus", "undelivered"), ("To", "+12025559917")]);

        Assert.IsType<CallbackReading.Forged>(
            Callbacks.Read(signed with { Body = Form([("MessageStatus", "delivered"), ("To", "+12025559917")]) }));
        Assert.IsType<CallbackReading.Forged>(
            Callbacks.Read(signed with { Body = Form([("MessageStatus", "undelivered"), ("To", "+12025559917"), ("X", "1")]) }));
        Assert.IsType<CallbackReading.Forged>(Callbacks.Read(signed with { Url = new Uri(signed.Url + "?x=1") }));
    }

    /// <summary>The worked example that libraries for Twilio are tested with.</summary>
    [Fact]
    public void The_signature_is_the_published_one()
    {
        KeyValuePair<string, string>[] fields =
        [
            new("CallSid", "CA1234567890ABCDE"), new("From", "+12349013030"), new("To", "+18005551212"), new("Caller", "+12349013030"),
            new("Digits", "1234"),
        ];

        Assert.Equal("0/KCTR6DLpKmkAf8muzZqo1nDgQ=", TwilioSignature.Sign("https://mycompany.com/myapp.php?foo=1&bar=2", fields, "12345"));
    }

    private static ProviderReply Error(int status, int code) =>
        new(status, $$"""{"code":{{code}},"message":"The number +12025559917 """
            + $$"""…","more_info":"https://www.twilio.com/docs/errors/{{code}}","status":{{status}}}""");

    private static GatewayCallback Callback(
        CallbackKind kind, IReadOnlyList<(string, string)> fields, string? key = TwilioFixture.AuthToken,
        string origin = "https://id.example.com")
    {
        var path = kind == CallbackKind.Receipt ? $"/gateways/first/receipts/{Token.Reveal()}" : "/gateways/first/inbound";
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (key is not null)
        {
            headers["x-twilio-signature"] = TwilioSignature.Sign(
                origin + path, [.. fields.Select(field => new KeyValuePair<string, string>(field.Item1, field.Item2))], key);
        }
        // The host that a request came in by may be a proxy's.
        return new GatewayCallback(kind, "POST", kind == CallbackKind.Receipt ? Token.Reveal() : null,
            new Uri("http://10.0.0.7:8080" + path), headers, Form(fields));
    }

    private static byte[] Form(IReadOnlyList<(string Name, string Value)> fields) =>
        Encoding.UTF8.GetBytes(
            string.Join('&', fields.Select(field => $"{Uri.EscapeDataString(field.Name)}={Uri.EscapeDataString(field.Value)}")));
}
