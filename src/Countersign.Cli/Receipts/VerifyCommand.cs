using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Cli.Printing;
using Countersign.Cli.Server;
using Countersign.Core.Projects;
using Countersign.Core.Receipts;

namespace Countersign.Cli.Receipts;

/// <summary>
/// <c>… verify FILE</c>: what a third party does with a receipt, or with what else is signed as one is. It asks no server, but for the keys
/// if told so.
/// </summary>
internal static class VerifyCommand
{
    /// <summary>What it ends with when what was given is not signed with one of these keys.</summary>
    private const int NotGood = 2;

    /// <summary>What it ends with when that is good, and what was given beside it is not its.</summary>
    private const int NotItsOwn = 3;

    /// <param name="found">How the file is told: what may be in it.</param>
    /// <param name="tell">What it says, for people: names and values.</param>
    public static Command Of(
        SignedKind kind, CliEnvironment environment, string found, Func<JsonObject, IEnumerable<(string Name, string? Value)>> tell)
    {
        var file = new Argument<string>("file") { Description = found };
        var keys = new Option<string>("--jwks")
        {
            Description = "The keys of the server that signed it: a file, or the address of its /.well-known/jwks.json.",
            HelpName = "file or url", Required = true,
        };
        var disclosures = new Option<string>("--disclosures")
        {
            Description = $"A file of disclosures, where they do not lie beside the {kind.Noun}.", HelpName = "file",
        };
        var number = new Option<string>("--number")
        {
            Description = $"Whether the {kind.Noun} is about this number, with + and its country code. - reads it from the standard input, "
                + "so that it stands in no shell history.",
            HelpName = "number",
        };
        var json = new Option<bool>("--json") { Description = "Print what was found as JSON." };
        var command = new Command(
            "verify",
            $"Check a {kind.Noun} and what opens it, without asking its server. Ends with 0 when all is good, with 1 when it could not be "
                + $"checked, with {NotGood} when the {kind.Noun} is not good, and with {NotItsOwn} when a disclosure, the number "
                + "or what else stands beside it is not its.")
        {
            file, keys, disclosures, number, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            try
            {
                var (signed, beside, answer) = ReceiptFiles.ReadReceipt(parsed.GetRequiredValue(file), kind);
                var opened = parsed.GetValue(disclosures) is { } path ? ReceiptFiles.ReadDisclosures(path) : beside;
                var known = await ReceiptFiles.ReadKeysAsync(parsed.GetRequiredValue(keys), environment, cancellationToken);
                var asked = NumberOf(await NumberOption.ReadAsync(parsed, number, cancellationToken));
                var verdict = Judge(signed, kind, known, opened, asked, answer);
                if (parsed.GetValue(json))
                {
                    output.WriteLine(verdict.ToJson().ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
                }
                else
                {
                    Print(verdict, kind, tell, output, error);
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

    public static string? Text(JsonObject claims, string name) => Plain(claims[name]);

    public static string? Plain(JsonNode? value) => value switch
    {
        null => null,
        JsonObject inner => string.Join(", ", inner.Select(part => $"{part.Key} {part.Value}")),
        _ => value.ToString(),
    };

    public static string? Moment(JsonObject claims, string name) =>
        claims[name] is JsonValue value && value.TryGetValue<long>(out var seconds) && seconds is >= 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            : null;

    private static Verdict Judge(
        string signed, SignedKind kind, IReadOnlyList<ClientKey> keys, IReadOnlyList<string> disclosures, string? number,
        JsonObject? answer)
    {
        var (claims, fault) = ReceiptCheck.Signed(signed, kind, keys);
        if (claims is null)
        {
            return new Verdict(NotGood, fault);
        }
        if (answer is not null && ReceiptCheck.Beside(claims, kind, answer) is { } otherwise)
        {
            return new Verdict(NotItsOwn, otherwise, claims);
        }
        (var shown, fault) = ReceiptCheck.Disclosed(claims, kind, disclosures);
        if (shown is null)
        {
            return new Verdict(NotItsOwn, fault, claims);
        }
        fault = number is null ? null
            : !shown.TryGetValue(Commitments.PhoneNumber, out var own)
                ? $"Whether it is about the number cannot be told: no disclosure opens {Commitments.PhoneNumber}."
            : own != number ? $"The {kind.Noun} is not about this number." : null;
        return new Verdict(fault is null ? 0 : NotItsOwn, fault, claims, shown);
    }

    private static string? NumberOf(string? text)
    {
        if (text is null)
        {
            return null;
        }
        var plain = string.Concat(text.Where(c => !char.IsWhiteSpace(c) && c is not ('-' or '.' or '(' or ')' or '/')));
        return plain.StartsWith('+') && plain.Length > 1 && plain[1..].All(char.IsAsciiDigit) ? plain
            : throw new CommandFailure(
                "The number must begin with + and its country code, as +12025550142, and have digits alone: without a server nobody knows "
                    + "how numbers are written at home.");
    }

    private static void Print(
        Verdict verdict, SignedKind kind, Func<JsonObject, IEnumerable<(string Name, string? Value)>> tell, TextWriter output,
        TextWriter error)
    {
        if (verdict.Claims is { } claims)
        {
            Tables.Print(
                Tables.Pairs(
                [
                    .. tell(claims),
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
            verdict.Shown is { Count: 0 } ? $"The {kind.Noun} is good. Nothing opens whom it was about."
                : $"The {kind.Noun} is good, and so is what opens it.");
    }

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
