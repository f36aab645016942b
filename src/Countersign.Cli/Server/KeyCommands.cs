using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Cli.Printing;

namespace Countersign.Cli.Server;

/// <summary><c>countersign keys …</c>: what the store is encrypted with.</summary>
internal static class KeyCommands
{
    private const string Path = "/admin/encryption-keys";

    public static Command Keys(ServerOptions server) => new("keys", "The keys that the store is encrypted with.")
    {
        List(server), Rotate(server), Retire(server), DropLost(server),
    };

    private static Command List(ServerOptions server) => server.Attach(
        new Command(
            "list",
            "List the encryption keys, how many values in the store are under each, and from when it can be retired if none is; without "
                + "the keys themselves."),
        (call, cancellationToken) => call.Client.GetAsync(Path, cancellationToken),
        (call, answer) =>
        {
            var table = Tables.Of("Key", "Seals from", "Seals now", "Values under it", "Can be retired from");
            foreach (var key in answer["keys"]!.AsArray().OfType<JsonObject>())
            {
                table.Row(
                    (string?)key["id"], (string?)key["sealsFrom"] ?? "(the first)", (bool?)key["seals"] == true ? "yes" : "no",
                    ((long?)key["values"])?.ToString(CultureInfo.InvariantCulture), (string?)key["retirableFrom"]);
            }
            if ((long?)answer["valuesUnderNoKey"] is > 0 and var lost)
            {
                table.Row("under no known key", "", "", lost.ToString(CultureInfo.InvariantCulture), "");
            }
            call.PrintList(table, "There are no encryption keys.");
        });

    private static Command Rotate(ServerOptions server)
    {
        var wait = new Option<string>("--in")
        {
            Description =
                "How long until the new key seals, 15s to 30d: 15m, 24h. With several servers, the time in which each of them gets the "
                + "key file. [15s]",
            HelpName = "time",
        };
        return server.Attach(
            new Command("rotate", "Make a new encryption key, in the server's key file; what is stored is sealed anew with it.") { wait },
            (call, cancellationToken) =>
            {
                var body = new JsonObject();
                if (call.Parsed.GetValue(wait) is { } time)
                {
                    body["sealsInSeconds"] = Durations.ReadSeconds(time, "--in", TimeSpan.FromSeconds(15), TimeSpan.FromDays(30));
                }
                return call.Client.SendAsync(HttpMethod.Post, Path, body, cancellationToken);
            },
            (call, answer) =>
            {
                call.PrintTable(Tables.Pairs(("Key", (string?)answer["id"]), ("Seals from", (string?)answer["sealsFrom"])));
                call.Error.WriteLine(
                    "Copy the key file of this server (Countersign:Keys:File) to every other server before then, and keep a copy "
                    + "where no backup of the store is: without it the store cannot be read.");
            });
    }

    private static Command DropLost(ServerOptions server)
    {
        var rows = new Option<int?>("--rows")
        {
            Description = "How many there are, as this command has said: they are removed, and there is no way back.", HelpName = "number",
        };
        var outcomes = new Option<bool>("--outcomes")
        {
            Description = "With outcomes of lines that have no pseudonym any more, and what else tells of their flows: after a backup from "
                + "before an erasure was put back; not after the keys' own database was.",
        };
        return server.Attach(
            new Command(
                "drop-lost",
                "Count the rows that nobody can read since the keys of their lines are gone, and with --rows remove them. Put the newest "
                    + "copy of those keys in its place first.")
            {
                rows, outcomes,
            },
            async (call, cancellationToken) =>
            {
                var body = new JsonObject();
                if (call.Parsed.GetValue(rows) is { } expected)
                {
                    body["rows"] = expected;
                }
                var hasOutcomes = call.Parsed.GetValue(outcomes);
                if (hasOutcomes)
                {
                    body["outcomes"] = true;
                }
                // As long as it takes: it goes through all tables.
                using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
                Tell(call, await call.Client.UploadAsync(HttpMethod.Post, "/admin/erasures/lost", content, cancellationToken), hasOutcomes);
                return 0;
            });
    }

    private static void Tell(ServerCall call, JsonObject answer, bool hasOutcomes)
    {
        if (call.IsJson)
        {
            call.PrintJson(answer);
            return;
        }
        var isRemoved = (bool?)answer["removed"] == true;
        var table = Tables.Of(isRemoved ? "Removed" : "Lost", "Rows");
        foreach (var of in answer["classes"]!.AsArray().OfType<JsonObject>())
        {
            table.Row((string?)of["class"], of["rows"]!.ToString());
        }
        call.PrintList(table, "There are no such rows.");
        if (!isRemoved && (int)answer["rows"]! > 0)
        {
            call.Error.WriteLine(
                hasOutcomes
                    ? "Outcomes among them are read as before. If a backup of the store from before an erasure was put back, and the "
                        + "database of keys was neither lost nor replaced by an older copy, remove them all: countersign keys drop-lost "
                        + $"--outcomes --rows {answer["rows"]}"
                    : "If the newest copy of the keys of lines is in its place, and so these rows are lost for good, remove them: "
                        + $"countersign keys drop-lost --rows {answer["rows"]}");
        }
    }

    private static Command Retire(ServerOptions server)
    {
        var id = new Argument<string>("key") { Description = "The key's id." };
        return server.Attach(
            new Command("retire", "Take a key away that opens nothing any more, or that has not begun.") { id },
            async (call, cancellationToken) =>
            {
                var key = call.Parsed.GetRequiredValue(id);
                await call.Client.SendAsync(HttpMethod.Delete, $"{Path}/{Uri.EscapeDataString(key)}", body: null, cancellationToken);
                call.PrintDone($"The encryption key {key} is gone; copy the key file to every other server.");
                return 0;
            });
    }
}
