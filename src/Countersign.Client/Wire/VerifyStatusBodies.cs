using System.Text.Json.Serialization;

namespace Countersign.Client.Wire;

internal sealed class VerifyStatusResponseBody
{
    [JsonPropertyName("success")]
    public string? Success { get; init; }

    [JsonPropertyName("possessionResult")]
    public string? PossessionResult { get; init; }

    [JsonPropertyName("verifyResult")]
    public string? VerifyResult { get; init; }

    [JsonPropertyName("identityId")]
    public string? IdentityId { get; init; }

    [JsonPropertyName("evaluation")]
    public Dictionary<string, EvaluationBody?>? Evaluation { get; init; }

    /// <summary>Null when the answer lacks what the contract requires.</summary>
    public VerifyStatusResponse? ToResponse(string correlationId) => string.IsNullOrWhiteSpace(Success)
        ? null
        : new VerifyStatusResponse
        {
            CorrelationId = correlationId,
            Outcome = new VerificationOutcome(Success!),
            PossessionResult = string.IsNullOrWhiteSpace(PossessionResult) ? default : new PossessionResult(PossessionResult!),
            VerifyResult = string.IsNullOrWhiteSpace(VerifyResult) ? default : new VerifyResult(VerifyResult!),
            IdentityId = IdentityId,
            Evaluation = EvaluationBody.ToEvaluation(Evaluation),
        };
}
