using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using static Countersign.Cli.Attacks.AttackReport;

namespace Countersign.Cli.Attacks;

/// <summary>A report as one page of HTML that needs nothing else: to hand over, or to print.</summary>
internal static class ReportPage
{
    private const string Style =
        """
        body { font: 15px/1.45 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b }
        table { border-collapse: collapse; width: 100% }
        th, td { text-align: left; vertical-align: top; padding: .45rem .6rem; border-top: 1px solid #ccc }
        th[scope=row], .v { white-space: nowrap } .v { font-weight: 600 } .open { color: #a40000 } .defended { color: #0b5d1e }
        small { color: #555 } td, dd { overflow-wrap: anywhere }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.2rem } dt { font-weight: 600 } dd { margin: 0 }
        @media print { tr { break-inside: avoid } }
        """;

    /// <param name="keyId">Of the key that has signed the report; null where it was not signed.</param>
    public static string Of(JsonObject report, string? keyId)
    {
        var attacks = report["attacks"]!.AsArray().OfType<JsonObject>().ToList();
        var open = attacks.Where(attack => Text(attack, "verdict") == WordOf(Verdict.Open)).ToList();
        var notPlayed = attacks.Where(attack => Text(attack, "verdict") == WordOf(Verdict.NotPlayed)).ToList();
        var others = attacks.Except(open).Except(notPlayed).ToList();
        var leftOut = report["leftOut"]!.AsArray().Count;
        return $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>Attacks on {Safe(Text(report, "target"))}</title>
            <style>
            {Style}
            </style>
            </head>
            <body>
            <h1>Attacks on {Safe(Text(report, "target"))}</h1>
            <p>{Safe(SentenceOf(report))}</p>
            <dl>
            <dt>Played</dt><dd><b>{Safe(Text(report, "at"))}</b> by {Safe(Text(report, "by"))}</dd>
            <dt>At most</dt><dd>{Safe(BoundsOf(report))}</dd>
            <dt>Keys and documents</dt>
            <dd><code>{Safe(Heard.TextOf(report["keysAndDocuments"], "sha256") ?? "")}</code></dd>
            <dt>Signed</dt><dd>{(keyId is null ? "not signed" : $"by the key <code>{Safe(keyId)}</code>; the signed file counts, this "
                + $"page shows it")}</dd>
            </dl>
            {(open.Count == 0 ? "" : $"<h2>Open</h2>\n{TableOf(open)}")}
            {(notPlayed.Count == 0 ? "" : $"<h2>Could not be played: nothing is said of these</h2>\n{TableOf(notPlayed)}")}
            <h2>{(open.Count + notPlayed.Count > 0 ? "All others"
                : leftOut == 0 ? "All attacks" : $"Attacks, without {leftOut} that were left out")}</h2>
            {TableOf(others)}
            <h2>What the verdicts mean</h2>
            <p><b>defended</b>: what stands as seen was played, and did not come through. <b>open</b>: it came through. <b>limit
            stated</b>: no guard holds it off whole, and the documentation says so. <b>not applicable</b>: it has no place here, or
            what it needs was not given; where a test plays it, that is named. <b>not played</b>: it should have been played and could
            not be.</p>
            <p>A report says what was so at its moment, for what was played. It is no proof that nothing else can be done.</p>
            </body>
            </html>
            """;
    }

    private static string TableOf(List<JsonObject> attacks) =>
        "<table>\n<tr><th>Id</th><th>Verdict</th><th>What is tried, what is promised, and what was seen</th></tr>\n"
            + $"{string.Join('\n', attacks.Select(RowOf))}\n</table>";

    private static string RowOf(JsonObject attack)
    {
        var verdict = Text(attack, "verdict");
        var clauses = string.Join("; ", (attack["clauses"] as JsonArray ?? []).Select(clause => clause?.ToString()));
        var next = Text(attack, "next");
        var label = verdict == WordOf(Verdict.Defended) || verdict == WordOf(Verdict.Open) ? "Seen" : "Why";
        return $"""
            <tr><th scope="row">{Safe(Text(attack, "id"))}</th><td class="v {Safe(verdict.Replace(' ', '-'))}">{Safe(verdict)}</td>
            <td><b>{Safe(Text(attack, "tried"))}</b><br>{Safe(Text(attack, "promise"))}
            <br>{label}: {Safe(Text(attack, "evidence"))}{(next.Length == 0 ? "" : $" {Safe(next)}")}
            <br><small>{Safe(clauses)}</small></td></tr>
            """;
    }

    private static string Safe(string text) => HtmlEncoder.Default.Encode(text);
}
