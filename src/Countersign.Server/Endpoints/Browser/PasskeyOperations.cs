using System.Text.Json.Nodes;
using Countersign.Server.Contract;
using Countersign.Server.OpenApi;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>What the endpoints for passkeys promise.</summary>
internal static class PasskeyOperations
{
    public const string Tag = "passkeys";

    // Shapes only: no authenticator has ever said this.
    private const string ExampleBinary = "AgX8hSVtN0w";
    private const string ExampleId = "4sLrMBvEJ0y8pQd3";

    public static Operation Start { get; } = BrowserOperations.Of(
        "startPasskey", "Ask what to ask the authenticator for",
        """
        Where the person behind the flow's number has passkeys for the page's host: `next: device/passive/verify` and `credRequestOptions`.
        Else: `next: device/passive/register` and `credCreateOptions`, with `credRequestOptions` beside them when the `deviceId` of the call
        has passkeys, for an authenticator that says it holds one already. The page is the one that the `Origin` header names: https, or
        http on `localhost`. Without such a page, or without passkeys in the project's settings, the answer is error 10003 with
        `next: device/passive/silent`. Bodies have at most 16 KiB, here and in the other calls for passkeys.
        """,
        new ObjectSchema(
            "PasskeyStartRequest", "What the page knows. Members that are not listed are not read.", IsClosed: false,
            DeviceMembers.DisplayName,
            DeviceMembers.RememberedDeviceId,
            DeviceMembers.Signals),
        Members.Object((DeviceMembers.DisplayName, "My phone"), (DeviceMembers.Signals, new JsonObject())),
        Members.Object(("next", Steps.UsePasskey), ("data", Members.Object(("credRequestOptions", Members.Object(
            ("challenge", ExampleBinary), ("timeout", 300000), ("rpId", "shop.example"),
            ("allowCredentials", new JsonArray(Members.Object(("type", "public-key"), ("id", ExampleId)))),
            ("userVerification", "preferred")))))), Tag);

    public static Operation RegisterFinish { get; } = BrowserOperations.Of(
        "registerPasskey", "Hand in a passkey that was made",
        """
        Answers the step that follows, and `data.deviceId`: passkey and key are one device, which proves nothing yet and is tied to the
        person whom the flow turns out to be. What is not accepted is answered with error 10001 and `next: device/passive/silent`. Either
        way the question is used up: another answer needs another `device/fido2/start`. The example's values are placeholders.
        """,
        new ObjectSchema(
            "PasskeyRegistration", "The authenticator's answer, and the browser's own key.", IsClosed: false,
            [.. DeviceMembers.Browser, DeviceMembers.RegistrationsOfPasskey]),
        Members.Object(
            (DeviceMembers.DeviceName, "Chrome"), (DeviceMembers.DeviceCapabilities, new JsonArray("webauthn")),
            (DeviceMembers.RegistrationsOfPasskey, new JsonArray(Members.Object((DeviceMembers.MadeCredential, Members.Object(
                ("type", "public-key"), ("id", ExampleId), ("rawId", ExampleId),
                ("response", Members.Object(("attestationObject", ExampleBinary), ("clientDataJSON", ExampleBinary)))))),
                DeviceOperations.ExampleRegistration))),
        Members.Object(("next", Steps.MobileAuth), ("data", Members.Object((Members.DeviceId, Members.ExampleId)))), Tag);

    public static Operation VerifyFinish { get; } = BrowserOperations.Of(
        "provePasskey", "Hand in the proof of a passkey",
        """
        Tied to the person behind the flow's number: `{"next":"done"}`, and the flow is decided. Tied to somebody else, or to nobody: the
        step that follows. A device key in `registrations` becomes a device of its own, and its `data.deviceId` is answered. What is not
        accepted is answered as in `device/fido2/register/finish`. The example's values are placeholders.
        """,
        new ObjectSchema(
            "PasskeyProof", "The authenticator's answer.", IsClosed: false,
            [DeviceMembers.Assertion, .. DeviceMembers.Browser, DeviceMembers.RegistrationsBesideProof]),
        Members.Object(
            (DeviceMembers.Assertion, Members.Object(
                ("type", "public-key"), ("id", ExampleId), ("rawId", ExampleId),
                ("response",
                    Members.Object(
                        ("authenticatorData", ExampleBinary), ("clientDataJSON", ExampleBinary), ("signature", ExampleBinary))))),
            (DeviceMembers.DeviceName, "Chrome"), (DeviceMembers.DeviceCapabilities, new JsonArray("webauthn")),
            (DeviceMembers.RegistrationsBesideProof, new JsonArray(DeviceOperations.ExampleRegistration))),
        Members.Object(("next", Steps.Done), ("data", Members.Object((Members.DeviceId, Members.ExampleId)))), Tag);

    public static Operation Error { get; } = BrowserOperations.OfReport(
        "reportPasskeyError", "Report that there is no passkey to show",
        "Answers `{\"next\":\"device/passive/silent\"}` while the flow is at the device key, else the step that the flow is in.", Tag);
}
