using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Countersign.Cli.Printing;

namespace Countersign.Cli.Server;

/// <summary><c>countersign abuse …</c>: texts that look like pumping.</summary>
internal static class AbuseCommands
{
    private const string Path = "/admin/abuse";

    // What the server takes.
    private const int MaxHours = 2160;

    public static Command Abuse(ServerOptions server) =>
        new("abuse", "Texts that look like pumping: list what rules have found, allow and deny, and try rules.")
    {
        List(server),
        Say(server, "allow", "Let texts go whatever the rules say: before a campaign, or for a person taken for an attacker."),
        Say(server, "deny", "Let no texts go to a prefix, a country or a number, or for pages open at an address."),
        BacktestCommand.Backtest(server),
    };

    private static Command List(ServerOptions server)
    {
        var limit = new Option<int>(
            "--limit") { Description = "How many at most, the newest first.", HelpName = "count", DefaultValueFactory = _ => 100 };
        return server.Attach(
            new Command("list", "List what rules have found and administrators have said. Numbers and addresses are shown masked.")
            {
                limit,
            },
            (call, cancellationToken) => call.Client.SendAsync(
                HttpMethod.Post, Path + "/list", new JsonObject { ["limit"] = call.Parsed.GetValue(limit) }, cancellationToken),
            (call, answer) =>
            {
                Print(call, answer["entries"]!.AsArray());
                if (!(bool)answer["isComplete"]!)
                {
                    call.Output.WriteLine("There are more: --limit, up to 1000.");
                }
            });
    }

    private static Command Say(ServerOptions server, string word, string description)
    {
        var prefix = new Option<string>("--prefix")
        {
            Description = "How numbers begin, with their country code: +88213, or all of a number but its last four digits.",
            HelpName = "prefix",
        };
        var country = new Option<string>("--country") { Description = "A country, by its two letters.", HelpName = "code" };
        var address = new Option<string>("--address")
        {
            Description = "The address from which persons browse; of IPv6 its /64 is meant. - reads it from the standard input.",
            HelpName = "address",
        };
        var number = NumberOption.Of("One number");
        var hours = new Option<int>("--for")
        {
            Description = $"How long, in hours, up to {MaxHours}.", HelpName = "hours", DefaultValueFactory = _ => 24,
        };
        return server.Attach(
            new Command(word, description) { prefix, country, address, number, hours },
            async (call, cancellationToken) =>
            {
                if (Array.TrueForAll((Option<string>[])[prefix, country, address, number], one => call.Parsed.GetValue(one) is null))
                {
                    throw new CommandFailure($"Say what to {word}: --prefix, --country, --address or --number, one of the four.");
                }
                var body = new JsonObject
                {
                    ["hours"] = call.Parsed.GetValue(hours) is >= 1 and <= MaxHours and var time ? time
                        : throw new CommandFailure($"--for must be a whole number of hours, from 1 to {MaxHours}."),
                };
                Add(body, "prefix", call.Parsed.GetValue(prefix));
                Add(body, "country", call.Parsed.GetValue(country));
                Add(body, "address", await NumberOption.ReadAsync(call, address, cancellationToken));
                Add(body, "phoneNumber", await NumberOption.ReadAsync(call, number, cancellationToken));
                return await call.Client.SendAsync(HttpMethod.Post, $"{Path}/{word}", body, cancellationToken);
            },
            (call, answer) =>
            {
                Print(call, [answer.DeepClone()]);
                if ((string?)answer["verdict"] == "denied" && !(bool)answer["isEnforced"]!)
                {
                    call.Output.WriteLine($"Texts go out all the same: Countersign:Pumping:Denied is {answer["mode"]}.");
                }
            });
    }

    private static void Add(JsonObject body, string member, string? value)
    {
        if (value is not null)
        {
            body[member] = value;
        }
    }

    private static void Print(ServerCall call, JsonArray entries)
    {
        var table = Tables.Of("Verdict", "Target", "Which", "Why", "Since", "Until");
        foreach (var one in entries.OfType<JsonObject>())
        {
            table.Row(
                VerdictOf(one), (string?)one["target"], (string?)one["label"], WhyOf(one), (string?)one["since"], (string?)one["until"]);
        }
        call.PrintList(table, "No rule has found anything, and nothing is allowed or denied.");
    }

    // What refuses nothing must not read as if it did.
    private static string VerdictOf(JsonObject entry)
    {
        var (verdict, isPresent) = ((string)entry["verdict"]!, (bool)entry["isPresent"]!);
        var refuses = isPresent && (bool?)entry["isEnforced"] is { } isEnforced ? isEnforced : (string?)entry["mode"] == "enforce";
        var word = verdict == "allowed" || refuses ? verdict
            : verdict == "held" ? "found, not held"
            : $"{verdict}, not refused";
        return isPresent ? word : word + ", over";
    }

    private static string WhyOf(JsonObject entry) => entry["rule"] is { } rule
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"{rule} ({entry["count"]} of {entry["max"]} in {(long)entry["seconds"]! / 60} min), {entry["mode"]}")
        : $"by {entry["by"]}";
}
