using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Countersign.Cli.Server;

/// <summary><c>countersign scenario …</c>: flows as tests.</summary>
internal static class ScenarioCommands
{
    // Far more than its steps and facts come to. Of what is longer still, the server closes the connection before all is sent.
    private const int MaxCharacters = 256 * 1024;

    public static Command Scenario(ServerOptions server) =>
        new("scenario", "Flows as tests, of which countersign flow export <correlation-id> --scenario makes files.") { Run(server) };

    private static Command Run(ServerOptions server)
    {
        var files = new Argument<string[]>("file")
        {
            Description = "The scenario; several are played one after the other. - reads one from the standard input.",
            Arity = ArgumentArity.OneOrMore,
        };
        return server.Attach(
            new Command(
                "run", "Play scenarios in a sandbox and compare what comes of them. Ends with 1 where one comes to something else.")
            {
                files,
            },
            async (call, cancellationToken) =>
            {
                var isSame = true;
                foreach (var file in call.Parsed.GetRequiredValue(files))
                {
                    var answer = await call.Client.SendAsync(
                        HttpMethod.Post, "/admin/scenarios/run", await ReadAsync(file, cancellationToken), cancellationToken);
                    isSame &= (bool)answer["isSame"]!;
                    if (call.IsJson)
                    {
                        call.PrintJson(answer);
                    }
                    else
                    {
                        ScenarioPrinting.Played(call.Output, file, answer);
                    }
                }
                return isSame ? 0 : 1;
            });
    }

    private static async Task<JsonObject> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            using var opened = file == "-" ? null : new StreamReader(file);
            var buffer = new char[MaxCharacters + 1];
            var length = await (opened ?? Console.In).ReadBlockAsync(buffer, cancellationToken);
            if (length > MaxCharacters)
            {
                throw new CommandFailure($"{file} is no scenario: it has more than {MaxCharacters / 1024} KiB.");
            }
            var text = new string(buffer, 0, length);
            return StrictJson.Parse(text) as JsonObject
                ?? throw new CommandFailure($"{file} is no scenario: it must hold one JSON object.");
        }
        catch (JsonException exception)
        {
            throw new CommandFailure(exception.LineNumber is { } line
                ? $"{file} is no JSON: line {line + 1}, byte {exception.BytePositionInLine + 1}."
                : $"{file} cannot be read in one way: a member stands twice, or a text has half of a character.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"{file} cannot be read: {exception.Message}");
        }
    }
}
