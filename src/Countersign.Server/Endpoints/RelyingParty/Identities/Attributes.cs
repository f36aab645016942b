using Countersign.Core.Enrolments;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.Identities;

/// <summary>GET /v3/discover: which attributes of a person there are, here and in linked projects.</summary>
internal sealed class Discover(V3Endpoint v3, LinkedIdentities identities) : IEndpoint
{
    public RequestDelegate Endpoint => v3.OfQuery(Read, HandleAsync);

    private static IdentityRequest Read(RequestBody query, HttpContext context, Caller caller)
    {
        var proveId = query.Read(Members.ProveId);
        query.Read(Members.RequestId);
        return new IdentityRequest(proveId);
    }

    private async Task<Answer> HandleAsync(Call<IdentityRequest> call) =>
        await identities.ListFactsAsync(call.Caller.Project, call.Request.Id, call.Aborted) is { } attributes
            ? Answer.Ok(
                new DiscoverResponse([.. attributes.Select(attribute => new DiscoveredAttribute(attribute.Fact.Id, attribute.IssuerId))]),
                IdentityJson.Answers.DiscoverResponse)
            : call.Refuse(Fault.NotFound);
}

/// <summary>GET /v3/fetch: the value of one of them.</summary>
internal sealed class Fetch(V3Endpoint v3, LinkedIdentities identities, DisclosureAudit disclosures) : IEndpoint
{
    public RequestDelegate Endpoint => v3.OfQuery(Read, HandleAsync);

    private static FetchRequest Read(RequestBody query, HttpContext context, Caller caller)
    {
        var request = new FetchRequest(query.Read(Members.ProveId), query.Read(IdentityMembers.AttributeId));
        query.Read(Members.RequestId);
        return request;
    }

    private async Task<Answer> HandleAsync(Call<FetchRequest> call)
    {
        if (await identities.ListFactsAsync(call.Caller.Project, call.Request.ProveId, call.Aborted) is not { } attributes)
        {
            return call.Refuse(Fault.NotFound);
        }
        var asked = attributes.Where(attribute => attribute.Fact.Id == call.Request.AttributeId).ToList();
        await disclosures.LeaveAsync(
            call.Context, call.Caller, new Disclosure("fetch", asked.Count, disclosures.About(call.Request.ProveId)));
        return Answer.Ok(
            new FetchResponse(
                [.. asked.Select(attribute => new FetchedAttribute(attribute.Fact.Id, attribute.IssuerId, attribute.Fact.Value))]),
            IdentityJson.Answers.FetchResponse);
    }
}

internal static class Attributes
{
}

internal sealed record FetchRequest(Guid ProveId, Guid AttributeId);

internal sealed record DiscoverResponse(IReadOnlyList<DiscoveredAttribute> Results);

internal sealed record DiscoveredAttribute(Guid AttributeId, Guid IssuerId);

internal sealed record FetchResponse(IReadOnlyList<FetchedAttribute> Results);

internal sealed record FetchedAttribute(Guid AttributeId, Guid IssuerId, string AttributeValue)
{
    public override string ToString() => AttributeId.ToString();
}
