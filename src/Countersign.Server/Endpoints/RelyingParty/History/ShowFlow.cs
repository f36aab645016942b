using Countersign.Core;
using Countersign.Core.History;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Pages;

namespace Countersign.Server.Endpoints.RelyingParty.History;

/// <summary>GET /flows/{correlationId}: how one of the project's flows stands, or how it ended.</summary>
internal sealed class ShowFlow(V3Endpoint v3, FlowFinder finder) : IEndpoint
{
    /// <summary>The same whether it is another project's, is forgotten, or never was.</summary>
    public static Fault NotThere { get; } = Fault.NotFound with
    {
        Message = "your project has no such flow, or nothing of it is kept any more",
    };

    public static Member<CorrelationId> Id { get; } = Members.CorrelationId("").Of(Fields.CorrelationId with { Format = "uuid" })
        .Saying("The id that the flow's first answer gave you.");

    public RequestDelegate Endpoint => v3.WithProblems().OfQuery(Read, HandleAsync);

    public static FlowRequest Read(RequestBody query, HttpContext context, Caller caller) => new(query.ReadPath(Id, context));

    private async Task<Answer> HandleAsync(Call<FlowRequest> call)
    {
        var flow = await finder.FindAsync(call.Request.Id, call.Aborted);
        var isOwn = flow?.ProjectId == call.Caller.Project.Id;
        Guards.Drop("A02", ref isOwn, () => flow is not null);
        return isOwn ? AnswerOf(flow!, call.Context) : call.Refuse(NotThere);
    }

    public static Answer AnswerOf(FlowAccount flow, HttpContext context) =>
        Answer.Ok(FlowDetails.Of(flow, Languages.Answer(context)), FlowJson.Answers.FlowDetails);
}

internal sealed record FlowRequest(CorrelationId Id);
