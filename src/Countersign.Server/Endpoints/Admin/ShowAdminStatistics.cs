using Countersign.Core;
using Countersign.Core.History;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>GET /admin/statistics: what the flows of the projects that the key keeps to came to.</summary>
internal sealed class ShowAdminStatistics(FlowStatistics statistics, TimeProvider time) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.OfQuery(Read, HandleAsync);

    private AdminStatisticsRequest Read(RequestBody query)
    {
        query.Close([AdminMembers.OnlyProject, .. StatisticsFilters.Names]);
        return new AdminStatisticsRequest(query.Read(AdminMembers.OnlyProject), StatisticsFilters.ReadFrom(query, time.GetUtcNow()));
    }

    private async Task<Answer> HandleAsync(AdminCall<AdminStatisticsRequest> call)
    {
        var (project, query) = call.Request;
        var rights = call.Caller.Rights;
        var flows = await statistics.ReadAsync(
            query, project is { } only ? rights.Includes(only) ? [only] : [] : rights.Projects, hidesFew: false, call.Aborted);
        return Answer.Ok(StatisticsResponse.Of(query.By, flows), AdminJson.Answers.StatisticsResponse);
    }
}

/// <param name="Project">Of this one alone; null for all that the key keeps to.</param>
internal sealed record AdminStatisticsRequest(ProjectId? Project, StatisticsQuery Query)
{
    public override string ToString() => nameof(AdminStatisticsRequest);
}
