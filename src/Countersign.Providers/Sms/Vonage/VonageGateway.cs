using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Core;
using Countersign.Core.Texts;
using Countersign.Providers.Http;

namespace Countersign.Providers.Sms.Vonage;

/// <summary>Vonage's Messages API, by its public documentation; not verified against the live service.</summary>
internal sealed class VonageGateway(
    VonageOptions options, GatewayAddress address, Submission submission, VonageTokens tokens, TimeProvider time,
    ILogger<VonageGateway> logger)
    : IHttpGateway
{
    public static GatewayType Type { get; } = GatewayType.OverHttp<VonageOptions>(
        "vonage",
        section => section.Get<VonageOptions>(),
        (options, parts) => new VonageGateway(
            options, parts.Address, parts.Submission, new VonageTokens(options), parts.Time, parts.LoggerOf<VonageGateway>()));

    // The API's bounds for ttl.
    private const long MinTtl = 20;
    private const long MaxTtl = 604_800;

    public GatewayName Name => options.Name;

    public string? Sender => options.Sender;

    // "submitted" says that Vonage has the text, not that the operator has.
    public bool ReportsHandover => false;

    public async Task<SmsResult> SubmitAsync(SmsSubmission text, CancellationToken cancellationToken)
    {
        var words = text.Text.Text.Reveal();
        var message = new VonageMessage(
            "text", "sms", ProviderNumber.Bare(text.Text.To), (text.Sender ?? options.Sender!).TrimStart('+'), words,
            Math.Clamp((long)Math.Ceiling(text.Validity.TotalSeconds), MinTtl, MaxTtl),
            string.Create(CultureInfo.InvariantCulture, $"{text.Text.Id}-{text.Attempt}"),
            address.ReceiptUrl(text.ReceiptToken), "v1",
            new VonageSms(SmsAlphabet.EncodingOf(words) == SmsEncoding.Gsm7 ? "text" : "unicode"));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(new Uri(options.ApiUrl), "/v1/messages"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.Issue(time.GetUtcNow()));
        var body = JsonSerializer.SerializeToUtf8Bytes(message, VonageJson.Default.VonageMessage);
        return await submission.SendAsync(request, body, "application/json", Read, cancellationToken);
    }

    public bool IsGenuine(GatewayCallback callback) =>
        tokens.IsGenuine(callback.Headers.GetValueOrDefault("Authorization"), callback.Body.Span, time.GetUtcNow());

    public CallbackReading ReadGenuine(GatewayCallback callback)
    {
        if (ProviderJson.Parse(callback.Body) is not { } json)
        {
            return new CallbackReading.Unreadable();
        }
        if (json.Word("channel") is { } channel && channel != "sms")
        {
            return new CallbackReading.Nothing();
        }
        if (callback.Kind == CallbackKind.Inbound)
        {
            return PersonsText.Read(
                json.Word("from"), json.Word("to"), json.Word("text"),
                VonageTokens.WhatIsSigned(callback.Headers.GetValueOrDefault("Authorization")));
        }
        if (callback.Token is not { } token || json.Word("status") is not { } status)
        {
            return new CallbackReading.Unreadable();
        }
        return VonageCodes.StateOf(status) is { } state
            ? new CallbackReading.Receipt(new Secret(token), state, ProviderWord.Of(VonageCodes.CodeIn(json.Object("error")?.Word("type"))))
            : new CallbackReading.Nothing();
    }

    private SmsResult? Read(ProviderAnswer answer)
    {
        var json = answer.Json;
        if (answer.Status is 200 or 202)
        {
            return json?.Word("message_uuid") is null ? null : new SmsResult.Accepted();
        }
        var said = VonageCodes.WhyOf(json);
        // With 503 only a code of Vonage's tells that it was Vonage who spoke, and no proxy before it.
        if (answer.Status is not (>= 400 and < 500) && (answer.Status != 503 || said is null))
        {
            return null;
        }

        var why = said ?? (Submission.OfStatus(answer) as SmsResult.Rejected)?.Why ?? SmsRefusal.Other;
        Log.GatewayRefused(
            logger, Name,
            int.TryParse(VonageCodes.CodeIn(json?.Word("type")), NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code
                : answer.Status, why);
        return new SmsResult.Rejected(why, answer.RetryAfter);
    }
}

/// <summary>The body of a submission, in Vonage's words.</summary>
internal sealed record VonageMessage(
    [property: JsonPropertyName("message_type")] string MessageType,
    [property: JsonPropertyName("channel")] string Channel,
    [property: JsonPropertyName("to")] string To,
    [property: JsonPropertyName("from")] string From,
    [property: JsonPropertyName("text")] string Text,
    [property: JsonPropertyName("ttl")] long Ttl,
    [property: JsonPropertyName("client_ref")] string ClientRef,
    [property: JsonPropertyName("webhook_url")] string WebhookUrl,
    [property: JsonPropertyName("webhook_version")] string WebhookVersion,
    [property: JsonPropertyName("sms")] VonageSms Sms)
{
    public override string ToString() => nameof(VonageMessage);
}

internal sealed record VonageSms([property: JsonPropertyName("encoding_type")] string EncodingType)
{
    public override string ToString() => nameof(VonageSms);
}

[JsonSerializable(typeof(VonageMessage))]
internal sealed partial class VonageJson : JsonSerializerContext;
