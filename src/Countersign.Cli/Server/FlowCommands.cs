using System.CommandLine;
using System.Text.Json.Nodes;

namespace Countersign.Cli.Server;

/// <summary><c>countersign flow …</c>: how do flows stand, and what became of them?</summary>
internal static class FlowCommands
{
    private const string Path = "/admin/flows";

    public static Command Flow(ServerOptions server) =>
        new("flow", "Flows: how they stand, and for some time how they ended.")
        {
            List(server), Show(server), Find(server), Export(server),
        };

    private static Command List(ServerOptions server)
    {
        var filters = new FlowFilterOptions();
        var state = new Option<string>("--state") { Description = "running, or ended.", HelpName = "word" };
        state.AcceptOnlyFromAmong("running", "ended");
        var limit = new Option<int>("--limit")
        {
            Description = "How many at most, from 1 to 10000.", HelpName = "number", DefaultValueFactory = _ => 50,
        };
        limit.Validators.Add(given =>
        {
            if (given.GetValue(limit) is < 1 or > 10_000)
            {
                given.AddError("--limit must be a whole number from 1 to 10000.");
            }
        });
        var command = new Command("list", "List flows, newest first: those that run, and those that have ended.") { state, limit };
        filters.AddTo(command);
        return server.Attach(command, async (call, cancellationToken) =>
        {
            filters.Speak(call);
            var (flows, wanted) = (new List<JsonObject>(), call.Parsed.GetValue(limit));
            var query = filters.QueryOf(call.Parsed, ("state", call.Parsed.GetValue(state)));
            var hasMore = false;
            await foreach (var flow in FlowPages.ReadAsync(call.Client, query, Math.Min(wanted + 1, FlowPages.Most), cancellationToken))
            {
                if (hasMore = flows.Count == wanted)
                {
                    break;
                }
                flows.Add(flow);
            }
            if (call.IsJson)
            {
                call.PrintJson(new JsonObject
                {
                    ["flows"] = new JsonArray([.. flows.Select(flow => flow.DeepClone())]), ["isComplete"] = !hasMore,
                });
                return 0;
            }
            FlowPrinting.List(call, flows, "There is no such flow.");
            if (flows.Count > 0)
            {
                call.Output.WriteLine(hasMore ? $"The newest {flows.Count}; there are more." : $"{flows.Count} found, newest first.");
            }
            return 0;
        });
    }

    private static Command Show(ServerOptions server)
    {
        var id = new Argument<string>("correlation-id") { Description = "The id in the flow's answers." };
        var language = FlowFilterOptions.NewLanguage();
        return server.Attach(
            new Command("show", "Show how a flow stands or ended, and what has happened to it and to its texts; nothing personal.")
            {
                id, language,
            },
            (call, cancellationToken) =>
            {
                call.Client.SpeakIn(call.Parsed.GetValue(language));
                return call.Client.GetAsync($"{Path}/{Uri.EscapeDataString(call.Parsed.GetRequiredValue(id))}", cancellationToken);
            },
            FlowPrinting.Whole);
    }

    private static Command Find(ServerOptions server)
    {
        var request = new Option<string>("--client-request-id")
        {
            Description = "The relying party's own id of the request. - reads it from the standard input.", HelpName = "id",
        };
        var customer = new Option<string>("--client-customer-id")
        {
            Description = "The relying party's own id of the person. - reads it from the standard input.", HelpName = "id",
        };
        var number = new Option<string>("--number")
        {
            Description =
                "The person's number, with its country code. - reads it from the standard input, so that it stands in no shell history.",
            HelpName = "number",
        };
        var language = FlowFilterOptions.NewLanguage();
        return server.Attach(
            new Command(
                "find",
                "Find flows by the relying party's own id or by a number, and show each. Ends with 1 when there is none.")
            {
                request, customer, number, language,
            },
            async (call, cancellationToken) =>
            {
                var given = new (string Member, Option<string> Option)[]
                {
                    ("clientRequestId", request), ("clientCustomerId", customer), ("phoneNumber", number),
                }.Where(key => call.Parsed.GetValue(key.Option) is not null).ToList();
                if (given is not [var (member, option)])
                {
                    throw new CommandFailure(given.Count == 0
                        ? "Say what to look for: --client-request-id, --client-customer-id or --number, one of the three."
                        : $"Look for one thing at a time, not for {string.Join(" and ", given.Select(key => key.Option.Name))} together.");
                }
                var value = await NumberOption.ReadAsync(call, option, cancellationToken);
                call.Client.SpeakIn(call.Parsed.GetValue(language));
                var answer = await call.Client.SendAsync(
                    HttpMethod.Post, $"{Path}/find", new JsonObject { [member] = value }, cancellationToken);
                if (call.IsJson)
                {
                    call.PrintJson(answer);
                }
                var flows = answer["flows"]!.AsArray().OfType<JsonObject>().ToList();
                if (flows.Count == 0)
                {
                    throw new CommandFailure("No such flow was found. Nothing is known of flows for longer than Countersign:History says.");
                }
                if (!call.IsJson)
                {
                    FlowPrinting.All(call, flows, (bool)answer["isComplete"]!);
                }
                return 0;
            });
    }

    private static Command Export(ServerOptions server)
    {
        var filters = new FlowFilterOptions();
        var format = new Option<string>("--format")
        {
            Description = "jsonl: an object a line. csv: a row a flow, under a heading.", HelpName = "word",
            DefaultValueFactory = _ => "jsonl",
        };
        format.AcceptOnlyFromAmong("jsonl", "csv");
        var id = new Argument<string?>("correlation-id")
        {
            Description = "One flow, with --scenario.", Arity = ArgumentArity.ZeroOrOne,
        };
        var scenario = new Option<bool>("--scenario")
        {
            Description = "Print the flow as a test, for countersign scenario run. Nothing personal in it.",
        };
        var command = new Command(
            "export",
            "Print how flows have ended, newest first, one a line: all that fit, read page by page. No name and no number is in it, but "
                + "the ids of flows: personal data where an id leads to a person.")
        {
            id, scenario, format,
        };
        command.Validators.Add(given =>
        {
            if ((given.GetValue(id) is not null) != given.GetValue(scenario))
            {
                given.AddError("A flow's id and --scenario go together: countersign flow export <correlation-id> --scenario.");
            }
            else if (given.GetValue(scenario) && given.GetResult(format) is { Implicit: false })
            {
                given.AddError("A scenario has a format of its own: leave --format out.");
            }
        });
        filters.AddTo(command);
        return server.Attach(command, async (call, cancellationToken) =>
        {
            if (call.Parsed.GetValue(id) is { } one)
            {
                ScenarioPrinting.File(
                    call.Output, await call.Client.GetAsync($"{Path}/{Uri.EscapeDataString(one)}/scenario", cancellationToken));
                return 0;
            }
            filters.Speak(call);
            var isCsv = call.Parsed.GetValue(format) == "csv";
            if (isCsv)
            {
                await call.Output.WriteLineAsync(FlowPrinting.CsvHeading);
            }
            var query = filters.QueryOf(call.Parsed, ("state", "ended"));
            await foreach (var flow in FlowPages.ReadAsync(call.Client, query, FlowPages.Most, cancellationToken))
            {
                await call.Output.WriteLineAsync(isCsv ? FlowPrinting.CsvRow(flow) : FlowPrinting.Line(flow));
            }
            return 0;
        });
    }
}
