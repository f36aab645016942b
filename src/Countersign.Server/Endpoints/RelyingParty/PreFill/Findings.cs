using System.Text.Json.Serialization;
using Countersign.Core.IdentityMatching;

namespace Countersign.Server.Endpoints.RelyingParty.PreFill;

/// <summary>What comparing has shown. One source is asked, so there is no second one to tell of.</summary>
internal sealed record Idv(
    [property: JsonPropertyName("multiCIPConfidence")] string MultiCipConfidence,
    [property: JsonPropertyName("dataSource1")] IdvSource DataSource1)
{
    public static Idv Of(PersonComparison comparison)
    {
        var confidence = comparison.IsConfirmed ? "high" : "low";
        return new Idv(confidence, IdvSource.Of(comparison, confidence));
    }

    public override string ToString() => MultiCipConfidence;
}

/// <summary>A source's word on each element that both it and the person named; what was not compared is left out.</summary>
internal sealed record IdvSource(string CipConfidence, IdvAddress? Address, IdvIdentifiers? Identifiers, IdvName? Name, IdvEmail? Email)
{
    public static IdvSource Of(PersonComparison comparison, string confidence) => new(
        confidence,
        comparison.Address is { } address && address != new AddressComparison(null, null, null, null)
            ? new IdvAddress(address.Street, address.City, address.Region, address.PostalCode)
            : null,
        comparison is { BirthDate: null, WholeSsn: null, LastFour: null }
            ? null
            : new IdvIdentifiers(comparison.BirthDate, comparison.WholeSsn, comparison.LastFour),
        comparison is { GivenName: { } given, FamilyName: { } family }
            ? new IdvName(ScoreOf(given), ScoreOf(family), (ScoreOf(given) + ScoreOf(family)) / 2)
            : null,
        comparison.EmailAddress is { } email ? new IdvEmail(email) : null);

    // Names agree or they do not; nothing in between is known here.
    private static int ScoreOf(bool agrees) => agrees ? 100 : 0;

    public override string ToString() => CipConfidence;
}

internal sealed record IdvAddress(bool? Street, bool? City, bool? Region, bool? PostalCode);

internal sealed record IdvIdentifiers(bool? Dob, bool? Ssn, [property: JsonPropertyName("last4")] bool? LastFour);

/// <param name="FirstName">0 to 100.</param>
/// <param name="LastName">0 to 100.</param>
/// <param name="NameScore">Both together, 0 to 100.</param>
internal sealed record IdvName(int FirstName, int LastName, int NameScore);

internal sealed record IdvEmail(bool EmailAddress);

/// <summary>What watch lists hold about somebody like this. It decides nothing.</summary>
/// <param name="AmlTypeLists">The lists with hits.</param>
internal sealed record Kyc(int TotalHits, IReadOnlyList<AmlTypeList> AmlTypeLists)
{
    public static Kyc Of(IReadOnlyList<WatchList> lists) => new(
        lists.Sum(list => list.Hits),
        [
            .. lists.Select(list => new AmlTypeList(
                list.Kind, list.Hits, [.. list.Fields.Select(field => new AmlField(field.Name, field.Source, field.Value))])),
        ]);

    public override string ToString() => "***";
}

internal sealed record AmlTypeList(string AmlType, int ListHits, IReadOnlyList<AmlField> Fields)
{
    public override string ToString() => "***";
}

internal sealed record AmlField(string Name, string Source, string Value)
{
    public override string ToString() => "***";
}
