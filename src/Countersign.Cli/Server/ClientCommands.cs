using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Cli.Printing;

namespace Countersign.Cli.Server;

/// <summary><c>countersign client …</c>: credentials of projects.</summary>
internal static class ClientCommands
{
    public static Command Client(ServerOptions server) =>
        new("client", "API clients: the credentials that a project's back end calls with.")
    {
        Create(server), List(server), Set(server), Rotate(server), Delete(server),
    };

    private static Command Create(ServerOptions server)
    {
        var project = Project();
        var id = new Option<string>(
            "--id") { Description = "An id of your own, unique on the server; made from the project's when left out.", HelpName = "id" };
        var keys = Keys("The client's public keys, a JSON Web Key Set; it has no secret then.");
        return server.Attach(
            new Command("create", "Make an API client and print its secret, once.") { project, id, keys },
            (call, cancellationToken) =>
            {
                var body = new JsonObject();
                if (call.Parsed.GetValue(id) is { } given)
                {
                    body["id"] = given;
                }
                if (call.Parsed.GetValue(keys) is { } file)
                {
                    body["jwks"] = ReadKeys(file);
                }
                return call.Client.SendAsync(HttpMethod.Post, PathOf(call.Parsed.GetRequiredValue(project)), body, cancellationToken);
            },
            PrintSecret);
    }

    private static Command List(ServerOptions server)
    {
        var project = Project();
        return server.Attach(
            new Command("list", "List a project's API clients.") { project },
            (call, cancellationToken) => call.Client.GetAsync(PathOf(call.Parsed.GetRequiredValue(project)), cancellationToken),
            (call, answer) =>
            {
                var table = Tables.Of("Id", "Made by", "Made at", "Former secret opens until", "Keys");
                foreach (var client in answer["clients"]!.AsArray().OfType<JsonObject>())
                {
                    table.Row((string?)client["id"], (string?)client["origin"], (string?)client["createdAt"],
                        (string?)client["formerSecretExpiresAt"],
                        string.Join(", ", (client["keys"] as JsonArray ?? []).Select(key => (string?)(key!["kid"] ?? key["thumbprint"]))));
                }
                call.PrintList(table, "The project has no API client: countersign client create --project <id>.");
            });
    }

    private static Command Set(ServerOptions server)
    {
        var (project, id) = (Project(), Id());
        var keys = Keys("The client's public keys from now on, a JSON Web Key Set; {\"keys\":[]} takes all away.");
        keys.Required = true;
        return server.Attach(
            new Command("set", "Give an API client other public keys; its secret stays.") { id, project, keys },
            async (call, cancellationToken) =>
            {
                var client = call.Parsed.GetRequiredValue(id);
                await call.Client.SendAsync(
                    HttpMethod.Patch, PathOf(call.Parsed.GetRequiredValue(project), client),
                    new JsonObject { ["jwks"] = ReadKeys(call.Parsed.GetRequiredValue(keys)) }, cancellationToken);
                call.PrintDone($"The client {client} has these keys; tokens of other keys end within 30 seconds on every node.");
                return 0;
            });
    }

    private static Command Rotate(ServerOptions server)
    {
        var (project, id) = (Project(), Id());
        var expire = new Option<string>("--expire-old-after")
        {
            Description = "How long the secret before opens: 90s, 30m, 24h, 7d, or 0 for not at all; up to 30d. [24h]", HelpName = "time",
        };
        return server.Attach(
            new Command("rotate", "Give an API client a new secret and print it, once; the one before opens for a while yet.") { id,
                project, expire },
            (call, cancellationToken) =>
            {
                var body = new JsonObject();
                if (call.Parsed.GetValue(expire) is { } time)
                {
                    body["expireOldAfterSeconds"] = Durations.ReadSeconds(
                        time, "--expire-old-after", TimeSpan.Zero, TimeSpan.FromDays(30));
                }
                return call.Client.SendAsync(
                    HttpMethod.Post, $"{PathOf(call.Parsed.GetRequiredValue(project), call.Parsed.GetRequiredValue(id))}/rotate", body,
                    cancellationToken);
            },
            PrintSecret);
    }

    private static Command Delete(ServerOptions server)
    {
        var (project, id) = (Project(), Id());
        return server.Attach(
            new Command("delete", "Remove an API client: it gets no token any more, and those it has open nothing.") { id, project },
            async (call, cancellationToken) =>
            {
                var client = call.Parsed.GetRequiredValue(id);
                await call.Client.SendAsync(
                    HttpMethod.Delete, PathOf(call.Parsed.GetRequiredValue(project), client), body: null, cancellationToken);
                call.PrintDone($"The client {client} is gone; other nodes follow within 30 seconds.");
                return 0;
            });
    }

    // To the output, so that it can be piped into a file or a vault; what is to be read beside it goes elsewhere.
    private static void PrintSecret(ServerCall call, JsonObject answer)
    {
        call.PrintTable(Tables.Pairs(
            ("Client id", (string?)answer["id"]),
            ("Client secret", (string?)answer["secret"]),
            ("Former secret", (string?)answer["formerSecretExpiresAt"] is { } until ? $"opens until {until}" : null)));
        if (answer["secret"] is null)
        {
            call.Error.WriteLine("The client has no secret: it shows who it is by assertions, signed with its keys.");
            return;
        }
        call.Error.WriteLine("The secret is shown this once: the server keeps only a hash of it. Put it where your back end finds it.");
    }

    // What a key may be is the server's to say.
    private static JsonObject ReadKeys(string path)
    {
        try
        {
            return StrictJson.Parse(File.ReadAllText(path)) as JsonObject ?? throw new CommandFailure($"{path} is no JSON Web Key Set.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"Cannot read {path}: {exception.Message}");
        }
        catch (JsonException)
        {
            throw new CommandFailure($"{path} is not valid JSON.");
        }
    }

    private static Option<string> Keys(string description) => new("--jwks") { Description = description, HelpName = "file" };

    private static string PathOf(string project, string? client = null) =>
        $"{ProjectCommands.PathOf(project)}/clients{(client is null ? "" : $"/{Uri.EscapeDataString(client)}")}";

    private static Option<string> Project() => new("--project") { Description = "The project's id.", HelpName = "id", Required = true };

    private static Argument<string> Id() => new("client") { Description = "The client's id." };
}
