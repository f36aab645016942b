using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Countersign.Cli.Printing;

namespace Countersign.Cli.Server;

/// <summary><c>countersign budget …</c>: the limits of one number.</summary>
internal static class BudgetCommands
{
    private const string Path = "/admin/budget";

    public static Command Budget(ServerOptions server) =>
        new("budget", "The limits of a number: show what is spent of them, begin them anew.")
    {
        Show(server), Lift(server),
    };

    private static Command Show(ServerOptions server)
    {
        var number = NumberOption.Of("Whose", isRequired: true);
        return server.Attach(
            new Command("show", "Show what is spent of a number's limits, and when one that is reached ends.") { number },
            (call, cancellationToken) => SendAsync(call, number, "/show", cancellationToken),
            (call, answer) => Print(
                call, answer, "Nothing is limited: no limit of a number is set (Countersign:TextLimits, Countersign:Budget)."));
    }

    private static Command Lift(ServerOptions server)
    {
        var number = NumberOption.Of("Whose", isRequired: true);
        return server.Attach(
            new Command("lift", "Begin a number's limits anew: what was counted counts no more. Shows what was spent.") { number },
            (call, cancellationToken) => SendAsync(call, number, "/lift", cancellationToken),
            (call, answer) =>
            {
                if (answer["budgets"]!.AsArray().Count > 0)
                {
                    call.Output.WriteLine("Lifted: the number's limits begin anew. Until now there was spent, and counts no more:");
                }
                Print(call, answer, "Nothing was spent.", isLifted: true);
            });
    }

    private static async Task<JsonObject> SendAsync(
        ServerCall call, Option<string> number, string path, CancellationToken cancellationToken) =>
        await call.Client.SendAsync(
            HttpMethod.Post, Path + path,
            new JsonObject { ["phoneNumber"] = await NumberOption.ReadAsync(call, number, cancellationToken) }, cancellationToken);

    private static void Print(ServerCall call, JsonObject answer, string nothing, bool isLifted = false)
    {
        var table = isLifted
            ? Tables.Of("Limit", "Project", "Was spent", "Window")
            : Tables.Of("Limit", "Project", "Spent", "Window", "Until");
        foreach (var one in answer["budgets"]!.AsArray().OfType<JsonObject>())
        {
            string?[] cells =
            [
                (string?)one["rule"], (string?)one["project"] ?? "all", SpentOf(one),
                TimeSpan.FromSeconds((long)one["windowSeconds"]!).TotalHours.ToString("0.## h", CultureInfo.InvariantCulture),
            ];
            // Until when it would have held says nothing of one that is lifted.
            table.Row(isLifted ? cells : [.. cells, (string?)one["until"] ?? ""]);
        }
        call.PrintList(table, nothing);
        if (answer["held"] is JsonObject held)
        {
            var why = (string?)held["rule"] == "pumping.denied" ? "an administrator has denied them" : "they look like pumping";
            call.Output.WriteLine(
                $"No text goes to this number until {held["until"]}: {why} ({held["rule"]}). See countersign abuse list; a lift of limits "
                    + "leaves it as it is.");
        }
    }

    // Guesses are counted in shares of the line's day, which tell a person nothing.
    private static string SpentOf(JsonObject one)
    {
        var (count, max) = ((long)one["count"]!, (long)one["max"]!);
        return ((string)one["rule"]!).StartsWith("guesses.", StringComparison.Ordinal)
            ? ((double)count / max).ToString("0 %", CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{count} of {max}");
    }
}
