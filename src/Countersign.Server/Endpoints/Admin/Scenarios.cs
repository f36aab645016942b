using Countersign.Core;
using Countersign.Core.History;
using Countersign.Core.Possession;
using Countersign.Core.Scenarios;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>GET /admin/flows/{correlationId}/scenario: a flow that has ended, as a test.</summary>
internal sealed class ExportScenario(FlowFinder finder, PossessionOptions options) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.OfPath(async call =>
    {
        var (id, problem) = FlowOperations.FlowId.Shape.Parse(call.Path(FlowOperations.FlowId));
        if (problem is not null)
        {
            return Answer.Of(Fault.Invalid(FlowOperations.FlowId, problem));
        }
        if (await finder.FindAsync(id, call.Aborted) is not { } flow || !call.Caller.Rights.Includes(flow.ProjectId))
        {
            return Answer.Of(ShowAdminFlow.NoFlow);
        }
        return ScenarioExport.Of(flow, options) switch
        {
            ScenarioExported.Made { Scenario: var scenario } => Answer.Ok(scenario, ScenarioJson.Default.Scenario),
            ScenarioExported.NotPossible { Why: var why } =>
                Answer.Of(Fault.Conflict with { Message = $"no scenario can be made of this flow: {why}" }),
            _ => throw new InvalidOperationException("An export is one of two."),
        };
    });
}

/// <summary>POST /admin/scenarios/run: plays a scenario, in a sandbox, and says what came of it.</summary>
internal sealed class RunScenario(IScenarioStage stage, ServerOptions server) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.Of(Read, HandleAsync);

    private static (Scenario? Scenario, string? Problem) Read(RequestBody body) =>
        (ScenarioFile.Read(ByteOrderMark.Without(body.Bytes), out var problem), problem);

    private async Task<Answer> HandleAsync(AdminCall<(Scenario? Scenario, string? Problem)> call)
    {
        if (server.Mode != Mode.Sandbox)
        {
            return Answer.Of(Fault.Conflict with
            {
                Message = "this server is in Live, and scenarios are played in a sandbox: send it to a server whose Countersign:Mode is "
                    + "Sandbox",
            });
        }
        return call.Request.Scenario is { } scenario
            ? Answer.Ok(await stage.PlayAsync(scenario, call.Aborted), ScenarioJson.Default.ScenarioPlayed)
            : Answer.Of(Fault.Malformed(call.Request.Problem!));
    }
}
