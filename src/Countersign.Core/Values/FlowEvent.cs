using System.Text.Json.Serialization;

namespace Countersign.Core;

/// <summary>
/// One thing that happened to a flow, as a fact: a code of <see cref="FlowEventCode"/> and what belongs to it, nothing personal in it.
/// Flows keep them, and whoever shows them makes sentences of them.
/// </summary>
/// <param name="At">When it happened.</param>
/// <param name="Code">What happened. Null in what a version stored that knew sentences alone.</param>
public sealed record FlowEvent(DateTimeOffset At, string? Code)
{
    /// <summary>A page that misbehaves must not make a flow grow without end.</summary>
    public const int MaxPerFlow = 50;

    /// <summary>The possession method that proved, or by which possession failed, by its name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Method { get; init; }

    /// <summary>The possession method that is next, by its name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Next { get; init; }

    /// <summary>Why, as a code; of several, all with commas between them. An adapter of somebody else's may say it in words.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    /// <summary>What the reason comes from, as a code: why no text could be sent to a person whose proof failed for want of one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Cause { get; init; }

    /// <summary>The name of the gateway that had the text, or would have got it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GatewayName? Gateway { get; init; }

    /// <summary>The operator's own word for a text that it did not take or deliver.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OperatorWord { get; init; }

    /// <summary>The rule of name matching that decided.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Rule { get; init; }

    /// <summary>The identity source that answered.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SourceName? Source { get; init; }

    /// <summary>The limit that was reached.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LimitEvidence? Limit { get; init; }

    /// <summary>The cap that was reached.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CapEvidence? Cap { get; init; }

    /// <summary>The sentence, where a version stored nothing else.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? What { get; init; }
}

/// <summary>Why a limit was reached, and until when.</summary>
/// <param name="Rule">Its name; docs/limits.md has a line for each.</param>
/// <param name="Count">What was counted in the window before.</param>
/// <param name="Max">The most that may be counted in a window.</param>
/// <param name="Seconds">How long the window is.</param>
/// <param name="Until">From this moment on it was, or will be, possible again.</param>
/// <param name="IsShadow">Nothing was refused for it.</param>
public sealed record LimitEvidence(
    string Rule, long Count, long Max, long Seconds, DateTimeOffset Until,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsShadow = false)
{
    public override string ToString() => $"{Count} of {Max}";
}

/// <summary>Why a cap was reached, and until when.</summary>
/// <param name="Rule">Its name; docs/limits.md has a line for each.</param>
/// <param name="Spent">What texts had cost in the window.</param>
/// <param name="Cost">What another would have cost; null in what a former version stored of one without a price.</param>
/// <param name="Cap">What they may cost in a window.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Window">"day" or "month", of the calendar, in UTC.</param>
/// <param name="Until">The end of the window.</param>
public sealed record CapEvidence(
    string Rule, decimal Spent, decimal? Cost, decimal Cap, string Currency, string Window, DateTimeOffset Until)
{
    public override string ToString() => $"{Spent} of {Cap}";
}
