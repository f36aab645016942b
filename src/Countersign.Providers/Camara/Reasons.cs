using Countersign.Core;

namespace Countersign.Providers.Camara;

/// <summary>Why the network could not be asked. A closed list: docs/mobile-auth.md explains each.</summary>
internal static class Reasons
{
    public const string NotOnMobileNetwork = FlowReason.NotOnMobileNetwork;
    public const string NoOperator = FlowReason.NoOperator;
    public const string UnknownAddress = FlowReason.UnknownAddress;
    public const string PageMustGo = FlowReason.PageMustGo;
    public const string ImageBringsNothing = FlowReason.ImageBringsNothing;
    public const string TookTooLong = FlowReason.OperatorTookTooLong;
    public const string Unreachable = FlowReason.OperatorUnreachable;
    public const string Failing = FlowReason.OperatorFailing;
    public const string Failed = FlowReason.OperatorFailed;
    public const string Unreadable = FlowReason.AnswerUnreadable;
    public const string ConsentMissing = FlowReason.ConsentMissing;
    public const string Denied = FlowReason.OperatorDenied;
    public const string RequestRefused = FlowReason.RequestRefused;
    public const string ClientRefused = FlowReason.ClientRefused;
    public const string CodeRefused = FlowReason.CodeRefused;
    public const string TokenRefused = FlowReason.TokenRefused;
    public const string CheckRefused = FlowReason.CheckRefused;
    public const string WrongIssuer = FlowReason.WrongIssuer;
    public const string WrongNonce = FlowReason.WrongNonce;
    public const string WrongAudience = FlowReason.WrongAudience;
    public const string ExpiredToken = FlowReason.ExpiredToken;
    public const string WrongSignature = FlowReason.WrongSignature;
    public const string NoIdToken = FlowReason.NoIdToken;

    public static IReadOnlyList<string> All { get; } =
    [
        NotOnMobileNetwork, NoOperator, UnknownAddress, PageMustGo, ImageBringsNothing, TookTooLong, Unreachable, Failing, Failed,
        Unreadable, ConsentMissing, Denied, RequestRefused, ClientRefused, CodeRefused, TokenRefused, CheckRefused, WrongIssuer, WrongNonce,
        WrongAudience, ExpiredToken, WrongSignature, NoIdToken,
    ];

    /// <summary>What an error in the operator's redirect means (RFC 6749 4.1.2.1; OpenID Connect Core 3.1.2.6; RFC 9101).</summary>
    public static string OfRedirect(string error) => error switch
    {
        // There is no person to ask: the network did not recognise the phone.
        "login_required" or "interaction_required" or "account_selection_required" => NotOnMobileNetwork,
        "consent_required" => ConsentMissing,
        "server_error" or "temporarily_unavailable" => Failed,
        "invalid_request" or "invalid_scope" or "unsupported_response_type" or "invalid_request_object" or "invalid_request_uri" =>
            RequestRefused,
        "unauthorized_client" or "invalid_client" => ClientRefused,
        _ => Denied,
    };
}
