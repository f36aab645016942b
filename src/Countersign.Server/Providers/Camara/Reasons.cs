namespace Countersign.Server.Providers.Camara;

/// <summary>Why the network could not be asked, in the words of the timeline. A closed list: docs/mobile-auth.md explains each.</summary>
internal static class Reasons
{
    public const string NotOnMobileNetwork = "not on a mobile network";
    public const string NoOperator = "no operator is responsible for this number and connection";
    public const string PageMustGo = "the operator can only be asked by a page that goes there";
    public const string ImageBringsNothing = "an image brings nothing back";
    public const string TookTooLong = "took too long";
    public const string Unreachable = "operator cannot be reached";
    public const string Failing = "operator has failed too often lately";
    public const string Failed = "operator reports a failure of its own";
    public const string Unreadable = "the operator's answer cannot be read";
    public const string ConsentMissing = "consent is missing";
    public const string Denied = "the operator refused";
    public const string RequestRefused = "the operator does not take this server's request";
    public const string ClientRefused = "the operator does not know this server or its key";
    public const string CodeRefused = "the code was not accepted";
    public const string TokenRefused = "the access token was not accepted";
    public const string CheckRefused = "the operator does not permit this check";
    public const string WrongIssuer = "the operator's answer does not hold (issuer)";
    public const string WrongNonce = "the operator's answer does not hold (nonce)";
    public const string WrongAudience = "the operator's answer does not hold (audience)";
    public const string ExpiredToken = "the operator's answer does not hold (expired)";
    public const string WrongSignature = "the operator's answer does not hold (signature)";
    public const string NoIdToken = "the operator's answer does not hold (no id token)";

    public static IReadOnlyList<string> All { get; } =
    [
        NotOnMobileNetwork, NoOperator, PageMustGo, ImageBringsNothing, TookTooLong, Unreachable, Failing, Failed, Unreadable, ConsentMissing, Denied,
        RequestRefused, ClientRefused, CodeRefused, TokenRefused, CheckRefused, WrongIssuer, WrongNonce, WrongAudience, ExpiredToken, WrongSignature, NoIdToken,
    ];

    /// <summary>What an error in the operator's redirect means (RFC 6749 4.1.2.1; OpenID Connect Core 3.1.2.6; RFC 9101).</summary>
    public static string OfRedirect(string error) => error switch
    {
        // There is no person to ask: the network did not recognise the phone.
        "login_required" or "interaction_required" or "account_selection_required" => NotOnMobileNetwork,
        "consent_required" => ConsentMissing,
        "server_error" or "temporarily_unavailable" => Failed,
        "invalid_request" or "invalid_scope" or "unsupported_response_type" or "invalid_request_object" or "invalid_request_uri" => RequestRefused,
        "unauthorized_client" or "invalid_client" => ClientRefused,
        _ => Denied,
    };
}
