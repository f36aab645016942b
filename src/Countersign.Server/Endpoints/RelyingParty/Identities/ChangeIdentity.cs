using Countersign.Core.Enrolments;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.Identities;

/// <summary>POST /v3/identity/{proveId}/activate and …/deactivate, DELETE /v3/identity/{proveId}.</summary>
internal sealed class ChangeIdentity(V3Endpoint v3, Enrolment enrolment)
{
    public RequestDelegate Activate => v3.Of(Read, call => SetActiveAsync(call, isActive: true), isBodyRequired: false);

    public RequestDelegate Deactivate => v3.Of(Read, call => SetActiveAsync(call, isActive: false), isBodyRequired: false);

    public RequestDelegate Remove => v3.OfQuery(Read, RemoveAsync);

    private static IdentityRequest Read(RequestBody body, HttpContext context, Caller caller) =>
        IdentityRequest.Read(body, context, IdentityMembers.IdInPath);

    private async Task<Answer> SetActiveAsync(Call<IdentityRequest> call, bool isActive) =>
        DoneOrNotFound(call, await enrolment.TrySetActiveAsync(call.Caller.Project, call.Request.Id, isActive, call.Aborted));

    private async Task<Answer> RemoveAsync(Call<IdentityRequest> call) =>
        DoneOrNotFound(call, await enrolment.TryRemoveAsync(call.Caller.Project, call.Request.Id, call.Aborted));

    private static Answer DoneOrNotFound(Call<IdentityRequest> call, bool isDone) => isDone
        ? Answer.Ok(new IdentityChangeResponse(true), IdentityJson.Answers.IdentityChangeResponse)
        : call.Refuse(Fault.NotFound);
}

internal sealed record IdentityChangeResponse(bool Success);
