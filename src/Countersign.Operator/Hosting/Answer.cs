using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Operator.State;

namespace Countersign.Operator.Hosting;

/// <summary>What a call is answered with.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">Null: none.</param>
/// <param name="Note">For the call log: why.</param>
internal sealed record Answer(int Status, JsonNode? Body, string? Note = null)
{
    /// <summary>Cuts the body in its middle, as a broken proxy does.</summary>
    public bool IsMalformed { get; init; }

    /// <summary>An error of OAuth 2.0 (RFC 6749, section 5.2).</summary>
    public static Answer OAuthError(int status, string error, string description) =>
        new(status, new JsonObject { ["error"] = error, ["error_description"] = description }, $"{error} ({description})");

    /// <summary>An error of CAMARA.</summary>
    public static Answer CamaraError(int status, string code, string message) =>
        new(status, new JsonObject { ["status"] = status, ["code"] = code, ["message"] = message }, $"{code} ({message})");

    public async Task WriteAsync(HttpContext context)
    {
        if (Note is not null)
        {
            context.Notes().Note = Note;
        }
        context.Response.StatusCode = Status;
        context.Response.Headers.CacheControl = "no-store";
        if (Body is null)
        {
            return;
        }
        var bytes = Bytes(Body);
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(bytes.AsMemory(0, IsMalformed ? bytes.Length / 2 : bytes.Length), context.RequestAborted);
    }

    public override string ToString() => $"Answer {Status}";

    private static byte[] Bytes(JsonNode body)
    {
        using var memory = new MemoryStream();
        // No page embeds these answers, so a number keeps its plus sign.
        using (var writer = new Utf8JsonWriter(memory, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            body.WriteTo(writer);
        }
        return memory.ToArray();
    }
}

/// <summary>What the call log is told about a call while it is answered.</summary>
internal sealed class CallNotes
{
    public string? Client { get; set; }
    public Msisdn? Number { get; set; }
    public string? Note { get; set; }
}

internal static class CallNotesOfContext
{
    /// <summary>The notes of this call.</summary>
    public static CallNotes Notes(this HttpContext context)
    {
        if (context.Features.Get<CallNotes>() is { } notes)
        {
            return notes;
        }
        notes = new CallNotes();
        context.Features.Set(notes);
        return notes;
    }
}
