using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Countersign.Cli.Printing;

namespace Countersign.Cli.Server;

/// <summary><c>countersign webhook …</c>: where a project's events are sent.</summary>
internal static class WebhookCommands
{
    public static Command Webhook(ServerOptions server) =>
        new("webhook", "Webhooks: where a project's events are sent, and what they did not get.")
    {
        Create(server), List(server), Show(server), Set(server), Rotate(server), Test(server), Replay(server), Delete(server),
    };

    private static Command Create(ServerOptions server)
    {
        var (project, types) = (Project(), Types("These types of events alone. [all]"));
        var url = new Option<string>("--url") { Description = "Where to send events: https://…", HelpName = "address", Required = true };
        return server.Attach(
            new Command("create", "Make a webhook and print its secret, once.") { project, url, types },
            (call, cancellationToken) => call.Client.SendAsync(
                HttpMethod.Post, PathOf(call.Parsed.GetRequiredValue(project)),
                new JsonObject
                {
                    ["url"] = call.Parsed.GetRequiredValue(url), ["types"] = JsonLists.Of(call.Parsed.GetValue(types) ?? []),
                },
                cancellationToken),
            PrintSecret);
    }

    private static Command List(ServerOptions server)
    {
        var project = Project();
        return server.Attach(
            new Command("list", "List a project's webhooks.") { project },
            (call, cancellationToken) => call.Client.GetAsync(PathOf(call.Parsed.GetRequiredValue(project)), cancellationToken),
            (call, answer) =>
            {
                var table = Tables.Of("Id", "Address", "Events", "State", "Waiting", "Dead");
                foreach (var one in answer["webhooks"]!.AsArray().OfType<JsonObject>())
                {
                    table.Row(
                        (string?)one["webhookId"], (string?)one["url"], EventsOf(one), StateOf(one), $"{one["waiting"]}",
                        $"{one["dead"]}");
                }
                call.PrintList(table, "The project has no webhook: countersign webhook create --project <id> --url <address>.");
            });
    }

    private static Command Show(ServerOptions server)
    {
        var (project, id) = (Project(), Id());
        return server.Attach(
            new Command("show", "Show a webhook, and the newest of the events that were given up.") { id, project },
            (call, cancellationToken) => call.Client.GetAsync(PathOf(call, project, id), cancellationToken),
            (call, webhook) =>
            {
                call.PrintTable(Tables.Pairs(
                    ("Webhook", (string?)webhook["webhookId"]),
                    ("Address", (string?)webhook["url"]),
                    ("Events", EventsOf(webhook)),
                    ("State", StateOf(webhook)),
                    ("Made at", (string?)webhook["createdAt"]),
                    ("Former secret signs until", (string?)webhook["formerSecretEndsAt"]),
                    ("Waiting", $"{webhook["waiting"]}"),
                    ("Dead", $"{webhook["dead"]}")));
                var table = Tables.Of("Given up", "Event", "Type", "Happened at", "Tries", "Last outcome");
                foreach (var dead in (webhook["givenUp"] as JsonArray ?? []).OfType<JsonObject>())
                {
                    table.Row(
                        (string?)dead["at"], (string?)dead["event"], (string?)dead["type"], (string?)dead["happenedAt"],
                        $"{dead["attempts"]}", (string?)dead["outcome"]);
                }
                call.PrintList(table, "No event was given up.");
            });
    }

    private static Command Set(ServerOptions server)
    {
        var (project, id, types) = (Project(), Id(), Types("These types of events alone, from now on; all for every one."));
        var url = new Option<string>("--url") { Description = "Where to send events from now on.", HelpName = "address" };
        var enabled = new Option<bool?>("--enabled")
        {
            Description = "false: send nothing; what happens meanwhile is not kept for it.", HelpName = "true|false",
        };
        return server.Attach(
            new Command("set", "Change a webhook; what is left out stays.") { id, project, url, types, enabled },
            async (call, cancellationToken) =>
            {
                var body = new JsonObject();
                if (call.Parsed.GetValue(url) is { } address)
                {
                    body["url"] = address;
                }
                if (call.Parsed.GetValue(types) is { Length: > 0 } given)
                {
                    body["types"] = JsonLists.Of(given is ["all"] ? [] : given);
                }
                if (call.Parsed.GetValue(enabled) is { } isOn)
                {
                    body["enabled"] = isOn;
                }
                if (body.Count == 0)
                {
                    throw new CommandFailure("Say what to change: --url, --type or --enabled.");
                }
                await call.Client.SendAsync(HttpMethod.Patch, PathOf(call, project, id), body, cancellationToken);
                call.PrintDone($"The webhook {call.Parsed.GetRequiredValue(id)} is changed.");
                return 0;
            });
    }

