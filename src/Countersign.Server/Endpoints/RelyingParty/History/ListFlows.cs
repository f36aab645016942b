using Countersign.Core.History;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Pages;

namespace Countersign.Server.Endpoints.RelyingParty.History;

/// <summary>GET /flows: the project's flows, newest first, a page at a time.</summary>
internal sealed class ListFlows(V3Endpoint v3, FlowFinder finder) : IEndpoint
{
    public RequestDelegate Endpoint => v3.WithProblems().OfQuery(Read, HandleAsync);

    private static FlowListRequest Read(RequestBody query, HttpContext context, Caller caller) => FlowFilters.ReadFrom(query);

    private Task<Answer> HandleAsync(Call<FlowListRequest> call) => AnswerAsync(finder, call);

    public static async Task<Answer> AnswerAsync(FlowFinder finder, Call<FlowListRequest> call)
    {
        var (query, limit) = call.Request;
        var page = await finder.ListAsync(query, [call.Caller.Project.Id], limit, hasTexts: false, call.Aborted);
        var language = Languages.Answer(call.Context);
        return Answer.Ok(
            new FlowList([.. page.Flows.Select(flow => FlowItem.Of(flow, language))], FlowFilters.CursorOf(page)),
            FlowJson.Answers.FlowList);
    }
}
