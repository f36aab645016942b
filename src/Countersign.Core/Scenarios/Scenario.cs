using System.Text.Json.Serialization;

namespace Countersign.Core.Scenarios;

/// <summary>
/// A flow as a test: what was done, what was answered and when, and what has to come of it. Nothing in it is personal. It is the file,
/// member by member (docs/scenarios.md); <see cref="ScenarioFile"/> reads it strictly.
/// </summary>
public sealed record Scenario
{
    /// <summary>The only version there is.</summary>
    public const int PresentVersion = 1;

    public required int Version { get; init; }

    public required ScenarioFlow Flow { get; init; }

    /// <summary>Its texts in the order in which they are written; null for none.</summary>
    public IReadOnlyList<ScenarioText>? Texts { get; init; }

    /// <summary>In their order; the first begins the flow.</summary>
    public required IReadOnlyList<ScenarioStep> Steps { get; init; }

    public required ScenarioExpectation Expected { get; init; }

    public override string ToString() => $"{Flow}, {Steps.Count} steps";
}

/// <summary>What the flow is, and what its project and its server are set to.</summary>
public sealed record ScenarioFlow
{
    /// <summary>A word of <see cref="ScenarioWords.Products"/>.</summary>
    public required string Product { get; init; }

    /// <summary>A word of <see cref="ScenarioWords.Types"/>.</summary>
    public required string Type { get; init; }

    /// <summary>Of a pre-fill flow, a word of <see cref="ScenarioWords.Shapes"/>; else null.</summary>
    public string? Shape { get; init; }

    /// <summary>How long it lives, in seconds.</summary>
    public required decimal Life { get; init; }

    /// <summary>How long a code is good, in seconds.</summary>
    public required decimal CodeLife { get; init; }

    /// <summary>How long a link is good, in seconds.</summary>
    public required decimal LinkLife { get; init; }

    /// <summary>How long Mobile Auth may take, in seconds.</summary>
    public required decimal MobileAuthLife { get; init; }

    /// <summary>Entries that may be made.</summary>
    public required int Entries { get; init; }

    /// <summary>How often a challenge may be sent again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required int Resends { get; init; }

    /// <summary>How often the person may give another number.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required int NumberChanges { get; init; }

    /// <summary>The project does not permit another number.</summary>
    public bool MayNotChangeNumber { get; init; }

    /// <summary>The link page asks for the desktop's digits.</summary>
    public bool MatchesLinks { get; init; }

    /// <summary>It comes to its result without a browser, as some test users of the sandbox do.</summary>
    public bool ProvesItself { get; init; }

    /// <summary>No text arrives at its line.</summary>
    public bool TakesNoText { get; init; }

    /// <summary>The relying party asks for a person whom it knows by an id.</summary>
    public bool IsAskedFor { get; init; }

    /// <summary>The browser holds a key of an earlier flow of this person.</summary>
    public bool IsRemembered { get; init; }

    /// <summary>A person is told of a browser that is remembered.</summary>
    public bool TellsOfDevices { get; init; }

    /// <summary>The signals (<see cref="ScenarioWords.Signals"/>) for which the project refuses a possession; null for none.</summary>
    public IReadOnlyList<string>? Refuses { get; init; }

    /// <summary>A signal that is refused counts as given where nobody knows.</summary>
    public bool RefusesUnknown { get; init; }

    public override string ToString() => $"{Product} {Type}";
}

/// <summary>The way of one text.</summary>
/// <param name="Gateways">In the order in which it tries them; empty where none is for the number.</param>
/// <param name="Handover">Those of them that say when the operator has the text; null for none.</param>
/// <param name="OptedOut">The gateway to which the person has said STOP; null for none.</param>
/// <param name="IsLost">Its process dies before a gateway is asked.</param>
public sealed record ScenarioText(
    IReadOnlyList<string> Gateways, IReadOnlyList<string>? Handover = null, string? OptedOut = null, bool IsLost = false)
{
    public override string ToString() => string.Join(", ", Gateways);
}

