using System.Text;
using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Texts;
using Countersign.Providers.Sms;
using Countersign.Providers.Tests.Sms;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Providers.Tests.Extending;

/// <summary>
/// The example of docs/extending.md, held to what every gateway promises. A type of the server's own has its options here instead.
/// </summary>
public sealed class ExampleFixture : HttpGatewayFixture
{
    public override IReadOnlyList<string> Secrets { get; } = ["example-key-77"];

    public override IReadOnlyDictionary<string, string?> OptionsFor(string provider) => new Dictionary<string, string?>();

    protected override void Register(IServiceCollection services, string name, string provider) => ExampleGateway.Type.Register(
        services,
        new ExampleOptions { Name = GatewayName.Parse(name), Type = "example", Url = provider + "/texts", Key = "example-key-77" });
}

public sealed class ExampleGatewayTests(ExampleFixture fixture) : HttpGatewayContract(fixture), IClassFixture<ExampleFixture>
{
    private protected override ProviderReply Taken { get; } = new(202, "{}");

    private protected override IReadOnlyList<(ProviderReply Reply, SmsRefusal Why)> Refusals { get; } =
        [(new(422, "{}"), SmsRefusal.InvalidDestination)];

    // This provider has no sender of its own in its options.
    private protected override string OwnSender => "Example";

    private protected override string TextIn(ProviderRequest request) => Member(request, "text");

    private protected override (string, string) ValidityIn(ProviderRequest request) => (Member(request, "seconds"), "120");

    private protected override string NumberIn(ProviderRequest request) => Member(request, "to");

    private protected override string SenderIn(ProviderRequest request) => Member(request, "from");

    private protected override string ReceiptUrlIn(ProviderRequest request) => Member(request, "receipts");

    [Theory]
    [InlineData("state=arrived", ReceiptState.Delivered)]
    [InlineData("state=lost", ReceiptState.Undelivered)]
    public void Receipts_are_read(string body, ReceiptState state) => Assert.Equal(
        new CallbackReading.Receipt(Token, state),
        Callbacks.Read(new GatewayCallback(
            CallbackKind.Receipt, "POST", Token.Reveal(), new Uri("https://id.example.com/gateways/first/receipts/x"),
            new Dictionary<string, string>(), Encoding.UTF8.GetBytes(body))));

    private static string Member(ProviderRequest request, string name) => JsonNode.Parse(request.Body)![name]!.ToString();
}
