using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Countersign.Cli.Printing;

namespace Countersign.Cli.Server;

/// <summary><c>countersign caps …</c>: what texts have cost and may cost.</summary>
internal static class CapCommands
{
    public static Command Caps(ServerOptions server) => new("caps", "What texts have cost and may cost.") { Show(server) };

    private static Command Show(ServerOptions server) => server.Attach(
        new Command("show", "Show what texts have cost today and this month (UTC), of the whole server and of its projects."),
        (call, cancellationToken) => call.Client.GetAsync("/admin/caps", cancellationToken),
        (call, answer) =>
        {
            var entries = answer["spending"]!.AsArray().OfType<JsonObject>().ToList();
            if (entries.Count == 0)
            {
                call.Output.WriteLine(
                    "Nothing is counted: there is no cap. The server's is set by Countersign:Caps, a project's by "
                        + "Countersign:Projects:<name>:Caps or countersign project set <id> --caps perDay=50 --caps currency=EUR. "
                        + "Both need Countersign:Prices.");
                return;
            }
            var table = Tables.Of("Of", "Window", $"Spent ({(string?)answer["currency"] ?? "no price list"})", "Cap", "Until");
            foreach (var one in entries)
            {
                table.Row(
                    (string?)one["project"] ?? "(the whole server)", (string?)one["window"], Amount(one["spent"]),
                    $"{Amount(one["cap"]) ?? "(none)"}{((bool?)one["isSpent"] == true ? " (spent)" : "")}", (string?)one["until"]);
            }
            call.PrintTable(table);
            if (entries.Exists(one => (bool?)one["isSpent"] == true))
            {
                call.Output.WriteLine(
                    "A cap is spent when it is reached, or a text would have passed it: texts that would are not sent before its end.");
            }
            if (answer["currency"] is null)
            {
                call.Output.WriteLine(
                    "No text goes where there is a cap: there is no price list (Countersign:Prices), so nothing can be held to one.");
            }
            else if (JsonLists.Join(answer["unpriced"]) is { Length: > 0 } gateways)
            {
                call.Output.WriteLine(
                    $"No text that has a cap goes by {gateways}: Countersign:Prices has no price of it.");
            }
        });

    private static string? Amount(JsonNode? amount) =>
        amount is null ? null : ((decimal)amount).ToString("0.00####", CultureInfo.InvariantCulture);
}