/// <summary>
/// One thing that is done or answered. Which members a step has follows from <see cref="Do"/> (<see cref="ScenarioActs"/>).
/// </summary>
/// <param name="At">Seconds since the flow began, to a thousandth.</param>
/// <param name="Do">A word of <see cref="ScenarioActs"/>.</param>
public sealed record ScenarioStep([property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] decimal At, string Do)
{
    /// <summary>"right" or "wrong".</summary>
    public string? Entry { get; init; }

    /// <summary>"another": the person gives another number.</summary>
    public string? Number { get; init; }

    /// <summary>True where the page asks for another link.</summary>
    public bool Again { get; init; }

    /// <summary>True where nobody sees the check of the network.</summary>
    public bool Silent { get; init; }

    /// <summary>What is answered.</summary>
    public string? Answer { get; init; }

    /// <summary>A code of <see cref="FlowReason"/>.</summary>
    public string? Reason { get; init; }

    /// <summary>Which text of the flow it is about, from 1.</summary>
    public int? Text { get; init; }

    /// <summary>Which try of the text it is about, from 1.</summary>
    public int? Attempt { get; init; }

    public string? Gateway { get; init; }

    /// <summary>Seconds after which the gateway may be asked again; null where it must not.</summary>
    public decimal? Pause { get; init; }

    /// <summary>The operator's own word: a number, or an SMPP status.</summary>
    public string? Word { get; init; }

    /// <summary>The rule of name matching.</summary>
    public string? Rule { get; init; }

    public string? Source { get; init; }

    /// <summary>Signals that are given.</summary>
    public IReadOnlyList<string>? Given { get; init; }

    /// <summary>Signals of which nobody knows.</summary>
    public IReadOnlyList<string>? Unknown { get; init; }

    /// <summary>The limit that is reached from now on.</summary>
    public ScenarioLimit? Limit { get; init; }

    public override string ToString() => $"{Do} at {At}";
}

/// <summary>What has to come of it.</summary>
/// <param name="Timeline">The facts in their order.</param>
/// <param name="End">A code of <see cref="History.FlowEnd"/>.</param>
/// <param name="At">When it ends, in seconds since it began.</param>
/// <param name="Possession">A word of <see cref="ScenarioWords.Verdicts"/>.</param>
/// <param name="Reason">What there is to add to the end; null for nothing.</param>
/// <param name="Method">The possession method that proved, failed or was waited for; null for none.</param>
public sealed record ScenarioExpectation(
    IReadOnlyList<ScenarioFact> Timeline, string End, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] decimal At,
    string Possession, string? Reason = null, string? Method = null)
{
    public override string ToString() => End;
}

/// <summary>A fact of the timeline: a <see cref="FlowEvent"/> with its offset.</summary>
/// <param name="At">Seconds since the flow began, to a thousandth.</param>
/// <param name="Code">A code of <see cref="FlowEventCode"/>.</param>
public sealed record ScenarioFact([property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] decimal At, string Code)
{
    public string? Method { get; init; }
    public string? Next { get; init; }
    public string? Reason { get; init; }
    public string? Cause { get; init; }
    public string? Gateway { get; init; }
    public string? OperatorWord { get; init; }
    public string? Rule { get; init; }
    public string? Source { get; init; }
    public ScenarioLimit? Limit { get; init; }

    public override string ToString() => $"{Code} at {At}";
}

/// <summary>A limit that is reached: a <see cref="LimitEvidence"/> with an offset.</summary>
/// <param name="Rule">A word of <see cref="ScenarioWords.Limits"/>.</param>
/// <param name="Count">What is counted in the window.</param>
/// <param name="Max">The most that may be counted.</param>
/// <param name="Seconds">How long the window is.</param>
/// <param name="Until">When it is possible again, in seconds since the flow began.</param>
public sealed record ScenarioLimit(string Rule, long Count, long Max, decimal Seconds, decimal Until)
{
    public override string ToString() => FormattableString.Invariant($"{Rule}: {Count} of {Max} in {Seconds} s until {Until}");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Scenario))]
[JsonSerializable(typeof(ScenarioPlayed))]
public sealed partial class ScenarioJson : JsonSerializerContext;
