using System.Text;
using System.Text.Json;
using Countersign.Core;
using Countersign.Core.Texts;
using Countersign.Providers.Http;
using Countersign.Providers.Sms;
using Microsoft.Extensions.Configuration;

namespace Countersign.Providers.Tests.Extending;

/// <summary>What stands under <c>Countersign:Gateways:&lt;name&gt;</c>, and what must be right about it.</summary>
internal sealed class ExampleOptions : GatewayOptions
{
    public string? Url { get; set; }

    public string? Key { get; set; }

    internal override IReadOnlyCollection<string> Names { get; } = NamesOf<ExampleOptions>();

    internal override void Check(OptionFaults faults)
    {
        faults.CheckUrl(nameof(Url), Url, "https://api.example.com/texts", needsTls: true);
        faults.CheckWord(nameof(Key), Key, "the API key of your account");
    }
}

/// <summary>
/// A provider that takes a JSON body and sends its receipts as a form. It signs nothing: the receipt's token is proof enough.
/// </summary>
internal sealed class ExampleGateway(ExampleOptions options, GatewayAddress address, Submission submission) : IHttpGateway
{
    public static GatewayType Type { get; } = GatewayType.OverHttp<ExampleOptions>(
        "example",
        section => section.Get<ExampleOptions>(),
        (options, parts) => new ExampleGateway(options, parts.Address, parts.Submission));

    public GatewayName Name => options.Name;

    public bool ReportsHandover => false;

    public async Task<SmsResult> SubmitAsync(SmsSubmission text, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Url);
        request.Headers.Add("X-Api-Key", options.Key);
        var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("to", text.Text.To.E164);
            json.WriteString("from", text.Sender ?? "Example");
            json.WriteString("text", text.Text.Text.Reveal());
            json.WriteNumber("seconds", Math.Ceiling(text.Validity.TotalSeconds));
            json.WriteString("receipts", address.ReceiptUrl(text.ReceiptToken));
            json.WriteEndObject();
        }
        return await submission.SendAsync(request, body.ToArray(), "application/json", Read, cancellationToken);
    }

    // Without a signature what persons write cannot be believed, so it is refused.
    public bool IsGenuine(GatewayCallback callback) => callback.Kind == CallbackKind.Receipt;

    public CallbackReading ReadGenuine(GatewayCallback callback) => (callback.Token, Encoding.UTF8.GetString(callback.Body.Span)) switch
    {
        ({ } token, "state=arrived") => new CallbackReading.Receipt(new Secret(token), ReceiptState.Delivered),
        ({ } token, "state=lost") => new CallbackReading.Receipt(new Secret(token), ReceiptState.Undelivered),
        _ => new CallbackReading.Unreadable(),
    };

    // Null for what this provider never says: it is then unknown whether the text was taken.
    private static SmsResult? Read(ProviderAnswer answer) => answer.Status switch
    {
        202 => new SmsResult.Accepted(),
        422 => new SmsResult.Rejected(SmsRefusal.InvalidDestination),
        _ => null,
    };
}
