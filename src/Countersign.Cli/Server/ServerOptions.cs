using System.CommandLine;
using System.Text.Json.Nodes;

namespace Countersign.Cli.Server;

/// <summary>The options of every command that speaks to a server, and how such a command runs.</summary>
/// <remarks>The admin key is no option: a command line can be read by every user of the machine and stays in the shell's history.</remarks>
internal sealed class ServerOptions(CliEnvironment environment)
{
    public const string ServerVariable = "COUNTERSIGN_SERVER";
    public const string KeyVariable = "COUNTERSIGN_ADMIN_KEY";
    public const string KeyFileVariable = "COUNTERSIGN_ADMIN_KEY_FILE";
    public const string DefaultServer = "http://127.0.0.1:8081";

    private readonly Option<string> _server = new("--server")
    {
        Description = $"Address of the server's admin API. [{ServerVariable}; otherwise {DefaultServer}]",
        HelpName = "url",
    };

    private readonly Option<string> _keyFile = new("--key-file")
    {
        Description = $"File that holds the admin key. [{KeyFileVariable}; the key itself may stand in {KeyVariable}]",
        HelpName = "path",
    };

    private readonly Option<bool> _allowHttp = new("--allow-http")
    {
        Description = "Send the key over plain http to another machine, where it can be read on the way.",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print what the server answered, as JSON." };

    /// <summary>Gives a command these options and lets it run against the server they name.</summary>
    /// <param name="run">Returns the exit code; 0 is success.</param>
    public Command Attach(Command command, Func<ServerCall, CancellationToken, Task<int>> run) =>
        AttachLoosely(command, async (parsed, isJson, cancellationToken) =>
        {
            using var client = Connect(parsed);
            return await run(new ServerCall(parsed, client, isJson), cancellationToken);
        });

    /// <summary>The same for a command that has something to do without a server, too: it connects itself.</summary>
    /// <param name="run">Is told whether its answer is for a program; returns the exit code.</param>
    public Command AttachLoosely(Command command, Func<ParseResult, bool, CancellationToken, Task<int>> run)
    {
        foreach (var option in (Option[])[_server, _keyFile, _allowHttp, _json])
        {
            command.Add(option);
        }
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                return await run(parsed, parsed.GetValue(_json), cancellationToken);
            }
            catch (CommandFailure failure)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync(failure.Message);
                return 1;
            }
            catch (Exception exception) when (exception is InvalidOperationException or NullReferenceException or FormatException)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync(
                    $"What was answered is not what this version of the command reads ({exception.GetType().Name}). Look at --server, and "
                        + "at the version of the server there.");
                return 1;
            }
        });
        return command;
    }

    /// <summary>A command that makes one call and prints its answer.</summary>
    /// <param name="call">Makes the call.</param>
    /// <param name="print">Prints the answer for people; with --json it is printed as it came.</param>
    public Command Attach(
        Command command, Func<ServerCall, CancellationToken, Task<JsonObject>> call, Action<ServerCall, JsonObject> print) =>
        Attach(command, async (server, cancellationToken) =>
        {
            var answer = await call(server, cancellationToken);
            if (server.IsJson)
            {
                server.PrintJson(answer);
            }
            else
            {
                print(server, answer);
            }
            return 0;
        });

    /// <param name="otherwise">Where the server is when nobody says it.</param>
    /// <exception cref="CommandFailure">There is no key, or no address that it may be sent to.</exception>
    public AdminClient Connect(ParseResult parsed, string otherwise = DefaultServer)
    {
        var text = parsed.GetValue(_server) ?? Variable(ServerVariable) ?? otherwise;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https") || server.UserInfo.Length > 0
            || server.PathAndQuery != "/")
        {
            throw new CommandFailure(
                $"--server (or {ServerVariable}) must be the address of a server's admin API, without a path: {DefaultServer}.");
        }
        if (server.Scheme == "http" && !server.IsLoopback && !parsed.GetValue(_allowHttp))
        {
            throw new CommandFailure(
                $"The admin key would go to {server.Authority} over plain http, readable on the way. Use https://, or add "
                    + "--allow-http in a network you trust.");
        }
        return new AdminClient(server, ReadKey(parsed), environment.NewHandler());
    }

    private string ReadKey(ParseResult parsed)
    {
        if ((parsed.GetValue(_keyFile) ?? (Variable(KeyVariable) is null ? Variable(KeyFileVariable) : null)) is not { } path)
        {
            return Variable(KeyVariable)?.Trim()
                ?? throw new CommandFailure(
                    $"There is no admin key. Put it into {KeyVariable}, or into a file that --key-file or {KeyFileVariable} names. "
                        + "It is one of the server's Countersign:Admin:Keys.");
        }
        try
        {
            return File.ReadAllText(path).Trim() is { Length: > 0 } key ? key : throw new CommandFailure($"The key file {path} is empty.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"The key file {path} cannot be read: {exception.Message}");
        }
    }

    /// <summary>A variable of the environment; set to nothing is not set.</summary>
    public string? Variable(string name) => environment.Variable(name) is { Length: > 0 } value ? value : null;
}
