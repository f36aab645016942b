using System.Text.Json.Serialization;

namespace Countersign.Client;

/// <summary>How well what was given fits what data sources know of the person.</summary>
public sealed record IdvResult
{
    /// <summary>All sources together; the default value when the server does not say.</summary>
    [JsonPropertyName("multiCIPConfidence")]
    public IdvConfidence MultiCipConfidence { get; init; }

    /// <summary>The first source; null when it was not asked.</summary>
    public IdvSource? DataSource1 { get; init; }

    /// <summary>The second source; null when it was not asked.</summary>
    public IdvSource? DataSource2 { get; init; }

    /// <summary>The confidence of all sources together.</summary>
    public override string ToString() => $"{nameof(IdvResult)} {{ MultiCipConfidence = {MultiCipConfidence} }}";
}

/// <summary>What one data source says. An element that it did not compare is null.</summary>
public sealed record IdvSource
{
    /// <summary>This source alone; the default value when it does not say.</summary>
    public IdvConfidence CipConfidence { get; init; }

    /// <summary>The source's own reasons; empty when there are none, never null.</summary>
    public IReadOnlyList<string> ReasonCodes { get; init => field = value ?? []; } = [];

    /// <summary>The address; null when it was not compared.</summary>
    public IdvAddressMatch? Address { get; init; }

    /// <summary>Birth date and number; null when neither was compared.</summary>
    public IdvIdentifierMatch? Identifiers { get; init; }

    /// <summary>The name; null when it was not compared.</summary>
    public IdvNameMatch? Name { get; init; }

    /// <summary>Whether the e-mail address fits; null when it was not compared.</summary>
    [JsonPropertyName("email")]
    public bool? EmailAddress { get; init; }

    /// <summary>The confidence and the reasons.</summary>
    public override string ToString() =>
        $"{nameof(IdvSource)} {{ CipConfidence = {CipConfidence}, ReasonCodes = [{string.Join(", ", ReasonCodes)}] }}";
}

/// <summary>How well an address fits; what was not compared is null.</summary>
public sealed record IdvAddressMatch
{
    /// <summary>The whole address.</summary>
    /// <value>The higher, the better; the scale is the source's.</value>
    public int? AddressScore { get; init; }

    /// <summary>How far the two addresses lie apart, in the unit of the source.</summary>
    public double? Distance { get; init; }

    /// <summary>Whether the street fits.</summary>
    public bool? Street { get; init; }

    /// <summary>The house number.</summary>
    /// <value>The higher, the better; the scale is the source's.</value>
    public int? StreetNumber { get; init; }

    /// <summary>Whether the town fits.</summary>
    public bool? City { get; init; }

    /// <summary>Whether the state or province fits.</summary>
    public bool? Region { get; init; }

    /// <summary>Whether the postal code fits.</summary>
    public bool? PostalCode { get; init; }

    /// <summary>The score.</summary>
    public override string ToString() => $"{nameof(IdvAddressMatch)} {{ AddressScore = {AddressScore} }}";
}

/// <summary>Which identifiers fit; what was not compared is null.</summary>
public sealed record IdvIdentifierMatch
{
    /// <summary>Whether the birth date fits.</summary>
    [JsonPropertyName("dob")]
    public bool? BirthDate { get; init; }

    /// <summary>Whether the whole social security number fits.</summary>
    public bool? Ssn { get; init; }

    /// <summary>Whether its last four digits fit.</summary>
    public bool? Last4 { get; init; }

    /// <summary>Which fit.</summary>
    public override string ToString() => $"{nameof(IdvIdentifierMatch)} {{ BirthDate = {BirthDate}, Ssn = {Ssn}, Last4 = {Last4} }}";
}

/// <summary>How well a name fits; what was not compared is null.</summary>
public sealed record IdvNameMatch
{
    /// <summary>The given name.</summary>
    /// <value>The higher, the better; the scale is the source's.</value>
    public int? FirstName { get; init; }

    /// <summary>The family name.</summary>
    /// <value>The higher, the better; the scale is the source's.</value>
    public int? LastName { get; init; }

    /// <summary>The whole name.</summary>
    /// <value>The higher, the better; the scale is the source's.</value>
    public int? NameScore { get; init; }

    /// <summary>The scores.</summary>
    public override string ToString() =>
        $"{nameof(IdvNameMatch)} {{ FirstName = {FirstName}, LastName = {LastName}, NameScore = {NameScore} }}";
}
