using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.RelyingParty.Unification;

/// <summary>What <c>POST /v3/device/revoke</c> promises.</summary>
internal static class DeviceRevokeOperation
{
    public static Member<string?> ClientRequestId { get; } = Members.ClientRequestId.AsRequired();

    public static Member<string> DeviceId { get; } = Member.Required(
        Members.DeviceId, Fields.ClientId with { Min = 1 }, "From the answer of `/v3/unify-status`.");

    public static Operation Operation { get; } = new()
    {
        Id = "revokeDevice",
        Tag = UnifyMembers.Tag,
        Summary = "Revoke a device",
        Description =
            """
            The browser's key proves nothing any more, for ever: for a phone that was lost or sold. Its next flow begins as on a browser
            that was never seen, with a new key and a new `deviceId`. Revoking again answers the same. The id of the example is a
            placeholder; take one from an answer of `/v3/unify-status`.
            """,
        Credentials = Document.AccessToken,
        Body = new Body(
            new ObjectSchema(
                "DeviceRevokeRequest", "Which device.", IsClosed: false,
                ClientRequestId,
                DeviceId),
            Members.Object((ClientRequestId, "request-2"), (DeviceId, UnifyMembers.ExampleDevice)),
            IsRequired: true, Members.Json),
        Success = new Reply(
            StatusCodes.Status200OK, "The device is revoked.",
            new ObjectSchema(
                "DeviceRevokeResponse", "The device is revoked.", IsClosed: true,
                new Member("success", Schema.Flag("Always true. A boolean, not a text."), IsRequired: true)),
            Members.Object(("success", true))),
        Refusals = [Fault.Missing(DeviceId), Fault.NotAuthorized, Fault.StepNotAllowed, Fault.NotFound, Fault.TooManyRequests],
    };
}
