using System.Text.Json.Serialization;
using Countersign.Client.Wire;

namespace Countersign.Client;

/// <summary>How a verification stands.</summary>
public sealed record VerifyStatusResponse : IAboutFlow
{
    /// <summary>The flow that was asked for.</summary>
    public required string CorrelationId { get; init; }

    /// <summary>The whole. Let the person pass on <see cref="VerificationOutcome.True"/> and on nothing else.</summary>
    [JsonPropertyName("success")]
    public required VerificationOutcome Outcome { get; init; }

    /// <summary>The possession half of the outcome.</summary>
    public PossessionResult PossessionResult { get; init; }

    /// <summary>The name half of the outcome.</summary>
    public VerifyResult VerifyResult { get; init; }

    /// <summary>The person's <c>proveId</c>; null unless the outcome is true and your project has the number enrolled and active.</summary>
    /// <value>A UUID.</value>
    public string? IdentityId { get; init; }

    /// <summary>What else is known of how possession was shown; null when the server says nothing of it.</summary>
    public PossessionAssurance? Assurance { get; init; }

    /// <summary>Findings by category; empty when the server sent none, never null.</summary>
    public IReadOnlyDictionary<string, CategoryEvaluation> Evaluation { get; init => field = value ?? CategoryEvaluation.None; }
        = CategoryEvaluation.None;

    /// <summary>The ids of flow and identity and the three results.</summary>
    public override string ToString() =>
        $"{nameof(VerifyStatusResponse)} {{ CorrelationId = {CorrelationId}, Outcome = {Outcome}, PossessionResult = {PossessionResult}, "
        + $"VerifyResult = {VerifyResult}, IdentityId = {IdentityId} }}";
}
