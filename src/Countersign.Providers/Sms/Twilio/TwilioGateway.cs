using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Countersign.Core;
using Countersign.Core.Texts;
using Countersign.Providers.Http;

namespace Countersign.Providers.Sms.Twilio;

/// <summary>Twilio's Programmable Messaging, by its public documentation; not verified against the live service.</summary>
internal sealed class TwilioGateway(TwilioOptions options, GatewayAddress address, Submission submission, ILogger<TwilioGateway> logger)
    : IHttpGateway
{
    public static GatewayType Type { get; } = GatewayType.OverHttp<TwilioOptions>(
        "twilio",
        section => section.Get<TwilioOptions>(),
        (options, parts) => new TwilioGateway(options, parts.Address, parts.Submission, parts.LoggerOf<TwilioGateway>()));

    // The API's bounds for ValidityPeriod.
    private const long MaxValidity = 36_000;

    private readonly AuthenticationHeaderValue _credentials = new(
        "Basic",
        Convert.ToBase64String(
            Encoding.UTF8.GetBytes($"{options.ApiKeySid ?? options.AccountSid}:{options.ApiKeySecret ?? options.AuthToken}")));

    public GatewayName Name => options.Name;

    public string? Sender => options.Sender;

    // "sent" comes when the carrier has it, but not from every carrier.
    public bool ReportsHandover => false;

    public async Task<SmsResult> SubmitAsync(SmsSubmission text, CancellationToken cancellationToken)
    {
        var validity = Math.Clamp((long)Math.Ceiling(text.Validity.TotalSeconds), 1, MaxValidity);
        var fields = new List<KeyValuePair<string, string>>
        {
            new("To", text.Text.To.E164),
            (text.Sender ?? options.Sender) is { } sender ? new("From", sender) : new("MessagingServiceSid", options.MessagingServiceSid!),
            new("Body", text.Text.Text.Reveal()),
            new("StatusCallback", address.ReceiptUrl(text.ReceiptToken)),
            new("ValidityPeriod", validity.ToString(CultureInfo.InvariantCulture)),
            // Otherwise Twilio may write other characters than the text has.
            new("SmartEncoded", "false"),
        };
        using var form = new FormUrlEncodedContent(fields);
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri(new Uri(options.ApiUrl), $"/2010-04-01/Accounts/{options.AccountSid}/Messages.json"));
        request.Headers.Authorization = _credentials;
        var body = await form.ReadAsByteArrayAsync(CancellationToken.None);
        return await submission.SendAsync(request, body, "application/x-www-form-urlencoded", Read, cancellationToken);
    }

    public bool IsGenuine(GatewayCallback callback) => TwilioSignature.IsGenuine(
        callback.Headers.GetValueOrDefault(TwilioSignature.Header), address.AsGiven(callback.Url), FormFields.Of(callback.Body),
        options.AuthTokens);

    public CallbackReading ReadGenuine(GatewayCallback callback)
    {
        var fields = FormFields.Of(callback.Body);
        if (callback.Kind == CallbackKind.Inbound)
        {
            return PersonsText.Read(
                fields.Find("From"), fields.Find("To"), fields.Find("Body"),
                new SignedContent(new Secret(TwilioSignature.WhatIsSigned(address.AsGiven(callback.Url), fields)), HasTime: false));
        }
        if (callback.Token is not { } token || fields.Find("MessageStatus") is not { } status)
        {
            return new CallbackReading.Unreadable();
        }
        var error = fields.Find("ErrorCode");
        return TwilioCodes.StateOf(status, error) is { } state
            ? new CallbackReading.Receipt(new Secret(token), state, ProviderWord.Of(error))
            : new CallbackReading.Nothing();
    }

    private SmsResult? Read(ProviderAnswer answer)
    {
        if (answer.Json is not { } json)
        {
            // What an edge in front of Twilio refuses has no code, and some of it no body.
            return answer.Status is 401 or 403 or 429 ? Submission.OfStatus(answer) : null;
        }
        if (answer.Status is 200 or 201)
        {
            return json.Word("sid") is null ? null
                : json.Number("error_code") is { } failed && json.Word("status") is "failed" or "undelivered" ? Refuse(failed, answer)
                : new SmsResult.Accepted();
        }
        return json.Number("code") is { } code
            && (answer.Status is >= 400 and < 500 || (answer.Status == 503 && TwilioCodes.WhyOf(code) is not null))
            ? Refuse(code, answer)
            : answer.Status is >= 400 and < 500 ? Submission.OfStatus(answer)
            : null;
    }

    private SmsResult.Rejected Refuse(int code, ProviderAnswer answer)
    {
        var why = TwilioCodes.WhyOf(code) ?? (Submission.OfStatus(answer) as SmsResult.Rejected)?.Why ?? SmsRefusal.Other;
        Log.GatewayRefused(logger, Name, code, why);
        return new SmsResult.Rejected(why, why == SmsRefusal.Throttled ? answer.RetryAfter : null);
    }
}
