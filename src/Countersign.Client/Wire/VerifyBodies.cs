using System.Text.Json.Serialization;

namespace Countersign.Client.Wire;

// Classes, not records: a record would print the person it holds.

internal sealed class VerifyRequestBody
{
    [JsonPropertyName("possessionType")]
    public string? PossessionType { get; init; }

    [JsonPropertyName("phoneNumber")]
    public string? PhoneNumber { get; init; }

    [JsonPropertyName("firstName")]
    public string? FirstName { get; init; }

    [JsonPropertyName("lastName")]
    public string? LastName { get; init; }

    [JsonPropertyName("finalTargetUrl")]
    public string? FinalTargetUrl { get; init; }

    [JsonPropertyName("smsMessage")]
    public string? SmsMessage { get; init; }

    [JsonPropertyName("clientCustomerId")]
    public string? ClientCustomerId { get; init; }

    [JsonPropertyName("clientRequestId")]
    public string? ClientRequestId { get; init; }

    [JsonPropertyName("emailAddress")]
    public string? EmailAddress { get; init; }

    [JsonPropertyName("allowOTPRetry")]
    public bool? AllowOtpRetry { get; init; }

    public static VerifyRequestBody From(VerifyRequest request) => new()
    {
        PossessionType = request.FlowType == default ? null : request.FlowType.Value,
        PhoneNumber = request.PhoneNumber,
        FirstName = request.FirstName,
        LastName = request.LastName,
        FinalTargetUrl = request.FinalTargetUrl,
        SmsMessage = request.SmsMessage,
        ClientCustomerId = request.ClientCustomerId,
        ClientRequestId = request.ClientRequestId,
        EmailAddress = request.EmailAddress,
        AllowOtpRetry = request.AllowOtpRetry,
    };
}

internal sealed class VerifyResponseBody
{
    [JsonPropertyName("authToken")]
    public string? AuthToken { get; init; }

    [JsonPropertyName("correlationId")]
    public string? CorrelationId { get; init; }

    [JsonPropertyName("success")]
    public string? Success { get; init; }

    [JsonPropertyName("possessionResult")]
    public string? PossessionResult { get; init; }

    [JsonPropertyName("verifyResult")]
    public string? VerifyResult { get; init; }

    [JsonPropertyName("evaluation")]
    public Dictionary<string, EvaluationBody?>? Evaluation { get; init; }

    /// <summary>Null when the answer lacks what the contract requires.</summary>
    public VerifyResponse? ToResponse() => string.IsNullOrWhiteSpace(CorrelationId) || string.IsNullOrWhiteSpace(Success)
        ? null
        : new VerifyResponse
        {
            AuthToken = string.IsNullOrEmpty(AuthToken) ? null : AuthToken,
            CorrelationId = CorrelationId!,
            Outcome = new VerificationOutcome(Success!),
            PossessionResult = string.IsNullOrWhiteSpace(PossessionResult) ? default : new PossessionResult(PossessionResult!),
            VerifyResult = string.IsNullOrWhiteSpace(VerifyResult) ? default : new VerifyResult(VerifyResult!),
            Evaluation = EvaluationBody.ToEvaluation(Evaluation),
        };
}
