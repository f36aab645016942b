using Countersign.Core.Domains;
using Countersign.Server.Contract;

namespace Countersign.Server.Endpoints.RelyingParty.Domains;

/// <summary>The scopes of a link in the words of the wire.</summary>
internal static class ScopeWords
{
    private static readonly (string Word, LinkScopes Scope)[] _words =
        [("identities", LinkScopes.Identities), ("attributes", LinkScopes.Attributes)];

    public static TextShape<LinkScopes> Scope { get; } = Shape.Word(_words);

    public static IReadOnlyList<string> Of(LinkScopes scopes) =>
        [.. _words.Where(pair => scopes.HasFlag(pair.Scope)).Select(pair => pair.Word)];
}
