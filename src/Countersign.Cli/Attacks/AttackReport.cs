using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Countersign.Cli.Printing;

namespace Countersign.Cli.Attacks;

/// <summary>What came of a run, as one JSON object: it is printed, signed and made a page of.</summary>
internal static class AttackReport
{
    /// <summary>Something is open.</summary>
    public const int SomethingOpen = 2;

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
            ["notPlayed"] = IdsOf(played.Where(one => one.Finding.IsBroken)),
            ["leftOut"] = IdsOf(played.Where(one => one.Finding == Finding.LeftOut)),
            ["attacks"] = new JsonArray([.. played.Select(one => (JsonNode?)Of(one.Attack, one.Finding))]),
        };

    /// <summary>It has what printing needs: it may come from anybody.</summary>
    public static bool IsOne(JsonObject report) =>
        report["verdicts"] is JsonObject && report["notPlayed"] is JsonArray && report["leftOut"] is JsonArray
        && report["attacks"] is JsonArray attacks && attacks.All(attack => attack is JsonObject);

    /// <returns>How the command ends: 0 when nothing is open, 1 when something could not be played.</returns>
    public static int CodeOf(JsonObject report) =>
        (int)report["verdicts"]![WordOf(Verdict.Open)]! > 0 ? SomethingOpen : report["notPlayed"]!.AsArray().Count > 0 ? 1 : 0;

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
        PrintEach(attacks.Where(attack => Text(attack, "verdict") == WordOf(Verdict.Open)).ToList(), "Open:", output);
        var notPlayed = report["notPlayed"]!.AsArray().Select(id => (string)id!).ToList();
        var without = attacks.Where(attack => Text(attack, "verdict") == WordOf(Verdict.NotApplicable))
            .ToLookup(attack => notPlayed.Contains(Text(attack, "id"), StringComparer.Ordinal));
        PrintEach([.. without[true]], "Could not be played:", output);
        // What a test plays instead says so in the report.
        PrintEach([.. without[false].Where(attack => attack["next"] is null)], "Not played here:", output);
        output.WriteLine(SentenceOf(report));
    }

    public static string SentenceOf(JsonObject report) =>
        $"{string.Join(", ", report["verdicts"]!.AsObject().Select(one => $"{one.Value} {one.Key}"))}"
            + $"{(report["leftOut"]!.AsArray().Count is var left and > 0 ? $" ({left} left out by --only)" : "")}; "
            + $"{report["calls"]} calls in {report["seconds"]} seconds to {report["target"]} ({report["mode"]}).";

    public static string Text(JsonObject attack, string name) => Heard.TextOf(attack, name) ?? "";

    public static string WordOf(Verdict verdict) => verdict switch
    {
        Verdict.Defended => "defended",
        Verdict.Open => "open",
        Verdict.LimitStated => "limit stated",
        _ => "not applicable",
    };

    private static JsonArray IdsOf(IEnumerable<(Attack Attack, Finding Finding)> some) =>
        new([.. some.Select(one => (JsonNode?)one.Attack.Id)]);

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
