using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Cli.Printing;
using Countersign.Core.Receipts;

namespace Countersign.Cli.Receipts;

/// <summary>
/// <c>countersign receipt …</c>: what a third party does with a receipt. It asks no server, but for the keys if told so.
/// </summary>
internal static class ReceiptCommands
{
    /// <summary>What <c>verify</c> ends with when the receipt is not one of these keys.</summary>
    internal const int NotGood = 2;

    /// <summary>What it ends with when the receipt is good and what was given beside it is not its.</summary>
    internal const int NotItsOwn = 3;

    private const string StandardInput = "-";

    public static Command Receipt(CliEnvironment environment) =>
        new("receipt", "Receipts of flows, as whoever gets one checks them.") { Verify(environment) };

    private static Command Verify(CliEnvironment environment)
    {
        var file = new Argument<string>("file")
        {
            Description = "The receipt: the answer of GET /flows/…/receipt, the receipt alone, or an SD-JWT.",
        };
        var keys = new Option<string>("--jwks")
        {
            Description = "The keys of the server that signed it: a file, or the address of its /.well-known/jwks.json.",
            HelpName = "file or url", Required = true,
        };
        var disclosures = new Option<string>("--disclosures")
        {
            Description = "A file of disclosures, where they do not lie beside the receipt.", HelpName = "file",
        };
        var number = new Option<string>("--number")
        {
            Description = "Whether the receipt is about this number, with + and its country code. - reads it from the standard input, so "
                + "that it stands in no shell history.",
            HelpName = "number",
        };
        var json = new Option<bool>("--json") { Description = "Print what was found as JSON." };
        var command = new Command(
            "verify",
            "Check a receipt and what opens it, without asking its server. Ends with 0 when all is good, with 1 when it could not be "
                + $"checked, with {NotGood} when the receipt is not good, and with {NotItsOwn} when a disclosure or the number is not its.")
        {
            file, keys, disclosures, number, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            try
            {
                var (receipt, beside) = ReceiptFiles.ReadReceipt(parsed.GetRequiredValue(file));
                var opened = parsed.GetValue(disclosures) is { } path ? ReceiptFiles.ReadDisclosures(path) : beside;
                var known = await ReceiptFiles.ReadKeysAsync(parsed.GetRequiredValue(keys), environment, cancellationToken);
                var asked = await NumberAsync(parsed.GetValue(number), cancellationToken);
                var verdict = Judge(receipt, known, opened, asked);
                if (parsed.GetValue(json))
                {
                    output.WriteLine(verdict.ToJson().ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
                }
                else
                {
                    Print(verdict, output, error);
                }
                return verdict.Code;
            }
            catch (CommandFailure failure)
            {
                await error.WriteLineAsync(failure.Message);
                return 1;
            }
        });
        return command;
    }

    private static Verdict Judge(
        string receipt, IReadOnlyList<Core.Projects.ClientKey> keys, IReadOnlyList<string> disclosures, string? number)
    {
        var (claims, fault) = ReceiptCheck.Signed(receipt, keys);
        if (claims is null)
        {
            return new Verdict(NotGood, fault);
        }
        (var shown, fault) = ReceiptCheck.Disclosed(claims, disclosures);
        if (shown is null)
        {
            return new Verdict(NotItsOwn, fault, claims);
        }
        fault = number is null ? null
            : !shown.TryGetValue(Commitments.PhoneNumber, out var own)
                ? $"Whether it is about the number cannot be told: no disclosure opens {Commitments.PhoneNumber}."
            : own != number ? "The receipt is not about this number." : null;
        return new Verdict(fault is null ? 0 : NotItsOwn, fault, claims, shown);
    }

    private static async Task<string?> NumberAsync(string? given, CancellationToken cancellationToken)
    {
        var text = given == StandardInput ? await Console.In.ReadLineAsync(cancellationToken) ?? "" : given;
        if (text is null)
        {
            return null;
        }
        var plain = string.Concat(text.Where(c => !char.IsWhiteSpace(c) && c is not ('-' or '.' or '(' or ')' or '/')));
        return plain.StartsWith('+') && plain.Length > 1 && plain[1..].All(char.IsAsciiDigit) ? plain
            : throw new CommandFailure("The number must begin with + and its country code, and have digits alone.");
    }

    private static void Print(Verdict verdict, TextWriter output, TextWriter error)
    {
        if (verdict.Claims is { } claims)
        {
            Tables.Print(
                Tables.Pairs(
                [
                    ("Signed by", Text(claims, "iss")), ("Signed at", Moment(claims, "iat")), ("Flow", Text(claims, "correlationId")),
                    ("Project", Text(claims, "project")), ("Product", $"{Text(claims, "product")}, {Text(claims, "type")}"),
                    ("Begun", Moment(claims, "begunAt")), ("Ended", Moment(claims, "endedAt")), ("End", Text(claims, "end")),
                    ("Possession", Text(claims, "possession")), ("Number changed", Text(claims, "numberChanged")),
                    .. (claims["assurance"] as JsonObject ?? []).Select(fact => ($"  {fact.Key}", Plain(fact.Value))),
                    .. (verdict.Shown ?? new Dictionary<string, string>(StringComparer.Ordinal))
                        .Select(one => ($"Opened: {one.Key}", (string?)one.Value)),
                ]),
                output);
        }
        if (verdict.Fault is { } fault)
        {
            error.WriteLine(fault);
            return;
        }
        output.WriteLine(
            verdict.Shown is { Count: 0 } ? "The receipt is good. Nothing opens whom it was about."
                : "The receipt is good, and so is what opens it.");
    }

    private static string? Text(JsonObject claims, string name) => Plain(claims[name]);

    private static string? Plain(JsonNode? value) => value switch
    {
        null => null,
        JsonObject inner => string.Join(", ", inner.Select(part => $"{part.Key} {part.Value}")),
        _ => value.ToString(),
    };

    private static string? Moment(JsonObject claims, string name) =>
        claims[name] is JsonValue value && value.TryGetValue<long>(out var seconds) && seconds is >= 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            : null;

    private sealed record Verdict(
        int Code, string? Fault, JsonObject? Claims = null, IReadOnlyDictionary<string, string>? Shown = null)
    {
        public JsonObject ToJson() => new()
        {
            ["good"] = Code == 0,
            ["fault"] = Fault,
            ["claims"] = Claims?.DeepClone(),
            ["opened"] = Shown is null ? null
                : new JsonObject(Shown.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)one.Value))),
        };

        // What was opened is personal.
        public override string ToString() => Fault ?? "good";
    }
}
