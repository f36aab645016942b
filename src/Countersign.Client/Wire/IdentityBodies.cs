using System.Text.Json.Serialization;

namespace Countersign.Client.Wire;

// Classes, not records: a record would print the person it holds.

internal sealed class EnrolRequestBody
{
    [JsonPropertyName("phoneNumber")]
    public string? PhoneNumber { get; init; }

    [JsonPropertyName("clientCustomerId")]
    public string? ClientCustomerId { get; init; }

    [JsonPropertyName("clientHumanId")]
    public string? ClientHumanId { get; init; }

    [JsonPropertyName("clientRequestId")]
    public string? ClientRequestId { get; init; }

    [JsonPropertyName("deviceId")]
    public string? DeviceId { get; init; }

    [JsonPropertyName("identityAttributes")]
    public List<IdentityAttributeBody>? IdentityAttributes { get; init; }

    public static EnrolRequestBody From(EnrolRequest request) => new()
    {
        PhoneNumber = request.PhoneNumber,
        ClientCustomerId = request.ClientCustomerId,
        ClientHumanId = request.ClientHumanId,
        ClientRequestId = request.ClientRequestId,
        DeviceId = request.DeviceId,
        IdentityAttributes = IdentityAttributeBody.From(request.IdentityAttributes),
    };
}

internal sealed class EnrolResponseBody
{
    [JsonPropertyName("success")]
    public bool? Success { get; init; }

    [JsonPropertyName("proveId")]
    public string? ProveId { get; init; }

    [JsonPropertyName("identityId")]
    public string? IdentityId { get; init; }

    /// <summary>Null when the answer lacks what the contract requires.</summary>
    public EnrolResponse? ToResponse() => Success is not { } succeeded || WireValues.ProveId(ProveId, IdentityId) is not { } id
        ? null
        : new EnrolResponse { Succeeded = succeeded, ProveId = id };
}

internal sealed class EnrolBatchRequestBody
{
    [JsonPropertyName("items")]
    public required List<EnrolRequestBody> Items { get; init; }

    [JsonPropertyName("clientRequestId")]
    public string? ClientRequestId { get; init; }

    public static EnrolBatchRequestBody From(EnrolBatchRequest request) => new()
    {
        Items = [.. request.Items.Select(EnrolRequestBody.From)],
        ClientRequestId = request.ClientRequestId,
    };
}

internal sealed class EnrolBatchResponseBody
{
    [JsonPropertyName("results")]
    public List<EnrolBatchResultBody?>? Results { get; init; }

    /// <summary>Null when the answer lacks what the contract requires, or is not an answer to as many items as were sent.</summary>
    public EnrolBatchResponse? ToResponse(int items)
    {
        var results = Results?.ConvertAll(result => result?.ToResult());
        return results is null || results.Count != items || results.Contains(null) ? null : new EnrolBatchResponse { Results = results! };
    }
}

internal sealed class EnrolBatchResultBody
{
    [JsonPropertyName("proveId")]
    public string? ProveId { get; init; }

    [JsonPropertyName("identityId")]
    public string? IdentityId { get; init; }

    [JsonPropertyName("error")]
    public string? Error { get; init; }

    public EnrolBatchResult? ToResult()
    {
        var proveId = WireValues.ProveId(ProveId, IdentityId);
        var error = string.IsNullOrEmpty(Error) ? null : Error;
        return proveId is null && error is null ? null : new EnrolBatchResult { ProveId = proveId, Error = error };
    }
}

internal sealed class ListIdentitiesResponseBody
{
    [JsonPropertyName("results")]
    public List<IdentityReferenceBody?>? Results { get; init; }

    [JsonPropertyName("lastKey")]
    public string? LastKey { get; init; }

    /// <summary>Null when the answer lacks what the contract requires.</summary>
    public ListIdentitiesResponse? ToResponse()
    {
        var results = Results?.ConvertAll(result => result?.ToReference());
        return results is null || results.Contains(null) ? null : new ListIdentitiesResponse
        {
            Results = results!,
            LastKey = string.IsNullOrEmpty(LastKey) ? null : LastKey,
        };
    }
}

internal sealed class IdentityReferenceBody
{
    [JsonPropertyName("proveId")]
    public string? ProveId { get; init; }

    [JsonPropertyName("identityId")]
    public string? IdentityId { get; init; }

    public IdentityReference? ToReference() =>
        WireValues.ProveId(ProveId, IdentityId) is { } id ? new IdentityReference { ProveId = id } : null;
}

internal sealed class EnrolledIdentityBody
{
    [JsonPropertyName("proveId")]
    public string? ProveId { get; init; }

    [JsonPropertyName("identityId")]
    public string? IdentityId { get; init; }

    [JsonPropertyName("phoneNumber")]
    public string? PhoneNumber { get; init; }

    [JsonPropertyName("active")]
    public bool? Active { get; init; }

