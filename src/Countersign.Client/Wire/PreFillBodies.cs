using System.Text.Json.Serialization;

namespace Countersign.Client.Wire;

// Classes, not records: a record would print the person it holds.

internal sealed class StartRequestBody
{
    [JsonPropertyName("flowType")]
    public string? FlowType { get; init; }

    [JsonPropertyName("phoneNumber")]
    public string? PhoneNumber { get; init; }

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

    [JsonPropertyName("ipAddress")]
    public string? IpAddress { get; init; }

    [JsonPropertyName("dob")]
    public string? Dob { get; init; }

    [JsonPropertyName("ssn")]
    public string? Ssn { get; init; }

    [JsonPropertyName("allowOTPRetry")]
    public bool? AllowOtpRetry { get; init; }

    public static StartRequestBody From(StartRequest request) => new()
    {
        FlowType = request.FlowType == default ? null : request.FlowType.Value,
        PhoneNumber = request.PhoneNumber,
        FinalTargetUrl = request.FinalTargetUrl,
        SmsMessage = request.SmsMessage,
        ClientCustomerId = request.ClientCustomerId,
        ClientRequestId = request.ClientRequestId,
        EmailAddress = request.EmailAddress,
        IpAddress = request.IpAddress,
        Dob = request.BirthDate?.Reveal(),
        Ssn = request.Ssn?.Reveal(),
        AllowOtpRetry = request.AllowOtpRetry,
    };
}

internal sealed class StartResponseBody
{
    [JsonPropertyName("authToken")]
    public string? AuthToken { get; init; }

    [JsonPropertyName("correlationId")]
    public string? CorrelationId { get; init; }

    [JsonPropertyName("next")]
    public Dictionary<string, string?>? Next { get; init; }

    /// <summary>Null when the answer lacks what the contract requires.</summary>
    public StartResponse? ToResponse() => string.IsNullOrWhiteSpace(AuthToken) || string.IsNullOrWhiteSpace(CorrelationId)
        ? null
        : new StartResponse { AuthToken = AuthToken!, CorrelationId = CorrelationId!, Next = WireValues.NextStep(Next) };
}

internal sealed class ValidateResponseBody
{
    [JsonPropertyName("success")]
    public bool? Success { get; init; }

    [JsonPropertyName("challengeMissing")]
    public bool? ChallengeMissing { get; init; }

    [JsonPropertyName("phoneNumber")]
    public string? PhoneNumber { get; init; }

    [JsonPropertyName("next")]
    public Dictionary<string, string?>? Next { get; init; }

    [JsonPropertyName("evaluation")]
    public Dictionary<string, EvaluationBody?>? Evaluation { get; init; }

    /// <summary>Null when the answer lacks what the contract requires.</summary>
    public ValidateResponse? ToResponse(string correlationId) => Success is not { } succeeded
        ? null
        : new ValidateResponse
        {
            CorrelationId = correlationId,
            Succeeded = succeeded,
            IsChallengeMissing = ChallengeMissing ?? false,
            PhoneNumber = PhoneNumber,
            Next = WireValues.NextStep(Next),
            Evaluation = EvaluationBody.ToEvaluation(Evaluation),
        };
}

internal sealed class ChallengeRequestBody
{
    [JsonPropertyName("correlationId")]
    public string? CorrelationId { get; init; }

    [JsonPropertyName("dob")]
    public string? Dob { get; init; }

    [JsonPropertyName("ssn")]
    public string? Ssn { get; init; }

    public static ChallengeRequestBody From(ChallengeRequest request) => new()
    {
        CorrelationId = request.CorrelationId,
        Dob = request.BirthDate?.Reveal(),
        Ssn = request.Ssn?.Reveal(),
    };
}

internal sealed class ChallengeResponseBody
{
    [JsonPropertyName("success")]
    public bool? Success { get; init; }

    [JsonPropertyName("individual")]
    public IndividualBody? Individual { get; init; }

    [JsonPropertyName("next")]
    public Dictionary<string, string?>? Next { get; init; }

    [JsonPropertyName("evaluation")]
    public Dictionary<string, EvaluationBody?>? Evaluation { get; init; }

