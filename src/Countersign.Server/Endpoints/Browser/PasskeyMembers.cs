using System.Text.Json.Nodes;
using Countersign.Server.Contract;
using Countersign.Server.OpenApi;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>What is said to an authenticator, and what it says.</summary>
internal static class PasskeyMembers
{
    /// <summary>WebAuthn's "PublicKeyCredentialCreationOptionsJSON".</summary>
    public static Member CreationOptions { get; } = new("credCreateOptions", Schema.Open(
        "For `navigator.credentials.create`, as WebAuthn's `PublicKeyCredentialCreationOptionsJSON`: binary members are base64url text. "
        + "Members that "
            + "are not listed here are WebAuthn's too.",
        new Member("rp", Schema.Closed(
            "The page's host, to which the passkey is bound.",
            new Member("id", Schema.Text("The host."), IsRequired: true),
            new Member("name", Schema.Text("The project's name."), IsRequired: true)), IsRequired: true),
        new Member("user", Schema.Closed(
            "Whose passkey it is to be.",
            new Member("id", Schema.Text("An id of this server's, different in each call."), IsRequired: true),
            new Member("name", Schema.Text("As `displayName`."), IsRequired: true),
            new Member("displayName",
                Schema.Text("What the person sees: the `displayName` of the call, else the flow's number without most of its digits."),
                IsRequired: true)), IsRequired: true),
        new Member("challenge", Schema.Text("Good for one answer."), IsRequired: true),
        new Member("pubKeyCredParams", Schema.List("The algorithms, the preferred one first.", Schema.Open(
            "An algorithm.",
            new Member("type", Schema.Word("Always this.", "public-key"), IsRequired: true),
            new Member("alg", Schema.Number("Its number in COSE, such as -7 for ES256."), IsRequired: true)))),
        Timeout,
        new Member("authenticatorSelection", Schema.Open(
            "Which authenticators may be used.",
            new Member("residentKey", Schema.Text("Whether the passkey is to be found without its id.")),
            new Member("requireResidentKey", Schema.Flag("The same, for older browsers.")),
            new Member("userVerification", Schema.Text("Whether the authenticator checks who uses it.")))),
        new Member("attestation", Schema.Word("Statements are neither asked for nor checked.", "none"), IsRequired: true),
        new Member("excludeCredentials", Schema.List("Passkeys of the `deviceId` of the call.", Listed), IsRequired: true)));

    /// <summary>WebAuthn's "PublicKeyCredentialRequestOptionsJSON".</summary>
    public static Member RequestOptions { get; } = new("credRequestOptions", Schema.Open(
        "For `navigator.credentials.get`, as WebAuthn's `PublicKeyCredentialRequestOptionsJSON`: binary members are base64url text. "
        + "Members that are "
            + "not listed here are WebAuthn's too.",
        new Member("rpId", Schema.Text("The page's host."), IsRequired: true),
        new Member("challenge", Schema.Text("Good for one answer."), IsRequired: true),
        Timeout,
        new Member("userVerification", Schema.Word("Whether the authenticator must check who uses it.", "preferred", "required"),
            IsRequired: true),
        new Member("allowCredentials", Schema.List("The passkeys of which one is to be used; never empty.", Listed), IsRequired: true)));

    /// <summary>A credential as browsers write it; binary members are base64url text.</summary>
    public static JsonObject Credential(string description, params Member[] response) => Schema.Open(
        description,
        new Member("type", Schema.Word("Always this.", "public-key"), IsRequired: true),
        Binary("id", "The authenticator's id of the passkey."),
        Binary("rawId", "The same."),
        new Member("response", Schema.Open("What the authenticator answered.", response), IsRequired: true));

    public static Member Binary(string name, string description) => new(name, Schema.Text($"{description} Base64url."), IsRequired: true);

    private static JsonObject Listed => Schema.Open(
        "A passkey.",
        new Member("type", Schema.Word("Always this.", "public-key"), IsRequired: true),
        new Member("id", Schema.Text("The authenticator's id of it."), IsRequired: true),
        new Member("transports",
            Schema.List("Ways to reach the authenticator, where it named them.", Schema.Text("A way, such as `internal`."))));

    private static Member Timeout => new("timeout", Schema.Number("How long the person may take, in milliseconds.", min: 0));
}
