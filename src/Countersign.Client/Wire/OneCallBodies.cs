using System.Text.Json.Serialization;

namespace Countersign.Client.Wire;

// Classes, not records: a record would print the person it holds.

internal sealed class OneCallRequestBody
{
    [JsonPropertyName("verificationType")]
    public string? VerificationType { get; init; }

    [JsonPropertyName("phoneNumber")]
    public string? PhoneNumber { get; init; }

    [JsonPropertyName("firstName")]
    public string? FirstName { get; init; }

    [JsonPropertyName("lastName")]
    public string? LastName { get; init; }

    [JsonPropertyName("emailAddress")]
    public string? EmailAddress { get; init; }

    [JsonPropertyName("ipAddress")]
    public string? IpAddress { get; init; }

    [JsonPropertyName("userAgent")]
    public string? UserAgent { get; init; }

    [JsonPropertyName("clientCustomerId")]
    public string? ClientCustomerId { get; init; }

    [JsonPropertyName("clientHumanId")]
    public string? ClientHumanId { get; init; }

    [JsonPropertyName("clientRequestId")]
    public string? ClientRequestId { get; init; }

    [JsonPropertyName("proveId")]
    public string? ProveId { get; init; }

    [JsonPropertyName("identityAttributes")]
    public List<IdentityAttributeBody>? IdentityAttributes { get; init; }

    public static OneCallRequestBody From(OneCallRequest request) => new()
    {
        // Never left out: without it the same path would start a flow of the two-call contract.
        VerificationType = request.VerificationType.Value,
        PhoneNumber = request.PhoneNumber,
        FirstName = request.FirstName,
        LastName = request.LastName,
        EmailAddress = request.EmailAddress,
        IpAddress = request.IpAddress,
        UserAgent = request.UserAgent,
        ClientCustomerId = request.ClientCustomerId,
        ClientHumanId = request.ClientHumanId,
        ClientRequestId = request.ClientRequestId,
        ProveId = request.ProveId,
        IdentityAttributes = IdentityAttributeBody.From(request.IdentityAttributes),
    };
}

internal sealed class OneCallResponseBody
{
    [JsonPropertyName("success")]
    public string? Success { get; init; }

    [JsonPropertyName("correlationId")]
    public string? CorrelationId { get; init; }

    [JsonPropertyName("phoneNumber")]
    public string? PhoneNumber { get; init; }

    [JsonPropertyName("clientCustomerId")]
    public string? ClientCustomerId { get; init; }

    [JsonPropertyName("clientHumanId")]
    public string? ClientHumanId { get; init; }

    [JsonPropertyName("clientRequestId")]
    public string? ClientRequestId { get; init; }

    [JsonPropertyName("proveId")]
    public string? ProveId { get; init; }

    [JsonPropertyName("provePhoneAlias")]
    public string? ProvePhoneAlias { get; init; }

    [JsonPropertyName("isEnrolled")]
    public bool? IsEnrolled { get; init; }

    [JsonPropertyName("identity")]
    public OneCallIdentityBody? Identity { get; init; }

    [JsonPropertyName("additionalIdentities")]
    public List<OneCallIdentityBody>? AdditionalIdentities { get; init; }

    [JsonPropertyName("businesses")]
    public List<BusinessBody>? Businesses { get; init; }

    [JsonPropertyName("evaluation")]
    public Dictionary<string, EvaluationBody?>? Evaluation { get; init; }

    /// <summary>Null when the answer lacks what the contract requires.</summary>
    public OneCallResponse? ToResponse() => string.IsNullOrWhiteSpace(CorrelationId) || string.IsNullOrWhiteSpace(Success)
        ? null
        : new OneCallResponse
        {
            Outcome = new VerificationOutcome(Success!),
            CorrelationId = CorrelationId!,
            PhoneNumber = PhoneNumber,
            ClientCustomerId = ClientCustomerId,
            ClientHumanId = ClientHumanId,
            ClientRequestId = ClientRequestId,
            ProveId = ProveId,
            ProvePhoneAlias = ProvePhoneAlias,
            IsEnrolled = IsEnrolled,
            Identity = Identity?.ToIdentity(),
            AdditionalIdentities = WireLists.Read(AdditionalIdentities, identity => identity.ToIdentity()),
            Businesses = WireLists.Read(Businesses, business => business.ToBusiness()),
            Evaluation = EvaluationBody.ToEvaluation(Evaluation),
        };
}

