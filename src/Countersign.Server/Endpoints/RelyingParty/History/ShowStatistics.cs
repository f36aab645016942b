using Countersign.Core.History;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.History;

/// <summary>GET /statistics: what the project's flows came to, by one thing that they have in common.</summary>
internal sealed class ShowStatistics(V3Endpoint v3, FlowStatistics statistics, TimeProvider time) : IEndpoint
{
    public RequestDelegate Endpoint => v3.WithProblems().OfQuery(Read, HandleAsync);

    private StatisticsQuery Read(RequestBody query, HttpContext context, Caller caller) =>
        StatisticsFilters.ReadFrom(query, time.GetUtcNow());

    private async Task<Answer> HandleAsync(Call<StatisticsQuery> call)
    {
        var flows = await statistics.ReadAsync(call.Request, [call.Caller.Project.Id], hidesFew: true, call.Aborted);
        return Answer.Ok(StatisticsResponse.Of(call.Request.By, flows), FlowJson.Answers.StatisticsResponse);
    }
}
