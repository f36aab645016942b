namespace Countersign.Operator.State;

/// <summary>Something an operator gets wrong. The names on the wire are in <see cref="FaultNames"/>.</summary>
internal enum InjectedFault
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
    public static IReadOnlyDictionary<string, InjectedFault> All { get; } = new Dictionary<string, InjectedFault>(StringComparer.Ordinal)
    {
        ["consent_required"] = InjectedFault.ConsentRequired,
        ["access_denied"] = InjectedFault.AccessDenied,
        ["login_required"] = InjectedFault.LoginRequired,
        ["interaction_required"] = InjectedFault.InteractionRequired,
        ["temporarily_unavailable"] = InjectedFault.TemporarilyUnavailable,
        ["server_error"] = InjectedFault.ServerError,
        ["wrong_state"] = InjectedFault.WrongState,
        ["wrong_iss_redirect"] = InjectedFault.WrongIssuerInRedirect,
        ["no_iss_redirect"] = InjectedFault.NoIssuerInRedirect,
        ["expired_code"] = InjectedFault.ExpiredCode,
        ["reused_code"] = InjectedFault.ReusedCode,
        ["authorization_pending"] = InjectedFault.AuthorizationPending,
        ["wrong_nonce"] = InjectedFault.WrongNonce,
        ["wrong_iss_token"] = InjectedFault.WrongIssuerInToken,
        ["wrong_aud"] = InjectedFault.WrongAudience,
        ["two_auds"] = InjectedFault.TwoAudiences,
        ["wrong_azp"] = InjectedFault.WrongAuthorizedParty,
        ["expired_id_token"] = InjectedFault.ExpiredIdToken,
        ["no_id_token"] = InjectedFault.NoIdToken,
        ["rotated_key"] = InjectedFault.RotatedKey,
        ["unknown_key"] = InjectedFault.UnknownKey,
        ["wrong_key"] = InjectedFault.WrongKey,
        ["nameless_key"] = InjectedFault.NamelessKey,
        ["malformed_token"] = InjectedFault.MalformedToken,
        ["malformed_verify"] = InjectedFault.MalformedVerify,
        ["user_not_authenticated"] = InjectedFault.UserNotAuthenticated,
    };

    public static IReadOnlyDictionary<string, Stage> Stages { get; } = new Dictionary<string, Stage>(StringComparer.Ordinal)
    {
        ["authorize"] = Stage.Authorize,
        ["token"] = Stage.Token,
        ["verify"] = Stage.Verify,
    };
}
