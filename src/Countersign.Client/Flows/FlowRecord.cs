using System.Text.Json.Serialization;
using Countersign.Client.Wire;

namespace Countersign.Client;

/// <summary>A flow of your project: how it stands, or how it ended. No name, number or code is in it.</summary>
public sealed record FlowRecord
{
    /// <summary>The flow's id.</summary>
    /// <value>A lower-case UUID.</value>
    public required string CorrelationId { get; init; }

    /// <summary>Your id for the flow, as you gave it; null when you gave none.</summary>
    public string? ClientRequestId { get; init => field = WireText.OrNull(value); }

    /// <summary>Your id for the person, as you gave it; null when you gave none, and when the flow's life is over.</summary>
    public string? ClientCustomerId { get; init => field = WireText.OrNull(value); }

    /// <summary>What it is for.</summary>
    /// <value><c>verified-users</c>, <c>pre-fill</c>, <c>unify</c> or <c>one-call</c>.</value>
    public required string Product { get; init; }

    /// <summary>Where the page runs.</summary>
    /// <value><c>mobile</c>, <c>desktop</c> or <c>none</c>.</value>
    public required string Type { get; init; }

    /// <summary>Whether something may still come of it.</summary>
    /// <value><c>running</c> or <c>ended</c>.</value>
    public required string State { get; init; }

    /// <summary>Whether the person holds the phone.</summary>
    public required PossessionResult PossessionResult { get; init; }

    /// <summary>The possession method that runs, or that proved, that failed or that was waited for; null where there is none.</summary>
    public string? Method { get; init => field = WireText.OrNull(value); }

    /// <summary>Whether the person gave another number in the browser than the flow began with.</summary>
    [JsonPropertyName("numberChanged")]
    public bool IsNumberChanged { get; init; }

    /// <summary>When it began; null when the server does not say.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The end of its life; null when the server does not say.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How it ended, as a code; null while it runs.</summary>
    /// <value>An open set: a later server may have more.</value>
    public string? End { get; init => field = WireText.OrNull(value); }

    /// <summary>Why, as codes; empty where there is nothing to add to the end, never null.</summary>
    public IReadOnlyList<string> Reasons { get; init => field = value ?? []; } = [];

    /// <summary>The end in sentences; null while it runs.</summary>
    public FlowExplanation? Explanation { get; init; }

    /// <summary>What happened, oldest first; empty in a list, never null.</summary>
    public IReadOnlyList<FlowTimelineEntry> Timeline { get; init => field = value ?? []; } = [];

    /// <summary>What became of its texts, oldest first; empty in a list, never null.</summary>
    public IReadOnlyList<FlowText> Texts { get; init => field = value ?? []; } = [];

    /// <summary>The id, and whether possession was proven.</summary>
    public override string ToString() =>
        $"{nameof(FlowRecord)} {{ CorrelationId = {CorrelationId}, PossessionResult = {PossessionResult} }}";
}

/// <summary>How a flow ended, in sentences to show or to read.</summary>
public sealed record FlowExplanation
{
    /// <summary>The language of the sentences (BCP 47).</summary>
    public required string Language { get; init; }

    /// <summary>What happened.</summary>
    public required string What { get; init; }

    /// <summary>What is to be done now.</summary>
    public required string Next { get; init; }

    /// <summary>By whom.</summary>
    /// <value><c>relying_party</c>, <c>person</c>, <c>operator</c> (who runs the server) or <c>nobody</c>.</value>
    public required string By { get; init; }

    /// <summary>The type's name: the sentences are long.</summary>
    public override string ToString() => nameof(FlowExplanation);
}

/// <summary>One thing that happened to a flow.</summary>
public sealed record FlowTimelineEntry
{
    /// <summary>When; null when the server does not say.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>What, as a code; null where the server has none.</summary>
    public string? Code { get; init => field = WireText.OrNull(value); }

    /// <summary>What, in English words.</summary>
    public required string What { get; init; }

    /// <summary>When.</summary>
    public override string ToString() => FormattableString.Invariant($"{nameof(FlowTimelineEntry)} {{ At = {At:u} }}");
}

/// <summary>What became of one text of a flow.</summary>
public sealed record FlowText
{
    /// <summary>What it carries.</summary>
    /// <value><c>otp</c>, <c>link</c> or <c>notice</c>.</value>
    public required string Kind { get; init; }

    /// <summary>Where it stands, such as <c>sent</c>, <c>delivered</c> or <c>refused</c>.</summary>
    public required string State { get; init; }

    /// <summary>How many segments it takes on the air.</summary>
    public int Segments { get; init; }

    /// <summary>When it was written; null when the server does not say.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>How long it is.</summary>
    public override string ToString() => FormattableString.Invariant($"{nameof(FlowText)} {{ Segments = {Segments} }}");
}
