using System.Text.Json.Nodes;
using Countersign.Server.Contract;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>Members of requests about device keys and passkeys.</summary>
internal static class DeviceMembers
{
    private const int MaxName = 256;
    private const int MaxKeyId = 128;

    public static Member<string?> DeviceName { get; } = Member.Optional(
        "deviceName", Shape.Text(text => text.Length > MaxName ? $"must have at most {MaxName} characters" : null) with { Max = MaxName },
        "The browser's name for itself; not kept.");

    public static ListMember<string> DeviceCapabilities { get; } = new(
        "deviceCapabilities", "What the browser can do; not kept.", Shape.Text(), "One thing, such as `webauthn`.", Max: 16);

    /// <summary>How a browser describes itself.</summary>
    public static Member[] Browser { get; } = [DeviceName, DeviceCapabilities];

    public static Member<string> DeviceId { get; } = Member.Required(Members.DeviceId, Shape.Text(), "As registration answered it.");

    public static Member<string> KeyId { get; } = Member.Required("keyId", Shape.Text(), "The browser's own id of the key.");

    /// <summary>Over the device's id and the auth token's challenge.</summary>
    public static Member<string> Signature { get; } = Member.Required("signature", Shape.Text(),
        "By the key, over `deviceId`, a colon and `auth.chlg`; form as at registration.");

    /// <summary>Of a key that is registered.</summary>
    public static Member<string> IdOfKey { get; } = Member.Required(
        "id",
        Shape.Text(text => text.Length <= MaxKeyId && text.All(c => c is > ' ' and < '\u007f')
            ? null
            : $"must be 1 to {MaxKeyId} visible ASCII characters") with
        {
            Min = 1,
            Max = MaxKeyId,
            Pattern = "^[!-~]+$",
        },
        "The browser's own id of the key.");

    public static Member<string> Algorithm { get; } = Member.Required("alg", Shape.Word("ES256"), "The algorithm.");

    public static Member<string> Pem { get; } = Member.Required("key", Shape.Text(), "PEM (SubjectPublicKeyInfo) of a point on P-256.");

    public static ObjectMember PublicKey { get; } = new(
        "publicKey",
        Schema.Open(
            "The public half.", IdOfKey, Algorithm, Pem,
            new Member("uvLevel", Schema.Number("Whether the key's use asks the person for something; not read.", min: 0))),
        IsRequired: true);

    /// <summary>Over the auth token's challenge alone.</summary>
    public static Member<string> Proof { get; } = Signature.Saying(
        "By the key, over the text `auth.chlg` of the auth token: ECDSA with SHA-256, in DER, in base64 with padding.");

    /// <summary>A key and its proof.</summary>
    public static Member[] Key { get; } = [PublicKey, Proof];

    /// <summary>What published SDKs send of the page's surroundings.</summary>
    public static Member Signals { get; } = new(
        "signals", Schema.Anything("What the page has noticed of the browser. Any members; none is read."));

    // A browser has one key to show; the protocol makes a list of it.
    public static ObjectListMember Registrations { get; } = RegistrationsSaying(
        "Exactly one key.", Schema.Open("A key, and the proof that the browser holds its private half.", Key), max: 1, isRequired: true);

    /// <summary>What a person is to see of a passkey.</summary>
    public static Member<string?> DisplayName { get; } = Member.Optional("displayName", Fields.ClientId,
        "What the person is to see when they choose between passkeys.");

    public static Member<string?> RememberedDeviceId { get; } = DeviceId.AsOptional().Saying(
        "As an earlier flow answered it, where the browser remembers one.");

    public static ObjectMember MadeCredential { get; } = new("webAuthnCredential", PasskeyMembers.Credential(
        "What `navigator.credentials.create` gave, as WebAuthn's `RegistrationResponseJSON`.",
        PasskeyMembers.Binary("attestationObject", "About the new key."),
        PasskeyMembers.Binary("clientDataJSON", "What the browser says of the page and the question."),
        new Member("transports", Schema.List(
            "Ways to reach the authenticator; told to browsers in later options.", Schema.Text("A way, such as `internal`.")))));

    public static ObjectMember Assertion { get; } = new("webAuthnAssertion", PasskeyMembers.Credential(
        "What `navigator.credentials.get` gave, as WebAuthn's `AuthenticationResponseJSON`.",
        PasskeyMembers.Binary("authenticatorData", "What the authenticator says of itself."),
        PasskeyMembers.Binary("clientDataJSON", "What the browser says of the page and the question."),
        PasskeyMembers.Binary("signature", "By the passkey."),
        PasskeyMembers.Binary("userHandle", "Whose passkey it is, where the authenticator says so.") with { IsRequired = false }),
            IsRequired: true);

    // The passkey, and the device key beside it.
    public static ObjectListMember RegistrationsOfPasskey { get; } = RegistrationsSaying(
        "The passkey, then the key where there is one.",
        Schema.Open("First the passkey; in the second entry `publicKey` and `signature`, as in `device/passive/register`.",
            [MadeCredential, .. OptionalKey]),
        max: 2, isRequired: true);

    public static ObjectListMember RegistrationsBesideProof { get; } = RegistrationsSaying(
        "The browser's own key, where it has none yet, as in `device/passive/register`.",
        Schema.Open("A key.", [.. OptionalKey, Signals]), max: 1, isRequired: false);

    private static IEnumerable<Member> OptionalKey => Key.Select(member => member with { IsRequired = false });

    private static ObjectListMember RegistrationsSaying(string description, JsonObject item, int max, bool isRequired) =>
        new("registrations", description, item, max, IsRequired: isRequired);
}
