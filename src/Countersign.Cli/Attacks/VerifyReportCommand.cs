using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Cli.Erasure;
using Countersign.Cli.Printing;
using Countersign.Cli.Receipts;
using static Countersign.Cli.Attacks.AttackReport;

namespace Countersign.Cli.Attacks;

/// <summary><c>countersign attack verify FILE</c>: what whoever gets a report does with it. It asks no server.</summary>
internal static class VerifyReportCommand
{
    // As receipt verify ends.
    private const int NotGood = 2;
    private const int NotTheirs = 3;

    private static readonly JsonSerializerOptions _readable = new()
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Verify()
    {
        var file = new Argument<string>("file") { Description = "What countersign attack --signed has written." };
        var signer = new Option<string>("--signed-by")
        {
            Description = "The id of the key, as whoever ran it has told you: then no other key counts.", HelpName = "id",
        };
        var page = new Option<string>("--report") { Description = "Write the page anew, from what was signed.", HelpName = "file" };
        var json = new Option<bool>("--json") { Description = "Print what was found as JSON." };
        var command = new Command(
            "verify",
            "Check a signed report, without any server. Ends with 0 when it is good, with 1 when it could not be checked, with "
                + $"{NotGood} when it was changed, and with {NotTheirs} when another key than --signed-by has signed it.")
        {
            file, signer, page, json,
        };
        command.SetAction(async (parsed, _) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            try
            {
                var (signed, _, _) = ReceiptFiles.ReadReceipt(parsed.GetRequiredValue(file), SignedReport.Kind);
                var (report, keyId, fault) = SignedReport.Read(signed);
                var asked = parsed.GetValue(signer);
                var code = report is null ? NotGood : asked is not null && asked != keyId ? NotTheirs : 0;
                fault ??= code == NotTheirs ? "The report is whole, and was signed by another key than --signed-by names." : null;
                if (parsed.GetValue(json))
                {
                    output.WriteLine(ToJson(code, fault, keyId, report).ToJsonString(_readable));
                }
                else if (report is not null)
                {
                    Print(report, keyId!, isTold: asked is not null, output);
                }
                if (fault is not null)
                {
                    await error.WriteLineAsync(fault);
                }
                else if (OutputFile.Check(parsed.GetValue(page)) is { } path)
                {
                    Write(path, ReportPage.Of(report!, keyId));
                }
                return code;
            }
            catch (CommandFailure failure)
            {
                await error.WriteLineAsync(failure.Message);
                return 1;
            }
        });
        return command;
    }

    /// <exception cref="CommandFailure">It cannot be written.</exception>
    public static void Write(string path, string text)
    {
        if (OutputFile.TryWrite(path, text) is { } problem)
        {
            throw new CommandFailure(problem);
        }
    }

    private static JsonObject ToJson(int code, string? fault, string? keyId, JsonObject? report) => new()
    {
        ["good"] = code == 0, ["fault"] = fault, ["key"] = keyId, ["report"] = report?.DeepClone(),
    };

    private static void Print(JsonObject report, string keyId, bool isTold, TextWriter output)
    {
        Tables.Print(
            Tables.Pairs(
                ("Server", $"{Text(report, "target")} ({Text(report, "mode")})"), ("Played", $"{Text(report, "at")} by "
                    + $"{Text(report, "by")}"),
                ("Keys and documents", Heard.TextOf(report["keysAndDocuments"], "sha256")), ("Key", keyId),
                ("At most", BoundsOf(report)), ("Open", string.Join(", ", IdsOf(report, WordOf(Verdict.Open)))),
                ("Could not be played", string.Join(", ", IdsOf(report, WordOf(Verdict.NotPlayed)))),
                ("Left out", report["leftOut"]!.AsArray().Count.ToString(CultureInfo.InvariantCulture))),
            output);
        output.WriteLine(SentenceOf(report));
        if (!isTold)
        {
            output.WriteLine(
                "It is as it was signed. Whoever changes a report can sign it anew with a key of their own: compare the key with the one "
                    + "that you were told, or name that with --signed-by.");
        }
    }
}
