using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.Identities;

/// <summary>A call about one identity of the caller's project.</summary>
internal sealed record IdentityRequest(Guid Id)
{
    /// <summary>Reads the id of the path, then what may be in the query or the body.</summary>
    public static IdentityRequest Read(RequestMembers members, HttpContext context, Member<Guid> inPath)
    {
        var id = members.ReadPath(inPath, context);
        members.Read(Members.RequestId);
        return new IdentityRequest(id);
    }
}
