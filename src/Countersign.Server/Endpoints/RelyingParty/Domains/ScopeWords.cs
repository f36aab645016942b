using Countersign.Core.Domains;

namespace Countersign.Server.Endpoints.RelyingParty.Domains;

/// <summary>The scopes of a link in the words of the wire.</summary>
internal static class ScopeWords
{
    private static readonly (LinkScopes Scope, string Word)[] _words =
        [(LinkScopes.Identities, "identities"), (LinkScopes.Attributes, "attributes")];

    public static IReadOnlyList<string> All { get; } = [.. _words.Select(pair => pair.Word)];

    /// <summary>What is wrong with a word, or null.</summary>
    public static string? Check(string word) => All.Contains(word, StringComparer.Ordinal) ? null : $"must be {string.Join(" or ", All)}";

    public static LinkScopes Parse(IEnumerable<string> words) =>
        words.Aggregate(LinkScopes.None, (scopes, word) => scopes | _words.First(pair => pair.Word == word).Scope);

    public static IReadOnlyList<string> Of(LinkScopes scopes) => [.. _words.Where(pair => scopes.HasFlag(pair.Scope)).Select(pair => pair.Word)];
}
