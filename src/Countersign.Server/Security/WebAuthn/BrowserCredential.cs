using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Countersign.Server.Security.WebAuthn;

/// <summary>
/// What a browser hands over of an authenticator's answer (WebAuthn, "PublicKeyCredential.toJSON"), read strictly and written anew with
/// what the framework's handler asks for: published browser SDKs leave out the client extensions.
/// </summary>
/// <param name="Json">For the framework's handler; nothing in it but what is checked.</param>
internal sealed record BrowserCredential(byte[] Id, string Json)
{
    // A key of 2048 bits takes some 500 characters; without an attestation statement nothing else is long.
    private const int MaxCharacters = 8192;

    private static readonly string[] _transports = ["ble", "hybrid", "internal", "nfc", "smart-card", "usb"];

    /// <summary>Returns null when it is no credential with all members that the ceremony needs.</summary>
    public static BrowserCredential? Read(string json, Ceremony ceremony)
    {
        if (json.Length > MaxCharacters)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(
                Encoding.UTF8.GetBytes(json), new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false });
            return Read(document.RootElement, ceremony);
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            // An escaped half of a surrogate pair ("\ud800") is well-formed JSON but no text.
            return null;
        }
    }

    /// <summary>The same, naming this owner where it named none.</summary>
    public string WithOwner(string owner)
    {
        var credential = JsonNode.Parse(Json)!;
        credential["response"]!["userHandle"] ??= Base64Url.EncodeToString(Encoding.UTF8.GetBytes(owner));
        return credential.ToJsonString();
    }

    public override string ToString() => nameof(BrowserCredential);

    private static BrowserCredential? Read(JsonElement credential, Ceremony ceremony)
    {
        if (!TryMember(credential, "type", JsonValueKind.String, out var type) || !type.ValueEquals("public-key"u8)
            || Binary(credential, "id") is not { } id
            || Binary(credential, "rawId") is not { } rawId || !rawId.AsSpan().SequenceEqual(id)
            || !TryMember(credential, "response", JsonValueKind.Object, out var response))
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("type", "public-key");
            writer.WriteString("id", Base64Url.EncodeToString(id));
            writer.WriteStartObject("clientExtensionResults");
            writer.WriteEndObject();
            writer.WriteStartObject("response");
            if (!(ceremony == Ceremony.Registration ? TryWriteRegistration(writer, response) : TryWriteAssertion(writer, response)))
            {
                return null;
            }
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        return new BrowserCredential(id, Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static bool TryWriteRegistration(Utf8JsonWriter writer, JsonElement response)
    {
        writer.WriteStartArray("transports");
        if (TryMember(response, "transports", JsonValueKind.Array, out var transports))
        {
            // It comes back to browsers in later options: only words that WebAuthn knows.
            foreach (var known in _transports.Where(word =>
                transports.EnumerateArray().Any(t => t.ValueKind == JsonValueKind.String && t.ValueEquals(word))))
            {
                writer.WriteStringValue(known);
            }
        }
        writer.WriteEndArray();
        return TryWrite(writer, response, "clientDataJSON") && TryWrite(writer, response, "attestationObject");
    }

    private static bool TryWriteAssertion(Utf8JsonWriter writer, JsonElement response) =>
        TryWrite(writer, response, "clientDataJSON")
        && TryWrite(writer, response, "authenticatorData")
        && TryWrite(writer, response, "signature")
        && (IsAbsent(response, "userHandle") || TryWrite(writer, response, "userHandle"));

    private static bool TryWrite(Utf8JsonWriter writer, JsonElement response, string name)
    {
        if (Binary(response, name) is not { } value)
        {
            return false;
        }
        writer.WriteString(name, Base64Url.EncodeToString(value));
        return true;
    }

    private static byte[]? Binary(JsonElement parent, string name)
    {
        if (!TryMember(parent, name, JsonValueKind.String, out var member))
        {
            return null;
        }
        var text = member.GetString();
        return string.IsNullOrEmpty(text) || !Base64Url.IsValid(text) ? null : Base64Url.DecodeFromChars(text);
    }

    private static bool IsAbsent(JsonElement parent, string name) =>
        !parent.TryGetProperty(name, out var member) || member.ValueKind == JsonValueKind.Null
        || (member.ValueKind == JsonValueKind.String && member.ValueEquals(""u8));

    private static bool TryMember(JsonElement parent, string name, JsonValueKind kind, out JsonElement member)
    {
        member = default;
        return parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out member) && member.ValueKind == kind;
    }
}
