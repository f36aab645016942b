using Countersign.Core.Enrolments;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.Identities;

/// <summary>
/// POST /v3/identity/{identityId}/cross-domain: the same person in the projects that have confirmed a link to the caller's.
/// </summary>
internal sealed class CrossDomain(V3Endpoint v3, LinkedIdentities identities) : IEndpoint
{
    public RequestDelegate Endpoint => v3.Of(
        (body, context, _) => IdentityRequest.Read(body, context, IdentityMembers.IdentityId), HandleAsync, isBodyRequired: false);

    private async Task<Answer> HandleAsync(Call<IdentityRequest> call)
    {
        if (await identities.ListSameAsync(call.Caller.Project, call.Request.Id, call.Aborted) is not { } same)
        {
            return call.Refuse(Fault.NotFound);
        }
        var found = same.Select(pair => new CrossDomainIdentity(pair.Domain.Name, pair.Identity.Id, pair.Domain.Pcid));
        return Answer.Ok(new CrossDomainResponse(same.Count, [.. found]), IdentityJson.Answers.CrossDomainResponse);
    }
}

internal sealed record CrossDomainResponse(int Count, IReadOnlyList<CrossDomainIdentity> Identities)
{
    /// <summary>The same list, spelled as clients until September 2025 read it.</summary>
    public IReadOnlyList<CrossDomainIdentity> Identites => Identities;
}

/// <param name="ClientName">The other project's name.</param>
/// <param name="IdentityId">The person's proveId there.</param>
internal sealed record CrossDomainIdentity(string ClientName, Guid IdentityId, Guid Pcid)
{
    public override string ToString() => IdentityId.ToString();
}
