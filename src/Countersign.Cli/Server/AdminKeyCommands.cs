using System.CommandLine;
using System.Text.Json.Nodes;
using Countersign.Cli.Printing;

namespace Countersign.Cli.Server;

/// <summary><c>countersign admin-key …</c>: who may call the admin API.</summary>
internal static class AdminKeyCommands
{
    private const string Path = "/admin/keys";

    private const string Scopes = "read, support, projects, records, abuse, keys, audit";

    public static Command AdminKey(ServerOptions server) =>
        new("admin-key", "Keys of the admin API: what this command shows to the server.")
        {
            Create(server), List(server), End(server),
        };

    /// <summary>What a key may do, for people.</summary>
    public static string? RightsOf(JsonObject key) => JsonLists.Join(key["scopes"]);

    /// <summary>Where it may, for people. One that keeps to none has lost the projects that it kept to.</summary>
    public static string ProjectsOf(JsonObject key) => JsonLists.Join(key["projects"]) switch
    {
        null => "(all)",
        "" => "(none)",
        var some => some,
    };

    private static Command Create(ServerOptions server)
    {
        var name = new Argument<string>("name")
        {
            Description = "The log knows by it who called: a-z, 0-9, -, _ and . It is not used again.",
        };
        var scopes = new Option<string[]>("--scope")
        {
            Description = $"What the key may do: {Scopes}. May be repeated; no more than yours.", HelpName = "scope", Required = true,
        };
        var projects = new Option<string[]>("--project")
        {
            Description = "A project that the key is limited to. May be repeated. [all, if yours has all]", HelpName = "id",
        };
        var expires = new Option<string>("--expires")
        {
            Description =
                "A date (2027-01-31), from whose beginning in UTC the key opens nothing, or a moment (2027-01-31T12:00:00Z). [never]",
            HelpName = "date",
        };
        return server.Attach(
            new Command("create", "Make a key of the admin API and print it, once.") { name, scopes, projects, expires },
            (call, cancellationToken) =>
            {
                var body = new JsonObject
                {
                    ["name"] = call.Parsed.GetRequiredValue(name), ["scopes"] = JsonLists.Of(call.Parsed.GetValue(scopes) ?? []),
                };
                if (call.Parsed.GetValue(projects) is { Length: > 0 } some)
                {
                    body["projects"] = JsonLists.Of(some);
                }
                if (call.Parsed.GetValue(expires) is { } end)
                {
                    body["expiresAt"] = end;
                }
                return call.Client.SendAsync(HttpMethod.Post, Path, body, cancellationToken);
            },
            (call, answer) =>
            {
                call.PrintTable(Tables.Pairs(
                    ("Name", (string?)answer["name"]),
                    ("Key", (string?)answer["key"]),
                    ("Scopes", RightsOf(answer)),
                    ("Projects", ProjectsOf(answer)),
                    ("Opens until", (string?)answer["expiresAt"])));
                call.Error.WriteLine("The key is shown this once: the server keeps only a hash of it. Put it where its user finds it.");
            });
    }

    private static Command List(ServerOptions server) => server.Attach(
        new Command("list", "List the keys of the admin API, also those that have ended; without the keys themselves."),
        (call, cancellationToken) => call.Client.GetAsync(Path, cancellationToken),
        (call, answer) =>
        {
            var table = Tables.Of("Name", "Made by", "Scopes", "Projects", "Opens until", "Ended");
            foreach (var key in answer["keys"]!.AsArray().OfType<JsonObject>())
            {
                table.Row(
                    (string?)key["name"], (string?)key["createdBy"] ?? "(configuration)", RightsOf(key), ProjectsOf(key),
                    (string?)key["expiresAt"], (string?)key["endedAt"]);
            }
            call.PrintList(table, "There are no keys.");
        });

    private static Command End(ServerOptions server)
    {
        var name = new Argument<string>("name") { Description = "The key's name." };
        return server.Attach(
            new Command("end", "End a key of the admin API: it opens nothing any more.") { name },
            async (call, cancellationToken) =>
            {
                var key = call.Parsed.GetRequiredValue(name);
                // Before: the key may be the one that calls.
                var keys = await ListAsync(call.Client, cancellationToken);
                await call.Client.SendAsync(HttpMethod.Delete, $"{Path}/{Uri.EscapeDataString(key)}", body: null, cancellationToken);
                call.PrintDone($"The admin key {key} has ended; other nodes follow within 30 seconds.");
                if (MadeBy(key, keys) is { Count: > 0 } made)
                {
                    await call.Error.WriteLineAsync(
                        $"Keys that it has made stay, and those that they have made: {string.Join(", ", made)}. End them, too, if they "
                            + "should not.");
                }
                return 0;
            });
    }

    /// <summary>None where the key that calls may not list them: then it has made none either, and it can end itself.</summary>
    private static async Task<List<JsonObject>> ListAsync(AdminClient client, CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await client.GetAsync(Path, cancellationToken))["keys"]!.AsArray().OfType<JsonObject>()];
        }
        catch (CommandFailure failure) when (failure.IsNotPermitted)
        {
            return [];
        }
    }

    /// <summary>Keys that have not ended and would not be there without the one with this name.</summary>
    private static List<string> MadeBy(string name, List<JsonObject> keys)
    {
        var makers = new List<string> { name };
        for (var i = 0; i < makers.Count; i++)
        {
            makers.AddRange(keys.Where(key => (string?)key["createdBy"] == makers[i]).Select(key => (string)key["name"]!)
                .Except(makers, StringComparer.Ordinal).ToList());
        }
        return [.. makers.Skip(1).Where(maker => keys.Exists(key => (string?)key["name"] == maker && key["endedAt"] is null))];
    }
}
