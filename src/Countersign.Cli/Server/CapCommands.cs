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
                call.Output.WriteLine("Nothing is counted: neither the server nor a project has a cap (Countersign:Caps).");
                return;
            }
            var table = Tables.Of("Of", "Window", $"Spent ({(string?)answer["currency"] ?? "no price list"})", "Cap", "Until");
            foreach (var one in entries)
            {
                table.Row(
                    (string?)one["project"] ?? "(the whole server)", (string?)one["window"], Amount(one["spent"]),
                    Amount(one["cap"]) ?? "(none)", (string?)one["until"]);
            }
            call.PrintTable(table);
        });

    private static string? Amount(JsonNode? amount) =>
        amount is null ? null : ((decimal)amount).ToString("0.00####", CultureInfo.InvariantCulture);
}
