using Countersign.Core.Texts;

namespace Countersign.Providers.Sms.Twilio;

/// <summary>Twilio's words, in ours. The table stands in docs/gateways.md too; what is not in it is judged by the HTTP status.</summary>
internal static class TwilioCodes
{
    private const string ValidityEnded = "30036";

    public static SmsRefusal? WhyOf(int code) => code switch
    {
        21211 or 21217 or 21265 or 21604 or 21614 or 21635 => SmsRefusal.InvalidDestination,
        21408 or 21608 or 21612 or 30450 => SmsRefusal.BlockedDestination,
        21610 => SmsRefusal.OptedOut,
        21212 or 21266 or 21603 or 21606 or 21659 or 21660 or 21661 or 21701 or 21703 or 21704 or 30034 => SmsRefusal.SenderNotAllowed,
        21602 or 21605 or 21617 or 21619 or 30007 => SmsRefusal.ContentRejected,
        14107 or 20429 or 21611 or 30001 or 63038 => SmsRefusal.Throttled,
        10001 or 20003 or 20005 or 20006 or 20008 => SmsRefusal.AuthFailed,
        30002 => SmsRefusal.InsufficientCredit,
        _ => null,
    };

    /// <summary>Null for a status that says nothing about a text to a phone.</summary>
    public static ReceiptState? StateOf(string status, string? error) => status switch
    {
        "accepted" or "scheduled" or "queued" or "sending" => ReceiptState.Accepted,
        "sent" => ReceiptState.Enroute,
        "delivered" or "read" => ReceiptState.Delivered,
        "undelivered" or "failed" when error == ValidityEnded => ReceiptState.Expired,
        "undelivered" => ReceiptState.Undelivered,
        "failed" or "canceled" => ReceiptState.Rejected,
        _ => null,
    };
}
