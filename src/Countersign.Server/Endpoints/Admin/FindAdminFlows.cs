using Countersign.Core;
using Countersign.Core.Administration;
using Countersign.Core.History;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Pages;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>GET /admin/flows: the flows of the projects that the key keeps to, newest first, a page at a time.</summary>
internal sealed class ListAdminFlows(FlowFinder finder, OnlyProjects only) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.OfQuery(Read, HandleAsync);

    private static AdminFlowsRequest Read(RequestBody query) =>
        new(query.Read(AdminMembers.OnlyProject), FlowFilters.ReadFrom(query));

    private async Task<Answer> HandleAsync(AdminCall<AdminFlowsRequest> call)
    {
        var page = await call.Request.ListAsync(finder, call.Caller.Rights, call.Aborted);
        if (page.Flows.Count == 0 && await only.RefusalAsync(call.Request.Project, call.Caller.Rights, call.Aborted) is { } refusal)
        {
            return refusal;
        }
        var language = Languages.Answer(call.Context);
        return Answer.Ok(FlowListResponse.Of(page, flow => FlowResponse.InList(flow, language)), AdminJson.Answers.FlowListResponse);
    }
}

/// <summary>
/// POST /admin/flows/find: the flows, of the projects that the key keeps to, with a relying party's own id or a number, each whole. What is
/// looked for stands in the body, never in an address.
/// </summary>
internal sealed class FindAdminFlows(FlowFinder finder, INumberPlan plan, OnlyProjects only) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.Of(Read, HandleAsync);

    private AdminFlowsRequest Read(RequestBody body)
    {
        var search = LookUp.ReadSearch(body, plan);
        return new AdminFlowsRequest(body.Read(AdminMembers.OnlyProject), FlowFilters.ReadFrom(body, search));
    }

    private async Task<Answer> HandleAsync(AdminCall<AdminFlowsRequest> call)
    {
        var page = await call.Request.ListAsync(finder, call.Caller.Rights, call.Aborted);
        if (page.Flows.Count == 0 && await only.RefusalAsync(call.Request.Project, call.Caller.Rights, call.Aborted) is { } refusal)
        {
            return refusal;
        }
        var language = Languages.Answer(call.Context);
        return Answer.Ok(FlowListResponse.Of(page, flow => FlowResponse.Of(flow, language)), AdminJson.Answers.FlowListResponse);
    }
}

/// <param name="Project">In this one alone; null for all that the key keeps to.</param>
internal sealed record AdminFlowsRequest(ProjectId? Project, FlowListRequest List)
{
    public Task<FlowPage> ListAsync(FlowFinder finder, AdminRights rights, CancellationToken cancellationToken) =>
        finder.ListAsync(List.Query, OnlyProjects.In(Project, rights), List.Limit, hasTexts: true, cancellationToken);

    public override string ToString() => nameof(AdminFlowsRequest);
}
