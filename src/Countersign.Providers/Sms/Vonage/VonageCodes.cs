using System.Text.Json;
using Countersign.Core.Texts;
using Countersign.Providers.Http;

namespace Countersign.Providers.Sms.Vonage;

/// <summary>
/// Vonage's words, in ours. An error names its code behind the # of its type (<c>…/api-errors/messages#1050</c>). The table stands in
/// docs/gateways.md too; what is not in it is judged by the HTTP status.
/// </summary>
internal static class VonageCodes
{
    public static SmsRefusal? WhyOf(JsonElement? error) => CodeIn(error?.Word("type")) switch
    {
        "1040" or "1170" or "1240" => SmsRefusal.InvalidDestination,
        "1050" or "1160" or "1280" => SmsRefusal.BlockedDestination,
        "1120" => SmsRefusal.SenderNotAllowed,
        "1022" or "1090" or "1210" => SmsRefusal.ContentRejected,
        "1000" => SmsRefusal.Throttled,
        "1060" or "1080" or "1140" or "unauthorized" or "forbidden" or "account-suspended" or "unprovisioned" or "jwt-expired"
            or "jwt-revoked"
            or "invalid-api-key" or "invalid-signature" => SmsRefusal.AuthFailed,
        "1070" or "low-balance" or "out-of-credit" => SmsRefusal.InsufficientCredit,
        "1030" or "1100" => SmsRefusal.ProviderDown,
        _ => error is { } json ? WhyOfParameters(json) : null,
    };

    /// <summary>Null for a status that says nothing about the text's way.</summary>
    public static ReceiptState? StateOf(string status) => status switch
    {
        "submitted" => ReceiptState.Accepted,
        "delivered" or "read" => ReceiptState.Delivered,
        "undeliverable" => ReceiptState.Undelivered,
        "expired" => ReceiptState.Expired,
        "rejected" => ReceiptState.Rejected,
        _ => null,
    };

    public static string? CodeIn(string? type) => type?[(type.LastIndexOf('#') + 1)..];

    // 422: which of what was sent is not right.
    private static SmsRefusal? WhyOfParameters(JsonElement error)
    {
        if (error.Array("invalid_parameters") is not { } parameters)
        {
            return null;
        }
        foreach (var parameter in parameters.EnumerateArray())
        {
            switch (parameter.ValueKind == JsonValueKind.Object ? parameter.Word("name") : null)
            {
                case "to":
                    return SmsRefusal.InvalidDestination;
                case "from":
                    return SmsRefusal.SenderNotAllowed;
                case "text":
                    return SmsRefusal.ContentRejected;
            }
        }
        return null;
    }
}
