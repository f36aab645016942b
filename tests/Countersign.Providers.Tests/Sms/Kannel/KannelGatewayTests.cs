using Countersign.Core.Texts;

namespace Countersign.Providers.Tests.Sms.Kannel;

public sealed class KannelFixture : HttpGatewayFixture
{
    public override IReadOnlyList<string> Secrets { get; } = ["kannel-user-77", "kannel-password-77", "inbound-secret-0123"];

    public override IReadOnlyDictionary<string, string?> OptionsFor(string provider) => new Dictionary<string, string?>
    {
        ["Type"] = "kannel",
        ["Url"] = $"{provider}/cgi-bin/sendsms",
        ["Username"] = "kannel-user-77",
        ["Password"] = "kannel-password-77",
        ["Sender"] = Sender,
        ["InboundSecret"] = "inbound-secret-0123",
    };
}

/// <summary>
/// The adapter against a double that answers with the words of Kannel 1.4.5's smsbox. The real one is in <c>RealKannelTests</c>.
/// </summary>
public sealed class KannelGatewayTests(KannelFixture fixture) : HttpGatewayContract(fixture), IClassFixture<KannelFixture>
{
    private protected override ProviderReply Taken { get; } = new(202, "0: Accepted for delivery", "text/html");

    private protected override IReadOnlyList<(ProviderReply Reply, SmsRefusal Why)> Refusals { get; } =
    [
        (new(403, "Authorization failed for sendsms", "text/html"), SmsRefusal.AuthFailed),
        (new(403, "Number(s) has/have been denied by white- and/or black-lists.", "text/html"), SmsRefusal.BlockedDestination),
        (new(403, "Not routable. Do not try again.", "text/html"), SmsRefusal.BlockedDestination),
        (new(400, "Empty receiver number not allowed, rejected", "text/html"), SmsRefusal.InvalidDestination),
        (new(400, "Sender missing and no global set, rejected", "text/html"), SmsRefusal.SenderNotAllowed),
        (new(400, "Charset or body misformed, rejected", "text/html"), SmsRefusal.Other),
        (new(415, "Unsupported content-type, rejected", "text/html"), SmsRefusal.ContentRejected),
        (new(503, "Temporal failure, try again later.", "text/html"), SmsRefusal.ProviderDown),
    ];

    // Kannel says in words that a name or password is wrong; anything else must not make the gateway look shut.
    private protected override SmsRefusal Forbidden => SmsRefusal.Other;

    private protected override ProviderReply Garbage { get; } = new(202, "Welcome", "text/html");

    private protected override string TextIn(ProviderRequest request) => request.Text;

    private protected override (string, string) ValidityIn(ProviderRequest request) => (request.Header("X-Kannel-Validity"), "2");

    private protected override string NumberIn(ProviderRequest request) => request.Header("X-Kannel-To");

    private protected override string SenderIn(ProviderRequest request) => request.Header("X-Kannel-From");

    private protected override string ReceiptUrlIn(ProviderRequest request) => request.Header("X-Kannel-DLR-URL");

    [Fact]
    public async Task A_text_that_waits_for_its_operator_is_taken_and_not_yet_on_its_way()
    {
        Provider.Answers(new ProviderReply(202, "3: Queued for later delivery", "text/html"));

        Assert.Equal(new SmsResult.Accepted(), await Gateway.SubmitAsync(Submission("Your code is 1234."), Test));
        Assert.True(Gateway.ReportsHandover);
    }

    [Theory]
    [InlineData("Your code is 1234 €", "")]
    [InlineData("Ваш код 1234", "2")]
    public async Task A_text_is_dear_only_when_it_must_be(string text, string coding)
    {
        Provider.Answers(Taken);

        await Gateway.SubmitAsync(Submission(text), Test);

        Assert.Equal(coding, Assert.Single(Provider.Requests).Header("X-Kannel-Coding"));
    }

    [Theory]
    [InlineData(1, "1")]
    [InlineData(60, "1")]
    [InlineData(61, "2")]
    [InlineData(180, "3")]
    public async Task Validity_is_in_whole_minutes_rounded_up(int seconds, string minutes)
    {
        Provider.Answers(Taken);

        await Gateway.SubmitAsync(Submission("Your code is 1234.", validity: TimeSpan.FromSeconds(seconds)), Test);

        Assert.Equal(minutes, Assert.Single(Provider.Requests).Header("X-Kannel-Validity"));
    }

    [Theory]
    [InlineData("type=1&reply=id%3A00000001+sub%3A001+dlvrd%3A001+stat%3ADELIVRD+err%3A000+text%3A", ReceiptState.Delivered, "000")]
    [InlineData("type=2&reply=id%3A00000008+stat%3AUNDELIV+err%3A027+text%3A", ReceiptState.Undelivered, "027")]
    // As Kannel 1.4.5 sends it: 34 is 2 and a bit of its own.
    [InlineData("type=34&reply=id%3A00000009+stat%3AEXPIRED+err%3A004+text%3A", ReceiptState.Expired, "004")]
    [InlineData("type=4&reply=", ReceiptState.Accepted, null)]
    [InlineData("type=8&reply=ACK%2F", ReceiptState.Enroute, null)]
    [InlineData("type=16&reply=NACK%2F0x0000000b%2FInvalid+Destination+Address", ReceiptState.Rejected, "0x0000000b")]
    [InlineData("type=1", ReceiptState.Delivered, null)]
    public void Receipts_are_read(string query, ReceiptState state, string? error)
    {
        var reading = Read(CallbackKind.Receipt, Token.Reveal(), query);

        Assert.Equal(new CallbackReading.Receipt(Token, state, error), reading);
    }

    [Theory]
    [InlineData("")]
    [InlineData("type=")]
    [InlineData("type=0")]
    [InlineData("type=32")]
    [InlineData("type=-1")]
    [InlineData("type=99999999999")]
    public void What_is_no_receipt_is_unreadable(string query) =>
        Assert.IsType<CallbackReading.Unreadable>(Read(CallbackKind.Receipt, Token.Reveal(), query));

    [Theory]
    [InlineData("inbound-secret-0123", true)]
    [InlineData("inbound-secret-0124", false)]
    [InlineData(null, false)]
    public void A_person_s_text_is_believed_with_the_secret_alone(string? secret, bool isBelieved)
    {
        var reading = Read(CallbackKind.Inbound, secret, "from=%2B12025559917&to=12345&text=Stop");

        if (isBelieved)
        {
            var inbound = Assert.IsType<CallbackReading.Inbound>(reading);
            Assert.Equal((Number, "12345", "Stop"), (inbound.From, inbound.To, inbound.Text.Reveal()));
        }
        else
        {
            Assert.IsType<CallbackReading.Forged>(reading);
        }
    }

    private CallbackReading Read(CallbackKind kind, string? token, string query) => Callbacks.Read(
        new GatewayCallback(kind, "GET", token, new Uri($"https://id.example.com/gateways/first/x/{token}?{query}"),
            new Dictionary<string, string>(), default));
}
