using System.CommandLine;
using Countersign.Cli.Init;
using Countersign.Cli.Records;
using Countersign.Cli.Server;

namespace Countersign.Cli;

/// <summary>The <c>countersign</c> command.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => Commands(Surroundings.OfProcess).Parse(args).InvokeAsync();

    /// <summary>The tree of commands: one line each, in the order of the help.</summary>
    internal static RootCommand Commands(Surroundings surroundings)
    {
        var server = new ServerOptions(surroundings);
        return new RootCommand("Runs a Countersign server: projects and their API clients, identity records, flows, and the name matcher.")
        {
            InitCommand.Init(),
            ServerCommands.Server(server),
            ProjectCommands.Project(server),
            ClientCommands.Client(server),
            FlowCommands.Flow(server),
            Match.MatchCommand.Create(),
            RecordCommands.Records(server),
            SuppressionCommands.Suppression(server),
        };
    }
}
