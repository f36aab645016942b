using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.RelyingParty.OAuth;

/// <summary>What <c>POST /token</c> promises.</summary>
internal static class TokenOperation
{
    private const string ClientCredentialsGrant = "client_credentials";

    public static Member<string> GrantType { get; } = Member.Required(
        "grant_type", Shape.Word(ClientCredentialsGrant), "The only grant there is.");

    /// <summary>Nothing is wrong but the grant.</summary>
    public static Fault OtherGrant { get; } = Fault.Invalid(GrantType, GrantType.Shape.Parse("").Problem!);

    public static ObjectSchema Error { get; } = new(
        "TokenError", "A refusal of the token endpoint: the house's members and those of RFC 6749, section 5.2.", IsClosed: true,
        [
            .. Errors.Schema.Members,
            new Member("error", Schema.Word("RFC 6749's word for it.", "invalid_request", "invalid_client", "unsupported_grant_type",
                "temporarily_unavailable", "server_error"), IsRequired: true),
            new Member("error_description", Schema.Text("The same text as `message`."), IsRequired: true),
        ]);

    public static Operation Operation { get; } = new()
    {
        Id = "requestToken",
        Tag = "token",
        Summary = "Exchange client credentials for an access token",
        Description =
            """
            OAuth 2.0 client credentials (RFC 6749, section 4.4). The token is the bearer of every call under `/v3`. It lives 60 minutes and
            there is no refresh token: ask for another one when it ends, or after a 401. Ask once and keep it, not once for each call.

            The fields come in a form or in JSON. The client may instead identify itself with HTTP Basic, both parts form-encoded before
            they are joined (RFC 6749, section 2.3.1: `+` is `%2B`, `%` is `%25`; `curl -u` does not do it); then `client_id`
            and `client_secret` may be left out of the body, and when they are there they must be the same. Nothing is read from the query,
            and an `Authorization` header of another scheme is ignored. `scope` and other fields are ignored too.
            A client that has keys may send `client_assertion_type` and `client_assertion` instead of a secret (RFC 7523, OpenID Connect's
            `private_key_jwt`): a client shows one or the other, never both.
            Where a rate is set it counts by the caller's address here, since nobody else is known yet.

            The credentials of the example are placeholders: a sandbox prints its own at every start, and takes these two when it is started
            with `Countersign__Sandbox__ClientId=client-id` and `Countersign__Sandbox__ClientSecret=client-secret`.
            """,
        Body = new Body(
            new ObjectSchema(
                "TokenRequest", "The grant and the client's credentials.", IsClosed: false,
                OAuthMembers.ClientId, OAuthMembers.ClientSecret, OAuthMembers.ClientAssertionType, OAuthMembers.ClientAssertion,
                GrantType),
            Members.Object(
                (OAuthMembers.ClientId, "client-id"), (OAuthMembers.ClientSecret, "client-secret"), (GrantType, ClientCredentialsGrant)),
            IsRequired: true, "application/x-www-form-urlencoded", Members.Json),
        Success = new Reply(
            StatusCodes.Status200OK, "An access token. The answer is never cached.",
            new ObjectSchema(
                "TokenResponse", "An access token.", IsClosed: true,
                new Member("access_token", Schema.Text("Send it as `Authorization: Bearer …`. Its content is nobody's business but the "
                    + "server's."), IsRequired: true),
                new Member("token_type", Schema.Word("Always this word.", "Bearer"), IsRequired: true),
                new Member("expires_in", Schema.Number("Seconds for which the token is good."), IsRequired: true)),
            Members.Object(("access_token", Members.ExampleToken), ("token_type", "Bearer"),
                ("expires_in", (int)Tokens.AccessLifetime.TotalSeconds))),
        Refusals = [Fault.Missing(OAuthMembers.ClientId), Fault.NotAuthorized, Fault.TooManyRequests],
        Error = Error,
        MoreOfError = fault => [("error", OAuthEndpoint.WordOf(fault)), ("error_description", fault.Message)],
    };
}
