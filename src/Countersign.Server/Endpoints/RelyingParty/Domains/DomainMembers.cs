using Countersign.Core.Domains;
using Countersign.Server.Contract;

namespace Countersign.Server.Endpoints.RelyingParty.Domains;

/// <summary>Members of requests about links between projects.</summary>
internal static class DomainMembers
{
    public static Member<Guid> Pcid { get; } = Member.Required(
        "pcid", Fields.Uuid, "The project that is asked: what its own `/v3/domain/id` answers.");

    public static Member<Guid> PcidOfAsking { get; } = Pcid.Saying("The project that has asked.");

    public static Member<Guid> PcidFrom { get; } = Member.Required("pcidFrom", Fields.Uuid, "The project that has asked for it.");

    public static Member<Guid> PcidTo { get; } = Member.Required("pcidTo", Fields.Uuid, "The project that was asked.");

    public static ListMember<LinkScopes> Scopes { get; } = ScopesSaying("What your project wants to see. Left out: `identities`.");

    public static ListMember<LinkScopes> ScopesAsRead { get; } = ScopesSaying(
        "The scopes of the request as you have read them. Left out: those that `/v3/domain/linked` showed your project last.");

    private static ListMember<LinkScopes> ScopesSaying(string description) =>
        new("scopes", description, ScopeWords.Scope, "A scope.", ScopeWords.Scope.Words!.Count, Min: 1);
}
