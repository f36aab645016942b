using System.Text.Json.Serialization;
using Countersign.Client.Wire;

namespace Countersign.Client;

/// <summary>How a pre-fill flow ended.</summary>
public sealed record CompleteResponse : IAboutFlow
{
    /// <summary>The flow that was asked for.</summary>
    public required string CorrelationId { get; init; }

    /// <summary>Whether the person is who they say. Let them pass on true and on nothing else.</summary>
    [JsonPropertyName("success")]
    public required bool Succeeded { get; init; }

    /// <summary>How to go on: <see cref="NextStep.Done"/>.</summary>
    public NextStep Next { get; init; }

    /// <summary>What data sources say to each element; null when the server did not ask any.</summary>
    public IdvResult? Idv { get; init; }

    /// <summary>Hits on lists of sanctions and the like; null when the server did not look.</summary>
    public KycResult? Kyc { get; init; }

    /// <summary>Whether the person gave another number in the browser than the flow began with: the answer is about that one.</summary>
    [JsonPropertyName("numberChanged")]
    public bool IsNumberChanged { get; init; }

    /// <summary>Findings by category; empty when the server sent none, never null.</summary>
    public IReadOnlyDictionary<string, CategoryEvaluation> Evaluation { get; init => field = value ?? CategoryEvaluation.None; }
        = CategoryEvaluation.None;

    /// <summary>The id and the result.</summary>
    public override string ToString() =>
        $"{nameof(CompleteResponse)} {{ CorrelationId = {CorrelationId}, Succeeded = {Succeeded}, Next = {Next} }}";
}
