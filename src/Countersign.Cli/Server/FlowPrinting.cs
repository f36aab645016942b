using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Cli.Printing;

namespace Countersign.Cli.Server;

/// <summary>Flows, as people and programs read them.</summary>
internal static class FlowPrinting
{
    private static readonly JsonSerializerOptions _line = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] _columns =
    [
        "correlationId", "projectId", "product", "type", "createdAt", "endedAt", "end", "reason", "possessionResult", "verifyResult",
        "method", "country", "numberChanged", "segments", "cost", "currency",
    ];

    public static string CsvHeading => string.Join(',', _columns);

    public static string Line(JsonObject flow) => flow.ToJsonString(_line);

    public static string CsvRow(JsonObject flow) => string.Join(',', _columns.Select(column => CsvCell(flow[column])));

    /// <param name="nothing">What is said where there is none.</param>
    public static void List(ServerCall call, IEnumerable<JsonObject> flows, string nothing)
    {
        // No more than what a terminal of 80 columns shows whole.
        var table = Tables.Of("Begun (UTC)", "Flow", "End");
        foreach (var flow in flows)
        {
            var begun = ((DateTimeOffset)flow["createdAt"]!).UtcDateTime.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture);
            table.Row(begun, (string?)flow["correlationId"], (string?)flow["end"] ?? "(running)");
        }
        call.PrintList(table, nothing);
    }

    public static void All(ServerCall call, List<JsonObject> flows, bool isComplete)
    {
        List(call, flows, "There is no such flow.");
        foreach (var flow in flows)
        {
            Whole(call, flow);
        }
        call.Output.WriteLine(isComplete ? $"{flows.Count} found, newest first." : $"The newest {flows.Count}; there are more.");
    }

    public static void Whole(ServerCall call, JsonObject flow)
    {
        call.PrintTable(Tables.Pairs(
            ("Flow", (string?)flow["correlationId"]),
            ("Project", (string?)flow["projectId"]),
            ("Product", $"{flow["product"]}, {flow["type"]}"),
            ("Possession", (string?)flow["possessionResult"]),
            ("Name", (string?)flow["verifyResult"]),
            ("Method", (string?)flow["method"]),
            ("Begun", (string?)flow["createdAt"]),
            ("Deadline", (string?)flow["deadline"]),
            ("Ends", (string?)flow["expiresAt"]),
            ("Ended", (string?)flow["endedAt"]),
            ("End", flow["reason"] is { } reason ? $"{flow["end"]} ({reason})" : (string?)flow["end"]),
            ("What", (string?)flow["explanation"]?["what"]),
            ("Next", (string?)flow["explanation"]?["next"]),
            ("Cost", flow["cost"] is { } cost && (int)flow["segments"]! > 0 ? $"{cost} {flow["currency"]}" : null)));
        var table = Tables.Of("At", "What happened");
        foreach (var line in flow["timeline"]!.AsArray().OfType<JsonObject>())
        {
            table.Row((string?)line["at"], (string?)line["what"]);
        }
        call.PrintList(table, flow["endedAt"] is null ? "Nothing has happened yet." : "Nothing happened before it ended.");
        Texts(call, flow["texts"] as JsonArray ?? []);
    }

    // A text that no gateway was asked to take has one row, too.
    private static void Texts(ServerCall call, JsonArray texts)
    {
        if (texts.Count == 0)
        {
            return;
        }
        var table = Tables.Of("Text", "Stands", "Gateway", "Attempt", "At", "Reason");
        foreach (var text in texts.OfType<JsonObject>())
        {
            var (kind, state) = ((string?)text["kind"] is "otp" ? "code" : (string?)text["kind"], (string?)text["state"]);
            var attempts = text["attempts"]!.AsArray().OfType<JsonObject>().ToList();
            if (attempts.Count == 0)
            {
                table.Row(kind, state, null, null, (string?)text["createdAt"], null);
            }
            foreach (var attempt in attempts)
            {
                table.Row(kind, state, (string?)attempt["gateway"], (string?)attempt["state"], (string?)attempt["at"],
                    (string?)attempt["reason"]);
            }
        }
        call.PrintTable(table);
    }

    // RFC 4180. A cell that a table would take for a formula (an adapter's own words may be anything) begins with an apostrophe.
    private static string CsvCell(JsonNode? value)
    {
        var text = value?.ToString() ?? "";
        text = text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + text : text;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
