using System.Text.Json.Nodes;

namespace Countersign.Soak;

/// <param name="Status">0 where nobody answered.</param>
internal sealed record Reply(int Status, JsonObject? Json, string? Location = null)
{
    public static Reply None { get; } = new(0, null);

    public bool IsAnswer => Status is > 0 and < 500 and not 429;

    /// <summary>A member's text, wherever it is: v1 has it in <c>data</c>.</summary>
    public string? Text(string member) => (Json?[member] ?? (Json?["data"] as JsonObject)?[member])?.ToString();

    public static async Task<Reply> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        JsonObject? json = null;
        if (text.StartsWith('{'))
        {
            json = JsonNode.Parse(text)!.AsObject();
        }
        return new Reply((int)response.StatusCode, json, response.Headers.Location?.ToString());
    }

    public override string ToString() => $"{Status} {Json?.ToJsonString()}";
}
