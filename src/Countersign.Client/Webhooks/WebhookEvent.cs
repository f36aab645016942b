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

    /// <summary>Your project; null where the event does not say it.</summary>
    public string? Project { get; private set; }

    /// <summary>The flow's correlation id; null where it is of no flow.</summary>
    public string? CorrelationId { get; private set; }

    /// <summary>Yours, of the call that began the flow, for as long as the server remembers the flow.</summary>
    public string? ClientRequestId { get; private set; }

    /// <summary>The flow's product: <c>verified-users</c>, <c>pre-fill</c> or <c>unify</c>; null where it is of no flow.</summary>
    public string? Product { get; private set; }

    /// <summary>Where the person began: <c>desktop</c>, <c>mobile</c> or <c>none</c>; null where it is of no flow.</summary>
    public string? Kind { get; private set; }

    /// <summary>The possession method that proved or failed.</summary>
    public string? Method { get; private set; }

    /// <summary>How the flow ended, as a code.</summary>
    public string? End { get; private set; }

    /// <summary>Why, as a code.</summary>
    public string? Reason { get; private set; }

    /// <summary>The device that was tied or revoked.</summary>
    public string? DeviceId { get; private set; }

    /// <summary>What a text was for: <c>otp</c>, <c>link</c> or <c>notice</c>.</summary>
    public string? Text { get; private set; }

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
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("data", out var data)
                && data.ValueKind == JsonValueKind.Object && TextOf(root, "id") is { } id && TextOf(root, "type") is { } type
                && root.TryGetProperty("timestamp", out var at) && at.ValueKind == JsonValueKind.String
                && at.TryGetDateTimeOffset(out var timestamp))
            {
                return new WebhookEvent(id, type, timestamp)
                {
                    Sequence = root.TryGetProperty("sequence", out var count) && count.ValueKind == JsonValueKind.Number
                        && count.TryGetInt64(out var sequence) ? sequence : null,
                    Project = TextOf(data, "project"),
                    CorrelationId = TextOf(data, "flow"),
                    ClientRequestId = TextOf(data, "clientRequestId"),
                    Product = TextOf(data, "product"),
                    Kind = TextOf(data, "kind"),
                    Method = TextOf(data, "method"),
                    End = TextOf(data, "end"),
                    Reason = TextOf(data, "reason"),
                    DeviceId = TextOf(data, "deviceId"),
                    Text = TextOf(data, "text"),
                };
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Its message may hold a piece of the body. InvalidOperationException: a text that is none, such as half of a surrogate pair.
        }
        throw new WebhookException(WebhookFault.BodyMalformed);
    }

    /// <summary>The type and the id.</summary>
    public override string ToString() => $"{Type} {Id}";

    private static string? TextOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
