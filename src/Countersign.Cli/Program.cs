using System.CommandLine;
using Countersign.Cli.Attacks;
using Countersign.Cli.Audit;
using Countersign.Cli.Doctor;
using Countersign.Cli.Erasure;
using Countersign.Cli.Init;
using Countersign.Cli.Receipts;
using Countersign.Cli.Records;
using Countersign.Cli.Server;

namespace Countersign.Cli;

/// <summary>The <c>countersign</c> command.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) =>
        RunAsync(CliEnvironment.OfProcess, args, new InvocationConfiguration(), CancellationToken.None);

    /// <returns>The exit code; 0 when it was done.</returns>
    internal static async Task<int> RunAsync(
        CliEnvironment environment, string[] arguments, InvocationConfiguration configuration, CancellationToken cancellationToken)
    {
        // A text that begins with @ is a text.
        var parsed = Commands(environment).Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (Misuse.Of(parsed, arguments) is { Count: > 0 } problems)
        {
            await configuration.Error.WriteLineAsync(string.Join(Environment.NewLine, problems));
            return 1;
        }
        return await parsed.InvokeAsync(configuration, cancellationToken);
    }

    /// <summary>The tree of commands: one line each, in the order of the help.</summary>
    internal static RootCommand Commands(CliEnvironment environment)
    {
        var server = new ServerOptions(environment);
        return new RootCommand("Runs a Countersign server: projects and their API clients, identity records, flows, and the name matcher.")
        {
            InitCommand.Init(),
            ServerCommands.Server(server),
            DoctorCommand.Doctor(server, environment),
            AdminKeyCommands.AdminKey(server),
            KeyCommands.Keys(server),
            BackupCommands.Backup(server),
            BackupCommands.Restore(),
            ProjectCommands.Project(server),
            ClientCommands.Client(server),
            WebhookCommands.Webhook(server),
            FlowCommands.Flow(server),
            ScenarioCommands.Scenario(server),
            ReceiptCommands.Receipt(environment),
            Match.MatchCommand.Create(),
            RecordCommands.Records(server),
            SuppressionCommands.Suppression(server),
            BudgetCommands.Budget(server),
            ErasureCommands.Person(server),
            ErasureCommands.Erase(server, environment),
            DeviceCommands.Devices(server),
            CapCommands.Caps(server),
            StatisticsCommands.Statistics(server),
            AbuseCommands.Abuse(server),
            AuditCommands.Audit(server),
            AttackCommands.Attack(environment),
        };
    }
}
