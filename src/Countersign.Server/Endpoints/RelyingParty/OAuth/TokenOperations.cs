using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.OAuth;

/// <summary>What <c>POST /revoke</c> and <c>POST /introspect</c> promise.</summary>
internal static class TokenOperations
{
    private const string Tag = "access tokens";

    private const string Credentials =
        """
        The client shows its credentials as it does at `POST /token`: in the form, in JSON or by HTTP Basic, or by an assertion. Where a
        rate is set it counts by the caller's address, together with `POST /token`. Fields that are not listed are ignored.
        """;

    private static readonly ObjectSchema _error = new(
        "OAuthError", "A refusal: the house's members and those of RFC 6749, section 5.2.", IsClosed: true,
        [
            .. Errors.Schema.Members,
            new Member("error", Schema.Word("RFC 6749's word for it.", "invalid_request", "invalid_client", "temporarily_unavailable",
                "server_error"), IsRequired: true),
            new Member("error_description", Schema.Text("The same text as `message`."), IsRequired: true),
        ]);

    private static readonly Body _body = new(
        new ObjectSchema(
            "TokenInQuestion", "A token and the client's credentials.", IsClosed: false,
            OAuthMembers.ClientId, OAuthMembers.ClientSecret, OAuthMembers.ClientAssertionType, OAuthMembers.ClientAssertion,
            OAuthMembers.Token, OAuthMembers.TokenTypeHint),
        Members.Object(
            (OAuthMembers.ClientId, "client-id"), (OAuthMembers.ClientSecret, "client-secret"), (OAuthMembers.Token, Members.ExampleToken),
            (OAuthMembers.TokenTypeHint, "access_token")),
        IsRequired: true, "application/x-www-form-urlencoded", Members.Json);

    public static Operation Revoke { get; } = About(
        "revokeToken", "End one of your access tokens",
        """
        OAuth 2.0 token revocation (RFC 7009). The token opens nothing any more: at once on the server that was asked, within 30 seconds on
        every other of the same installation, also after a restart. Whatever is no living access token of this client (another client's,
        one that has expired, a browser's auth token, any text) is answered in the same way and nothing happens.
        """,
        new Reply(StatusCodes.Status200OK, "The token opens nothing, or never did. There is no body."));

    public static Operation Introspect { get; } = About(
        "introspectToken", "Ask whether one of your access tokens is good",
        """
        OAuth 2.0 token introspection (RFC 7662). `active` is true when a call under `/v3` with this token would be let in at this moment by
        the server that is asked. Of another client's token nothing is told: it is not active. The auth tokens of browsers are no access
        tokens and not active either.
        """,
        new Reply(
            StatusCodes.Status200OK, "What is known of the token. With `active: false` nothing else is told.",
            new ObjectSchema(
                "IntrospectResponse", "What is known of a token.", IsClosed: true,
                new Member("active", Schema.Flag("Whether the token is good now."), IsRequired: true),
                new Member("client_id", Schema.Text("The API client that it was issued to.")),
                new Member("token_type", Schema.Word("Always this word.", "Bearer")),
                new Member("exp", Schema.Number("When it expires, in seconds since 1970.")),
                new Member("iat", Schema.Number("When it was issued, in seconds since 1970.")),
                new Member("iss", Schema.Text("The server's public address.")),
                new Member("aud", Schema.Text("What it opens.")),
                new Member("sub", Schema.Text("The same as `client_id`.")),
                new Member("jti", Schema.Text("The token's own id."))),
            Members.Object(
                ("active", true), (OAuthMembers.ClientId, "client-id"), ("token_type", "Bearer"), ("exp", 1767326645),
                ("iat", 1767323045), ("iss", "https://id.example.com"), ("aud", "countersign-api"), ("sub", "client-id"),
                ("jti", "5f0c9d2e8a7b4c1d9e6f3a2b1c0d8e7f"))));

    private static Operation About(string id, string summary, string description, Reply success) => new()
    {
        Id = id,
        Tag = Tag,
        Summary = summary,
        Description = $"{description}\n\n{Credentials}",
        Body = _body,
        Success = success,
        Refusals = [Fault.Missing(OAuthMembers.Token), Fault.NotAuthorized, Fault.TooManyRequests],
        Error = _error,
        MoreOfError = fault => [("error", OAuthEndpoint.WordOf(fault)), ("error_description", fault.Message)],
    };
}
