using System.Text.Json.Nodes;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>What the admin API's endpoints promise about a person's devices.</summary>
internal static class DevicesOperations
{
    private const string Tag = "devices";

    public static Operation List { get; } = new()
    {
        Id = "listDevices",
        Tag = Tag,
        Summary = "List a person's devices",
        Description =
            "The browsers that hold a key or a passkey for a person, newest first; revoked ones too. The person is named by `proveId`, or "
            + "by a number: then in every project that the key keeps to, or in one. Who is not known has none.",
        Credentials = Document.AdminKey,
        Body = new Body(
            new ObjectSchema(
                "ListDevicesRequest", "Whose. One of `phoneNumber` and `proveId` is required.", IsClosed: true,
                LookUp.PhoneNumber, AdminMembers.ProveId, AdminMembers.OnlyProject),
            Members.Object((Members.PhoneNumber, "+12025550142")), IsRequired: true, Members.Json),
        Success = new Reply(
            StatusCodes.Status200OK, "The devices.",
            new ObjectSchema(
                nameof(DeviceListResponse), "A person's devices.", IsClosed: true,
                new Member("devices", Views("The newest first."), IsRequired: true)),
            Members.Object(("devices", new JsonArray(Example("good"))))),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.TooManyRequests],
    };

    public static Operation Revoke { get; } = new()
    {
        Id = "revokeDevices",
        Tag = Tag,
        Summary = "Revoke a person's devices",
        Description =
            "All of them, or the one that is named: for ever, with the passkeys that belong to them or have brought them in. The person's "
            + "next flow proves the number by another method. What was revoked before, or is not this person's, is left alone and not "
            + "listed.",
        Credentials = Document.AdminKey,
        Body = new Body(
            new ObjectSchema(
                "RevokeDevicesRequest", "Whose. One of `phoneNumber` and `proveId` is required.", IsClosed: true,
                LookUp.PhoneNumber, AdminMembers.ProveId, AdminMembers.OnlyProject, AdminMembers.DeviceId),
            Members.Object((Members.PhoneNumber, "+12025550142")), IsRequired: true, Members.Json),
        Success = new Reply(
            StatusCodes.Status200OK, "What was revoked.",
            new ObjectSchema(
                nameof(RevokeDevicesResponse), "What was revoked.", IsClosed: true,
                new Member("revoked", Views("The newest first."), IsRequired: true)),
            Members.Object(("revoked", new JsonArray(Example("revoked"))))),
        Refusals = [Errors.Malformed, Fault.NotAuthorized, Fault.NotPermitted, Fault.TooManyRequests],
    };

    private static JsonObject Views(string description) => Schema.List(description, Schema.Closed(
        "One browser.",
        new Member("deviceId", Schema.Text("As `/v3/unify-status` tells it."), IsRequired: true),
        new Member("projectId", Schema.Text("The project it belongs to."), IsRequired: true),
        new Member("proveId", Schema.Text("The person, in that project."), IsRequired: true),
        new Member("createdAt", Schema.Time("When it was registered."), IsRequired: true),
        new Member("lastUsedAt", Schema.Time("When it last proved something, to a day; absent when it has not since it was registered.")),
        new Member("hasKey", Schema.Flag("Whether the browser has a key of its own, or a passkey only."), IsRequired: true),
        new Member("passkeys", Schema.Number("How many passkeys are kept with it.", min: 0), IsRequired: true),
        new Member(
            "state", Schema.Word("`over`: too old, or unused for too long; it proves nothing any more.", "good", "over", "revoked"),
            IsRequired: true)));

    private static JsonObject Example(string state) => Members.Object(
        ("deviceId", Members.ExampleId), ("projectId", "shop"), ("proveId", Members.ExampleId), ("createdAt", "2026-11-23T10:00:00+00:00"),
        ("lastUsedAt", "2026-11-28T10:00:00+00:00"), ("hasKey", true), ("passkeys", 0), ("state", state));
}
