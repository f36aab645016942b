using System.Text.Json.Nodes;

namespace Countersign.Server.Tests.OpenApi;

internal sealed record Documented(string Path, string Method, JsonObject Json)
{
    public string Id => (string)Json["operationId"]!;

    public string[] Statuses => [.. Json["responses"]!.AsObject().Select(response => response.Key)];

    /// <summary>The first media type's example; null when there is no body.</summary>
    public JsonNode? Example => Json["requestBody"]?["content"]!.AsObject().First().Value!["example"];

    /// <summary>The example of the answer with success; null when that has no body.</summary>
    public JsonNode? Answer =>
        Json["responses"]!.AsObject().First(response => response.Key[0] is '1' or '2').Value!["content"]?["application/json"]?["example"];

    public override string ToString() => $"{Method} {Path}";
}
