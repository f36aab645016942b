using System.Text.Json.Serialization;
using Countersign.Client.Wire;

namespace Countersign.Client;

/// <summary>Who the person is, if what they know of themselves was right.</summary>
public sealed record ChallengeResponse : IAboutFlow
{
    /// <summary>The flow that was asked for.</summary>
    public required string CorrelationId { get; init; }

    /// <summary>Whether birth date or number was right and a person was found.</summary>
    [JsonPropertyName("success")]
    public required bool Succeeded { get; init; }

    /// <summary>The person, to fill in your form with; null unless it succeeded.</summary>
    public Individual? Individual { get; init; }

    /// <summary>How to go on: <see cref="NextStep.Complete"/>, after failure too.</summary>
    public NextStep Next { get; init; }

    /// <summary>Whether the person gave another number in the browser than the flow began with: the answer is about that one.</summary>
    [JsonPropertyName("numberChanged")]
    public bool IsNumberChanged { get; init; }

    /// <summary>Findings by category; empty when the server sent none, never null.</summary>
    public IReadOnlyDictionary<string, CategoryEvaluation> Evaluation { get; init => field = value ?? CategoryEvaluation.None; }
        = CategoryEvaluation.None;

    /// <summary>The id and the result. Nothing of the person.</summary>
    public override string ToString() =>
        $"{nameof(ChallengeResponse)} {{ CorrelationId = {CorrelationId}, Succeeded = {Succeeded}, Next = {Next} }}";
}
