using Countersign.Core.Identities;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.Identities;

/// <summary>POST /v3/identity/{proveId}/activate and …/deactivate, DELETE /v3/identity/{proveId}.</summary>
internal static class ChangeIdentity
{
    public static RequestDelegate Activate { get; } = V3Endpoint.Of(Read, call => SetActiveAsync(call, isActive: true), isBodyRequired: false);

    public static RequestDelegate Deactivate { get; } = V3Endpoint.Of(Read, call => SetActiveAsync(call, isActive: false), isBodyRequired: false);

    public static RequestDelegate Remove { get; } = V3Endpoint.OfQuery(Read, RemoveAsync);

    private static IdentityRequest Read(RequestBody body, HttpContext context, Caller caller) => IdentityRequest.Read(body, context, "proveId");

    private static async Task<Answer> SetActiveAsync(Call<IdentityRequest> call, bool isActive) =>
        DoneOrNotFound(call, await call.Service<Enrolment>().TrySetActiveAsync(call.Caller.Project, call.Request.Id, isActive, call.Aborted));

    private static async Task<Answer> RemoveAsync(Call<IdentityRequest> call) =>
        DoneOrNotFound(call, await call.Service<Enrolment>().TryRemoveAsync(call.Caller.Project, call.Request.Id, call.Aborted));

    private static Answer DoneOrNotFound(Call<IdentityRequest> call, bool isDone) => isDone
        ? Answer.Ok(new IdentityChangeResponse(true), IdentityJson.Answers.IdentityChangeResponse)
        : call.Refuse(Fault.NotFound);
}

internal sealed record IdentityChangeResponse(bool Success);
