using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Core;
using Countersign.Core.Texts;
using Countersign.Providers.Http;

namespace Countersign.Providers.Sms.Webhook;

/// <summary>
/// A gateway of somebody's own: texts are posted to it as JSON, and it posts back what became of them. Both sides sign
/// (<see cref="Signature"/>).
/// </summary>
internal sealed class WebhookGateway(
    WebhookOptions options, GatewayAddress address, Submission submission, TimeProvider time, ILogger<WebhookGateway> logger)
    : IHttpGateway
{
    public static GatewayType Type { get; } = GatewayType.OverHttp<WebhookOptions>(
        "webhook",
        section => section.Get<WebhookOptions>(),
        (options, parts) => new WebhookGateway(options, parts.Address, parts.Submission, parts.Time, parts.LoggerOf<WebhookGateway>()),
        options => options.LoadCertificate());

    public GatewayName Name => options.Name;

    public string? Sender => options.Sender;

    public bool ReportsHandover => options.ReportsHandover;

    public async Task<SmsResult> SubmitAsync(SmsSubmission text, CancellationToken cancellationToken)
    {
        var words = text.Text.Text.Reveal();
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new WebhookText(
                text.Text.Id, text.Attempt, text.Text.To.E164, text.Sender ?? options.Sender, words, TextKinds.WordOf(text.Text.Kind),
                SmsAlphabet.EncodingOf(words) == SmsEncoding.Gsm7 ? "gsm7" : "ucs2", SmsAlphabet.CountSegments(words),
                Math.Max(1, (long)Math.Ceiling(text.Validity.TotalSeconds)), address.ReceiptUrl(text.ReceiptToken)),
            WebhookJson.Default.WebhookText);
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Url);
        var place = new SignedPlace("text", new Uri(options.Url!).PathAndQuery);
        request.Headers.Add(Signature.Header, Signature.Sign(place, body, time.GetUtcNow(), options.SignatureVersions, options.Secrets));
        request.Headers.Add("Idempotency-Key", string.Create(CultureInfo.InvariantCulture, $"{text.Text.Id}-{text.Attempt}"));
        return await submission.SendAsync(request, body, "application/json", Read, cancellationToken);
    }

    public bool IsGenuine(GatewayCallback callback) => Signature.IsGenuine(
        callback.Headers.GetValueOrDefault(Signature.Header),
        new SignedPlace(callback.Kind == CallbackKind.Receipt ? "receipt" : "inbound", callback.Url.PathAndQuery), callback.Body.Span,
        time.GetUtcNow(), options.SignatureVersions, options.Secrets);

    public CallbackReading ReadGenuine(GatewayCallback callback)
    {
        if (ProviderJson.Parse(callback.Body) is not { } json)
        {
            return new CallbackReading.Unreadable();
        }
        if (callback.Kind == CallbackKind.Receipt)
        {
            return callback.Token is { } token && StateOf(json.Word("state")) is { } state
                ? new CallbackReading.Receipt(new Secret(token), state, ProviderWord.Of(json.Word("error")))
                : new CallbackReading.Unreadable();
        }
        return PersonsText.Read(
            json.Word("from"), json.Word("to"), json.Word("text"),
            Signature.WhatIsSigned(callback.Headers.GetValueOrDefault(Signature.Header), callback.Body.Span));
    }

    private SmsResult? Read(ProviderAnswer answer)
    {
        if (answer.Status is 200 or 201 or 202 or 204)
        {
            return new SmsResult.Accepted();
        }
        // A reason counts with a refusal alone: on any other status somebody else may be speaking.
        if (answer.Status is < 400 or > 599 || answer.Json is not { } json || WhyOf(json.Word("reason")) is not { } why)
        {
            return answer.Status is >= 400 and < 500 ? Submission.OfStatus(answer) : null;
        }
        Log.GatewayRefused(logger, Name, answer.Status, why);
        return new SmsResult.Rejected(
            why, json.Number("retryAfterSeconds") is { } seconds and >= 0 ? TimeSpan.FromSeconds(seconds) : answer.RetryAfter);
    }

    private static SmsRefusal? WhyOf(string? reason) => reason switch
    {
        "invalid_destination" => SmsRefusal.InvalidDestination,
        "blocked_destination" => SmsRefusal.BlockedDestination,
        "opted_out" => SmsRefusal.OptedOut,
        "sender_not_allowed" => SmsRefusal.SenderNotAllowed,
        "content_rejected" => SmsRefusal.ContentRejected,
        "throttled" => SmsRefusal.Throttled,
        "auth_failed" => SmsRefusal.AuthFailed,
        "insufficient_credit" => SmsRefusal.InsufficientCredit,
        "provider_down" => SmsRefusal.ProviderDown,
        "expired" => SmsRefusal.Expired,
        "other" => SmsRefusal.Other,
        _ => null,
    };

    private static ReceiptState? StateOf(string? state) => state switch
    {
        "accepted" => ReceiptState.Accepted,
        "enroute" => ReceiptState.Enroute,
        "delivered" => ReceiptState.Delivered,
        "undelivered" => ReceiptState.Undelivered,
        "expired" => ReceiptState.Expired,
        "rejected" => ReceiptState.Rejected,
        "unknown" => ReceiptState.Unknown,
        _ => null,
    };
}

/// <summary>What is posted. Its members' names are for ever.</summary>
internal sealed record WebhookText(
    Guid Id, int Attempt, string To, string? Sender, string Text, string Kind, string Encoding, int Segments, long ValiditySeconds,
    string ReceiptUrl)
{
    public override string ToString() => Id.ToString();
}

[JsonSerializable(typeof(WebhookText))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class WebhookJson : JsonSerializerContext;
