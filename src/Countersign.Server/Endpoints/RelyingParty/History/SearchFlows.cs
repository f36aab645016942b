using Countersign.Core;
using Countersign.Core.History;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.History;

/// <summary>
/// POST /flows/search: the project's flows with one of its own ids, or of a number. These stand in the body, never in an address.
/// </summary>
internal sealed class SearchFlows(V3Endpoint v3, FlowFinder finder, INumberPlan plan) : IEndpoint
{
    public RequestDelegate Endpoint => v3.WithProblems().Of(Read, call => ListFlows.AnswerAsync(finder, call));

    private FlowListRequest Read(RequestBody body, HttpContext context, Caller caller)
    {
        body.Close(FlowOperations.Search.Body!.Schema.ClosedTo!);
        var search = LookUp.ReadSearch(body, plan);
        return FlowFilters.ReadFrom(body, search);
    }
}
