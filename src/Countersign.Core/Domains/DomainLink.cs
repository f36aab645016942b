namespace Countersign.Core.Domains;

/// <summary>
/// What one project has asked of another, and whether the other has confirmed it. A link reads one way: who asked may see what is the
/// other's, within the scopes. For both ways both have to ask.
/// </summary>
/// <param name="From">Who asked.</param>
/// <param name="To">Who was asked, and alone can confirm.</param>
/// <param name="AcceptedAt">Null while it is a request.</param>
/// <param name="ReadScopes">
/// What the asked project was last shown of the request; null when it has not looked, and none when the request was changed while it
/// looked.
/// </param>
public sealed record DomainLink(
    Domain From, Domain To, LinkScopes Scopes, DateTimeOffset RequestedAt, DateTimeOffset? AcceptedAt, LinkScopes? ReadScopes = null);

/// <summary>What may be seen over a link. Stored names are for ever.</summary>
[Flags]
public enum LinkScopes
{
    None = 0,

    /// <summary>That the same person is enrolled there, and the id.</summary>
    Identities = 1,

    /// <summary>The attributes that are kept there with the same person.</summary>
    Attributes = 2,
}
