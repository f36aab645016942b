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

    private static readonly JsonObject ExampleKey = Members.Object(
        ("publicKey", Members.Object(("id", DeviceOperations.ExampleKeyId), ("alg", "ES256"), ("key", DeviceOperations.ExampleKey), ("uvLevel", 0))),
        ("signature", DeviceOperations.ExampleSignature));

    public static Operation Start { get; } = BrowserOperations.Of(
        "startPasskey", "Ask what to ask the authenticator for",
        """
        Where the person behind the flow's number has passkeys for the page's host: `next: device/passive/verify` and `credRequestOptions`. Else:
        `next: device/passive/register` and `credCreateOptions`, with `credRequestOptions` beside them when the `deviceId` of the call has passkeys, for an
        authenticator that says it holds one already. The page is the one that the `Origin` header names: https, or http on `localhost`. Without such a page,
        or without passkeys in the project's settings, the answer is error 10003 with `next: device/passive/silent`. Bodies have at most 16 KiB, here and in the
        other calls for passkeys.
        """,
        new ObjectSchema(
            "PasskeyStartRequest", "What the page knows. Members that are not listed are not read.", IsClosed: false,
            new Member("displayName", Schema.Text("What the person is to see when they choose between passkeys.", most: Fields.MostIdCharacters,
                pattern: Members.PrintablePattern)),
            new Member("deviceId", Schema.Text("As an earlier flow answered it, where the browser remembers one.")),
            DeviceOperations.Signals),
        Members.Object(("displayName", "My phone"), ("signals", new JsonObject())),
        Members.Object(("next", Steps.UsePasskey), ("data", Members.Object(("credRequestOptions", Members.Object(
            ("challenge", ExampleBinary), ("timeout", 300000), ("rpId", "shop.example"),
            ("allowCredentials", new JsonArray(Members.Object(("type", "public-key"), ("id", ExampleId)))), ("userVerification", "preferred")))))), Tag);

    public static Operation RegisterFinish { get; } = BrowserOperations.Of(
        "registerPasskey", "Hand in a passkey that was made",
        """
        Answers the step that follows, and `data.deviceId`: passkey and key are one device, which proves nothing yet and is tied to the person whom the flow turns
        out to be. What is not accepted is answered with error 10001 and `next: device/passive/silent`. Either way the question is used up: another
        answer needs another `device/fido2/start`. The example's values are placeholders.
        """,
        new ObjectSchema(
            "PasskeyRegistration", "The authenticator's answer, and the browser's own key.", IsClosed: false,
            [
                .. DeviceOperations.Browser,
                new Member("registrations", Schema.List("The passkey, then the key where there is one.", Open(
                    "First the passkey; in the second entry `publicKey` and `signature`, as in `device/passive/register`.",
                    [
                        new Member("webAuthnCredential", Credential(
                            "What `navigator.credentials.create` gave, as WebAuthn's `RegistrationResponseJSON`.",
                            Binary("attestationObject", "About the new key."),
                            Binary("clientDataJSON", "What the browser says of the page and the question."),
                            new Member("transports", Schema.List(
                                "Ways to reach the authenticator; told to browsers in later options.", Schema.Text("A way, such as `internal`."))))),
                        .. OptionalKey,
                    ])), IsRequired: true),
            ]),
        Members.Object(("deviceName", "Chrome"), ("deviceCapabilities", new JsonArray("webauthn")), ("registrations", new JsonArray(
            Members.Object(("webAuthnCredential", Members.Object(
                ("type", "public-key"), ("id", ExampleId), ("rawId", ExampleId),
                ("response", Members.Object(("attestationObject", ExampleBinary), ("clientDataJSON", ExampleBinary)))))),
            ExampleKey.DeepClone()))),
        Members.Object(("next", Steps.MobileAuth), ("data", Members.Object(("deviceId", Members.ExampleId)))), Tag);

    public static Operation VerifyFinish { get; } = BrowserOperations.Of(
        "provePasskey", "Hand in the proof of a passkey",
        """
        Tied to the person behind the flow's number: `{"next":"done"}`, and the flow is decided. Tied to somebody else, or to nobody: the step that follows. A
        device key in `registrations` becomes a device of its own, and its `data.deviceId` is answered. What is not accepted is answered as in
        `device/fido2/register/finish`. The example's values are placeholders.
        """,
        new ObjectSchema(
            "PasskeyProof", "The authenticator's answer.", IsClosed: false,
            [
                new Member("webAuthnAssertion", Credential(
                    "What `navigator.credentials.get` gave, as WebAuthn's `AuthenticationResponseJSON`.",
                    Binary("authenticatorData", "What the authenticator says of itself."),
                    Binary("clientDataJSON", "What the browser says of the page and the question."),
                    Binary("signature", "By the passkey."),
                    Binary("userHandle", "Whose passkey it is, where the authenticator says so.") with { IsRequired = false }), IsRequired: true),
                .. DeviceOperations.Browser,
                new Member("registrations", Schema.List(
                    "The browser's own key, where it has none yet, as in `device/passive/register`.",
                    Open("A key.", [.. OptionalKey, DeviceOperations.Signals]))),
            ]),
        Members.Object(
            ("webAuthnAssertion", Members.Object(
                ("type", "public-key"), ("id", ExampleId), ("rawId", ExampleId),
                ("response", Members.Object(("authenticatorData", ExampleBinary), ("clientDataJSON", ExampleBinary), ("signature", ExampleBinary))))),
            ("deviceName", "Chrome"), ("deviceCapabilities", new JsonArray("webauthn")), ("registrations", new JsonArray(ExampleKey.DeepClone()))),
        Members.Object(("next", Steps.Done), ("data", Members.Object(("deviceId", Members.ExampleId)))), Tag);

    public static Operation Error { get; } = BrowserOperations.OfReport(
        "reportPasskeyError", "Report that there is no passkey to show",
        "Answers `{\"next\":\"device/passive/silent\"}` while the flow is at the device key, else the step that the flow is in.", Tag);

    private static IEnumerable<Member> OptionalKey => DeviceOperations.Key.Select(member => member with { IsRequired = false });

    /// <summary>A credential as browsers write it; binary members are base64url text.</summary>
    private static JsonObject Credential(string description, params Member[] response) => Open(
        description,
        new Member("type", Schema.Word("Always this.", "public-key"), IsRequired: true),
        Binary("id", "The authenticator's id of the passkey."),
        Binary("rawId", "The same."),
        new Member("response", Open("What the authenticator answered.", response), IsRequired: true));

    private static Member Binary(string name, string description) => new(name, Schema.Text($"{description} Base64url."), IsRequired: true);

    private static JsonObject Open(string description, params Member[] members) => ObjectSchema.Of(description, isClosed: false, members);
}
