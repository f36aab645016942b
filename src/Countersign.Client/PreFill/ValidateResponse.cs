using System.Text.Json.Serialization;
using Countersign.Client.Wire;

namespace Countersign.Client;

/// <summary>Whether the person has proven that they hold the phone, at this moment.</summary>
public sealed record ValidateResponse : IAboutFlow
{
    /// <summary>The flow that was asked for.</summary>
    public required string CorrelationId { get; init; }

    /// <summary>
    /// Whether possession was proven. False while it is undecided too; then <see cref="Next"/> is <see cref="NextStep.Validate"/>.
    /// </summary>
    [JsonPropertyName("success")]
    public required bool Succeeded { get; init; }

    /// <summary>Whether the challenge must bring a birth date or a number, because the start had neither.</summary>
    [JsonPropertyName("challengeMissing")]
    public bool IsChallengeMissing { get; init; }

    /// <summary>The number that was proven, which a person may have changed in the browser; null when the server does not say.</summary>
    public string? PhoneNumber { get; init; }

    /// <summary>How to go on: challenge or complete after success, validate while undecided, done after failure.</summary>
    public NextStep Next { get; init; }

    /// <summary>Whether the person gave another number in the browser than the flow began with: the answer is about that one.</summary>
    [JsonPropertyName("numberChanged")]
    public bool IsNumberChanged { get; init; }

    /// <summary>What else is known of how possession was shown; null when the server says nothing of it.</summary>
    public PossessionAssurance? Assurance { get; init; }

    /// <summary>Findings by category; empty when the server sent none, never null.</summary>
    public IReadOnlyDictionary<string, CategoryEvaluation> Evaluation { get; init => field = value ?? CategoryEvaluation.None; }
        = CategoryEvaluation.None;

    /// <summary>The id, the result and the masked number.</summary>
    public override string ToString() =>
        $"{nameof(ValidateResponse)} {{ CorrelationId = {CorrelationId}, Succeeded = {Succeeded}, "
        + $"IsChallengeMissing = {IsChallengeMissing}, Next = {Next}, PhoneNumber = {Mask.Phone(PhoneNumber)} }}";
}
