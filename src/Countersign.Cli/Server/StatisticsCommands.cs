using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Countersign.Cli.Printing;

namespace Countersign.Cli.Server;

/// <summary><c>countersign statistics</c>: what flows came to and what they cost.</summary>
internal static class StatisticsCommands
{
    private static readonly string[] _kinds = ["country", "prefix", "method", "gateway", "end", "hour"];

    public static Command Statistics(ServerOptions server)
    {
        var by = new Option<string>("--by")
        {
            Description = "What they are counted by: country, prefix, method, gateway, end or hour.", HelpName = "word",
            DefaultValueFactory = _ => "country",
        };
        by.AcceptOnlyFromAmong(_kinds);
        Option<string> project = New("--project", "id", "Of this project alone.");
        Option<string> from = New("--from", "time", "Ended on this day (UTC) or later: 2026-01-31. 30 days ago when it is not said.");
        Option<string> to = New("--to", "time", "Ended before this day, or this moment: 2026-01-31T12:00:00Z.");
        var limit = new Option<int?>("--limit") { Description = "So many rows at most, from 1 to 1000.", HelpName = "number" };
        var command = new Command("statistics", "Show how many flows there were, what they came to and what they cost.")
        {
            by, project, from, to, limit,
        };
        return server.Attach(
            command,
            (call, cancellationToken) => call.Client.GetAsync(
                "/admin/statistics?" + QueryOf(
                    ("by", call.Parsed.GetValue(by)), ("projectId", call.Parsed.GetValue(project)), ("from", call.Parsed.GetValue(from)),
                    ("to", call.Parsed.GetValue(to)), ("limit", call.Parsed.GetValue(limit)?.ToString(CultureInfo.InvariantCulture))),
                cancellationToken),
            Print);
    }

    private static void Print(ServerCall call, JsonNode answer)
    {
        var counts = answer["counts"]!.AsArray().OfType<JsonObject>().ToList();
        if (counts.Count == 0)
        {
            call.Output.WriteLine(
                $"Nothing is counted from {answer["since"]} to {answer["until"]}: flows are counted when their life is over.");
            return;
        }
        var currency = (string?)answer["currency"];
        var none = (string)answer["by"]! == "country" ? "(unknown)" : "(none)";
        string[] columns = [Capital((string)answer["by"]!), "Flows", "Proven", "Succeeded", "Conversion", "Texts", "Delivered", "Segments"];
        var table = Tables.Of(currency is null ? columns : [.. columns, $"Cost ({currency})"]);
        foreach (var one in counts)
        {
            string?[] cells =
            [
                (string?)one["value"] ?? none, Number(one["flows"]), Number(one["proven"]), Number(one["succeeded"]),
                ((decimal)one["conversion"]!).ToString("0.0 %", CultureInfo.InvariantCulture), Number(one["texts"]),
                Number(one["delivered"]), Number(one["segments"]),
            ];
            table.Row(currency is null
                ? cells
                : [.. cells, ((decimal?)one["cost"])?.ToString("0.00####", CultureInfo.InvariantCulture)]);
        }
        call.PrintTable(table);
        call.Output.WriteLine($"Ended from {answer["since"]} to {answer["until"]}.");
    }

    private static string QueryOf(params (string Name, string? Value)[] parameters) => string.Join('&', parameters
        .Where(one => one.Value is { Length: > 0 }).Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}"));

    private static string? Number(JsonNode? number) => ((long?)number)?.ToString(CultureInfo.InvariantCulture);

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    private static Option<string> New(string name, string help, string description) =>
        new(name) { Description = description, HelpName = help };
}
