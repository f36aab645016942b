using Countersign.Core.Flows;
using Countersign.Core.Identities;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.Identities;

/// <summary>POST /v3/identity: enrols the person behind a number, or renews what is kept of them.</summary>
internal static class EnrolIdentity
{
    public static RequestDelegate Endpoint { get; } = V3Endpoint.Of((body, _, _) => EnrolRequest.Read(body), HandleAsync);

    private static async Task<Answer> HandleAsync(Call<EnrolRequest> call)
    {
        var (proveId, fault) = await call.Service<Enrolment>().EnrolAsync(call.Caller.Project, call.Request, call.Aborted);
        return fault is null ? Answer.Ok(new EnrolResponse(true, proveId), IdentityJson.Answers.EnrolResponse) : call.Refuse(fault);
    }
}

/// <summary>Who is enrolled and who no longer: for the endpoint above, for the batch item by item, and for the calls about one identity.</summary>
internal sealed class Enrolment(INumberAdmission admission, IIdentityStore identities, TimeProvider time, ILogger<Enrolment> logger)
{
    public async Task<(Guid ProveId, Fault? Fault)> EnrolAsync(Project project, EnrolRequest request, CancellationToken cancellationToken)
    {
        if ((await admission.AdmitAsync(request.PhoneNumber, NumberUse.Identities, cancellationToken)).In(project.Settings) is var answer
            && answer is not Admission.Admitted admitted)
        {
            return (default, answer.ToFault());
        }

        var now = time.GetUtcNow();
        var details = new IdentityDetails(
            request.PhoneNumber, request.ClientCustomerId, request.ClientHumanId, request.DeviceId,
            request.Attributes.Count == 0 ? null : [.. request.Attributes.Select(a => new IdentityFact(Guid.CreateVersion7(now), a.Type, a.Value))]);
        var identity = await identities.EnrolAsync(project.Id, admitted.Number, details, now, cancellationToken);
        Log.IdentityEnrolled(logger, identity.Id);
        return (identity.Id, null);
    }

    /// <summary>Returns false when the project has enrolled no such identity.</summary>
    public async Task<bool> TrySetActiveAsync(Project project, Guid id, bool isActive, CancellationToken cancellationToken)
    {
        if (!await identities.SetActiveAsync(project.Id, id, isActive, cancellationToken))
        {
            return false;
        }
        Log.IdentitySetActive(logger, id, isActive);
        return true;
    }

    /// <summary>Returns false when the project has enrolled no such identity.</summary>
    public async Task<bool> TryRemoveAsync(Project project, Guid id, CancellationToken cancellationToken)
    {
        if (!await identities.RemoveAsync(project.Id, id, time.GetUtcNow(), cancellationToken))
        {
            return false;
        }
        Log.IdentityRemoved(logger, id);
        return true;
    }
}

/// <summary>A well-formed enrolment.</summary>
internal sealed record EnrolRequest(
    string PhoneNumber, string? ClientCustomerId, string? ClientHumanId, string? DeviceId, IReadOnlyList<AttributeGiven> Attributes)
{
    public static EnrolRequest Read(RequestMembers members)
    {
        var number = members.Text("phoneNumber", isRequired: true, Fields.Phone) ?? "";
        var clientCustomerId = members.Text("clientCustomerId", check: Fields.ClientId);
        var clientHumanId = members.Text("clientHumanId", check: Fields.ClientId);
        members.Text("clientRequestId", check: Fields.ClientId);
        var deviceId = members.Text("deviceId", check: Fields.ClientId);
        return new EnrolRequest(number, clientCustomerId, clientHumanId, deviceId, AttributeGiven.Read(members));
    }

    public override string ToString() => "***";
}

/// <summary>An attribute of a person as a relying party gives it.</summary>
internal sealed record AttributeGiven(string Type, string Value)
{
    public static IReadOnlyList<AttributeGiven> Read(RequestMembers members) =>
        members.Objects("identityAttributes", Fields.MostAttributes, attribute => new AttributeGiven(
            attribute.Text("attributeType", isRequired: true, Fields.AttributeType) ?? "",
            attribute.Text("attributeValue", isRequired: true, Fields.AttributeValue) ?? ""));

    public override string ToString() => "***";
}

internal sealed record EnrolResponse(bool Success, Guid ProveId)
{
    /// <summary>The older name of <see cref="ProveId"/>: clients from before April 2026 read it and no other.</summary>
    public Guid IdentityId => ProveId;
}
