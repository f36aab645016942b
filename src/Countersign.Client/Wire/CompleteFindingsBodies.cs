using System.Text.Json.Serialization;

namespace Countersign.Client.Wire;

// Classes, not records: a record would print the person it holds.

internal sealed class IdvBody
{
    [JsonPropertyName("multiCIPConfidence")]
    public string? MultiCipConfidence { get; init; }

    [JsonPropertyName("dataSource1")]
    public IdvSourceBody? DataSource1 { get; init; }

    [JsonPropertyName("dataSource2")]
    public IdvSourceBody? DataSource2 { get; init; }

    public IdvResult ToResult() => new()
    {
        MultiCipConfidence = WireValues.IdvConfidence(MultiCipConfidence),
        DataSource1 = DataSource1?.ToSource(),
        DataSource2 = DataSource2?.ToSource(),
    };
}

internal sealed class IdvSourceBody
{
    [JsonPropertyName("cipConfidence")]
    public string? CipConfidence { get; init; }

    [JsonPropertyName("reasonCodes")]
    public List<string>? ReasonCodes { get; init; }

    [JsonPropertyName("address")]
    public IdvAddressBody? Address { get; init; }

    [JsonPropertyName("identifiers")]
    public IdvIdentifiersBody? Identifiers { get; init; }

    [JsonPropertyName("name")]
    public IdvNameBody? Name { get; init; }

    [JsonPropertyName("email")]
    public IdvEmailBody? Email { get; init; }

    public IdvSource ToSource() => new()
    {
        CipConfidence = WireValues.IdvConfidence(CipConfidence),
        ReasonCodes = WireLists.Read(ReasonCodes, code => code),
        Address = Address?.ToMatch(),
        Identifiers = Identifiers?.ToMatch(),
        Name = Name?.ToMatch(),
        EmailAddress = Email?.EmailAddress,
    };
}

internal sealed class IdvAddressBody
{
    [JsonPropertyName("addressScore")]
    [JsonConverter(typeof(LenientInt32))]
    public int? AddressScore { get; init; }

    [JsonPropertyName("distance")]
    [JsonConverter(typeof(LenientDouble))]
    public double? Distance { get; init; }

    [JsonPropertyName("street")]
    [JsonConverter(typeof(LenientBoolean))]
    public bool? Street { get; init; }

    [JsonPropertyName("streetNumber")]
    [JsonConverter(typeof(LenientInt32))]
    public int? StreetNumber { get; init; }

    [JsonPropertyName("city")]
    [JsonConverter(typeof(LenientBoolean))]
    public bool? City { get; init; }

    [JsonPropertyName("region")]
    [JsonConverter(typeof(LenientBoolean))]
    public bool? Region { get; init; }

    [JsonPropertyName("postalCode")]
    [JsonConverter(typeof(LenientBoolean))]
    public bool? PostalCode { get; init; }

    public IdvAddressMatch ToMatch() => new()
    {
        AddressScore = AddressScore,
        Distance = Distance,
        Street = Street,
        StreetNumber = StreetNumber,
        City = City,
        Region = Region,
        PostalCode = PostalCode,
    };
}

internal sealed class IdvIdentifiersBody
{
    [JsonPropertyName("dob")]
    [JsonConverter(typeof(LenientBoolean))]
    public bool? Dob { get; init; }

    [JsonPropertyName("ssn")]
    [JsonConverter(typeof(LenientBoolean))]
    public bool? Ssn { get; init; }

    [JsonPropertyName("last4")]
    [JsonConverter(typeof(LenientBoolean))]
    public bool? Last4 { get; init; }

    public IdvIdentifierMatch ToMatch() => new() { BirthDate = Dob, Ssn = Ssn, Last4 = Last4 };
}

internal sealed class IdvNameBody
{
    [JsonPropertyName("firstName")]
    [JsonConverter(typeof(LenientInt32))]
    public int? FirstName { get; init; }

    [JsonPropertyName("lastName")]
    [JsonConverter(typeof(LenientInt32))]
    public int? LastName { get; init; }

    [JsonPropertyName("nameScore")]
    [JsonConverter(typeof(LenientInt32))]
    public int? NameScore { get; init; }

    public IdvNameMatch ToMatch() => new() { FirstName = FirstName, LastName = LastName, NameScore = NameScore };
}

internal sealed class IdvEmailBody
{
    [JsonPropertyName("emailAddress")]
    [JsonConverter(typeof(LenientBoolean))]
    public bool? EmailAddress { get; init; }
}

internal sealed class KycBody
{
    [JsonPropertyName("totalHits")]
    [JsonConverter(typeof(LenientInt32))]
    public int? TotalHits { get; init; }

    [JsonPropertyName("amlTypeLists")]
    public List<AmlListBody>? AmlTypeLists { get; init; }

    public KycResult ToResult() => new()
    {
        TotalHits = TotalHits ?? 0,
        AmlLists = WireLists.Read(AmlTypeLists, list => list.ToList()),
    };
}

internal sealed class AmlListBody
{
    [JsonPropertyName("amlType")]
    public string? AmlType { get; init; }

    [JsonPropertyName("listHits")]
    [JsonConverter(typeof(LenientInt32))]
    public int? ListHits { get; init; }

    [JsonPropertyName("fields")]
    public List<AmlFieldBody>? Fields { get; init; }

    public AmlList ToList() => new()
    {
        AmlType = AmlType,
        ListHits = ListHits ?? 0,
        Fields = WireLists.Read(Fields, field => new AmlField { Name = field.Name, Source = field.Source, Value = field.Value }),
    };
}

internal sealed class AmlFieldBody
{
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("source")]
    public string? Source { get; init; }

    [JsonPropertyName("value")]
    public string? Value { get; init; }
}
