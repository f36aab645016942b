using System.CommandLine;
using Countersign.Cli.Printing;

namespace Countersign.Cli.Server;

/// <summary><c>countersign server</c>: which server is this?</summary>
internal static class ServerCommands
{
    public static Command Server(ServerOptions server) => server.Attach(
        new Command("server", "Show the server's version, mode and public address, and what your key may do."),
        (call, cancellationToken) => call.Client.GetAsync("/admin/server", cancellationToken),
        (call, answer) => call.PrintTable(Tables.Pairs(
            ("Version", (string?)answer["version"]),
            ("Mode", (string?)answer["mode"]),
            ("Public address", (string?)answer["publicUrl"]),
            ("Admin key", (string?)answer["key"]),
            ("Scopes", AdminKeyCommands.RightsOf(answer)),
            ("Projects", AdminKeyCommands.ProjectsOf(answer)))));
}
