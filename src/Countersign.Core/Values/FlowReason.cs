namespace Countersign.Core;

/// <summary>
/// Why something happened to a flow, where it has a code: stored and counted as the codes of events are, and for ever as they are.
/// </summary>
public static class FlowReason
{
    // Why a possession method could not be used, or refused.
    public const string AnotherNumber = "another-number";
    public const string AnotherFlow = "another-flow";
    public const string BrowserFailed = "browser-failed";
    public const string PageNotAllowed = "page-not-allowed";
    public const string OtherAddress = "other-address";
    public const string UnknownAddress = "unknown-address";
    public const string NoOperatorConfigured = "no-operator-configured";
    public const string TestUser = "test-user";
    public const string NotOnMobileNetwork = "not-on-mobile-network";
    public const string NoOperator = "no-operator";
    public const string PageMustGo = "page-must-go";
    public const string ImageBringsNothing = "image-brings-nothing";
    public const string OperatorTookTooLong = "operator-took-too-long";
    public const string OperatorUnreachable = "operator-unreachable";
    public const string OperatorFailing = "operator-failing";
    public const string OperatorFailed = "operator-failed";
    public const string AnswerUnreadable = "answer-unreadable";
    public const string ConsentMissing = "consent-missing";
    public const string OperatorDenied = "operator-denied";
    public const string RequestRefused = "request-refused";
    public const string ClientRefused = "client-refused";
    public const string CodeRefused = "code-refused";
    public const string TokenRefused = "token-refused";
    public const string CheckRefused = "check-refused";
    public const string WrongIssuer = "wrong-issuer";
    public const string WrongNonce = "wrong-nonce";
    public const string WrongAudience = "wrong-audience";
    public const string ExpiredToken = "expired-token";
    public const string WrongSignature = "wrong-signature";
    public const string NoIdToken = "no-id-token";

    // Why possession failed.
    public const string Expired = "expired";
    public const string WrongEntries = "wrong-entries";
    public const string NoText = "no-text";
    public const string GivenUp = "given-up";
    public const string Declined = "declined";
    public const string Undelivered = "undelivered";
    public const string BudgetSpent = "budget-spent";
    public const string Cancelled = "cancelled";

    // How it was proven.
    public const string WithoutBrowser = "without-browser";

    // Why possession was not accepted.
    public const string SimSwap = "sim-swap";
    public const string SimSwapInWeek = "sim-swap-in-week";
    public const string Recycled = "recycled";
    public const string VeryShortTenure = "very-short-tenure";
    public const string ShortTenure = "short-tenure";
    public const string RiskUnknown = "risk-unknown";

    // Why a text was not taken.
    public const string NoGateway = "no-gateway";
    public const string NoGatewayLeft = "no-gateway-left";
    public const string InvalidDestination = "invalid-destination";
    public const string BlockedDestination = "blocked-destination";
    public const string OptedOut = "opted-out";
    public const string SenderNotAllowed = "sender-not-allowed";
    public const string ContentRejected = "content-rejected";
    public const string Throttled = "throttled";
    public const string AuthFailed = "auth-failed";
    public const string InsufficientCredit = "insufficient-credit";
    public const string ProviderDown = "provider-down";
    public const string TooLittleTime = "too-little-time";
    public const string NotWritten = "not-written";
    public const string Refused = "refused";

    // Why a passkey was refused.
    public const string PasskeyMalformed = "malformed";
    public const string PasskeyNotAskedFor = "not-asked-for";
    public const string PasskeyPageNotAllowed = "passkey-page-not-allowed";
    public const string PasskeyCounter = "counter-did-not-grow";
    public const string PasskeyOvertaken = "overtaken";
    public const string PasskeyNotVerified = "person-not-verified";
    public const string PasskeyBackupChanged = "backup-changed";
    public const string PasskeyNotProven = "not-proven";

    // What a one-call verification was answered: published words, and AL0a.
    public const string Untrusted = "AL-1a";
    public const string NothingKnown = "AL0a";
    public const string AnotherName = "AL0b";
    public const string OnRecord = "AL1a";
    public const string NameBelongs = "AL2a";
    public const string ElementBelongs = "AL3a";

    // What was tied along.
    public const string WithDevice = "with-device";

    public static IReadOnlyList<string> All { get; } =
    [
        AnotherNumber, AnotherFlow, BrowserFailed, PageNotAllowed, OtherAddress, UnknownAddress, NoOperatorConfigured, TestUser,
        NotOnMobileNetwork, NoOperator, PageMustGo, ImageBringsNothing, OperatorTookTooLong, OperatorUnreachable, OperatorFailing,
        OperatorFailed, AnswerUnreadable, ConsentMissing, OperatorDenied, RequestRefused, ClientRefused, CodeRefused, TokenRefused,
        CheckRefused, WrongIssuer, WrongNonce, WrongAudience, ExpiredToken, WrongSignature, NoIdToken, Expired, WrongEntries, NoText,
        GivenUp, Declined, Undelivered, BudgetSpent, Cancelled, WithoutBrowser, SimSwap, SimSwapInWeek, Recycled, VeryShortTenure,
        ShortTenure, RiskUnknown, NoGateway, NoGatewayLeft, InvalidDestination, BlockedDestination, OptedOut, SenderNotAllowed,
        ContentRejected, Throttled, AuthFailed, InsufficientCredit, ProviderDown, TooLittleTime, NotWritten, Refused, PasskeyMalformed,
        PasskeyNotAskedFor, PasskeyPageNotAllowed, PasskeyCounter, PasskeyOvertaken, PasskeyNotVerified, PasskeyBackupChanged,
        PasskeyNotProven, Untrusted, NothingKnown, AnotherName, OnRecord, NameBelongs, ElementBelongs, WithDevice,
    ];
}
