using System.Text.Json;

namespace Countersign.Core.Projects;

/// <summary>The public keys of an API client, as it gave them: a JSON Web Key Set (RFC 7517).</summary>
/// <param name="Json">The set, with what is known of each key and nothing else.</param>
public sealed record ClientKeys(string Json, IReadOnlyList<ClientKey> Keys)
{
    /// <summary>As many as a rotation of keys on several systems needs.</summary>
    public const int MaxKeys = 8;

    public static ClientKeys None { get; } = new("", []);

    /// <summary>Reads a set, or says what is wrong with it.</summary>
    public static (ClientKeys? Keys, string? Problem) Parse(string json)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a member's name with half of a surrogate pair.
            return (null, "is not valid JSON");
        }
        using (document)
        {
            return document.RootElement.ValueKind == JsonValueKind.Object ? Parse(document.RootElement)
                : (null, "must be an object with the list keys");
        }
    }

    /// <summary>The key with this thumbprint is one of them.</summary>
    public bool Has(string thumbprint) => Keys.Any(key => string.Equals(key.Thumbprint, thumbprint, StringComparison.Ordinal));

    /// <summary>Keys by which something with this header may have been signed: the one that is named, or all that fit.</summary>
    public IEnumerable<ClientKey> Of(string algorithm, string? keyId) =>
        Keys.Where(key =>
            key.Fits(algorithm) && (keyId is null || key.Id is null || string.Equals(key.Id, keyId, StringComparison.Ordinal)));

    public bool Equals(ClientKeys? other) => other is not null && string.Equals(Json, other.Json, StringComparison.Ordinal);

    public override int GetHashCode() => Json.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => $"{Keys.Count} keys";

    private static (ClientKeys? Keys, string? Problem) Parse(JsonElement set)
    {
        if (!set.TryGetProperty("keys", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            return (null, "must be an object with the list keys");
        }
        if (list.GetArrayLength() > MaxKeys)
        {
            return (null, $"must have 0 to {MaxKeys} keys");
        }
        var keys = new List<ClientKey>();
        foreach (var (index, element) in list.EnumerateArray().Index())
        {
            var (key, problem) = ClientKey.Parse(element);
            if (problem is not null)
            {
                return (null, $"keys[{index}] {problem}");
            }
            if (keys.Exists(other => other.Thumbprint == key!.Thumbprint || (key.Id is { } id && other.Id == id)))
            {
                return (null, $"keys[{index}] is there already, or its kid is");
            }
            keys.Add(key!);
        }
        return keys.Count == 0 ? (None, null)
            : (new ClientKeys($$"""{"keys":[{{string.Join(',', keys.Select(key => key.Json))}}]}""", keys), null);
    }
}
