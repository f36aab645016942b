using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Countersign.Cli.Printing;

namespace Countersign.Cli.Server;

/// <summary><c>countersign suppression …</c>: persons who wrote STOP.</summary>
internal static class SuppressionCommands
{
    private const string Path = "/admin/suppressions";

    public static Command Suppression(ServerOptions server) =>
        new("suppression", "Persons who wrote STOP: list them, let texts go to one again.")
    {
        List(server), Lift(server),
    };

    private static Command List(ServerOptions server)
    {
        var number = NumberOption.Of("What one number has said");
        var limit = new Option<int>(
            "--limit") { Description = "How many at most, the newest first.", HelpName = "count", DefaultValueFactory = _ => 100 };
        return server.Attach(
            new Command("list", "List who wants no texts, from which sender and since when. Numbers are shown masked.") { number, limit },
            async (call, cancellationToken) =>
            {
                var body = new JsonObject { ["limit"] = call.Parsed.GetValue(limit) };
                if (await NumberOption.ReadAsync(call, number, cancellationToken) is { } one)
                {
                    body["phoneNumber"] = one;
                }
                return await call.Client.SendAsync(HttpMethod.Post, Path + "/list", body, cancellationToken);
            },
            (call, answer) =>
            {
                Print(call, answer["suppressions"]);
                if (!(bool)answer["isComplete"]!)
                {
                    call.Output.WriteLine("There are more: --limit, up to 1000.");
                }
            });
    }

    private static Command Lift(ServerOptions server)
    {
        var number = NumberOption.Of("Whose", isRequired: true);
        var sender = new Option<string>("--sender") { Description = "For this sender alone. [all]", HelpName = "sender" };
        return server.Attach(
            new Command(
                "lift", "Let texts go to a number again, as if the person had written START. Only for a person who asks for it.") { number,
                    sender },
            async (call, cancellationToken) =>
            {
                var body = new JsonObject { ["phoneNumber"] = await NumberOption.ReadAsync(call, number, cancellationToken) };
                if (call.Parsed.GetValue(sender) is { } one)
                {
                    body["sender"] = one;
                }
                return await call.Client.SendAsync(HttpMethod.Post, Path + "/lift", body, cancellationToken);
            },
            (call, answer) =>
            {
                var (lifted, remaining) = (answer["lifted"]!.AsArray().Count, answer["remaining"]!.AsArray().Count);
                call.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{lifted} lifted, {remaining} left."));
                if (remaining > 0)
                {
                    Print(call, answer["remaining"]);
                }
            });
    }

    private static void Print(ServerCall call, JsonNode? suppressions)
    {
        var table = Tables.Of("Number", "Sender", "Since");
        foreach (var one in suppressions!.AsArray().OfType<JsonObject>())
        {
            table.Row((string?)one["phoneNumber"] ?? "(not kept)", (string?)one["sender"] ?? "every sender", (string?)one["since"]);
        }
        call.PrintList(table, "There are no entries: nobody has written STOP.");
    }
}
