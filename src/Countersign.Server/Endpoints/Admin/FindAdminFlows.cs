using System.Diagnostics;
using Countersign.Core;
using Countersign.Core.Administration;
using Countersign.Core.Flows;
using Countersign.Core.Texts;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>
/// POST /admin/flows/find: the living flows, of the projects that the key keeps to, with a relying party's own id or a number.
/// These stand in a body, never in an address.
/// </summary>
internal sealed class FindAdminFlows(FlowRunner runner, ITextStore texts, INumberPlan plan) : IEndpoint
{
    /// <summary>The most flows in one answer.</summary>
    public const int MaxFlows = 50;

    private static readonly string[] _keys = [AdminMembers.ClientRequestId, AdminMembers.ClientCustomerId, AdminMembers.PhoneNumber];

    public RequestDelegate Endpoint => AdminEndpoint.Of(Read, HandleAsync);

    private FindFlowsRequest Read(RequestBody body)
    {
        var request = body.Read(AdminMembers.ClientRequestId);
        var customer = body.Read(AdminMembers.ClientCustomerId);
        var number = AdminMembers.ReadNumber(body, plan);
        if (_keys.Count(body.IsGiven) != 1)
        {
            body.Invalid(_keys[0], $"one of {string.Join(", ", _keys)} must be given, and no other");
        }
        return new FindFlowsRequest(request, customer, number);
    }

    private async Task<Answer> HandleAsync(AdminCall<FindFlowsRequest> call)
    {
        var found = await FindAsync(SearchOf(call.Request), call.Caller.Rights, call.Aborted);
        var flows = new List<FlowResponse>();
        foreach (var flow in found.Take(MaxFlows))
        {
            flows.Add(FlowResponse.Of(flow, await texts.ListAsync(flow.Id, call.Aborted)));
        }
        return Answer.Ok(new FlowListResponse(flows, IsComplete: found.Count <= MaxFlows), AdminJson.Answers.FlowListResponse);
    }

    /// <summary>One more than is answered tells whether there are more.</summary>
    private async Task<IReadOnlyList<Flow>> FindAsync(FlowSearch search, AdminRights rights, CancellationToken cancellationToken)
    {
        for (var limit = MaxFlows + 1; ; limit *= 4)
        {
            var found = await runner.FindAsync(search, limit, cancellationToken);
            var own = found.Where(flow => rights.Includes(flow.ProjectId)).ToList();
            // Flows of others must neither be seen nor stand before those that may be.
            if (own.Count > MaxFlows || found.Count < limit)
            {
                return own;
            }
        }
    }

    private static FlowSearch SearchOf(FindFlowsRequest asked) => asked switch
    {
        { ClientRequestId: { } request } => new FlowSearch.ByClientRequest(request),
        { ClientCustomerId: { } customer } => new FlowSearch.ByClientCustomer(customer),
        { PhoneNumber: { } number } => new FlowSearch.ByNumber(number),
        _ => throw new UnreachableException(),
    };
}

/// <summary>One of these is given.</summary>
internal sealed record FindFlowsRequest(string? ClientRequestId, string? ClientCustomerId, PhoneNumber? PhoneNumber)
{
    public override string ToString() => "***";
}

/// <param name="Flows">Newest first.</param>
/// <param name="IsComplete">False when there are more than an answer holds.</param>
internal sealed record FlowListResponse(IReadOnlyList<FlowResponse> Flows, bool IsComplete)
{
    public override string ToString() => $"{Flows.Count} flows";
}
