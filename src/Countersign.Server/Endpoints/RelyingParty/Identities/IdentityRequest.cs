using Countersign.Core.Domains;
using Countersign.Core.Identities;
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

internal static class EnrolledIdentities
{
    /// <summary>Returns null when the project has enrolled no such identity: unknown, another project's and never enrolled are one answer.</summary>
    public static async Task<ProjectIdentity?> FindEnrolledAsync<TRequest>(this Call<TRequest> call, Guid id) =>
        await call.Service<IIdentityStore>().FindAsync(call.Caller.Project.Id, id, call.Aborted) is { IsEnrolled: true } identity ? identity : null;

    /// <summary>The same person in linked projects; none once their number has gone to somebody else: it would lead to them.</summary>
    public static async Task<IReadOnlyList<ProjectIdentity>> ListLinkedAsync<TRequest>(this Call<TRequest> call, ProjectIdentity own, LinkScopes scope) =>
        own.HoldsNumber ? await call.Service<IIdentityStore>().ListLinkedAsync(own.ProjectId, own.Number, scope, call.Aborted) : [];
}
