using Countersign.Core.Devices;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.Unification;

/// <summary>POST /v3/device/revoke: the device's key proves nothing any more, for ever. Revoking again says the same.</summary>
internal sealed class DeviceRevoke(V3Endpoint v3, IDeviceStore devices) : IEndpoint
{
    public RequestDelegate Endpoint => v3.Of(Read, HandleAsync);

    private static DeviceRevokeRequest Read(RequestBody body, HttpContext context, Caller caller)
    {
        body.Read(DeviceRevokeOperation.ClientRequestId);
        return new DeviceRevokeRequest(body.Read(DeviceRevokeOperation.DeviceId));
    }

    private async Task<Answer> HandleAsync(Call<DeviceRevokeRequest> call) =>
        // What is no id of this server's is as unknown as any other.
        DeviceIds.TryParse(call.Request.DeviceId, out var id)
        && await devices.RevokeAsync(id, call.Caller.Project.Id, call.Aborted)
            ? Answer.Ok(new DeviceRevokeResponse(Success: true), UnifyJson.Answers.DeviceRevokeResponse)
            : call.Refuse(Fault.NotFound);
}

internal sealed record DeviceRevokeRequest(string DeviceId)
{
    public override string ToString() => "***";
}

internal sealed record DeviceRevokeResponse(bool Success);
