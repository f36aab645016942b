using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Core.Projects;

namespace Countersign.Cli.Receipts;

/// <summary>Receipts, disclosures and keys as they lie in files, or at an address.</summary>
internal static class ReceiptFiles
{
    // Keys of ten years, and a receipt many times over.
    private const int MaxBytes = 4 * 1024 * 1024;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A receipt, and the disclosures that lie beside it: the answer of <c>GET /flows/{id}/receipt</c>, the receipt alone, or both as
    /// SD-JWT writes them, with <c>~</c> behind each.
    /// </summary>
    /// <remarks>What else is signed as a receipt is lies in files as receipts do.</remarks>
    /// <returns>With the whole answer where it is one; null where it is not.</returns>
    public static (string Receipt, IReadOnlyList<string> Disclosures, JsonObject? Answer) ReadReceipt(string path, SignedKind kind)
    {
        var text = Read(path).Trim();
        if (!text.StartsWith('{'))
        {
            return text.Split('~') is [var alone, .. var parts]
                ? (alone, [.. parts.Where(part => part.Length > 0)], null) : (text, [], null);
        }
        return Parse(text, path) is JsonObject answer && answer[kind.Noun]?.GetValueKind() == JsonValueKind.String
            ? ((string)answer[kind.Noun]!, ListOf(answer["disclosures"], path), answer)
            : throw new CommandFailure($"{path} has no {kind.Noun}: it must hold {kind.Source}, or a {kind.Noun} alone.");
    }

    /// <summary>Disclosures: a list in JSON, an object that has it, or one on each line.</summary>
    public static IReadOnlyList<string> ReadDisclosures(string path)
    {
        var text = Read(path).Trim();
        return !text.StartsWith('{') && !text.StartsWith('[')
            ? text.Split(['\n', '\r', '~', ' '], StringSplitOptions.RemoveEmptyEntries)
            : ListOf(Parse(text, path) is JsonObject answer ? answer["disclosures"] : Parse(text, path), path);
    }

    /// <summary>The keys of a set (RFC 7517) that can be used here; others are passed over, as the standard says.</summary>
    public static async Task<IReadOnlyList<ClientKey>> ReadKeysAsync(
        string fileOrUrl, CliEnvironment environment, CancellationToken cancellationToken)
    {
        var isAddress = Uri.TryCreate(fileOrUrl, UriKind.Absolute, out var address) && address.Scheme is "https" or "http";
        var text = isAddress ? await FetchAsync(address!, environment, cancellationToken) : Read(fileOrUrl);
        if (Parse(text, fileOrUrl) is not JsonObject set || set["keys"] is not JsonArray keys)
        {
            throw new CommandFailure(
                $"{fileOrUrl} is no set of keys: it must be an object with the list keys, as at /.well-known/jwks.json.");
        }
        return
        [
            .. keys.OfType<JsonNode>().Select(key => ClientKey.Parse(JsonSerializer.SerializeToElement(key)).Key).OfType<ClientKey>(),
        ];
    }

    private static async Task<string> FetchAsync(Uri address, CliEnvironment environment, CancellationToken cancellationToken)
    {
        if (address.Scheme == "http" && !address.IsLoopback)
        {
            throw new CommandFailure("Keys that came over plain http could be anybody's: use https://, or a file.");
        }
        using var client = new HttpClient(environment.NewHandler()) { Timeout = _patience, MaxResponseContentBufferSize = MaxBytes };
        try
        {
            using var answer = await client.GetAsync(address, cancellationToken);
            return answer.IsSuccessStatusCode ? await StrictJson.ReadTextAsync(answer.Content, cancellationToken)
                : throw new CommandFailure($"{address} answered {(int)answer.StatusCode}, not a set of keys.");
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            throw new CommandFailure($"{address} cannot be read: {exception.Message}", isPassing: true);
        }
    }

    private static string Read(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: > MaxBytes }
                ? throw new CommandFailure($"{path} is too large for what it is.")
                : File.ReadAllText(path, Encoding.UTF8);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"{path} cannot be read: {exception.Message}");
        }
    }

    private static JsonNode? Parse(string text, string from)
    {
        try
        {
            return StrictJson.Parse(text);
        }
        catch (JsonException)
        {
            throw new CommandFailure($"{from} is not valid JSON.");
        }
    }

    private static List<string> ListOf(JsonNode? node, string from) =>
        node is null ? []
        : node is JsonArray list && list.All(entry => entry?.GetValueKind() == JsonValueKind.String)
            ? [.. list.Select(entry => (string)entry!)]
            : throw new CommandFailure($"{from} has no list of disclosures: it must be a list of texts.");
}
