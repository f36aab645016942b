using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Cli.Printing;

namespace Countersign.Cli.Server;

/// <summary><c>countersign abuse backtest</c>: what rules would have stopped of what was sent.</summary>
internal static class BacktestCommand
{
    public static Command Backtest(ServerOptions server)
    {
        var file = new Argument<FileInfo>("file")
        {
            Description = "The rules, as a configuration file has them: {\"Pumping\":{\"Growth\":\"Enforce\",\"GrowthFactor\":4}}.",
        };
        var days = new Option<int>("--days")
        {
            Description = "Of how many days, from 1 to 366.", HelpName = "number", DefaultValueFactory = _ => 30,
        };
        return server.Attach(
            new Command("backtest", "Show what rules would have stopped of the texts of the last days, and whom they would have hit.")
            {
                file, days,
            },
            async (call, cancellationToken) => await call.Client.SendAsync(
                HttpMethod.Post, "/admin/abuse/backtest",
                new JsonObject
                {
                    ["days"] = call.Parsed.GetValue(days),
                    ["rules"] = await ReadAsync(call.Parsed.GetRequiredValue(file), cancellationToken),
                },
                cancellationToken),
            Print);
    }

    /// <summary>As lines of names and values.</summary>
    private static async Task<JsonArray> ReadAsync(FileInfo file, CancellationToken cancellationToken)
    {
        try
        {
            var rules = StrictJson.Parse(
                await File.ReadAllBytesAsync(file.FullName, cancellationToken),
                new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }) as JsonObject
                ?? throw new CommandFailure($"{file.Name} must hold an object, as a configuration file does.");
            // Whoever has copied from one has its outermost name, too.
            return [.. LinesOf(rules["Countersign"] as JsonObject ?? rules, "").Select(line => (JsonNode)line)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"{file.Name} cannot be read: {failure.Message}");
        }
        catch (JsonException failure)
        {
            throw new CommandFailure($"{file.Name} is no JSON: {failure.Message}");
        }
    }

    private static IEnumerable<string> LinesOf(JsonObject rules, string path) => rules.SelectMany(rule => rule.Value switch
    {
        JsonObject below => LinesOf(below, $"{path}{rule.Key}:"),
        var value => [$"{path}{rule.Key}={value}"],
    });

    private static void Print(ServerCall call, JsonNode answer)
    {
        var currency = (string?)answer["currency"];
        string[] columns = ["Rule", "Texts stopped", "People", "Of them lost"];
        var table = Tables.Of(currency is null ? columns : [.. columns, $"Saved ({currency})"]);
        foreach (var rule in answer["alone"]!.AsArray().Append(answer["together"]).OfType<JsonObject>())
        {
            string?[] cells = [(string?)rule["rule"], Number(rule["texts"]), Number(rule["people"]), Number(rule["lost"])];
            table.Row(currency is null ? cells : [.. cells, Money(rule["saved"])]);
        }
        call.PrintTable(table);
        var cost = currency is null ? "" : $", for {Money(answer["cost"])} {currency}";
        call.Output.WriteLine(
            $"Of {Number(answer["texts"])} texts to {Number(answer["people"])} people in {Number(answer["days"])} days{cost}. "
            + "Lost are people who proved that they hold the phone.");
        if (answer["notTold"]!.AsArray() is { Count: > 0 } untold)
        {
            var names = string.Join(", ", untold.Select(rule => (string?)rule));
            call.Output.WriteLine($"Not tried, since outcomes do not tell what they look at: {names}.");
        }
    }

    private static string? Number(JsonNode? number) => ((long?)number)?.ToString(CultureInfo.InvariantCulture);

    private static string? Money(JsonNode? amount) => ((decimal?)amount)?.ToString("0.00####", CultureInfo.InvariantCulture);
}
