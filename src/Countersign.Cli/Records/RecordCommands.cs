using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Cli.Printing;
using Countersign.Cli.Server;

namespace Countersign.Cli.Records;

/// <summary><c>countersign records …</c>: persons by their numbers.</summary>
internal static class RecordCommands
{
    /// <summary>Some lines were bad; the others were taken.</summary>
    public const int SomeBad = 2;

    /// <summary>Some lines were bad, and so none was taken.</summary>
    public const int RolledBack = 3;

    public static Command Records(ServerOptions server) => new("records", "Identity records: import, list, assign, remove.")
    {
        Import(server),
        Abort(server),
        Sources(server),
        Assign(server),
        Remove(server),
    };

    private static Command Import(ServerOptions server)
    {
        var file = new Argument<string>(
            "file") { Description = "CSV with a header line, or one JSON object a line; - reads the standard input. UTF-8." };
        var source = new Option<string>(
            "--source") { Description = "Who gives these records: 1 to 64 of a-z0-9._-", Required = true, HelpName = "name" };
        var (format, country, projects) = (FormatOption(), CountryOption(), ProjectsOption());
        var map = new Option<string[]>(
            "--map") { Description = "A column that is named otherwise: phone=Mobile. May be repeated.", HelpName = "field=column" };
        var ignore = new Option<bool>("--ignore-unknown") { Description = "Pass columns over that are no field of a record." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would happen and change nothing." };
        var allOrNothing = new Option<bool>(
            "--all-or-nothing") { Description = "Take nothing if any line is bad; until the end nothing counts." };
        var reportFile = new Option<string>("--report") { Description = "File for the bad lines. [standard error]", HelpName = "path" };
        var command = new Command(
            "import",
            $"Import a file of any length. Ends with 0 when every line was taken, {SomeBad} when some were bad and the others "
                + $"taken, {RolledBack} when "
                + "--all-or-nothing took none, 1 when it could not be done.")
        {
            file, source, projects, format, country, map, ignore, dryRun, allOrNothing, reportFile,
        };
        return server.Attach(command, async (call, cancellationToken) =>
        {
            var parsed = call.Parsed;
            using var pieces = await OpenAsync(parsed.GetValue(file)!, parsed.GetValue(format), cancellationToken);
            var plan = new JsonObject
            {
                ["source"] = parsed.GetValue(source),
                ["format"] = pieces.IsJsonLines ? "jsonl" : "csv",
                ["dryRun"] = parsed.GetValue(dryRun),
                ["allOrNothing"] = parsed.GetValue(allOrNothing),
                ["country"] = parsed.GetValue(country)?.ToUpperInvariant(),
            };
            if (parsed.GetValue(projects) is { Length: > 0 } some)
            {
                plan["projects"] = JsonLists.Of(some);
            }
            if (!pieces.IsJsonLines)
            {
                var columns = ColumnMap.Of(pieces.Header, parsed.GetValue(map) ?? [], parsed.GetValue(ignore));
                (plan["columns"], plan["delimiter"]) = (JsonLists.Of(columns), pieces.Delimiter.ToString());
            }

            var path = parsed.GetValue(reportFile);
            await using var problems = path is null ? null : CreateReport(path);
            var isWatched = path is not null && !Console.IsErrorRedirected;
            var report = new ImportReport(problems ?? call.Error, isWatched ? call.Error : null);
            var begun = TimeProvider.System.GetTimestamp();
            var import = await new ImportRun(call.Client, report, TimeProvider.System).RunAsync(pieces, plan, cancellationToken);
            if (isWatched)
            {
                await call.Error.WriteLineAsync();
            }
            Print(call, import, report, TimeProvider.System.GetElapsedTime(begun));
            return report.Bad == 0 ? 0 : parsed.GetValue(allOrNothing) ? RolledBack : SomeBad;
        });
    }

    private static Option<string> FormatOption()
    {
        var format = new Option<string>("--format") { Description = "csv or jsonl. [what the file begins with]" };
        format.AcceptOnlyFromAmong("csv", "jsonl");
        return format;
    }

    private static Option<string> CountryOption() => new("--country")
    {
        Description = "Country of numbers without a country code, two letters (US). [such numbers are refused]", HelpName = "country",
    };

    private static Option<string[]> ProjectsOption() => new("--project")
    {
        Description = "A project that is to see these records. May be repeated. [the server's only project]", HelpName = "id",
    };

    private static void Print(ServerCall call, JsonObject import, ImportReport report, TimeSpan took)
    {
        var peak = ImportRun.PeakMebibytes();
        if (call.IsJson)
        {
            call.PrintJson(new JsonObject
            {
                ["id"] = import["id"]!.DeepClone(),
                ["state"] = import["state"]!.DeepClone(),
                ["dryRun"] = import["dryRun"]!.DeepClone(),
                ["totals"] = report.ToJson(),
                ["seconds"] = Math.Round(took.TotalSeconds, 1),
                ["peakMebibytes"] = peak,
            });
            return;
        }
        var end = (string?)import["state"] is "aborted" or "aborting" ? "Rolled back, nothing was taken"
            : (bool)import["dryRun"]! ? "Dry run, nothing was changed"
            : "Imported";
        call.Output.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{end}. {report}. {took.TotalSeconds:0.0} s, at most {peak} MiB of memory here."));
    }

    private static async Task<FilePieces> OpenAsync(string path, string? format, CancellationToken cancellationToken)
    {
        try
        {
            var stream = path == "-" ? Console.OpenStandardInput()
                : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: false);
            return await FilePieces.OpenAsync(stream, format is null ? null : format == "jsonl", cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"{path} cannot be read: {exception.Message}");
        }
    }