    private static Command Rotate(ServerOptions server)
    {
        var (project, id) = (Project(), Id());
        var expire = new Option<string>("--expire-old-after")
        {
            Description = "How long the secret before signs beside the new one: 90s, 30m, 24h, or 0 for not at all; up to 7d. [24h]",
            HelpName = "time",
        };
        return server.Attach(
            new Command("rotate", "Give a webhook a new secret and print it, once; the one before signs for a while yet.")
            {
                id, project, expire,
            },
            (call, cancellationToken) =>
            {
                var body = new JsonObject();
                if (call.Parsed.GetValue(expire) is { } time)
                {
                    body["expireOldAfterSeconds"] = Durations.ReadSeconds(
                        time, "--expire-old-after", TimeSpan.Zero, TimeSpan.FromDays(7));
                }
                return call.Client.SendAsync(HttpMethod.Post, $"{PathOf(call, project, id)}/rotate", body, cancellationToken);
            },
            PrintSecret);
    }

    private static Command Test(ServerOptions server)
    {
        var (project, id) = (Project(), Id());
        return server.Attach(
            new Command("test", "Send a test event and say what came of it. Ends with 1 when it was not taken.") { id, project },
            async (call, cancellationToken) =>
            {
                var answer = await call.Client.SendAsync(
                    HttpMethod.Post, $"{PathOf(call, project, id)}/test", body: null, cancellationToken);
                var (isTaken, outcome) = ((bool)answer["taken"]!, (string?)answer["outcome"]);
                if (call.IsJson)
                {
                    call.PrintJson(answer);
                }
                else if (isTaken)
                {
                    call.Output.WriteLine($"Taken: the receiver answered {outcome}.");
                }
                return isTaken ? 0
                    : throw new CommandFailure($"Not taken: {outcome}. docs/webhooks.md says what that means, and what to do.");
            });
    }

    private static Command Replay(ServerOptions server)
    {
        var (project, id) = (Project(), Id());
        var one = new Option<string>("--event") { Description = "This event.", HelpName = "id" };
        var since = new Option<string>("--since")
        {
            Description = "Those that happened from then on: 2027-01-31, or 2027-01-31T12:00:00Z.", HelpName = "moment",
        };
        var until = new Option<string>("--until") { Description = "And before then. [now]", HelpName = "moment" };
        var dead = new Option<bool>("--dead") { Description = "Those that were given up." };
        return server.Attach(
            new Command("replay", "Send events again that are kept: one, those of a time, or those that were given up.")
            {
                id, project, one, since, until, dead,
            },
            (call, cancellationToken) =>
            {
                var body = new JsonObject();
                foreach (var (member, value) in new[]
                {
                    ("event", call.Parsed.GetValue(one)), ("since", call.Parsed.GetValue(since)), ("until", call.Parsed.GetValue(until)),
                })
                {
                    if (value is not null)
                    {
                        body[member] = value;
                    }
                }
                if (call.Parsed.GetValue(dead))
                {
                    body["dead"] = true;
                }
                if (body.Count == 0)
                {
                    throw new CommandFailure("Say which events: --event, --since (with --until or without) or --dead, one of the three.");
                }
                return call.Client.SendAsync(HttpMethod.Post, $"{PathOf(call, project, id)}/replay", body, cancellationToken);
            },
            (call, answer) => call.Output.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{(int)answer["count"]!} to be sent again.")));
    }

    private static Command Delete(ServerOptions server)
    {
        var (project, id) = (Project(), Id());
        return server.Attach(
            new Command("delete", "Remove a webhook, with what was still to be sent to it.") { id, project },
            async (call, cancellationToken) =>
            {
                await call.Client.SendAsync(HttpMethod.Delete, PathOf(call, project, id), body: null, cancellationToken);
                call.PrintDone($"The webhook {call.Parsed.GetRequiredValue(id)} is gone.");
                return 0;
            });
    }

    private static void PrintSecret(ServerCall call, JsonObject answer)
    {
        call.PrintTable(Tables.Pairs(
            ("Webhook", (string?)answer["webhookId"]),
            ("Secret", (string?)answer["secret"]),
            ("Former secret", (string?)answer["formerSecretEndsAt"] is { } until ? $"signs until {until}" : null)));
        call.Error.WriteLine("The secret is shown this once. Put it where the receiver finds it.");
    }

    private static string EventsOf(JsonObject webhook) =>
        JsonLists.Join(webhook["types"]) is { Length: > 0 } types ? types : "all";

    private static string StateOf(JsonObject webhook) => (bool)webhook["enabled"]! ? "on" : "off";

    private static Option<string> Project() => new("--project") { Description = "The project's id.", HelpName = "id", Required = true };

    private static Argument<string> Id() => new("webhook-id") { Description = "The webhook's id: wh_…" };

    private static Option<string[]> Types(string description) =>
        new("--type") { Description = description, HelpName = "type", AllowMultipleArgumentsPerToken = true };

    private static string PathOf(string project) => $"{ProjectCommands.PathOf(project)}/webhooks";

    private static string PathOf(ServerCall call, Option<string> project, Argument<string> id) =>
        $"{PathOf(call.Parsed.GetRequiredValue(project))}/{Uri.EscapeDataString(call.Parsed.GetRequiredValue(id))}";
}
