using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Countersign.Cli.Server;

namespace Countersign.Cli.Audit;

/// <summary><c>countersign audit list</c>.</summary>
internal static class AuditListCommand
{
    public static Command List(ServerOptions server)
    {
        var texts = new (Option<string> Option, string Member)[]
        {
            (TextOf("--from", "From this moment on: 2027-01-31, or 2027-01-31T12:00:00Z.", "time"), "from"),
            (TextOf("--to", "Before this moment.", "time"), "to"),
            (TextOf("--actor", "Who: admin-key:<name>, client:<id> or server.", "actor"), "actor"),
            (TextOf("--act", "What: createProject, disclose, start …", "act"), "act"),
            (TextOf("--project", "In this project.", "id"), "projectId"),
            (TextOf("--target", "To what: project:<id>, client:<id>, admin-key:<name>, flow:<id> …", "target"), "target"),
            (TextOf("--prove-id", "About the person with this proveId.", "id"), "proveId"),
        };
        var customer = TextOf(
            "--client-customer-id", "About the person who was looked for by this id. - reads it from the standard input.", "id");
        var number = NumberOption.Of("About a number");
        var before = new Option<long?>("--before") { Description = "Before this entry: for the next page.", HelpName = "position" };
        var limit = new Option<int>(
            "--limit") { Description = "How many at most, the newest first.", HelpName = "count", DefaultValueFactory = _ => 100 };
        var command = new Command("list", "List what was done, by whom, to what and from where; the newest first. Nothing personal.");
        foreach (var (option, _) in texts)
        {
            command.Add(option);
        }
        foreach (var option in (Option[])[customer, number, before, limit])
        {
            command.Add(option);
        }
        return server.Attach(
            command,
            async (call, cancellationToken) =>
            {
                var body = new JsonObject { ["limit"] = call.Parsed.GetValue(limit) };
                foreach (var (option, member) in texts)
                {
                    Add(body, member, call.Parsed.GetValue(option));
                }
                Add(body, "clientCustomerId", await NumberOption.ReadAsync(call, customer, cancellationToken));
                Add(body, "phoneNumber", await NumberOption.ReadAsync(call, number, cancellationToken));
                if (call.Parsed.GetValue(before) is { } position)
                {
                    body["before"] = position;
                }
                return await call.Client.SendAsync(HttpMethod.Post, "/admin/audit/list", body, cancellationToken);
            },
            Print);
    }

    // No table: what was changed is longer than a column, and would leave the others none.
    private static void Print(ServerCall call, JsonObject answer)
    {
        var entries = answer["entries"]!.AsArray().OfType<JsonObject>().ToList();
        if (entries.Count == 0)
        {
            call.Output.WriteLine("Nothing of the kind was done, or it is not linked yet: that takes some seconds.");
        }
        foreach (var one in entries)
        {
            var at = ((DateTimeOffset)one["at"]!).UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            var what = new[]
            {
                $"{one["position"]}", $"{at} UTC", $"{one["actor"]}", one["from"] is { } from ? $"from {from}" : "", $"{one["act"]}",
                $"{one["target"] ?? one["project"]}", one["subject"] is { } person ? $"about {person}" : "", $"{one["outcome"]}",
                $"{one["status"]}",
            };
            call.Output.WriteLine(string.Join("  ", what.Where(part => part.Length > 0)));
            if (DetailsOf(one) is { Length: > 0 } details)
            {
                call.Output.WriteLine($"    {details}");
            }
        }
        if (!(bool)answer["isComplete"]! && entries.Count > 0)
        {
            call.Output.WriteLine($"There are more: --before {entries[^1]["position"]}.");
        }
    }

    // What was changed says more than what was asked.
    private static string DetailsOf(JsonObject entry) => entry["changes"]!.AsArray().OfType<JsonObject>().ToList() is { Count: > 0 } changes
        ? string.Join(", ", changes.Select(one => $"{one["name"]}: {Or(one["before"])} -> {Or(one["after"])}"))
        : string.Join(", ", entry["asked"]!.AsArray().OfType<JsonObject>().Select(one => $"{one["name"]}={one["value"]}"));

    private static string Or(JsonNode? value) => value is null ? "(none)" : $"{value}";

    private static void Add(JsonObject body, string member, string? value)
    {
        if (value is not null)
        {
            body[member] = value;
        }
    }

    private static Option<string> TextOf(string name, string description, string help) =>
        new(name) { Description = description, HelpName = help };
}