internal sealed class OneCallBatchRequestBody
{
    [JsonPropertyName("clientRequestId")]
    public string? ClientRequestId { get; init; }

    [JsonPropertyName("items")]
    public required List<OneCallRequestBody> Items { get; init; }

    public static OneCallBatchRequestBody From(OneCallBatchRequest request) => new()
    {
        ClientRequestId = request.ClientRequestId,
        Items = [.. request.Items.Select(OneCallRequestBody.From)],
    };
}

internal sealed class OneCallBatchResponseBody
{
    [JsonPropertyName("correlationId")]
    public string? CorrelationId { get; init; }

    [JsonPropertyName("clientRequestId")]
    public string? ClientRequestId { get; init; }

    [JsonPropertyName("results")]
    public List<OneCallBatchResultBody?>? Results { get; init; }

    /// <summary>Null when the answer lacks what the contract requires, or is not an answer to as many items as were sent.</summary>
    public OneCallBatchResponse? ToResponse(int items)
    {
        var results = Results?.ConvertAll(result => result?.ToResult());
        return string.IsNullOrWhiteSpace(CorrelationId) || results is null || results.Count != items || results.Contains(null)
            ? null
            : new OneCallBatchResponse { CorrelationId = CorrelationId!, ClientRequestId = ClientRequestId, Results = results! };
    }
}

internal sealed class OneCallBatchResultBody
{
    [JsonPropertyName("success")]
    public string? Success { get; init; }

    [JsonPropertyName("phoneNumber")]
    public string? PhoneNumber { get; init; }

    [JsonPropertyName("clientCustomerId")]
    public string? ClientCustomerId { get; init; }

    [JsonPropertyName("assuranceLevel")]
    public string? AssuranceLevel { get; init; }

    [JsonPropertyName("clientHumanId")]
    public string? ClientHumanId { get; init; }

    [JsonPropertyName("proveId")]
    public string? ProveId { get; init; }

    [JsonPropertyName("provePhoneAlias")]
    public string? ProvePhoneAlias { get; init; }

    [JsonPropertyName("identity")]
    public OneCallIdentityBody? Identity { get; init; }

    [JsonPropertyName("additionalIdentities")]
    public List<OneCallIdentityBody>? AdditionalIdentities { get; init; }

    [JsonPropertyName("evaluation")]
    public Dictionary<string, EvaluationBody?>? Evaluation { get; init; }

    [JsonPropertyName("error")]
    public string? Error { get; init; }

    public OneCallBatchResult? ToResult() => string.IsNullOrWhiteSpace(Success)
        ? null
        : new OneCallBatchResult
        {
            Outcome = new VerificationOutcome(Success!),
            PhoneNumber = PhoneNumber,
            ClientCustomerId = string.IsNullOrEmpty(ClientCustomerId) ? null : ClientCustomerId,
            AssuranceLevel = WireValues.AssuranceLevel(AssuranceLevel),
            ClientHumanId = ClientHumanId,
            ProveId = ProveId,
            ProvePhoneAlias = ProvePhoneAlias,
            Identity = Identity?.ToIdentity(),
            AdditionalIdentities = WireLists.Read(AdditionalIdentities, identity => identity.ToIdentity()),
            Evaluation = EvaluationBody.ToEvaluation(Evaluation),
            Error = string.IsNullOrEmpty(Error) ? null : Error,
        };
}

internal sealed class OneCallIdentityBody
{
    [JsonPropertyName("firstName")]
    public string? FirstName { get; init; }

    [JsonPropertyName("lastName")]
    public string? LastName { get; init; }

