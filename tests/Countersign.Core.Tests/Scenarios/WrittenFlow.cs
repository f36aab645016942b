using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Core.History;
using Countersign.Core.Possession;
using Countersign.Core.Scenarios;
using Countersign.Core.Texts;

namespace Countersign.Core.Tests.Scenarios;

/// <summary>
/// Flows that have ended, as a line of text, and what is read out of them likewise. A fact is "20 possession.proven method=otp"; a text is
/// "otp 1 sent: first 1 refused:throttled 2 again=4, second 4 accepted 5": when it was written, its state, and its attempts with gateway,
/// beginning, state, and when that was learnt.
/// </summary>
internal static class WrittenFlow
{
    public static readonly DateTimeOffset Begun = Sample.Now;

    public static FlowAccount Of(string facts, params string[] texts) => new()
    {
        Id = CorrelationId.New(Begun), ProjectId = ProjectId.Parse("shop"), Product = Product.VerifiedUsers, Type = FlowType.Mobile,
        BegunAt = Begun, ExpiresAt = Moment("900"), Ending = new Ending(FlowEnd.RanOutReady, Moment("900")),
        IsDecided = true, Possession = PossessionVerdict.Open, Facts = [.. facts.Split(" | ").Select(FactOf)],
        Texts = [.. texts.Select(TextOf)],
    };

    public static FlowAccount OnDesktop(this FlowAccount account) => account with { Type = FlowType.Desktop };

    public static Scenario Exported(this FlowAccount account, PossessionOptions? options = null) =>
        Assert.IsType<ScenarioExported.Made>(ScenarioExport.Of(account, options ?? new PossessionOptions())).Scenario;

    public static string Steps(this FlowAccount account) => string.Join(
        " | ", account.Exported().Steps.Select(step => Line(JsonSerializer.SerializeToNode(step, ScenarioJson.Default.ScenarioStep)!)));

    public static string Texts(this FlowAccount account) => string.Join(
        " | ", account.Exported().Texts!.Select(text => Line(JsonSerializer.SerializeToNode(text, ScenarioJson.Default.ScenarioText)!)));

    public static FlowEvent FactOf(string line)
    {
        var words = line.Split(' ');
        var fact = new FlowEvent(Moment(words[0]), words[1]);
        foreach (var (name, value) in Members(words[2..]))
        {
            fact = name switch
            {
                "method" => fact with { Method = value },
                "next" => fact with { Next = value },
                "reason" => fact with { Reason = value },
                "cause" => fact with { Cause = value },
                "gateway" => fact with { Gateway = GatewayName.Parse(value) },
                "word" => fact with { OperatorWord = value },
                "rule" => fact with { Rule = value },
                "source" => fact with { Source = SourceName.Parse(value) },
                "limit" => fact with { Limit = new LimitEvidence(value, 12, 13, 3600, Moment("1800")) },
                _ => throw new ArgumentException(name),
            };
        }
        return fact;
    }

    private static OutcomeText TextOf(string line)
    {
        var parts = line.Split(": ");
        var words = parts[0].TrimEnd(':').Split(' ');
        return new OutcomeText(
            Enum.Parse<TextKind>(words[0], ignoreCase: true), Moment(words[1]), Enum.Parse<TextState>(words[2], ignoreCase: true), 1,
            parts.Length == 1 ? [] : [.. parts[1].Split(", ").Select(AttemptOf)]);
    }

    private static TextAttempt AttemptOf(string line)
    {
        var words = line.Split(' ');
        var state = words[2].Split(':');
        var more = Members(words[4..]).ToDictionary(StringComparer.Ordinal);
        return new TextAttempt(
            GatewayName.Parse(words[0]), Moment(words[1]), more.ContainsKey("handover"),
            Enum.Parse<AttemptState>(state[0], ignoreCase: true), Moment(words[3]),
            state.Length > 1 ? Enum.Parse<SmsRefusal>(state[1], ignoreCase: true) : null,
            more.TryGetValue("again", out var again) ? Moment(again) : null, more.GetValueOrDefault("word"));
    }

    private static IEnumerable<KeyValuePair<string, string>> Members(IEnumerable<string> words) =>
        words.Select(word => word.Split('=')).Select(pair => KeyValuePair.Create(pair[0], pair.ElementAtOrDefault(1) ?? ""));

    private static DateTimeOffset Moment(string seconds) => Begun.AddSeconds(double.Parse(seconds, CultureInfo.InvariantCulture));

    /// <summary>The first two members of a step without their names, all else with it.</summary>
    private static string Line(JsonNode node) => string.Join(
        ' ', node.AsObject().Select(member => member.Key is "at" or "do" or "gateways" ? Word(member.Value!)
            : member.Value is JsonValue value && value.GetValueKind() == JsonValueKind.True ? member.Key
            : $"{member.Key}={Word(member.Value!)}"));

    private static string Word(JsonNode value) => value switch
    {
        JsonArray list => list.Count == 0 ? "-" : string.Join(',', list.Select(item => (string)item!)),
        JsonObject limit => (string)limit["rule"]!,
        _ => value.ToString(),
    };
}
