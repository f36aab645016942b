using System.Text.Json.Serialization;
using Countersign.Client.Wire;

namespace Countersign.Client;

/// <summary>How a unify flow stands.</summary>
public sealed record UnifyStatusResponse : IAboutFlow
{
    /// <summary>The flow that was asked for.</summary>
    public required string CorrelationId { get; init; }

    /// <summary>The whole. Let the person pass on <see cref="UnifyOutcome.True"/> and on nothing else.</summary>
    [JsonPropertyName("success")]
    public required UnifyOutcome Outcome { get; init; }

    /// <summary>The flow's number, which a person may have changed in the browser; null when the server does not say.</summary>
    public string? PhoneNumber { get; init; }

    /// <summary>The identity, to start later flows with; null until it is known.</summary>
    /// <value>A UUID.</value>
    public string? ProveId { get; init; }

    /// <summary>The device; null where no key was placed, as on a desktop.</summary>
    public string? DeviceId { get; init; }

    /// <summary>Your id for this person, as you gave it; null when you gave none.</summary>
    public string? ClientHumanId { get; init; }

    /// <summary>Your id for this flow, as you gave it; null when you gave none.</summary>
    public string? ClientRequestId { get; init; }

    /// <summary>Whether the person gave another number in the browser than the flow began with: the answer is about that one.</summary>
    [JsonPropertyName("numberChanged")]
    public bool IsNumberChanged { get; init; }

    /// <summary>What else is known of how possession was shown; null when the server says nothing of it.</summary>
    public PossessionAssurance? Assurance { get; init; }

    /// <summary>Findings by category; empty when the server sent none, never null.</summary>
    public IReadOnlyDictionary<string, CategoryEvaluation> Evaluation { get; init => field = value ?? CategoryEvaluation.None; }
        = CategoryEvaluation.None;

    /// <summary>The ids of flow and identity, the outcome and the masked number.</summary>
    public override string ToString() =>
        $"{nameof(UnifyStatusResponse)} {{ CorrelationId = {CorrelationId}, Outcome = {Outcome}, ProveId = {ProveId}, "
        + $"PhoneNumber = {Mask.Phone(PhoneNumber)} }}";
}
