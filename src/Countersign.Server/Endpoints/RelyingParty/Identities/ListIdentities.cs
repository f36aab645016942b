using Countersign.Core.Enrolments;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.Identities;

/// <summary>GET /v3/identity: the project's enrolled identities, a page at a time.</summary>
internal sealed class ListIdentities(V3Endpoint v3, IIdentityStore identities) : IEndpoint
{
    public RequestDelegate Endpoint => v3.OfQuery(Read, HandleAsync);

    private static IdentityListRequest Read(RequestBody query, HttpContext context, Caller caller)
    {
        var request = new IdentityListRequest(
            query.Read(IdentityMembers.Limit), query.Read(IdentityMembers.StartKey), query.Read(IdentityMembers.ShowInactive));
        query.Read(Members.RequestId);
        return request;
    }

    private async Task<Answer> HandleAsync(Call<IdentityListRequest> call)
    {
        // One more than asked for says whether there is another page.
        var limit = call.Request.Limit;
        var found = await identities.ListAsync(
            call.Caller.Project.Id, call.Request.After, limit + 1, call.Request.ShowsInactive, call.Aborted);
        var results = found.Take(limit).Select(identity => new IdentityListed(identity.Id)).ToArray();
        var lastKey = found.Count > limit ? results[^1].ProveId : (Guid?)null;
        return Answer.Ok(new IdentityListResponse(results, lastKey), IdentityJson.Answers.IdentityListResponse);
    }
}

internal sealed record IdentityListRequest(int Limit, Guid? After, bool ShowsInactive);

/// <param name="LastKey">The startKey of the next page; null when this is the last.</param>
internal sealed record IdentityListResponse(IReadOnlyList<IdentityListed> Results, Guid? LastKey);

internal sealed record IdentityListed(Guid ProveId)
{
    /// <summary>The older name of <see cref="ProveId"/>.</summary>
    public Guid IdentityId => ProveId;
}
