using Countersign.Server.Contract;

namespace Countersign.Server.Endpoints.RelyingParty.OAuth;

/// <summary>Fields of the calls of OAuth. What they may be is said by the standards; only what is read is bounded.</summary>
internal static class OAuthMembers
{
    public static Member<string> ClientId { get; } = Member.Required("client_id", Shape.Text() with { Min = 1 },
        "The API client. Only with HTTP Basic may it be left out.");

    public static Member<string> ClientSecret { get; } = Member.Required("client_secret", Shape.Text() with { Min = 1 },
        "The API client's secret. Only with HTTP Basic may it be left out.");

    public static Member<string> Token { get; } = Member.Required("token", Shape.Text() with { Min = 1 }, "The access token.");

    public static Member<string?> TokenTypeHint { get; } = Member.Optional("token_type_hint", Shape.Text() with { Min = 1 },
        "What kind of token it is, `access_token` say. Any text is taken and none is needed: the server sees what it is.");

    /// <summary>What a call about a token asks for.</summary>
    public static IReadOnlyList<Member<string>> OfToken { get; } = [Token, TokenTypeHint!];
}
