using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Countersign.Cli.Printing;

namespace Countersign.Cli.Server;

/// <summary><c>countersign flow …</c>: how does one flow stand, and what became of it?</summary>
internal static class FlowCommands
{
    public static Command Flow(ServerOptions server) =>
        new("flow", "Flows: how they stand, and for some time how they ended.") { Show(server), Find(server) };

    private static Command Show(ServerOptions server)
    {
        var id = new Argument<string>("correlation-id") { Description = "The id in the flow's answers." };
        return server.Attach(
            new Command("show", "Show how a flow stands or ended, and what has happened to it and to its texts; nothing personal.") { id },
            (call, cancellationToken) =>
                call.Client.GetAsync($"/admin/flows/{Uri.EscapeDataString(call.Parsed.GetRequiredValue(id))}", cancellationToken),
            Print);
    }

    private static Command Find(ServerOptions server)
    {
        var request = new Option<string>(
            "--client-request-id")
            {
                Description = "The relying party's own id of the request. - reads it from the standard input.", HelpName = "id"
            };
        var customer = new Option<string>(
            "--client-customer-id")
            {
                Description = "The relying party's own id of the person. - reads it from the standard input.", HelpName = "id"
            };
        var number = new Option<string>("--number")
        {
            Description =
                "The person's number, with its country code. - reads it from the standard input, so that it stands in no shell history.",
            HelpName = "number",
        };
        return server.Attach(
            new Command(
                "find",
                "Find the flows that live by the relying party's own id or by a number, and show each. Ends with 1 when there is none.")
            {
                request, customer, number,
            },
            async (call, cancellationToken) =>
            {
                var given = new (string Member, string? Value)[]
                {
                    ("clientRequestId", call.Parsed.GetValue(request)), ("clientCustomerId", call.Parsed.GetValue(customer)),
                    ("phoneNumber", call.Parsed.GetValue(number)),
                }.Where(key => key.Value is not null).ToList();
                if (given is not [var (member, value)])
                {
                    throw new CommandFailure(
                        "Say what to look for: --client-request-id, --client-customer-id or --number, one of the three.");
                }
                value = value == "-" ? (await Console.In.ReadLineAsync(cancellationToken))?.Trim() : value;
                var answer = await call.Client.SendAsync(
                    HttpMethod.Post, "/admin/flows/find", new JsonObject { [member] = value }, cancellationToken);
                if (call.IsJson)
                {
                    call.PrintJson(answer);
                }
                var flows = answer["flows"]!.AsArray().OfType<JsonObject>().ToList();
                if (flows.Count == 0)
                {
                    throw new CommandFailure("No flow that lives was found. Flows are kept for 15 minutes.");
                }
                if (!call.IsJson)
                {
                    PrintAll(call, flows, (bool)answer["isComplete"]!);
                }
                return 0;
            });
    }

    private static void PrintAll(ServerCall call, List<JsonObject> flows, bool isComplete)
    {
        // No more than what a terminal of 80 columns shows whole; the day is known of what lives for minutes.
        var table = Tables.Of("Begun (UTC)", "Flow", "Possession", "Name");
        foreach (var flow in flows)
        {
            var begun = ((DateTimeOffset)flow["createdAt"]!).UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
            table.Row(begun, (string?)flow["correlationId"], (string?)flow["possessionResult"], (string?)flow["verifyResult"]);
        }
        call.PrintTable(table);
        foreach (var flow in flows)
        {
            Print(call, flow);
        }
        call.Output.WriteLine(isComplete ? $"{flows.Count} found, newest first." : $"The newest {flows.Count}; there are more.");
    }

    private static void Print(ServerCall call, JsonObject flow)
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
            ("End", flow["reason"] is { } reason ? $"{flow["end"]} ({reason})" : (string?)flow["end"])));
        var table = Tables.Of("At", "What happened");
        foreach (var line in flow["timeline"]!.AsArray().OfType<JsonObject>())
        {
            table.Row((string?)line["at"], (string?)line["what"]);
        }
        call.PrintList(table, "Nothing has happened yet.");
        PrintTexts(call, flow["texts"] as JsonArray ?? []);
    }

    // A text that no gateway was asked to take has one row, too.
    private static void PrintTexts(ServerCall call, JsonArray texts)
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
}
