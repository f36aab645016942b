using System.Text.Json;

namespace Countersign.Client;

/// <summary>Something that has happened, as webhooks and <c>GET /events</c> tell it: ids and codes, nothing personal.</summary>
public sealed class WebhookEvent
{
    private WebhookEvent(string id, string type, DateTimeOffset timestamp) => (Id, Type, Timestamp) = (id, type, timestamp);

    /// <summary>The same however often it is told.</summary>
    public string Id { get; }

    /// <summary>What has happened, such as <c>flow.finished</c>; a server may know more than this list of yours: ignore them.</summary>
    public string Type { get; }

    /// <summary>When it happened.</summary>
    public DateTimeOffset Timestamp { get; }

    /// <summary>Counts the events of one flow, from 1; null where it is of no flow.</summary>
    public long? Sequence { get; private set; }

    /// <summary>The flow's correlation id; null where it is of no flow.</summary>
    public string? CorrelationId { get; private set; }

    /// <summary>Yours, of the call that began the flow.</summary>
    public string? ClientRequestId { get; private set; }

    /// <summary>Yours, of the call that began the flow.</summary>
    public string? ClientCustomerId { get; private set; }

    /// <summary>The possession method that proved or failed.</summary>
    public string? Method { get; private set; }

    /// <summary>How the flow ended, as a code.</summary>
    public string? End { get; private set; }

    /// <summary>Why, as a code.</summary>
    public string? Reason { get; private set; }

    /// <summary>The device that was tied or revoked.</summary>
    public string? DeviceId { get; private set; }

    /// <summary>Reads an event. Check it first: <see cref="WebhookVerifier.Read"/> does both.</summary>
    /// <param name="body">JSON in UTF-8.</param>
    /// <exception cref="WebhookException">It is no event.</exception>
    public static WebhookEvent Parse(byte[] body)
    {
        ArgumentNullException.ThrowIfNull(body);
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && Text(root, "id") is { } id && Text(root, "type") is { } type
                && root.TryGetProperty("timestamp", out var at) && at.ValueKind == JsonValueKind.String
                && at.TryGetDateTimeOffset(out var timestamp))
            {
                var data = root.TryGetProperty("data", out var told) && told.ValueKind == JsonValueKind.Object ? told : root;
                return new WebhookEvent(id, type, timestamp)
                {
                    Sequence = root.TryGetProperty("sequence", out var count) && count.ValueKind == JsonValueKind.Number
                        && count.TryGetInt64(out var sequence) ? sequence : null,
                    CorrelationId = Text(data, "flow"),
                    ClientRequestId = Text(data, "clientRequestId"),
                    ClientCustomerId = Text(data, "clientCustomerId"),
                    Method = Text(data, "method"),
                    End = Text(data, "end"),
                    Reason = Text(data, "reason"),
                    DeviceId = Text(data, "deviceId"),
                };
            }
        }
        catch (JsonException)
        {
            // Its message may hold a piece of the body.
        }
        throw new WebhookException(WebhookFault.BodyMalformed);
    }

    /// <summary>The type and the id.</summary>
    public override string ToString() => $"{Type} {Id}";

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
