using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.Identities;

/// <summary>A call about one identity of the caller's project.</summary>
internal sealed record IdentityRequest(Guid Id)
{
    /// <summary>Reads the id of the path, then what may be in the query or the body.</summary>
    /// <param name="name">The parameter's name in the path.</param>
    public static IdentityRequest Read(RequestMembers members, HttpContext context, string name)
    {
        var text = (string)context.GetRouteValue(name)!;
        if (Fields.Uuid(text) is { } reason)
        {
            members.Invalid(name, reason);
        }
        members.Text("clientRequestId", check: Fields.ClientId);
        return new IdentityRequest(Guid.TryParse(text, out var id) ? id : default);
    }
}
