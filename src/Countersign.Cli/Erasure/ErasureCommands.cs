using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Cli.Printing;
using Countersign.Cli.Receipts;
using Countersign.Cli.Server;
using static Countersign.Cli.Receipts.VerifyCommand;

namespace Countersign.Cli.Erasure;

/// <summary><c>countersign erase</c> and <c>countersign person export</c>: all that is held of a person.</summary>
internal static class ErasureCommands
{
    public static Command Erase(ServerOptions server, CliEnvironment environment)
    {
        var number = NumberOption.Of("Whose data is erased, in every project");
        var flow = new Option<string>("--flow") { Description = "One flow, by its correlation id.", HelpName = "id" };
        var project = new Option<string>("--project") { Description = "The persons of a project, which stays.", HelpName = "id" };
        var keepStop = new Option<bool>("--keep-stop")
        {
            Description = "Keep that the person wrote STOP, so that no text goes to the number. With --number.",
        };
        var output = OutputFile.Option("The file for the proof and what opens it; it must not exist.");
        var yes = new Option<bool>("--yes") { Description = "Yes: there is no way back." };
        var command = new Command(
            "erase",
            "Erase what is held of a number, a flow or a project's persons, and get a signed proof. Repeating it does no harm.")
        {
            number, flow, project, keepStop, output, yes,
        };
        server.Attach(command, async (call, cancellationToken) =>
        {
            var body = await BodyAsync(call, number, flow, project, cancellationToken);
            if (call.Parsed.GetValue(keepStop))
            {
                body["keepStop"] = true;
            }
            if (!call.Parsed.GetValue(yes))
            {
                throw new CommandFailure("This erases for ever what is held. countersign person export shows it. Add --yes to do it.");
            }
            var file = OutputFile.Check(call.Parsed.GetValue(output));
            // As long as it takes: of a project it may be minutes.
            using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            return Print(call, await call.Client.UploadAsync(HttpMethod.Post, "/admin/erasures", content, cancellationToken), file);
        });
        command.Add(Of(
            SignedKind.Erasure, environment, "The proof: what countersign erase has written, the proof alone, or an SD-JWT.", Tell));
        return command;
    }

    public static Command Person(ServerOptions server)
    {
        var number = NumberOption.Of("Whose", isRequired: true);
        var output = OutputFile.Option("The file to write; it must not exist. Without it all is printed.");
        var export = server.Attach(
            new Command("export", "Take out all that is held of a number, for the person whose it is, as JSON.") { number, output },
            async (call, cancellationToken) =>
            {
                var file = OutputFile.Check(call.Parsed.GetValue(output));
                var answer = await call.Client.SendAsync(
                    HttpMethod.Post, "/admin/person/export",
                    new JsonObject { ["phoneNumber"] = await NumberOption.ReadAsync(call, number, cancellationToken) }, cancellationToken);
                if (file is null)
                {
                    call.PrintJson(answer);
                    return 0;
                }
                if (OutputFile.TryWrite(file, answer) is { } problem)
                {
                    throw new CommandFailure(problem);
                }
                var entries = Objects(answer["classes"]).Sum(of => of["entries"]!.AsArray().Count);
                call.PrintDone($"{file} has {entries} entries. It is personal: hand it over, and remove it.");
                return 0;
            });
        return new Command("person", "What is held of a person.") { export };
    }

    private static async Task<JsonObject> BodyAsync(
        ServerCall call, Option<string> number, Option<string> flow, Option<string> project, CancellationToken cancellationToken)
    {
        (string Name, string? Value)[] given =
        [
            ("phoneNumber", await NumberOption.ReadAsync(call, number, cancellationToken)), ("correlationId", call.Parsed.GetValue(flow)),
            ("projectId", call.Parsed.GetValue(project)),
        ];
        var named = given.Where(one => one.Value is not null).ToList();
        return named.Count == 1 ? new JsonObject { [named[0].Name] = named[0].Value }
            : throw new CommandFailure("Say what is to be erased: one of --number -, --flow and --project.");
    }

    private static int Print(ServerCall call, JsonObject answer, string? file)
    {
        // It is done, and nobody can make this proof a second time: where it cannot be written it is printed.
        var problem = file is null ? null : OutputFile.TryWrite(file, answer);
        file = problem is null ? file : null;
        if (problem is not null)
        {
            call.Error.WriteLine(problem);
        }
        if (call.IsJson)
        {
            call.PrintJson(answer);
            return problem is null ? 0 : 1;
        }
        var table = Tables.Of("Erased", "Rows", "Copies of the store lead there");
        foreach (var of in Objects(answer["erased"]))
        {
            table.Row(
                (string?)of["class"], of["rows"]!.ToString(),
                of["copiesUntil"] is { } until ? $"until {until}{Earlier($"{of["copiesSince"]}")}"
                    : NobodyIn(of) ?? "as long as they are kept");
        }
        call.PrintTable(table);
        foreach (var kept in answer["kept"]!.AsArray())
        {
            call.Output.WriteLine($"Kept, as you asked: {kept}.");
        }
        call.Output.WriteLine($"Erasure {answer["erasureId"]}, at {answer["erasedAt"]}.");
        call.Output.WriteLine(
            file is not null ? $"The proof is in {file}. The server keeps neither it nor what opens it."
                : $"The proof; the server keeps neither it nor what opens it:\n{SdJwtOf(answer)}");
        return problem is null ? 0 : 1;
    }

    private static string SdJwtOf(JsonObject answer) =>
        string.Concat([$"{answer["proof"]}~", .. answer["disclosures"]!.AsArray().Select(disclosure => $"{disclosure}~")]);

    private static IEnumerable<(string Name, string? Value)> Tell(JsonObject claims) =>
    [
        ("Signed by", Text(claims, "iss")), ("Erased at", Moment(claims, "iat")), ("Erasure", Text(claims, "erasure")),
        ("Of", Text(claims, "of")), ("Flow", Text(claims, "correlationId")), ("Project", Text(claims, "project")),
        .. Objects(claims["erased"]).Select(of => (
            $"  {Text(of, "class")}",
            (string?)$"{RowsOf(of)}{CopiesOf(of)}")),
        ("Kept", (claims["kept"] as JsonArray) is { Count: > 0 } kept ? string.Join(", ", kept) : null),
    ];

    private static string RowsOf(JsonObject of) =>
        of["rows"] is JsonValue value && value.TryGetValue<long>(out var rows) ? Tables.Counted(rows, "row") : $"{Text(of, "rows")} rows";

    private static string CopiesOf(JsonObject of) => Moment(of, "copiesUntil") is { } until
        ? $", copies lead there until {until}{Earlier(Moment(of, "copiesSince"))}"
        : $", copies {NobodyIn(of) ?? "lead there as long as they are kept"}";

    // Ids and codes of a flow, and of a browser: docs/erasure.md.
    private static string? NobodyIn(JsonObject of) => (string?)of["class"] switch
    {
        "devices" or "receipts" => "name nobody",
        "events" => "name nobody; events from before the upgrade have the relying party's own id of the flow",
        _ => null,
    };

    private static string Earlier(string? since) =>
        string.IsNullOrEmpty(since) ? "" : $", those from before {since} as long as they are kept";

    private static IEnumerable<JsonObject> Objects(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonObject>();
}
