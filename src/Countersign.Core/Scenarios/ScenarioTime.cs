namespace Countersign.Core.Scenarios;

/// <summary>Seconds to a thousandth, as a scenario has them.</summary>
public static class ScenarioTime
{
    public static decimal Of(TimeSpan time) => Math.Floor((decimal)time.Ticks / TimeSpan.TicksPerMillisecond) / 1000;

    /// <summary>From the first moment to the second; 0 where that was earlier.</summary>
    public static decimal Between(DateTimeOffset from, DateTimeOffset to) => to <= from ? 0 : Of(to - from);

    public static TimeSpan ToTime(decimal seconds) => TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond));
}

/// <summary>A flow's facts as a scenario has them.</summary>
public static class ScenarioFacts
{
    /// <summary>Codes of reasons or rules, with commas between them; what is no code is <see cref="ScenarioWords.Other"/>.</summary>
    public static string? CodesOf(string? codes) => ScenarioCodes.Of(codes);

    /// <param name="at">Its offset.</param>
    /// <param name="begun">When its flow began.</param>
    public static ScenarioFact Of(FlowEvent fact, decimal at, DateTimeOffset begun) => new(at, fact.Code ?? FlowEventCode.FlowChanged)
    {
        Method = fact.Method,
        Next = fact.Next,
        Reason = ScenarioCodes.Of(fact.Reason),
        Cause = ScenarioCodes.Of(fact.Cause),
        Gateway = fact.Gateway?.ToString(),
        OperatorWord = ScenarioCodes.OfOperator(fact.OperatorWord),
        Rule = ScenarioCodes.Of(fact.Rule),
        Source = fact.Source?.ToString(),
        Limit = fact.Limit is { } limit ? LimitOf(limit, begun) : null,
    };

    public static ScenarioLimit LimitOf(LimitEvidence limit, DateTimeOffset begun) =>
        new(limit.Rule, limit.Count, limit.Max, limit.Seconds, ScenarioTime.Between(begun, limit.Until));
}
