using System.CommandLine;
using System.Text.Json.Nodes;
using Countersign.Cli.Server;
using Countersign.Core.Doctor;

namespace Countersign.Cli.Doctor;

/// <summary><c>countersign doctor</c>: what is weak, broken and fine, of this machine's configuration and of the running server.</summary>
internal static class DoctorCommand
{
    private const string ConfigVariable = "COUNTERSIGN_CONFIG";
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(10);

    public static Command Doctor(ServerOptions server, CliEnvironment environment)
    {
        var config = new Option<string>("--config")
        {
            Description = $"Look at the configuration of this machine, too: the file that the server is started with. [{ConfigVariable}]",
            HelpName = "path",
        };
        var program = new Option<string>("--program")
        {
            Description = "The server's program on this machine, which reads the configuration: Countersign.Server. "
                + $"[{ServerProgram.Variable}; otherwise beside this command]",
            HelpName = "path",
        };
        var command = new Command("doctor", "Say what is weak, broken and fine, each with what to do. Ends with 0, 1 (weak) or 2 (broken).")
        {
            config, program,
        };
        return server.AttachLoosely(command, async (parsed, isJson, cancellationToken) =>
        {
            var machine = await MachineLook.OfAsync(
                parsed.GetValue(config) ?? server.Variable(ConfigVariable),
                parsed.GetValue(program) ?? server.Variable(ServerProgram.Variable), cancellationToken);
            var running = await RunningLook.OfAsync(
                () => machine.AdminUrl is { } own ? server.Connect(parsed, own) : server.Connect(parsed), cancellationToken);
            using var http = new HttpClient(environment.NewHandler()) { Timeout = _timeout };
            IReadOnlyList<Finding> outside = (running.PublicUrl ?? machine.PublicUrl) is { } origin
                ? await new OutsideChecks(http, environment.Time).LookAsync(origin, running.SigningKeys, cancellationToken)
                : [Checks.PublicAnswers.IsUnknown("No public address is known.")];

            var lines = DoctorReport.Sorted(
                [.. running.Lines, .. outside.Select(ReportLine.Of), .. machine.LinesBeside(running)]);
            var output = parsed.InvocationConfiguration.Output;
            await output.WriteLineAsync(
                isJson ? Json(lines, machine, running) : $"{DoctorReport.TextOf(lines)}\n{Looked(machine, running)}");
            return DoctorReport.ExitCode(lines);
        });
    }

    private static string Looked(MachineLook machine, RunningLook running) =>
        $"Looked at {running.Name ?? "no server"} and {machine.Name ?? "no configuration of this machine (--config names it)"}.";

    private static string Json(IReadOnlyList<ReportLine> lines, MachineLook machine, RunningLook running)
    {
        var worst = lines.Select(line => line.State).DefaultIfEmpty(FindingState.Unknown).Min();
        return new JsonObject
        {
            ["state"] = DoctorReport.WordOf(worst),
            ["server"] = running.Name,
            ["configuration"] = machine.Name,
            ["findings"] = new JsonArray([.. lines.Select(Json)]),
        }.ToJsonString(ServerCall.Readable);
    }

    private static JsonObject Json(ReportLine line)
    {
        var json = new JsonObject
        {
            ["check"] = line.Check, ["looksAt"] = line.LooksAt, ["state"] = DoctorReport.WordOf(line.State), ["says"] = line.Says,
        };
        if (line.About is { } about)
        {
            json["about"] = about;
        }
        if (line.Do is { } what)
        {
            json["do"] = what;
        }
        json["docs"] = line.Docs;
        return json;
    }
}
