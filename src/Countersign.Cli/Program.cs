using System.CommandLine;

namespace Countersign.Cli;

/// <summary>The <c>countersign</c> command.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => Commands().Parse(args).InvokeAsync();

    internal static RootCommand Commands() =>
        new("Runs a Countersign server: projects and their API clients, identity records, flows, and the name matcher.")
        {
            Match.MatchCommand.Create(),
        };
}