    [JsonPropertyName("dateOfBirth")]
    public string? DateOfBirth { get; init; }

    [JsonPropertyName("nationalId")]
    public string? NationalId { get; init; }

    [JsonPropertyName("minAge")]
    [JsonConverter(typeof(LenientInt32))]
    public int? MinAge { get; init; }

    [JsonPropertyName("maxAge")]
    [JsonConverter(typeof(LenientInt32))]
    public int? MaxAge { get; init; }

    [JsonPropertyName("emails")]
    public List<string>? Emails { get; init; }

    [JsonPropertyName("addresses")]
    public List<ZipAddressBody>? Addresses { get; init; }

    [JsonPropertyName("assuranceLevel")]
    public string? AssuranceLevel { get; init; }

    [JsonPropertyName("reasons")]
    public List<string>? Reasons { get; init; }

    public OneCallIdentity ToIdentity() => new()
    {
        FirstName = FirstName,
        LastName = LastName,
        BirthDate = BirthDate.Read(DateOfBirth),
        NationalId = WireValues.NationalId(NationalId),
        MinAge = MinAge,
        MaxAge = MaxAge,
        Emails = WireLists.Read(Emails, email => email),
        Addresses = WireLists.Read(Addresses, address => address.ToAddress()),
        AssuranceLevel = WireValues.AssuranceLevel(AssuranceLevel),
        Reasons = WireLists.Read(Reasons, reason => reason),
    };
}

internal sealed class ZipAddressBody
{
    [JsonPropertyName("address")]
    public string? Address { get; init; }

    [JsonPropertyName("extendedAddress")]
    public string? ExtendedAddress { get; init; }

    [JsonPropertyName("city")]
    public string? City { get; init; }

    [JsonPropertyName("region")]
    public string? Region { get; init; }

    [JsonPropertyName("zipCode")]
    public string? ZipCode { get; init; }

    public PostalAddress ToAddress() =>
        new() { Address = Address, ExtendedAddress = ExtendedAddress, City = City, Region = Region, PostalCode = ZipCode };
}

internal sealed class BusinessBody
{
    [JsonPropertyName("businessName")]
    public string? BusinessName { get; init; }

    [JsonPropertyName("tradeName")]
    public string? TradeName { get; init; }

    [JsonPropertyName("taxId")]
    public string? TaxId { get; init; }

    [JsonPropertyName("businessAddress")]
    public ZipAddressBody? BusinessAddress { get; init; }

    [JsonPropertyName("registrationFiling")]
    public RegistrationFilingBody? RegistrationFiling { get; init; }

    [JsonPropertyName("relatedPersons")]
    public List<RelatedPersonBody>? RelatedPersons { get; init; }

    public Business ToBusiness() => new()
    {
        BusinessName = BusinessName,
        TradeName = TradeName,
        TaxId = WireValues.NationalId(TaxId),
        BusinessAddress = BusinessAddress?.ToAddress(),
        RegistrationFiling = RegistrationFiling?.ToFiling(),
        RelatedPersons = WireLists.Read(
            RelatedPersons, person => new RelatedPerson { FirstName = person.FirstName, LastName = person.LastName }),
    };
}

internal sealed class RegistrationFilingBody
{
    [JsonPropertyName("date")]
    public string? Date { get; init; }

    [JsonPropertyName("region")]
    public string? Region { get; init; }

    [JsonPropertyName("registrationNumber")]
    public string? RegistrationNumber { get; init; }

    [JsonPropertyName("registrationType")]
    public string? RegistrationType { get; init; }

    public RegistrationFiling ToFiling() => new()
    {
        Date = Date,
        Region = Region,
        RegistrationNumber = RegistrationNumber,
        RegistrationType = RegistrationType,
    };
}

internal sealed class RelatedPersonBody
{
    [JsonPropertyName("firstName")]
    public string? FirstName { get; init; }

    [JsonPropertyName("lastName")]
    public string? LastName { get; init; }
}
