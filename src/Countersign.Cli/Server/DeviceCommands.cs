using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Countersign.Cli.Printing;

namespace Countersign.Cli.Server;

/// <summary><c>countersign devices …</c>: the browsers that prove a person.</summary>
internal static class DeviceCommands
{
    private const string Path = "/admin/devices";

    public static Command Devices(ServerOptions server) =>
        new("devices", "Browsers that hold a key or a passkey for a person: list them, revoke them.") { List(server), Revoke(server) };

    private static Command List(ServerOptions server)
    {
        var person = new PersonOptions();
        return server.Attach(
            person.AddTo(new Command("list", "List a person's browsers, revoked ones too.")),
            async (call, cancellationToken) => await call.Client.SendAsync(
                HttpMethod.Post, Path + "/list", await person.ReadAsync(call, cancellationToken), cancellationToken),
            (call, answer) => Print(call, answer["devices"]));
    }

    private static Command Revoke(ServerOptions server)
    {
        var person = new PersonOptions();
        var device = new Option<string>("--device") { Description = "This one alone. [all]", HelpName = "id" };
        return server.Attach(
            person.AddTo(new Command("revoke", "Revoke a person's browsers, for ever: the next flow proves the number anew.") { device }),
            async (call, cancellationToken) =>
            {
                var body = await person.ReadAsync(call, cancellationToken);
                if (call.Parsed.GetValue(device) is { } one)
                {
                    body["deviceId"] = one;
                }
                return await call.Client.SendAsync(HttpMethod.Post, Path + "/revoke", body, cancellationToken);
            },
            (call, answer) =>
            {
                call.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{answer["revoked"]!.AsArray().Count} revoked."));
                if (answer["revoked"]!.AsArray().Count > 0)
                {
                    Print(call, answer["revoked"]);
                }
            });
    }

    private static void Print(ServerCall call, JsonNode? devices)
    {
        var table = Tables.Of("Device", "Project", "Person", "Since", "Last used", "Holds", "State");
        foreach (var one in devices!.AsArray().OfType<JsonObject>())
        {
            table.Row(
                (string?)one["deviceId"], (string?)one["projectId"], (string?)one["proveId"], (string?)one["createdAt"],
                (string?)one["lastUsedAt"], HoldsOf(one), (string?)one["state"]);
        }
        call.PrintList(table, "There are no devices.");
    }

    private static string HoldsOf(JsonObject device) => ((bool)device["hasKey"]!, (int)device["passkeys"]!) switch
    {
        (true, 0) => "key",
        (true, _) => "key, passkey",
        (false, 0) => "nothing",
        _ => "passkey",
    };

    /// <summary>Whose devices.</summary>
    private sealed class PersonOptions
    {
        private readonly Option<string> _number = NumberOption.Of("The person's number");
        private readonly Option<string> _person = new("--prove-id") { Description = "The person's proveId.", HelpName = "id" };
        private readonly Option<string> _project = new("--project") { Description = "In this project alone. [all]", HelpName = "project" };

        public Command AddTo(Command command)
        {
            command.Add(_number);
            command.Add(_person);
            command.Add(_project);
            return command;
        }

        public async Task<JsonObject> ReadAsync(ServerCall call, CancellationToken cancellationToken)
        {
            var body = new JsonObject();
            if (await NumberOption.ReadAsync(call, _number, cancellationToken) is { } number)
            {
                body["phoneNumber"] = number;
            }
            if (call.Parsed.GetValue(_person) is { } person)
            {
                body["proveId"] = person;
            }
            if (body.Count != 1)
            {
                throw new CommandFailure("Say whose: --number or --prove-id, one of the two.");
            }
            if (call.Parsed.GetValue(_project) is { } project)
            {
                body["projectId"] = project;
            }
            return body;
        }
    }
}
