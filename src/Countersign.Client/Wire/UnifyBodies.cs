using System.Text.Json.Serialization;

namespace Countersign.Client.Wire;

// Classes, not records: a record would print the person it holds.

internal sealed class UnifyRequestBody
{
    [JsonPropertyName("possessionType")]
    public string? PossessionType { get; init; }

    [JsonPropertyName("phoneNumber")]
    public string? PhoneNumber { get; init; }

    [JsonPropertyName("proveId")]
    public string? ProveId { get; init; }

    [JsonPropertyName("deviceId")]
    public string? DeviceId { get; init; }

    [JsonPropertyName("finalTargetUrl")]
    public string? FinalTargetUrl { get; init; }

    [JsonPropertyName("smsMessage")]
    public string? SmsMessage { get; init; }

    [JsonPropertyName("clientCustomerId")]
    public string? ClientCustomerId { get; init; }

    [JsonPropertyName("clientHumanId")]
    public string? ClientHumanId { get; init; }

    [JsonPropertyName("clientRequestId")]
    public string? ClientRequestId { get; init; }

    [JsonPropertyName("emailAddress")]
    public string? EmailAddress { get; init; }

    [JsonPropertyName("ipAddress")]
    public string? IpAddress { get; init; }

    [JsonPropertyName("allowOTPRetry")]
    public bool? AllowOtpRetry { get; init; }

    [JsonPropertyName("rebind")]
    public bool? Rebind { get; init; }

    [JsonPropertyName("checkReputation")]
    public bool? CheckReputation { get; init; }

    public static UnifyRequestBody From(UnifyRequest request) => new()
    {
        PossessionType = request.FlowType == default ? null : request.FlowType.Value,
        PhoneNumber = request.PhoneNumber,
        ProveId = request.ProveId,
        DeviceId = request.DeviceId,
        FinalTargetUrl = request.FinalTargetUrl,
        SmsMessage = request.SmsMessage,
        ClientCustomerId = request.ClientCustomerId,
        ClientHumanId = request.ClientHumanId,
        ClientRequestId = request.ClientRequestId,
        EmailAddress = request.EmailAddress,
        IpAddress = request.IpAddress,
        AllowOtpRetry = request.AllowOtpRetry,
        Rebind = request.Rebind,
        CheckReputation = request.CheckReputation,
    };
}

internal sealed class UnifyResponseBody
{
    [JsonPropertyName("authToken")]
    public string? AuthToken { get; init; }

    [JsonPropertyName("correlationId")]
    public string? CorrelationId { get; init; }

    [JsonPropertyName("success")]
    public string? Success { get; init; }

    /// <summary>Null when the answer lacks what the contract requires.</summary>
    public UnifyResponse? ToResponse() => string.IsNullOrWhiteSpace(CorrelationId) || string.IsNullOrWhiteSpace(Success)
        ? null
        : new UnifyResponse
        {
            AuthToken = string.IsNullOrEmpty(AuthToken) ? null : AuthToken,
            CorrelationId = CorrelationId!,
            Outcome = new UnifyOutcome(Success!),
        };
}

internal sealed class UnifyStatusResponseBody
{
    [JsonPropertyName("success")]
    public string? Success { get; init; }

    [JsonPropertyName("phoneNumber")]
    public string? PhoneNumber { get; init; }

    [JsonPropertyName("proveId")]
    public string? ProveId { get; init; }

    [JsonPropertyName("deviceId")]
    public string? DeviceId { get; init; }

    [JsonPropertyName("clientHumanId")]
    public string? ClientHumanId { get; init; }

    [JsonPropertyName("clientRequestId")]
    public string? ClientRequestId { get; init; }

    [JsonPropertyName("evaluation")]
    public Dictionary<string, EvaluationBody?>? Evaluation { get; init; }

    /// <summary>Null when the answer lacks what the contract requires.</summary>
    public UnifyStatusResponse? ToResponse(string correlationId) => string.IsNullOrWhiteSpace(Success)
        ? null
        : new UnifyStatusResponse
        {
            CorrelationId = correlationId,
            Outcome = new UnifyOutcome(Success!),
            PhoneNumber = PhoneNumber,
            ProveId = ProveId,
            DeviceId = DeviceId,
            ClientHumanId = ClientHumanId,
            ClientRequestId = ClientRequestId,
            Evaluation = EvaluationBody.ToEvaluation(Evaluation),
        };
}

internal sealed class UnifyBindRequestBody
{
    [JsonPropertyName("correlationId")]
    public string? CorrelationId { get; init; }

    [JsonPropertyName("phoneNumber")]
    public string? PhoneNumber { get; init; }

    [JsonPropertyName("clientRequestId")]
    public string? ClientRequestId { get; init; }

    public static UnifyBindRequestBody From(UnifyBindRequest request) => new()
    {
        CorrelationId = request.CorrelationId,
        PhoneNumber = request.PhoneNumber,
        ClientRequestId = request.ClientRequestId,
    };
}

internal sealed class RevokeDeviceRequestBody
{
    [JsonPropertyName("clientRequestId")]
    public string? ClientRequestId { get; init; }

    [JsonPropertyName("deviceId")]
    public string? DeviceId { get; init; }

    public static RevokeDeviceRequestBody From(RevokeDeviceRequest request) =>
        new() { ClientRequestId = request.ClientRequestId, DeviceId = request.DeviceId };
}
