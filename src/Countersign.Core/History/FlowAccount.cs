using Countersign.Core.Flows;
using Countersign.Core.Texts;

namespace Countersign.Core.History;

/// <summary>How a flow stands, or how it ended: the same of one that lives and of one whose life is over.</summary>
public sealed record FlowAccount
{
    public required CorrelationId Id { get; init; }
    public required ProjectId ProjectId { get; init; }
    public required Product Product { get; init; }
    public required FlowType Type { get; init; }
    public required DateTimeOffset BegunAt { get; init; }

    /// <summary>When its life ends, or ended.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Null while something may still come of it.</summary>
    public required Ending? Ending { get; init; }

    /// <summary>The browser has nothing left to do.</summary>
    public required bool IsDecided { get; init; }

    /// <summary>When the running challenge ends; null when none runs.</summary>
    public DateTimeOffset? Deadline { get; init; }

    public required PossessionVerdict Possession { get; init; }

    /// <summary>The possession method that runs, or that proved, that failed, or that was waited for, by its name; null where there is
    /// none.</summary>
    public string? Method { get; init; }

    /// <inheritdoc cref="Flow.IsNumberChanged"/>
    public bool IsNumberChanged { get; init; }

    /// <inheritdoc cref="Outcome.Country"/>
    public string? Country { get; init; }

    public string? ClientRequestId { get; init; }

    /// <summary>Known while its life lasts.</summary>
    public string? ClientCustomerId { get; init; }

    public required IReadOnlyList<FlowEvent> Facts { get; init; }

    /// <summary>What became of its texts, oldest first.</summary>
    public required IReadOnlyList<OutcomeText> Texts { get; init; }

    /// <inheritdoc cref="Outcome.Currency"/>
    public string? Currency { get; init; }

    /// <param name="flow">Its life is not over.</param>
    /// <param name="texts">All of its texts, oldest first.</param>
    public static FlowAccount Of(
        Flow flow, IEnumerable<StoredText> texts, string? country, string? currency, DateTimeOffset now)
    {
        var present = flow.At(now);
        var ending = Ending.Reached(present);
        return new FlowAccount
        {
            Id = present.Id,
            ProjectId = present.ProjectId,
            Product = present.Product,
            Type = present.Type,
            BegunAt = present.CreatedAt,
            ExpiresAt = present.ExpiresAt,
            Ending = ending,
            IsDecided = present.IsDecided,
            Deadline = present.NextDeadline,
            Possession = Outcome.VerdictOf(present.Possession, ending),
            Method = Outcome.MethodOf(present),
            IsNumberChanged = present.IsNumberChanged,
            Country = country,
            ClientRequestId = present.ClientRequestId,
            ClientCustomerId = present.ClientCustomerId,
            Facts = present.Timeline,
            Texts = [.. texts.Select(OutcomeText.Of)],
            Currency = currency,
        };
    }

    public static FlowAccount Of(Outcome outcome) => new()
    {
        Id = outcome.Id,
        ProjectId = outcome.ProjectId,
        Product = outcome.Product,
        Type = outcome.Type,
        BegunAt = outcome.BegunAt,
        ExpiresAt = outcome.ExpiresAt,
        Ending = new Ending(outcome.End, outcome.EndedAt, outcome.Reason),
        IsDecided = true,
        Possession = outcome.Possession,
        Method = outcome.Method,
        IsNumberChanged = outcome.IsNumberChanged,
        Country = outcome.Country,
        ClientRequestId = outcome.ClientRequestId,
        ClientCustomerId = outcome.ClientCustomerId,
        Facts = outcome.Facts,
        Texts = outcome.Texts,
        Currency = outcome.Currency,
    };

    /// <summary>The id: all else is long, or the relying party's.</summary>
    public override string ToString() => Id.ToString();
}
