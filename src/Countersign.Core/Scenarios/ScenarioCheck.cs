using Countersign.Core.History;

namespace Countersign.Core.Scenarios;

/// <summary>What a scenario's members may say beside one another.</summary>
internal static class ScenarioCheck
{
    /// <summary>The first problem, which names the member; null when there is none.</summary>
    public static string? Problem(Scenario scenario) =>
        scenario.Version != Scenario.PresentVersion
            ? $"version must be {Scenario.PresentVersion}: this server reads no other"
            : OfFlow(scenario.Flow) ?? OfTexts(scenario.Texts ?? []) ?? OfSteps(scenario) ?? OfExpected(scenario.Expected);

    private static string? OfFlow(ScenarioFlow flow) =>
        NoWord("flow.product", flow.Product, ScenarioWords.Products.Keys)
        ?? NoWord("flow.type", flow.Type, ScenarioWords.Types.Keys)
        ?? (flow.Shape is null ? null : NoWord("flow.shape", flow.Shape, ScenarioWords.Shapes.Keys))
        ?? (flow.Life is <= 0 or > 3600 ? "flow.life must be more than 0 and at most 3600" : null)
        ?? (flow.Entries < 1 ? "flow.entries must be 1 at least" : null)
        ?? NoSignals("flow.refuses", flow.Refuses);

    private static string? OfTexts(IReadOnlyList<ScenarioText> texts) => texts.Index()
        .Select(text => NoGateways($"texts[{text.Index}].gateways", text.Item.Gateways)
            ?? NoGateways($"texts[{text.Index}].handover", text.Item.Handover ?? [])
            ?? NoGateway($"texts[{text.Index}].optedOut", text.Item.OptedOut))
        .FirstOrDefault(problem => problem is not null);

    private static string? OfSteps(Scenario scenario)
    {
        if (scenario.Steps is not [{ Do: ScenarioActs.Start }, ..])
        {
            return $"steps[0].do must be {ScenarioActs.Start}";
        }
        decimal last = 0;
        foreach (var (index, step) in scenario.Steps.Index())
        {
            var name = $"steps[{index}]";
            if (step.At < last)
            {
                return $"{name}.at must not be before the step before it";
            }
            last = step.At;
            if (index > 0 && step.Do == ScenarioActs.Start)
            {
                return $"{name}.do: a flow starts once";
            }
            if (OfStep(name, step, scenario.Texts?.Count ?? 0) is { } problem)
            {
                return problem;
            }
        }
        return null;
    }

    private static string? OfStep(string name, ScenarioStep step, int texts)
    {
        if (NoWord($"{name}.do", step.Do, ScenarioActs.All.Keys) is { } unknown)
        {
            return unknown;
        }
        var act = ScenarioActs.All[step.Do];
        var given = GivenIn(step).ToList();
        if (given.Find(member => !act.Needs.Contains(member) && !act.Takes.Contains(member)) is { } strange)
        {
            string[] taken = [.. act.Needs, .. act.Takes];
            return $"{name}.{strange}: {act} takes {(taken.Length == 0 ? "nothing" : string.Join(", ", taken))}";
        }
        return act.Needs.FirstOrDefault(needed => !given.Contains(needed)) is { } missing ? $"{name}.{missing} is missing"
            : (act.Answers.Length == 0 ? null : NoWord($"{name}.answer", step.Answer!, act.Answers))
            ?? (step.Entry is null ? null : NoWord($"{name}.entry", step.Entry, [ScenarioWords.Right, ScenarioWords.Wrong]))
            ?? (step.Number is null ? null : NoWord($"{name}.number", step.Number, [ScenarioWords.Another]))
            ?? (step.Reason is null ? null : NoWord($"{name}.reason", step.Reason, FlowReason.All.Append(ScenarioWords.Other)))
            ?? NoGateway($"{name}.gateway", step.Gateway)
            ?? (step.Source is null || SourceName.TryParse(step.Source, out _) ? null : $"{name}.source is no source's name")
            ?? (step.Text is null || (step.Text >= 1 && step.Text <= texts) ? null : $"{name}.text must be one of texts, from 1")
            ?? (step.Limit is null ? null : NoWord($"{name}.limit.rule", step.Limit.Rule, ScenarioWords.Limits))
            ?? NoSignals($"{name}.given", step.Given)
            ?? NoSignals($"{name}.unknown", step.Unknown);
    }

    private static IEnumerable<string> GivenIn(ScenarioStep step) => new (string Name, bool IsGiven)[]
    {
        ("entry", step.Entry is not null), ("number", step.Number is not null), ("again", step.Again), ("silent", step.Silent),
        ("answer", step.Answer is not null), ("reason", step.Reason is not null), ("text", step.Text is not null),
        ("attempt", step.Attempt is not null), ("gateway", step.Gateway is not null), ("pause", step.Pause is not null),
        ("word", step.Word is not null), ("rule", step.Rule is not null), ("source", step.Source is not null),
        ("given", step.Given is not null), ("unknown", step.Unknown is not null), ("limit", step.Limit is not null),
    }.Where(member => member.IsGiven).Select(member => member.Name);

    private static string? OfExpected(ScenarioExpectation expected) =>
        NoWord("expected.end", expected.End, FlowEnd.All)
        ?? NoWord("expected.possession", expected.Possession, ScenarioWords.Verdicts.Keys)
        ?? expected.Timeline.Index()
            .Select(fact => NoWord($"expected.timeline[{fact.Index}].code", fact.Item.Code, FlowEventCode.All))
            .FirstOrDefault(problem => problem is not null);

    private static string? NoGateways(string name, IReadOnlyList<string> gateways) =>
        gateways.Index().Select(gateway => NoGateway($"{name}[{gateway.Index}]", gateway.Item)).FirstOrDefault(one => one is not null);

    private static string? NoGateway(string name, string? gateway) =>
        gateway is null || GatewayName.TryParse(gateway, out _) ? null : $"{name} is no gateway's name";

    private static string? NoSignals(string name, IReadOnlyList<string>? signals) =>
        signals?.Select(signal => NoWord(name, signal, ScenarioWords.Signals.Keys)).FirstOrDefault(problem => problem is not null);

    private static string? NoWord(string name, string word, IEnumerable<string> words) =>
        words.Contains(word, StringComparer.Ordinal) ? null : $"{name} must be one of {string.Join(", ", words)}";
}
