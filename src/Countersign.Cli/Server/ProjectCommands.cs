using System.CommandLine;
using System.Text.Json.Nodes;
using Countersign.Cli.Printing;

namespace Countersign.Cli.Server;

/// <summary><c>countersign project …</c>: relying parties and their settings.</summary>
internal static class ProjectCommands
{
    private const string Path = "/admin/projects";
    private const string LinkConfirmation = "linkConfirmation";

    public static Command Project(ServerOptions server) => new("project", "Relying parties and their settings.")
    {
        Create(server), List(server), Show(server), Set(server), Delete(server),
    };

    /// <summary>Address of a project in the admin API.</summary>
    public static string PathOf(string project) => $"{Path}/{Uri.EscapeDataString(project)}";

    private static Command Create(ServerOptions server)
    {
        var id = NewId();
        var name = new Option<string>(
            "--name") { Description = "Persons read it on the link page. The id, when left out.", HelpName = "text" };
        var settings = new SettingOptions();
        var command = settings.AddTo(new Command("create", "Make a project.") { id, name });
        return server.Attach(
            command,
            (call, cancellationToken) =>
            {
                var body = settings.Read(call.Parsed);
                body["id"] = call.Parsed.GetRequiredValue(id);
                body["name"] = call.Parsed.GetValue(name) ?? call.Parsed.GetRequiredValue(id);
                return CreateAsync(call, body, cancellationToken);
            },
            (call, answer) =>
            {
                Print(call, answer);
                call.Output.WriteLine($"Next: countersign client create --project {(string?)answer["id"]}");
            });
    }

    /// <summary>Live wants it said how links are confirmed: where somebody sits at the command, they are asked.</summary>
    private static async Task<JsonObject> CreateAsync(ServerCall call, JsonObject body, CancellationToken cancellationToken)
    {
        try
        {
            return await call.Client.SendAsync(HttpMethod.Post, Path, body, cancellationToken);
        }
        catch (CommandFailure refused) when (refused.Message.Contains($"'{LinkConfirmation}' is missing", StringComparison.Ordinal))
        {
            if (call.IsJson || Console.IsInputRedirected)
            {
                throw new CommandFailure($"{refused.Message.TrimEnd('.')}. Add --link-confirmation tap or --link-confirmation match.");
            }
            await call.Error.WriteAsync("How is a link confirmed? tap: one button; match: six digits of the computer [tap/match]: ");
            body[LinkConfirmation] = (await Console.In.ReadLineAsync(cancellationToken))?.Trim();
            return await call.Client.SendAsync(HttpMethod.Post, Path, body, cancellationToken);
        }
    }

    private static Command List(ServerOptions server) => server.Attach(
        new Command("list", "List all projects."),
        (call, cancellationToken) => call.Client.GetAsync(Path, cancellationToken),
        (call, answer) =>
        {
            var table = Tables.Of("Id", "Name", "Made by", "Links", "Target URLs", "Countries");
            foreach (var project in Objects(answer["projects"]))
            {
                table.Row(
                    (string?)project["id"], (string?)project["name"], (string?)project["origin"], (string?)project["linkConfirmation"],
                    JsonLists.Join(project["targetUrls"]), JsonLists.Join(project["countries"]));
            }
            call.PrintList(table, "There are no projects: countersign project create <id>.");
        });

    private static Command Show(ServerOptions server)
    {
        var id = Id();
        return server.Attach(
            new Command("show", "Show a project's settings, and how its texts go over the air.") { id },
            (call, cancellationToken) => call.Client.GetAsync(PathOf(call.Parsed.GetRequiredValue(id)), cancellationToken), Print);
    }

    private static Command Set(ServerOptions server)
    {
        var id = Id();
        var name = new Option<string>("--name") { Description = "Persons read it on the link page.", HelpName = "text" };
        var unset = new Option<string[]>("--unset")
        {
            Description = "Settings that get their default again: the option's name without its dashes. May be repeated.",
            HelpName = "setting",
        };
        var settings = new SettingOptions();
        var command = settings.AddTo(new Command("set", "Change a project's settings; a list replaces the list.") { id, name, unset });
        return server.Attach(
            command,
            (call, cancellationToken) =>
            {
                var body = settings.Read(call.Parsed);
                if (call.Parsed.GetValue(name) is { } given)
                {
                    body["name"] = given;
                }
                foreach (var setting in call.Parsed.GetValue(unset) ?? [])
                {
                    body[settings.MemberOf(setting)] = null;
                }
                return body.Count == 0
                    ? throw new CommandFailure("There is nothing to change. countersign project set --help lists the settings.")
                    : call.Client.SendAsync(HttpMethod.Patch, PathOf(call.Parsed.GetRequiredValue(id)), body, cancellationToken);
            },
            Print);
    }

    private static Command Delete(ServerOptions server)
    {
        var id = Id();
        var yes = new Option<bool>(
            "--yes") { Description = "Yes: its clients, identities, devices and links go with it, and there is no way back." };
        return server.Attach(
            new Command("delete", "Remove a project and all that is kept for it.") { id, yes }, async (call, cancellationToken) =>
        {
            var project = call.Parsed.GetRequiredValue(id);
            if (!call.Parsed.GetValue(yes))
            {
                throw new CommandFailure(
                    $"This removes {project} with its clients, identities, devices and links for ever. Add --yes to do it.");
            }
            await call.Client.SendAsync(HttpMethod.Delete, PathOf(project), body: null, cancellationToken);
            call.PrintDone($"The project {project} is gone.");
            return 0;
        });
    }

    private static void Print(ServerCall call, JsonObject project)
    {
        call.PrintTable(Tables.Pairs(
        [
            ("Id", (string?)project["id"]),
            ("Name", (string?)project["name"]),
            ("Made by", (string?)project["origin"] == "configuration" ? "configuration (is changed there)" : "admin API"),
            .. SettingOptions.Titles.Select(setting => (setting.Title, TextOf(project[setting.Member]))),
            .. Objects(project["texts"]).Select(text => (
                $"Text with {((string?)text["kind"] == "otp" ? "code" : "link")}", SizeOf(text))),
        ]));
    }

    private static string SizeOf(JsonNode text)
    {
        var segments = $"{text["segments"]} segment{((int?)text["segments"] == 1 ? "" : "s")}";
        return $"{segments}, {text["encoding"]}, {text["characters"]} characters. {text["advice"]}".TrimEnd();
    }

    private static string? TextOf(JsonNode? value) => value switch
    {
        JsonArray => JsonLists.Join(value),
        JsonObject rules => string.Join(", ", rules.Where(rule => rule.Value is not null).Select(rule => $"{rule.Key}={rule.Value}")),
        _ => value?.ToString(),
    };

    private static IEnumerable<JsonObject> Objects(JsonNode? list) => list?.AsArray().OfType<JsonObject>() ?? [];

    private static Argument<string> Id() => new("project") { Description = "The project's id." };

    private static Argument<string> NewId() => new("project") { Description = "The project's id: a-z, 0-9 and -. It stays." };
}
