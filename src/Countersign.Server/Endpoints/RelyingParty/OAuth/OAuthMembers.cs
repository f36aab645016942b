using Countersign.Server.Contract;

namespace Countersign.Server.Endpoints.RelyingParty.OAuth;

/// <summary>Fields of the calls of OAuth. What they may be is said by the standards; only what is read is bounded.</summary>
internal static class OAuthMembers
{
    private const string JwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    public static Member<string> ClientId { get; } = Member.Required("client_id", Shape.Text() with { Min = 1 },
        "The API client. With HTTP Basic or an assertion it may be left out.");

    public static Member<string> ClientSecret { get; } = Member.Required("client_secret", Shape.Text() with { Min = 1 },
        "The API client's secret. With HTTP Basic it may be left out; with an assertion it has to be.");

    public static Member<string?> ClientAssertionType { get; } = Member.Optional("client_assertion_type", Shape.Word(JwtBearer),
        "With `client_assertion` this word.");

    public static Member<string?> ClientAssertion { get; } = Member.Optional("client_assertion", Shape.Text() with { Min = 1 },
        "Instead of the secret, for a client that has keys: a JSON Web Token of the client's own, signed with one of them (RFC 7523). "
        + "`iss` and `sub` are the client's id, `aud` is the server's address or that of its `/token`, `exp` is at most five minutes "
        + "ahead, `jti` is new each time.");

    public static Member<string> Token { get; } = Member.Required("token", Shape.Text() with { Min = 1 }, "The access token.");

    public static Member<string?> TokenTypeHint { get; } = Member.Optional("token_type_hint", Shape.Text() with { Min = 1 },
        "What kind of token it is, `access_token` say. Any text is taken and none is needed: the server sees what it is.");

    /// <summary>What a call about a token asks for.</summary>
    public static IReadOnlyList<Member<string>> OfToken { get; } = [Token, TokenTypeHint!];
}
