using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Countersign.Core.Devices;

namespace Countersign.Core.Events;

/// <summary>An event as it is told: in a list and to every receiver alike, however often.</summary>
public static class EventJson
{
    /// <summary>What stands before an event's id, where others read it.</summary>
    public const string IdPrefix = "evt_";

    public static string IdOf(Announcement announcement) => IdOf(announcement.Id);

    public static string IdOf(Guid id) => IdPrefix + id.ToString("N", CultureInfo.InvariantCulture);

    public static bool TryParseId(string? text, out Guid id)
    {
        var isOne = Guid.TryParseExact(text?[Math.Min(IdPrefix.Length, text.Length)..], "N", out id)
            // As they are written, and in no other way: whoever compares them as texts compares the same.
            && text == IdOf(id);
        id = isOne ? id : default;
        return isOne;
    }

    public static byte[] Write(PublishedEvent told) => Write(told.Announcement, told.Sequence, told.ClientRequestId);

    /// <param name="clientRequestId">What the relying party calls the flow.</param>
    public static byte[] Write(Announcement announcement, long? sequence, string? clientRequestId)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer);
        Write(json, announcement, sequence, clientRequestId);
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    public static void Write(Utf8JsonWriter json, PublishedEvent told) =>
        Write(json, told.Announcement, told.Sequence, told.ClientRequestId);

    private static void Write(Utf8JsonWriter json, Announcement announcement, long? sequence, string? clientRequestId)
    {
        json.WriteStartObject();
        json.WriteString("id", IdOf(announcement));
        json.WriteString("type", announcement.Type);
        json.WriteString("timestamp", announcement.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        if (sequence is { } number)
        {
            json.WriteNumber("sequence", number);
        }
        json.WriteStartObject("data");
        json.WriteString("project", announcement.Project.ToString());
        Text("flow", announcement.Flow?.ToString());
        Text("clientRequestId", clientRequestId);
        Text("product", announcement.Subject is { } subject ? Products.WordOf(subject.Product) : null);
        Text("kind", announcement.Subject is { } of ? FlowTypes.WordOf(of.Kind) : null);
        Text("method", announcement.Method);
        Text("end", announcement.End);
        Text("reason", announcement.Reason);
        Text("deviceId", announcement.Device is { } device ? DeviceIds.Print(device) : null);
        Text("text", announcement.Text);
        json.WriteEndObject();
        json.WriteEndObject();

        void Text(string name, string? value)
        {
            if (value is not null)
            {
                json.WriteString(name, value);
            }
        }
    }
}
