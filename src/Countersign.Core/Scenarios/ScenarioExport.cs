using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.Possession;

namespace Countersign.Core.Scenarios;

/// <summary>Makes a scenario of what is known of a flow that has ended.</summary>
public static class ScenarioExport
{
    /// <summary>What a flow says of itself that no scenario plays, and why.</summary>
    private static readonly Dictionary<string, string> _notPlayed = new(StringComparer.Ordinal)
    {
        [FlowEventCode.CapReached] = "a cap on money was reached, which depends on other flows",
        [FlowEventCode.CapUnpriced] = "a text had no price, which depends on the server",
        [FlowEventCode.FlowChanged] = "an earlier version did not keep what happened",
    };

    /// <param name="flow">With its texts.</param>
    /// <param name="options">Of the server: how long challenges live, as far as the flow does not show it.</param>
    public static ScenarioExported Of(FlowAccount flow, PossessionOptions options) => Problem(flow) is { } problem
        ? new ScenarioExported.NotPossible(problem)
        : new ScenarioExported.Made(new ScenarioBuilder(flow, flow.Ending!, options).Build());

    private static string? Problem(FlowAccount flow) =>
        flow.Ending is not { } ending ? "the flow still runs"
        : flow.Product == Product.OneCall || ending.End.StartsWith("refused.", StringComparison.Ordinal) ? "there was no flow"
        : flow.Facts.Count >= FlowEvent.MaxPerFlow ? $"only the last {FlowEvent.MaxPerFlow} things that happened are known of it"
        : flow.Facts.Where(fact => fact.Limit is not null).Select(fact => (fact.Limit!.Rule, fact.Limit.Max)).Distinct().Skip(1).Any()
            ? "two limits were reached, and a scenario has one"
        : flow.Facts.Select(ProblemOf).FirstOrDefault(problem => problem is not null);

    private static string? ProblemOf(FlowEvent fact) =>
        fact.Code == FlowEventCode.BudgetSpent && (fact.Limit is not { IsShadow: false, Rule: var rule }
            || !ScenarioWords.Limits.Contains(rule, StringComparer.Ordinal))
            ? "a limit was reached that is not of the line alone, so it depends on other flows"
        : fact.Code is null ? "an earlier version kept its timeline in sentences"
        : _notPlayed.GetValueOrDefault(fact.Code)
            ?? (FlowEventCode.All.Contains(fact.Code, StringComparer.Ordinal) ? null : "a later version wrote its timeline");
}

/// <summary>What becomes of a flow that is to be a scenario: a closed set.</summary>
public abstract record ScenarioExported
{
    private ScenarioExported() { }

    public sealed record Made(Scenario Scenario) : ScenarioExported;

    /// <param name="Why">Half a sentence.</param>
    public sealed record NotPossible(string Why) : ScenarioExported;
}
