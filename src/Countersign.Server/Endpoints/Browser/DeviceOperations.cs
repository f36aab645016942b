using System.Text.Json.Nodes;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.OpenApi;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>What the endpoints for device keys promise.</summary>
internal static class DeviceOperations
{
    private const string Tag = "device keys";

    // A key and a signature as browsers write them; both belong to nobody, and the signature is over no challenge that was ever given.
    private const string ExampleKey =
        "-----BEGIN PUBLIC KEY-----\n"
            + "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEAeRgt3brSkj4czS6XeXquDzRZSCOjXg3bPNupfQGBvRc5x3rlIR5ZtLyNlX42SXTJxk6xoFU7hvr"
            + "YVrhptFDcg==\n-----END PUBLIC KEY-----";

    private const string ExampleSignature =
        "MEUCIEcD1AKLYjHOyvb0e2ziMDpzFmzkJKnrWsVc0siwsaI/AiEA9a8e/XDSiD+krkgguZ2QFSbkKSmt3BGtZWd04Z7aFi8=";

    private const string ExampleKeyId = "0b0e2a52-5e6f-4f0e-9a51-3a1c6f2f6f5b";

    /// <summary>A key and its proof.</summary>
    public static JsonObject ExampleRegistration => Members.Object(
        (DeviceMembers.PublicKey, Members.Object(
            (DeviceMembers.IdOfKey, ExampleKeyId), (DeviceMembers.Algorithm, "ES256"), (DeviceMembers.Pem, ExampleKey), ("uvLevel", 0))),
        (DeviceMembers.Proof, ExampleSignature));

    private const string ExampleChallenge =
        "AQGas_BcHn0qm2Q_jiRx0FoAAAGas_XaeAf4e1qJb2nM9Sg0vT0h1mZ4cX2rB7kQeWqYp8dLsEoN3uJiGtHaRf6yVx";

    private static readonly ObjectSchema _registration = new(
        "DeviceKeyRegistration", "A key that the browser has made. Members that are not listed are not read.", IsClosed: false,
        [.. DeviceMembers.Browser, DeviceMembers.Registrations, DeviceMembers.Signals]);

    private static readonly ObjectSchema _proof = new(
        "DeviceKeyProof", "The proof that this browser holds the key of a device. Members that are not listed are not read.",
        IsClosed: false, DeviceMembers.DeviceId,
        DeviceMembers.KeyId,
        DeviceMembers.Signature,
        DeviceMembers.Signals);

    private static readonly ObjectSchema _caller = new(
        "DeviceRequest", "The device that calls.", IsClosed: false, DeviceMembers.DeviceId);

    private static readonly ObjectSchema _challenged = new(
        "DeviceChallengeAnswer", "Something to sign; or, for a device that is not known any more, an error.", IsClosed: true,
        new Member("next", Schema.Text("Empty."), IsRequired: true),
        Members.DeviceId.Answered("The device that may sign it."),
        new Member("challenge", Schema.Text("Goes into `PA-Challenge` and into what is signed.")),
        new Member("ttl", Schema.Number("Seconds during which it may be used, for any number of calls.")),
        BrowserOperations.Answer.Members.Single(member => member.Name == "error"));

    private const string Placeholders = "Ids, challenge and signature of the example are placeholders.";

    private static readonly Parameter[] _signatureHeaders =
    [
        Header("PA-Sig-Version", "The version of this form of signature.", "3"),
        Header("PA-Challenge", "From `POST /v1/client/challenge`.", ExampleChallenge),
        Header("PA-KID", "The browser's own id of the key.", ExampleKeyId),
        Header("PA-Signature", "By the device's key; form as at registration.", ExampleSignature),
    ];

    /// <summary>
    /// In the middle of the paths: published SDKs take one or the other by their page's settings, and nothing else differs.
    /// </summary>
    public static IReadOnlyList<string> Kinds { get; } = ["passive", "universal"];