    [JsonPropertyName("clientCustomerId")]
    public string? ClientCustomerId { get; init; }

    [JsonPropertyName("clientHumanId")]
    public string? ClientHumanId { get; init; }

    [JsonPropertyName("countryCode")]
    public string? CountryCode { get; init; }

    [JsonPropertyName("deviceId")]
    public string? DeviceId { get; init; }

    [JsonPropertyName("createdAt")]
    [JsonConverter(typeof(LenientInt64))]
    public long? CreatedAt { get; init; }

    [JsonPropertyName("creationString")]
    public string? CreationString { get; init; }

    [JsonPropertyName("carrier")]
    public string? Carrier { get; init; }

    [JsonPropertyName("lineType")]
    public string? LineType { get; init; }

    /// <summary>Null when the answer lacks what the contract requires.</summary>
    public EnrolledIdentity? ToIdentity() => WireValues.ProveId(ProveId, IdentityId) is not { } id || string.IsNullOrWhiteSpace(PhoneNumber)
        ? null
        : new EnrolledIdentity
        {
            ProveId = id,
            PhoneNumber = PhoneNumber!,
            IsActive = Active ?? false,
            ClientCustomerId = ClientCustomerId,
            ClientHumanId = ClientHumanId,
            CountryCode = CountryCode,
            DeviceId = DeviceId,
            CreatedAt = WireValues.Moment(CreatedAt, CreationString),
            Carrier = Carrier,
            LineType = LineType,
        };
}

internal sealed class LookUpResponseBody
{
    [JsonPropertyName("items")]
    public List<EnrolledIdentityBody?>? Items { get; init; }

    /// <summary>Null when the answer lacks what the contract requires.</summary>
    public LookUpResponse? ToResponse()
    {
        var items = Items?.ConvertAll(item => item?.ToIdentity());
        return items is null || items.Contains(null) ? null : new LookUpResponse { Items = items! };
    }
}

internal sealed class CrossDomainResponseBody
{
    [JsonPropertyName("count")]
    [JsonConverter(typeof(LenientInt32))]
    public int? Count { get; init; }

    [JsonPropertyName("identities")]
    public List<CrossDomainIdentityBody>? Identities { get; init; }

    /// <summary>The same list, spelled as servers of September 2025 sent it.</summary>
    [JsonPropertyName("identites")]
    public List<CrossDomainIdentityBody>? Identites { get; init; }

    /// <summary>Null when the answer lacks what the contract requires.</summary>
    public CrossDomainResponse? ToResponse()
    {
        var sent = Identities ?? Identites;
        var identities = WireLists.Read(sent, identity => identity);
        return (Count is null && sent is null) || identities.Any(identity => string.IsNullOrEmpty(identity.IdentityId))
            ? null
            : new CrossDomainResponse
            {
                Count = Count ?? identities.Count,
                Identities = WireLists.Read(
                    identities,
                    identity => new CrossDomainIdentity
                    {
                        ClientName = identity.ClientName,
                        IdentityId = identity.IdentityId!,
                        Pcid = identity.Pcid,
                    }),
            };
    }
}

internal sealed class CrossDomainIdentityBody
{
    [JsonPropertyName("clientName")]
    public string? ClientName { get; init; }

    [JsonPropertyName("identityId")]
    public string? IdentityId { get; init; }

    [JsonPropertyName("pcid")]
    public string? Pcid { get; init; }
}

internal sealed class DiscoverResponseBody
{
    [JsonPropertyName("results")]
    public List<AttributeBody>? Results { get; init; }

    /// <summary>Null when the answer lacks what the contract requires.</summary>
    public DiscoverResponse? ToResponse() => !AttributeBody.AreReadable(Results)
        ? null
        : new DiscoverResponse
        {
            Results = WireLists.Read(
                Results, result => new DiscoverResult { AttributeId = result.AttributeId!, IssuerId = result.IssuerId }),
        };
}

internal sealed class FetchResponseBody
{
    [JsonPropertyName("results")]
    public List<AttributeBody>? Results { get; init; }

    /// <summary>Null when the answer lacks what the contract requires.</summary>
    public FetchResponse? ToResponse() => !AttributeBody.AreReadable(Results)
        ? null
        : new FetchResponse
        {
            Results = WireLists.Read(
                Results,
                result => new FetchResult
                {
                    AttributeId = result.AttributeId!,
                    IssuerId = result.IssuerId,
                    AttributeValue = result.AttributeValue,
                }),
        };
}

internal sealed class AttributeBody
{
    [JsonPropertyName("attributeId")]
    public string? AttributeId { get; init; }

    [JsonPropertyName("issuerId")]
    public string? IssuerId { get; init; }

    [JsonPropertyName("attributeValue")]
    public string? AttributeValue { get; init; }

    public static bool AreReadable(List<AttributeBody>? attributes) =>
        attributes is not null && attributes.TrueForAll(attribute => !string.IsNullOrEmpty(attribute?.AttributeId));
}
