namespace Countersign.Operator.State;

/// <summary>Something an operator gets wrong. The names on the wire are in <see cref="FaultNames"/>.</summary>
internal enum Fault
{
    ConsentRequired,
    AccessDenied,
    LoginRequired,
    InteractionRequired,
    TemporarilyUnavailable,
    ServerError,
    WrongState,
    WrongIssuerInRedirect,
    NoIssuerInRedirect,
    ExpiredCode,
    ReusedCode,
    AuthorizationPending,
    WrongNonce,
    WrongIssuerInToken,
    WrongAudience,
    TwoAudiences,
    WrongAuthorizedParty,
    ExpiredIdToken,
    NoIdToken,
    RotatedKey,
    UnknownKey,
    WrongKey,
    NamelessKey,
    MalformedToken,
    MalformedVerify,
    UserNotAuthenticated,
}

/// <summary>Where a call can be slow or fail with a 5xx.</summary>
internal enum Stage
{
    /// <summary><c>/authorize</c> and <c>/bc-authorize</c>.</summary>
    Authorize,

    /// <summary><c>/token</c>.</summary>
    Token,

    /// <summary>Every CAMARA call.</summary>
    Verify,
}

internal static class FaultNames
{
    public static IReadOnlyDictionary<string, Fault> All { get; } = new Dictionary<string, Fault>(StringComparer.Ordinal)
    {
        ["consent_required"] = Fault.ConsentRequired,
        ["access_denied"] = Fault.AccessDenied,
        ["login_required"] = Fault.LoginRequired,
        ["interaction_required"] = Fault.InteractionRequired,
        ["temporarily_unavailable"] = Fault.TemporarilyUnavailable,
        ["server_error"] = Fault.ServerError,
        ["wrong_state"] = Fault.WrongState,
        ["wrong_iss_redirect"] = Fault.WrongIssuerInRedirect,
        ["no_iss_redirect"] = Fault.NoIssuerInRedirect,
        ["expired_code"] = Fault.ExpiredCode,
        ["reused_code"] = Fault.ReusedCode,
        ["authorization_pending"] = Fault.AuthorizationPending,
        ["wrong_nonce"] = Fault.WrongNonce,
        ["wrong_iss_token"] = Fault.WrongIssuerInToken,
        ["wrong_aud"] = Fault.WrongAudience,
        ["two_auds"] = Fault.TwoAudiences,
        ["wrong_azp"] = Fault.WrongAuthorizedParty,
        ["expired_id_token"] = Fault.ExpiredIdToken,
        ["no_id_token"] = Fault.NoIdToken,
        ["rotated_key"] = Fault.RotatedKey,
        ["unknown_key"] = Fault.UnknownKey,
        ["wrong_key"] = Fault.WrongKey,
        ["nameless_key"] = Fault.NamelessKey,
        ["malformed_token"] = Fault.MalformedToken,
        ["malformed_verify"] = Fault.MalformedVerify,
        ["user_not_authenticated"] = Fault.UserNotAuthenticated,
    };

    public static IReadOnlyDictionary<string, Stage> Stages { get; } = new Dictionary<string, Stage>(StringComparer.Ordinal)
    {
        ["authorize"] = Stage.Authorize,
        ["token"] = Stage.Token,
        ["verify"] = Stage.Verify,
    };
}