    /// <summary>Null when the answer lacks what the contract requires.</summary>
    public ChallengeResponse? ToResponse(string correlationId) => Success is not { } succeeded
        ? null
        : new ChallengeResponse
        {
            CorrelationId = correlationId,
            Succeeded = succeeded,
            Individual = Individual?.ToIndividual(),
            Next = WireValues.NextStep(Next),
            Evaluation = EvaluationBody.ToEvaluation(Evaluation),
        };
}

internal sealed class CompleteRequestBody
{
    [JsonPropertyName("correlationId")]
    public string? CorrelationId { get; init; }

    [JsonPropertyName("individual")]
    public IndividualBody? Individual { get; init; }

    public static CompleteRequestBody From(CompleteRequest request) => new()
    {
        CorrelationId = request.CorrelationId,
        Individual = IndividualBody.From(request.Individual),
    };
}

internal sealed class CompleteResponseBody
{
    [JsonPropertyName("success")]
    public bool? Success { get; init; }

    [JsonPropertyName("next")]
    public Dictionary<string, string?>? Next { get; init; }

    [JsonPropertyName("idv")]
    public IdvBody? Idv { get; init; }

    [JsonPropertyName("kyc")]
    public KycBody? Kyc { get; init; }

    [JsonPropertyName("evaluation")]
    public Dictionary<string, EvaluationBody?>? Evaluation { get; init; }

    /// <summary>Null when the answer lacks what the contract requires.</summary>
    public CompleteResponse? ToResponse(string correlationId) => Success is not { } succeeded
        ? null
        : new CompleteResponse
        {
            CorrelationId = correlationId,
            Succeeded = succeeded,
            Next = WireValues.NextStep(Next),
            Idv = Idv?.ToResult(),
            Kyc = Kyc?.ToResult(),
            Evaluation = EvaluationBody.ToEvaluation(Evaluation),
        };
}

internal sealed class IndividualBody
{
    [JsonPropertyName("firstName")]
    public string? FirstName { get; init; }

    [JsonPropertyName("lastName")]
    public string? LastName { get; init; }

    [JsonPropertyName("addresses")]
    public List<PostalAddressBody>? Addresses { get; init; }

    [JsonPropertyName("emailAddresses")]
    public List<string>? EmailAddresses { get; init; }

    [JsonPropertyName("dob")]
    public string? Dob { get; init; }

    [JsonPropertyName("ssn")]
    public string? Ssn { get; init; }

    public static IndividualBody? From(Individual? individual) => individual is null
        ? null
        : new IndividualBody
        {
            FirstName = individual.FirstName,
            LastName = individual.LastName,
            Addresses = WireLists.From(individual.Addresses, PostalAddressBody.From),
            EmailAddresses = WireLists.From(individual.EmailAddresses, address => address),
            Dob = individual.BirthDate?.Reveal(),
            Ssn = individual.Ssn?.Reveal(),
        };

    public Individual ToIndividual() => new()
    {
        FirstName = FirstName,
        LastName = LastName,
        Addresses = WireLists.Read(Addresses, address => address.ToAddress()),
        EmailAddresses = WireLists.Read(EmailAddresses, address => address),
        BirthDate = BirthDate.Read(Dob),
        Ssn = WireValues.NationalId(Ssn),
    };
}

internal sealed class PostalAddressBody
{
    [JsonPropertyName("address")]
    public string? Address { get; init; }

    [JsonPropertyName("extendedAddress")]
    public string? ExtendedAddress { get; init; }

    [JsonPropertyName("city")]
    public string? City { get; init; }

    [JsonPropertyName("region")]
    public string? Region { get; init; }

    [JsonPropertyName("postalCode")]
    public string? PostalCode { get; init; }

    public static PostalAddressBody From(PostalAddress address) => new()
    {
        Address = address.Address,
        ExtendedAddress = address.ExtendedAddress,
        City = address.City,
        Region = address.Region,
        PostalCode = address.PostalCode,
    };

    public PostalAddress ToAddress() =>
        new() { Address = Address, ExtendedAddress = ExtendedAddress, City = City, Region = Region, PostalCode = PostalCode };
}
