using System.Text.Json.Serialization;
using Countersign.Core.Flows;
using Countersign.Core.Possession;
using Countersign.Core.Pumping;
using Countersign.Core.Receipts;
using Countersign.Core.Texts;

namespace Countersign.Core.History;

/// <summary>
/// What is kept of a flow when its life is over: how it went, in codes. No name, number, code, token, birth date or SSN, and no wording.
/// Stored names are for ever.
/// </summary>
public sealed record Outcome
{
    public required CorrelationId Id { get; init; }
    public required ProjectId ProjectId { get; init; }

    /// <summary>The API client that began it; null where a former version did not keep it.</summary>
    public ClientId? Client { get; init; }

    public required Product Product { get; init; }
    public required FlowType Type { get; init; }
    public required DateTimeOffset BegunAt { get; init; }

    /// <summary>When it came to its end: its life's end, where nothing came of it before.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>When its life ended.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <inheritdoc cref="Ending.End"/>
    public required string End { get; init; }

    /// <inheritdoc cref="Ending.Reason"/>
    public string? Reason { get; init; }

    /// <summary>What became of possession.</summary>
    public required PossessionVerdict Possession { get; init; }

    /// <summary>
    /// The possession method that proved or failed, or that was waited for, by its name; null where there was none, and where a former
    /// version did not say which failed.
    /// </summary>
    public string? Method { get; init; }

    /// <summary>What a one-call verification asked; null for anything else.</summary>
    public string? Question { get; init; }

    /// <inheritdoc cref="Flow.IsNumberChanged"/>
    public bool IsNumberChanged { get; init; }

    /// <summary>Stands for the line: for searches alone, and not read back. Null where a refused call named none.</summary>
    [JsonIgnore]
    public LinePseudonym? Line { get; init; }

    /// <summary>The country of the line (ISO 3166-1 alpha-2); null when no country's plan has it.</summary>
    public string? Country { get; init; }

    /// <summary>The number without its last four digits; empty where a refused call named none.</summary>
    public required string Prefix { get; init; }

    public string? ClientRequestId { get; init; }

    /// <summary>
    /// The relying party's name for the person: known while the flow's row is there. Kept is a keyed hash of it, by which it is found.
    /// </summary>
    [JsonIgnore]
    public string? ClientCustomerId { get; init; }

    /// <summary>The flow's timeline.</summary>
    public required IReadOnlyList<FlowEvent> Facts { get; init; }

    /// <summary>What became of its texts, oldest first.</summary>
    public required IReadOnlyList<OutcomeText> Texts { get; init; }

    /// <summary>What is known of how it came about; null where a former version did not keep it.</summary>
    public FlowAssurance? Assurance { get; init; }

    /// <summary>
    /// What the flow's receipt commits to, as <see cref="Receipts.Commitments.DigestsOf"/>: nobody can open them without the flow's own
    /// salts, which have gone with it. Null where a former version did not keep it.
    /// </summary>
    public IReadOnlyList<string>? Commitments { get; init; }

    /// <summary>Of what the texts cost (ISO 4217); null where there are no prices.</summary>
    public string? Currency { get; init; }

    /// <param name="flow">Its life is over.</param>
    /// <param name="texts">All of its texts, oldest first.</param>
    /// <param name="country">Of its line.</param>
    /// <param name="currency">Of the prices.</param>
    /// <param name="line">What its number is for.</param>
    public static Outcome Of(
        Flow flow, IEnumerable<StoredText> texts, string? country, string? currency, LineKind line = LineKind.Unknown)
    {
        var last = Ending.AtLast(flow);
        var ending = Ending.Of(last);
        return new Outcome
        {
            Id = last.Id,
            ProjectId = last.ProjectId,
            Client = last.Client,
            Product = last.Product,
            Type = last.Type,
            BegunAt = last.CreatedAt,
            EndedAt = ending.At,
            ExpiresAt = last.ExpiresAt,
            End = ending.End,
            Reason = ending.Reason,
            Possession = VerdictOf(last.Possession, ending),
            Method = MethodOf(last),
            IsNumberChanged = last.IsNumberChanged,
            Country = country,
            Prefix = PumpingKeys.PrefixOf(last.Number),
            ClientRequestId = last.ClientRequestId,
            ClientCustomerId = last.ClientCustomerId,
            Facts = last.Timeline,
            Texts = [.. texts.Select(OutcomeText.Of)],
            Assurance = FlowAssurance.Of(last, line),
            Commitments = CommitmentsOf(last),
            Currency = currency,
        };
    }

    /// <summary>The id: all else is long, or the relying party's.</summary>
    public override string ToString() => Id.ToString();

    private static IReadOnlyList<string>? CommitmentsOf(Flow flow) =>
        Receipts.Commitments.Of(flow) is { Count: > 0 } disclosures ? Receipts.Commitments.DigestsOf(disclosures) : null;

    internal static PossessionVerdict VerdictOf(PossessionState state, Ending? ending) => state switch
    {
        PossessionState.Succeeded when ending?.End == FlowEnd.NotAccepted => PossessionVerdict.NotAccepted,
        PossessionState.Succeeded => PossessionVerdict.Proven,
        PossessionState.Failed => PossessionVerdict.Failed,
        PossessionState.NotApplicable => PossessionVerdict.NotAsked,
        _ => PossessionVerdict.Open,
    };

    internal static string? MethodOf(Flow flow) => flow.Possession switch
    {
        PossessionState.Succeeded succeeded => succeeded.Method.Name,
        PossessionState.Failed => flow.Timeline.LastOrDefault(fact => fact.Code == FlowEventCode.PossessionFailed)?.Method
            ?? (flow.Timeline.Any(fact => fact.Code == FlowEventCode.DeviceKeyUnavailable) ? PossessionMethod.DeviceKey.Name : null),
        _ => flow.CurrentMethod?.Name,
    };
}

/// <summary>What became of possession. Stored names are for ever.</summary>
public enum PossessionVerdict
{
    /// <summary>The flow's life ended first.</summary>
    Open,

    Proven,

    /// <summary>It was proven, and not accepted for what has happened to the number.</summary>
    NotAccepted,

    Failed,

    /// <summary>The relying party asked for none, or has checked it itself.</summary>
    NotAsked,
}

/// <summary>The words that verdicts have outside.</summary>
public static class PossessionVerdicts
{
    public static string WordOf(PossessionVerdict verdict) => verdict switch
    {
        PossessionVerdict.Proven => "proven",
        PossessionVerdict.NotAccepted => "not-accepted",
        PossessionVerdict.Failed => "failed",
        PossessionVerdict.NotAsked => "not-asked",
        _ => "open",
    };
}

/// <summary>What became of a text, without whom it was for and what it says. Stored names are for ever.</summary>
/// <param name="Segments">How many it took on the air.</param>
/// <param name="Attempts">Oldest first.</param>
public sealed record OutcomeText(
    TextKind Kind, DateTimeOffset CreatedAt, TextState State, int Segments, IReadOnlyList<TextAttempt> Attempts)
{
    public static OutcomeText Of(StoredText stored) => new(
        stored.Text.Kind, stored.Text.CreatedAt, stored.Fate.State, SmsAlphabet.CountSegments(stored.Text.Text.Reveal()),
        stored.Fate.Attempts);

    public override string ToString() => $"{State} after {Attempts.Count}";
}
