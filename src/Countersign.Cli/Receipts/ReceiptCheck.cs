using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Projects;

namespace Countersign.Cli.Receipts;

/// <summary>
/// Checks a receipt as any stranger could: with published keys, and nothing else of the server that signed it (RFC 7515, RFC 9901). What is
/// wrong is told in a sentence; null where nothing is.
/// </summary>
internal static class ReceiptCheck
{
    // Far more than a receipt has, or a report.
    private const int MaxCharacters = 512 * 1024;

    /// <summary>What a receipt says, or what else is signed as one is, if one of these keys has signed it as it stands.</summary>
    public static (JsonObject? Claims, string? Fault) Signed(string receipt, SignedKind kind, IReadOnlyList<ClientKey> keys)
    {
        if (receipt.Length > MaxCharacters || receipt.Split('.') is not [var header, var payload, var signature])
        {
            return (null, $"It is no {kind.Noun}: a {kind.Noun} has three parts with two dots between them.");
        }
        if (ObjectOf(header) is not { } protectedHeader)
        {
            return (null, "Its first part is not base64url of a JSON object.");
        }
        if (TextOf(protectedHeader, "alg") != ClientKey.Es256)
        {
            return (null, $"Its alg is not {ClientKey.Es256}: nothing else is taken.");
        }
        if (TextOf(protectedHeader, "typ") != kind.Type)
        {
            return (null, $"Its typ is not {kind.Type}: it is something else than a {kind.Noun}.");
        }
        if (protectedHeader.ContainsKey("crit"))
        {
            return (null, $"Its header has crit: a {kind.Noun} has none.");
        }
        var id = TextOf(protectedHeader, "kid");
        if (id is null || keys.FirstOrDefault(key => key.Id == id && key.Fits(ClientKey.Es256)) is not { } key)
        {
            return (null, "None of the keys has its kid: they are another server's, or were fetched before it was signed.");
        }
        if (BytesOf(signature) is not { } signed || signed.Length != key.SignatureBytes
            || !key.Verifies(ClientKey.Es256, Encoding.UTF8.GetBytes($"{header}.{payload}"), signed))
        {
            return (null, "The signature is not of these bytes: they were changed, or that key never signed them.");
        }
        return ObjectOf(payload) is not { } claims ? (null, "What was signed is no JSON object.")
            : TextOf(claims, "aud") != kind.Audience
                ? (null, $"Its aud is not {kind.Audience}: it is something else than a {kind.Noun}.")
            : kind.Commits && (TextOf(claims, "_sd_alg") != "sha-256" || claims["_sd"] is not JsonArray)
                ? (null, $"It does not commit to anything as a {kind.Noun} does (_sd, _sd_alg).")
            : (claims, null);
    }

    /// <summary>What it says of itself before anything is checked; null where it cannot be read.</summary>
    public static JsonObject? HeaderOf(string signed) =>
        signed.Length <= MaxCharacters && signed.Split('.') is [var header, _, _] ? ObjectOf(header) : null;

    /// <summary>What disclosures show that are this receipt's.</summary>
    public static (IReadOnlyDictionary<string, string>? Shown, string? Fault) Disclosed(
        JsonObject claims, SignedKind kind, IReadOnlyList<string> disclosures)
    {
        var digests = claims["_sd"]!.AsArray().Select(digest => digest is JsonValue value && value.TryGetValue<string>(out var text)
            ? text : "").ToHashSet(StringComparer.Ordinal);
        var shown = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (index, disclosure) in disclosures.Index())
        {
            if (BytesOf(disclosure) is not { } bytes || Parse(bytes) is not JsonArray { Count: 3 } parts
                || !IsText(parts[0]) || !IsText(parts[1]) || !IsText(parts[2]))
            {
                return (null, $"Disclosure {index + 1} is not base64url of [salt, name, value].");
            }
            if (!digests.Contains(Disclosure.DigestOf(disclosure)))
            {
                return (
                    null,
                    $"Disclosure {index + 1} ({parts[1]}) is not this {kind.Noun}'s: it was changed, or is another {kind.Noun}'s.");
            }
            if (!shown.TryAdd((string)parts[1]!, (string)parts[2]!))
            {
                return (null, $"Disclosure {index + 1} shows {parts[1]} a second time.");
            }
        }
        return (shown, null);
    }

    /// <summary>What an answer says beside a receipt otherwise than the receipt itself.</summary>
    public static string? Beside(JsonObject claims, SignedKind kind, JsonObject answer) => kind.Repeated
        .Where(one => answer.ContainsKey(one.Member)
            && !JsonNode.DeepEquals(InSeconds(answer[one.Member]), claims[one.Claim]))
        .Select(one =>
            $"{one.Member}, which stands beside the {kind.Noun}, was changed: the {kind.Noun} itself says otherwise ({one.Claim}).")
        .FirstOrDefault();

    /// <summary>Moments as claims have them.</summary>
    private static JsonNode? InSeconds(JsonNode? node) => node switch
    {
        JsonArray list => new JsonArray([.. list.Select(InSeconds)]),
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, InSeconds(member.Value)))),
        JsonValue value when value.TryGetValue<DateTimeOffset>(out var at) => JsonValue.Create(at.ToUnixTimeSeconds()),
        _ => node?.DeepClone(),
    };

    private static JsonObject? ObjectOf(string part) => BytesOf(part) is { } bytes ? Parse(bytes) as JsonObject : null;

    /// <summary>Bytes that are written in the only way there is: what may be written in several may be changed and stay the same.</summary>
    private static byte[]? BytesOf(string part)
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(part.Length)];
        return Base64Url.DecodeFromChars(part, bytes, out var read, out var written) == OperationStatus.Done && read == part.Length
            && Base64Url.EncodeToString(bytes.AsSpan(0, written)) == part
            ? bytes[..written] : null;
    }

    private static JsonNode? Parse(byte[] bytes)
    {
        try
        {
            return StrictJson.Parse(bytes);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? TextOf(JsonObject of, string name) => IsText(of[name]) ? (string)of[name]! : null;

    private static bool IsText(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String;
}
