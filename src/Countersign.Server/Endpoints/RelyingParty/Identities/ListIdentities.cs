using System.Globalization;
using Countersign.Core.Identities;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.Identities;

/// <summary>GET /v3/identity: the project's enrolled identities, a page at a time.</summary>
internal sealed class ListIdentities(V3Endpoint v3, IIdentityStore identities) : IEndpoint
{
    public const int MostOnPage = 100;

    public RequestDelegate Endpoint => v3.OfQuery(Read, HandleAsync);

    private static IdentityListRequest Read(RequestBody query, HttpContext context, Caller caller)
    {
        var limit = query.Text("limit", check: text => LimitOf(text) is null ? $"must be a whole number from 1 to {MostOnPage}" : null);
        var startKey = query.Text("startKey", check: text => Fields.Uuid(text) is null ? null : "must be the lastKey of a page");
        var showInactive = query.Text("showInactive", check: text => text is "true" or "false" ? null : "must be true or false");
        query.Text("clientRequestId", check: Fields.ClientId);
        return new IdentityListRequest(
            limit is null ? MostOnPage : LimitOf(limit) ?? MostOnPage, startKey is null ? null : Guid.Parse(startKey), showInactive == "true");
    }

    private static int? LimitOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MostOnPage ? limit : null;

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