    public static Operation Challenge { get; } = WithoutFlow(
        "challengeDevice", "Get something to sign",
        """
        Inside a flow with its auth token, which must live then; before unregistering without one. A device that is unknown, revoked or
        another project's is answered with error 10006. The `deviceId` of the example is a placeholder.
        """,
        [], new Reply(
            StatusCodes.Status200OK, "What to sign, or error 10006.", _challenged,
            Members.Object(("next", ""), (Members.DeviceId, Members.ExampleId), ("challenge", ExampleChallenge),
                ("ttl", (int)DeviceChallenges.Lifetime.TotalSeconds))));

    public static Operation Unregister { get; } = WithoutFlow(
        "unregisterDevice", "Give up a device key",
        "The signature is the only credential, and `deviceId` must be the device that signed. The device proves nothing any more; a "
        + "second call changes nothing. "
            + Placeholders,
        _signatureHeaders, Kept);

    public static Operation UnregisterPasskeys { get; } = WithoutFlow(
        "unregisterPasskeys", "Give up the passkeys of a device",
        "As `device/unregister`, for the passkeys that belong to the device. Its key stays. " + Placeholders, _signatureHeaders, Kept);

    public static Operation Register(string kind) => BrowserOperations.Of(
        Id("register", kind), "Register a key that the browser has made",
        """
        Answers the step that follows, and `data.deviceId`: the key proves nothing yet, and is tied to the person whom the flow turns out to
        be. A flow takes one key, the first; the same key again is answered the same. A proof that does not hold is answered with error
        10001, and the flow goes on without a key. Key and signature of the example are placeholders.
        """,
        _registration,
        Members.Object(
            (DeviceMembers.DeviceName, "Chrome"), (DeviceMembers.DeviceCapabilities, new JsonArray("webauthn")),
            (DeviceMembers.Registrations, new JsonArray(ExampleRegistration)), (DeviceMembers.Signals, new JsonObject())),
        Members.Object(("next", Steps.MobileAuth), ("data", Members.Object((DeviceMembers.DeviceId, Members.ExampleId)))), Tag);

    public static Operation Verify(string kind) => BrowserOperations.Of(
        Id("prove", kind), "Prove a key of an earlier flow",
        """
        Tied to the person behind the flow's number: `{"next":"done"}`, and the flow is decided. Tied to somebody else, or to nobody: the
        step that follows. A device that is unknown, revoked or another project's: error 10006 with `next: device/passive`, and the browser
        registers a new key. A proof that does not hold: error 10001 and the step that follows. Ids and signature of the example are
        placeholders.
        """,
        _proof,
        Members.Object(
            (DeviceMembers.DeviceId, Members.ExampleId), (DeviceMembers.KeyId, ExampleKeyId), (DeviceMembers.Signature, ExampleSignature),
            (DeviceMembers.Signals, new JsonObject())),
        Members.Object(("next", Steps.Done)), Tag);

    public static Operation Error(string kind) => BrowserOperations.OfReport(
        Id("report", kind) + "Error", "Report that the browser cannot keep or use a key",
        "Answers the step that follows; after `device/fido2/start`, where it is the passkey that failed, once `device/passive/silent`.",
        Tag);

    private static Reply Kept => new(StatusCodes.Status200OK, "Done.", BrowserOperations.Answer, Members.Object(("next", Steps.Stay)));

    private static string Id(string verb, string kind) => $"{verb}{char.ToUpperInvariant(kind[0])}{kind[1..]}Key";

    private static Parameter Header(string name, string description, string example) =>
        new(name, "header", Schema.Text(description), example, IsRequired: true);

    private static Operation WithoutFlow(string id, string summary, string description, Parameter[] headers, Reply success) => new()
    {
        Id = id,
        Tag = Tag,
        Summary = summary,
        Description = description,
        Parameters = headers,
        Body = new Body(_caller, Members.Object((DeviceMembers.DeviceId, Members.ExampleId)), IsRequired: true, Members.Json),
        Success = success,
        Refusals = BrowserOperations.Refusals,
        SaysRate = false,
    };
}
