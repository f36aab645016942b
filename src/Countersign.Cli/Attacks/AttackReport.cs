using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Cli.Printing;

namespace Countersign.Cli.Attacks;

/// <summary>What came of a run, as one JSON object: it is printed, signed and made a page of.</summary>
internal static class AttackReport
{
    /// <summary>Something is open.</summary>
    public const int SomethingOpen = 2;

    private static readonly string[] _words = [.. Enum.GetValues<Verdict>().Select(WordOf)];

    private static readonly string _version = typeof(AttackReport).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    public static JsonObject Of(
        IReadOnlyList<(Attack Attack, Finding Finding)> played, Installation on, JsonObject keysAndDocuments, DateTimeOffset at,
            Bounds bounds) =>
        new()
        {
            ["target"] = on.Target.Origin.GetLeftPart(UriPartial.Authority),
            ["mode"] = on.IsLive ? "live" : "sandbox",
            ["at"] = at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["by"] = $"countersign {_version}",
            ["keysAndDocuments"] = keysAndDocuments,
            ["calls"] = on.Target.Calls,
            ["seconds"] = (int)on.Target.Elapsed.TotalSeconds,
            ["bounds"] = new JsonObject { ["calls"] = bounds.Calls, ["minutes"] = (int)bounds.Time.TotalMinutes },
            ["verdicts"] = new JsonObject(Enum.GetValues<Verdict>().Select(verdict => KeyValuePair.Create(
                WordOf(verdict), (JsonNode?)played.Count(one => one.Finding.Verdict == verdict)))),
            ["leftOut"] = new JsonArray(
                [.. played.Where(one => one.Finding == Finding.LeftOut).Select(one => (JsonNode?)one.Attack.Id)]),
            ["attacks"] = new JsonArray([.. played.Select(one => (JsonNode?)Of(one.Attack, one.Finding))]),
        };

    /// <summary>It has what printing needs, and says nothing twice in different ways: it may come from anybody.</summary>
    public static bool IsOne(JsonObject report) =>
        report["verdicts"] is JsonObject verdicts && report["leftOut"] is JsonArray && report["attacks"] is JsonArray attacks
        && attacks.All(attack => IsId(Text(attack, "id")) && _words.Contains(Text(attack, "verdict")))
        && attacks.Select(attack => Text(attack, "id")).Distinct(StringComparer.Ordinal).Count() == attacks.Count
        && _words.All(word => (verdicts[word]?.ToString() ?? "0") == IdsOf(report, word).Count.ToString(CultureInfo.InvariantCulture))
        && IsPrintable(report);

    /// <returns>How the command ends: 0 when nothing is open, 1 when something could not be played.</returns>
    public static int CodeOf(JsonObject report) =>
        IdsOf(report, WordOf(Verdict.Open)).Count > 0 ? SomethingOpen : IdsOf(report, WordOf(Verdict.NotPlayed)).Count > 0 ? 1 : 0;

    /// <summary>The ids of the attacks that came to it.</summary>
    public static IReadOnlyList<string> IdsOf(JsonObject report, string verdict) =>
    [
        .. report["attacks"]!.AsArray().Where(attack => Text(attack, "verdict") == verdict).Select(attack => Text(attack, "id")),
    ];

    public static void Print(JsonObject report, TextWriter output)
    {
        var leftOut = report["leftOut"]!.AsArray().Select(id => (string)id!).ToList();
        var attacks = report["attacks"]!.AsArray().OfType<JsonObject>()
            .Where(attack => !leftOut.Contains(Text(attack, "id"), StringComparer.Ordinal)).ToList();
        Tables.Print(
            attacks.Aggregate(
                Tables.Of("Id", "Verdict", "What is tried"),
                (table, attack) => table.Row(Text(attack, "id"), Text(attack, "verdict"), Text(attack, "tried"))),
            output);
        var by = attacks.ToLookup(attack => Text(attack, "verdict"), StringComparer.Ordinal);
        PrintEach([.. by[WordOf(Verdict.Open)]], "Open:", output);
        PrintEach([.. by[WordOf(Verdict.NotPlayed)]], "Could not be played:", output);
        // What a test plays instead says so in the report.
        PrintEach([.. by[WordOf(Verdict.NotApplicable)].Where(attack => attack["next"] is null)], "Not played here:", output);
        output.WriteLine(SentenceOf(report));
    }

    public static string SentenceOf(JsonObject report) =>
        $"{string.Join(", ", _words.Select(word => $"{IdsOf(report, word).Count} {word}"))}"
            + $"{(report["leftOut"]!.AsArray().Count is var left and > 0 ? $" ({left} left out by --only)" : "")}; "
            + $"{report["calls"]} calls in {report["seconds"]} seconds to {report["target"]} ({report["mode"]}).";

    /// <summary>How much was permitted: what was not reached within it is not played.</summary>
    public static string BoundsOf(JsonObject report) =>
        $"{(report["bounds"] as JsonObject)?["calls"]} calls, {(report["bounds"] as JsonObject)?["minutes"]} minutes";

    public static string Text(JsonNode? attack, string name) => Heard.TextOf(attack, name) ?? "";

    public static string WordOf(Verdict verdict) => verdict switch
    {
        Verdict.Defended => "defended",
        Verdict.Open => "open",
        Verdict.LimitStated => "limit stated",
        Verdict.NotPlayed => "not played",
        _ => "not applicable",
    };

    private static bool IsId(string text) => text is [>= 'A' and <= 'Z', >= '0' and <= '9', >= '0' and <= '9'];

    // A terminal obeys some characters, and others change how a line is read.
    private static bool IsPrintable(JsonNode? node) => node switch
    {
        JsonObject members => members.All(member => IsPrintable(member.Key) && IsPrintable(member.Value)),
        JsonArray list => list.All(IsPrintable),
        JsonValue value => !value.TryGetValue<string>(out var text) || IsPrintable(text),
        _ => true,
    };

    private static bool IsPrintable(string text) => text.EnumerateRunes().All(rune => Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator));

    private static JsonObject Of(Attack attack, Finding finding)
    {
        var told = new JsonObject
        {
            ["id"] = attack.Id, ["tried"] = attack.Known.Try, ["promise"] = Attack.Plain(attack.Known.Promise),
            ["verdict"] = WordOf(finding.Verdict), ["evidence"] = finding.Evidence,
        };
        if (finding.Next is { } next)
        {
            told["next"] = next;
        }
        told["clauses"] = new JsonArray([.. attack.Clauses.Select(clause => (JsonNode?)clause)]);
        return told;
    }

    private static void PrintEach(List<JsonObject> attacks, string title, TextWriter output)
    {
        if (attacks.Count == 0)
        {
            return;
        }
        output.WriteLine(title);
        foreach (var attack in attacks)
        {
            output.WriteLine($"  {Text(attack, "id")} {Text(attack, "tried")}");
            output.WriteLine($"      {Text(attack, "evidence")}");
            if (Text(attack, "next") is { Length: > 0 } next)
            {
                output.WriteLine($"      {next}");
            }
        }
    }
}
