using Countersign.Core;
using Countersign.Core.Devices;
using Countersign.Core.Enrolments;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>
/// POST /admin/devices/list: the browsers that prove a person, in the projects that the key keeps to. Whose they are stands in a body,
/// never in an address.
/// </summary>
internal sealed class ListDevices(PersonDevices devices, INumberPlan plan, OnlyProjects only, ILogger<Device> logger) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.Of(body => DevicesRequest.Read(body, plan), HandleAsync);

    private async Task<Answer> HandleAsync(AdminCall<DevicesRequest> call)
    {
        var found = await devices.ListAsync(call.Request.Person, call.Request.IsAsked(call.Caller), call.Aborted);
        Log.DevicesListed(logger, call.Caller.Name, found.Count);
        if (found.Count == 0 && await only.RefusalAsync(call.Request.Project, call.Caller.Rights, call.Aborted) is { } refusal)
        {
            return refusal;
        }
        return Answer.Ok(
            new DeviceListResponse([.. found.Select(DeviceView.Of)]), AdminJson.Answers.DeviceListResponse);
    }
}

/// <summary>POST /admin/devices/revoke: a person's browsers prove nothing any more, all or one of them.</summary>
internal sealed class RevokeDevices(PersonDevices devices, INumberPlan plan, OnlyProjects only, ILogger<Device> logger) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.Of(body => DevicesRequest.ReadToRevoke(body, plan), HandleAsync);

    private async Task<Answer> HandleAsync(AdminCall<DevicesRequest> call)
    {
        var revoked = await devices.RevokeAsync(
            call.Request.Person, call.Request.DeviceId, call.Request.IsAsked(call.Caller),
            one => Log.DeviceRevoked(logger, one.Device.Id, one.Device.ProjectId, call.Caller.Name), call.Aborted);
        if (revoked.Count == 0 && await only.RefusalAsync(call.Request.Project, call.Caller.Rights, call.Aborted) is { } refusal)
        {
            return refusal;
        }
        return Answer.Ok(
            new RevokeDevicesResponse([.. revoked.Select(DeviceView.Of)]), AdminJson.Answers.RevokeDevicesResponse);
    }
}

/// <summary>One of number and proveId is given.</summary>
/// <param name="DeviceId">Null for all.</param>
/// <param name="Project">Null for all that the key keeps to.</param>
internal sealed record DevicesRequest(PhoneNumber? PhoneNumber, Guid? ProveId, ProjectId? Project, Guid? DeviceId)
{
    public static DevicesRequest Read(RequestBody body, INumberPlan plan)
    {
        var number = LookUp.ReadNumber(body, plan);
        var person = body.Read(AdminMembers.ProveId);
        if (body.IsGiven(LookUp.PhoneNumber) == body.IsGiven(AdminMembers.ProveId))
        {
            body.Invalid(LookUp.PhoneNumber, $"one of {Members.PhoneNumber}, {AdminMembers.ProveId} must be given, and no other");
        }
        return new DevicesRequest(number, person, body.Read(AdminMembers.OnlyProject), null);
    }

    public static DevicesRequest ReadToRevoke(RequestBody body, INumberPlan plan) =>
        Read(body, plan) with { DeviceId = body.Read(AdminMembers.DeviceId) };

    public PersonKey Person => ProveId is { } id ? new PersonKey.ById(id) : new PersonKey.ByNumber(PhoneNumber!.Value);

    public Func<ProjectId, bool> IsAsked(AdminCaller caller) => project =>
        caller.Rights.Includes(project) && (Project is null || Project == project);

    public override string ToString() => "***";
}

/// <param name="Devices">Newest first.</param>
internal sealed record DeviceListResponse(IReadOnlyList<DeviceView> Devices)
{
    public override string ToString() => $"{Devices.Count} devices";
}

/// <param name="Revoked">Those that could prove something until now.</param>
internal sealed record RevokeDevicesResponse(IReadOnlyList<DeviceView> Revoked)
{
    public override string ToString() => $"{Revoked.Count} revoked";
}

/// <param name="State">"good", "over" or "revoked".</param>
internal sealed record DeviceView(
    string DeviceId, string ProjectId, string ProveId, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, bool HasKey, int Passkeys,
    string State)
{
    public static DeviceView Of(PersonDevice held) => new(
        DeviceIds.Print(held.Device.Id), held.Device.ProjectId.ToString(), DeviceIds.Print(held.Identity), held.Device.CreatedAt,
        held.Device.LastUsedAt, held.Device.KeyId is not null, held.Passkeys,
        held.Device.IsRevoked ? "revoked" : held.IsOver ? "over" : "good");

    public override string ToString() => nameof(DeviceView);
}
