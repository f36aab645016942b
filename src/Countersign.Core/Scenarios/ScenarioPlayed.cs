using System.Text.Json.Serialization;

namespace Countersign.Core.Scenarios;

/// <summary>Plays scenarios, each in a sandbox of its own: a store, a clock and a world that are there for it alone.</summary>
public interface IScenarioStage
{
    Task<ScenarioPlayed> PlayAsync(Scenario scenario, CancellationToken cancellationToken);
}

/// <summary>What came of playing a scenario.</summary>
/// <param name="IsSame">It came to what it had to.</param>
/// <param name="Differences">Each in a sentence; empty when it is the same.</param>
/// <param name="Came">What came of it.</param>
public sealed record ScenarioPlayed(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] bool IsSame, IReadOnlyList<string> Differences, ScenarioExpectation? Came)
{
    // More would be no help: all that follows the first is often its doing.
    private const int MostDifferences = 20;

    /// <param name="problem">Why it was not played to its end; null when it was.</param>
    public static ScenarioPlayed Of(ScenarioExpectation expected, ScenarioExpectation? came, string? problem)
    {
        List<string> differences = problem is null ? [] : [problem];
        if (came is not null)
        {
            differences.AddRange(Between(expected, came).Take(MostDifferences));
        }
        return new ScenarioPlayed(differences.Count == 0, differences, came);
    }

    public override string ToString() => IsSame ? "the same" : $"{Differences.Count} differences";

    private static IEnumerable<string> Between(ScenarioExpectation expected, ScenarioExpectation came)
    {
        for (var line = 0; line < Math.Max(expected.Timeline.Count, came.Timeline.Count); line++)
        {
            var (wanted, had) = (expected.Timeline.ElementAtOrDefault(line), came.Timeline.ElementAtOrDefault(line));
            if (wanted != had)
            {
                yield return $"timeline[{line}]: {Words(wanted)} was expected, {Words(had)} came";
            }
        }
        if ((expected.End, expected.Reason, expected.At) != (came.End, came.Reason, came.At))
        {
            yield return $"end: {Words(expected)} was expected, {Words(came)} came";
        }
        if ((expected.Possession, expected.Method) != (came.Possession, came.Method))
        {
            yield return $"possession: {expected.Possession} ({expected.Method ?? "no method"}) was expected, {came.Possession} "
                + $"({came.Method ?? "no method"}) came";
        }
    }

    private static string Words(ScenarioExpectation one) =>
        FormattableString.Invariant($"{one.End} ({one.Reason ?? "no reason"}) at {one.At} s");

    private static string Words(ScenarioFact? fact)
    {
        if (fact is null)
        {
            return "nothing";
        }
        var more = string.Join(", ", new (string Name, string? Value)[]
        {
            ("method", fact.Method), ("next", fact.Next), ("reason", fact.Reason), ("cause", fact.Cause), ("gateway", fact.Gateway),
            ("operatorWord", fact.OperatorWord), ("rule", fact.Rule), ("source", fact.Source), ("limit", fact.Limit?.ToString()),
        }.Where(one => one.Value is not null).Select(one => $"{one.Name} {one.Value}"));
        return FormattableString.Invariant($"{fact.Code} at {fact.At} s{(more.Length == 0 ? "" : $" ({more})")}");
    }
}