    private static StreamWriter CreateReport(string path)
    {
        try
        {
            return new StreamWriter(path, append: false, Encoding.UTF8);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"The report {path} cannot be written: {exception.Message}");
        }
    }

    private static Command Abort(ServerOptions server)
    {
        var id = new Argument<long>("import") { Description = "Its id, as the server names it." };
        return server.Attach(
            new Command("abort", "Give up an import whose sender is gone.") { id },
            (call, cancellationToken) => call.Client.SendAsync(
                HttpMethod.Delete, string.Create(CultureInfo.InvariantCulture, $"/admin/records/imports/{call.Parsed.GetValue(id)}"),
                body: null, cancellationToken),
            (call, answer) => call.Output.WriteLine($"Import {answer["id"]} of {answer["source"]} is {answer["state"]}."));
    }

    private static Command Sources(ServerOptions server) => server.Attach(
        new Command("sources", "List who has given records, how many are kept, and which projects see them."),
        (call, cancellationToken) => call.Client.GetAsync("/admin/records/sources", cancellationToken),
        (call, answer) =>
        {
            var table = Tables.Of("Source", "Records", "Last import", "Seen by");
            foreach (var source in (JsonArray)answer["sources"]!)
            {
                table.Row((string?)source!["name"], source["records"]!.ToString(), (string?)source["lastImportAt"],
                    (bool)source["allProjects"]! ? "all projects: assign it" : SeenBy(source));
            }
            call.PrintList(table, "Nobody has given records: countersign records import <file>.");
        });

    private static Command Assign(ServerOptions server)
    {
        var source = new Option<string>("--source") { Description = "The source.", Required = true, HelpName = "name" };
        var projects = new Option<string[]>("--project")
        {
            Description = "A project that is to see the source's records. May be repeated; others see them no more.", HelpName = "id",
        };
        var nobody = new Option<bool>("--nobody") { Description = "No project is to see them." };
        return server.Attach(
            new Command("assign", "Say which projects see the records of a source.") { source, projects, nobody },
            (call, cancellationToken) =>
            {
                var some = call.Parsed.GetValue(projects) ?? [];
                if (some.Length > 0 == call.Parsed.GetValue(nobody))
                {
                    throw new CommandFailure("Say who is to see the source: --project (it may be repeated), or --nobody.");
                }
                var body = new JsonObject { ["source"] = call.Parsed.GetValue(source), ["projects"] = JsonLists.Of(some) };
                return call.Client.SendAsync(HttpMethod.Post, "/admin/records/assign", body, cancellationToken);
            },
            (call, answer) => call.Output.WriteLine($"The records of {answer["name"]} are seen by {SeenBy(answer)}."));
    }

    private static string SeenBy(JsonNode source) =>
        JsonLists.Join(source["projects"]) is { Length: > 0 } projects ? projects : "no project";

    private static Command Remove(ServerOptions server)
    {
        var source = new Option<string>("--source") { Description = "Remove all records of a source.", HelpName = "name" };
        var number = NumberOption.Of("Remove all records of a number");
        return server.Attach(new Command("remove", "Erase a number or a source.") { source, number }, async (call, cancellationToken) =>
        {
            var (name, phone) = (call.Parsed.GetValue(source), await NumberOption.ReadAsync(call, number, cancellationToken));
            if (name is null == phone is null)
            {
                throw new CommandFailure("Say what is to be removed: --source or --number, one of the two.");
            }
            var removed = 0L;
            JsonObject answer;
            do
            {
                var body = name is null ? new JsonObject { ["phoneNumber"] = phone } : new JsonObject { ["source"] = name };
                answer = await call.Client.SendAsync(HttpMethod.Post, "/admin/records/remove", body, cancellationToken);
                removed += (long)answer["removed"]!;
            }
            while (!(bool)answer["isDone"]!);
            if (call.IsJson)
            {
                call.PrintJson(new JsonObject { ["removed"] = removed });
            }
            else
            {
                call.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{removed:N0} records removed."));
            }
            return 0;
        });
    }
}
