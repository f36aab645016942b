using Countersign.Core;
using Countersign.Core.History;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>GET /admin/statistics: what the flows of the projects that the key keeps to came to.</summary>
internal sealed class ShowAdminStatistics(FlowStatistics statistics, OnlyProjects only, TimeProvider time) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.OfQuery(Read, HandleAsync);

    private AdminStatisticsRequest Read(RequestBody query) =>
        new(query.Read(AdminMembers.OnlyProject), StatisticsFilters.ReadFrom(query, time.GetUtcNow()));

    private async Task<Answer> HandleAsync(AdminCall<AdminStatisticsRequest> call)
    {
        var (project, query) = call.Request;
        var flows = await statistics.ReadAsync(
            query, OnlyProjects.In(project, call.Caller.Rights), hidesFew: false, call.Aborted);
        if (flows.Counts.Count == 0 && await only.RefusalAsync(project, call.Caller.Rights, call.Aborted) is { } refusal)
        {
            return refusal;
        }
        return Answer.Ok(StatisticsResponse.Of(query.By, flows), AdminJson.Answers.StatisticsResponse);
    }
}

/// <param name="Project">Of this one alone; null for all that the key keeps to.</param>
internal sealed record AdminStatisticsRequest(ProjectId? Project, StatisticsQuery Query)
{
    public override string ToString() => nameof(AdminStatisticsRequest);
}
