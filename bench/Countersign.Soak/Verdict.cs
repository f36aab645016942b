using System.Globalization;
using System.Text.Json.Nodes;

namespace Countersign.Soak;

/// <summary>What must hold, whatever went wrong. Each rule counts what breaks it.</summary>
internal sealed class Verdict(Stage stage, IReadOnlyList<Flow> flows)
{
    private static readonly string[] _proven =
    [
        "identity.matched", "identity.differs", "identity.not-comparable", "identity.no-record", "identity.source-unavailable",
        "complete.answered", "binding.done", "binding.another-person", "ran-out.matching", "ran-out.proven", "ran-out.awaiting-challenge",
        "ran-out.challenging", "ran-out.awaiting-complete", "ran-out.completing", "ran-out.binding",
    ];

    // How long after a stop of the database a node may still take it for away; a second later it has written what waits.
    private static readonly TimeSpan _recovering = TimeSpan.FromSeconds(10);
    // How much later than it was given an answer may be seen.
    private static readonly TimeSpan _noticed = TimeSpan.FromSeconds(1);

    private readonly List<string> _broken = [];

    public IReadOnlyList<string> Broken => _broken;

    public IReadOnlyDictionary<string, int> Ends { get; private set; } = new Dictionary<string, int>(StringComparer.Ordinal);

    public async Task JudgeAsync()
    {
        var ends = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var flow in flows)
        {
            if (flow.Ids.Count != 1)
            {
                Break("one start, one flow", $"{flow} has {flow.Ids.Count} ids");
                continue;
            }
            var answer = await stage.BackEnd.GetAsync($"/flows/{flow.Id}");
            if (answer.Status == 404 && MayBeLost(flow))
            {
                stage.Faults.Count("call without a flow, answered while the database was away, loses its outcome with its node");
                continue;
            }
            if (answer.Status != 200 || answer.Text("end") is not { } end)
            {
                Break("no flow is lost", $"{flow}: {answer}");
                continue;
            }
            ends[end] = ends.GetValueOrDefault(end) + 1;
            JudgeSuccess(flow, end);
        }
        Ends = ends;
        await JudgeOutcomesAsync();
        JudgeTexts();
        await JudgeEventsAsync();
    }

    private void JudgeSuccess(Flow flow, string end)
    {
        if (flow.Product == Product.OneCall)
        {
            if (flow.Status?.Text("success") == "true" && !flow.HasRightName)
            {
                Break("no wrong success", $"{flow} was answered {flow.Status} for another name");
            }
            return;
        }
        if (!flow.IsProofSent && _proven.Contains(end, StringComparer.Ordinal))
        {
            Break("no wrong success", $"{flow} ended {end} without a proof");
        }
        if (!flow.HasRightName && end == "identity.matched")
        {
            Break("no wrong success", $"{flow} matched another name");
        }
        if (flow.Status?.Text("success") == "true" && !flow.IsProofSent)
        {
            Break("no wrong success", $"{flow} was answered {flow.Status} without a proof");
        }
    }

    /// <summary>What the store did not take before it was answered waits in memory: until the store is back a kill loses it.</summary>
    private bool MayBeLost(Flow flow) => flow.AnsweredAt is { } at
        && stage.Stops.Any(stop => at >= stop.From && at < stop.To + _recovering
            && stage.Kills.Any(kill => kill > at - _noticed && kill < stop.To + 2 * _recovering));

    private async Task JudgeOutcomesAsync()
    {
        // A call whose answer was lost is made again, and has an outcome of its own.
        var begun = flows.Count(flow => flow.Product != Product.OneCall);
        var left = await stage.Postgres.CountAsync("SELECT count(*) FROM flows");
        var outcomes = await stage.Postgres.CountAsync("SELECT count(*) FROM outcomes WHERE product <> 'OneCall'");
        if (left != 0 || outcomes != begun)
        {
            Break("one outcome for each flow", $"{begun} flows, {outcomes} outcomes, {left} rows of flows");
        }
    }

    /// <summary>No gateway gets a text twice, and nobody more texts than were asked for.</summary>
    private void JudgeTexts()
    {
        foreach (var (key, times) in stage.World.HandOvers.Where(one => one.Value > 1))
        {
            Break("no text twice", $"gateway {key.Gateway} was handed {key.Text} {times.ToString(CultureInfo.InvariantCulture)} times");
        }
        // A person's texts are counted once.
        foreach (var flow in flows.Where(flow => flow.Former is null))
        {
            var texts = stage.World.TextsTo(flow.Phone).Where(text => (string?)text["kind"] != "notice")
                .Select(text => (string)text["id"]!).Distinct(StringComparer.Ordinal).Count();
            if (texts > flow.TextsAskedFor)
            {
                Break("no text that nobody asked for", $"{flow}: {texts} texts, asked for {flow.TextsAskedFor} times");
            }
        }
    }

    private async Task JudgeEventsAsync()
    {
        var listed = await ListEventsAsync();
        foreach (var missing in listed.Where(one => !stage.World.Delivered.ContainsKey((string)one["id"]!)))
        {
            Break("every event is delivered", missing.ToJsonString());
        }
        var byFlow = listed.Where(one => one["data"]!["flow"] is not null)
            .ToLookup(one => (string)one["data"]!["flow"]!, StringComparer.Ordinal);
        foreach (var flow in flows.Where(flow => flow.Ids.Count == 1 && flow.Product != Product.OneCall))
        {
            var events = byFlow[flow.Id].OrderBy(one => (long)one["sequence"]!).ToList();
            if (!events.Select(one => (long)one["sequence"]!).SequenceEqual(Enumerable.Range(1, events.Count).Select(n => (long)n)))
            {
                Break("events have no gap", $"{flow}: {string.Join(' ', events.Select(one => one["sequence"]))}");
            }
            if (events.Count(one => (string?)one["type"] == "flow.started") != 1
                || events.Count(one => (string?)one["type"] == "flow.finished") != 1
                || (string?)events[0]["type"] != "flow.started")
            {
                Break("a flow starts and finishes once", $"{flow}: {string.Join(' ', events.Select(one => one["type"]))}");
            }
        }
    }

    private async Task<List<JsonObject>> ListEventsAsync()
    {
        var all = new List<JsonObject>();
        for (var after = ""; ;)
        {
            var page = await stage.BackEnd.GetAsync($"/events?limit=100{after}");
            all.AddRange(page.Json!["events"]!.AsArray().Select(one => one!.AsObject()));
            if (!(bool)page.Json["hasMore"]!)
            {
                return all;
            }
            after = $"&after={page.Text("next")}";
        }
    }

    private void Break(string rule, string what) => _broken.Add($"{rule}: {what}");
}
