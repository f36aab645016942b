using Countersign.Core.Names;

namespace Countersign.Core.IdentityMatching;

/// <summary>How a description compares with a record, element by element: null where the one or the other has nothing to compare.</summary>
public sealed record PersonComparison
{
    public bool? GivenName { get; init; }
    public bool? FamilyName { get; init; }

    /// <summary>Both sides have a name, and a part of it could not be compared: another script, or nothing that is a name.</summary>
    public bool IsNameLeftOpen { get; init; }

    public bool? BirthDate { get; init; }

    /// <summary>All nine digits; null when either side has four.</summary>
    public bool? WholeSsn { get; init; }

    public bool? LastFour { get; init; }

    /// <summary>Null when there is no address on one side.</summary>
    public AddressComparison? Address { get; init; }

    public bool? EmailAddress { get; init; }

    /// <summary>
    /// Name or SSN agree, and neither of them differs, nor the birth date; a name that is given and cannot be compared is not made good by
    /// four digits. An address or an e-mail address decides nothing: people move, and records lag behind.
    /// </summary>
    public bool IsConfirmed =>
        ((GivenName == true && FamilyName == true) || (LastFour == true && !IsNameLeftOpen))
        && !(GivenName == false || FamilyName == false || BirthDate == false || WholeSsn == false || LastFour == false);

    /// <summary>Of the description's addresses and e-mail addresses the first counts; of the record's, the one that agrees best.</summary>
    /// <param name="policy">How much the names may differ; null where only case and accents do not count, and one of two family names is
    /// enough.</param>
    public static PersonComparison Of(Person record, Person described, MatchPolicy? policy = null)
    {
        var (recordedName, name) = (record.Name, described.Name);
        var (recordedSsn, ssn) = (record.Ssn, described.Ssn);
        var names = policy is null || recordedName is null || name is null ? null : NameMatcher.Compare(recordedName, name, policy);
        bool? given = null, family = null;
        if (recordedName is not null && name is not null)
        {
            given = names is not null ? Agree(names.Given) : NameRules.GivenNamesAgree(recordedName.Given, name.Given);
            family = names is not null ? Agree(names.Family) : NameRules.FamilyNamesAgree(recordedName.Family, name.Family);
        }
        var isSsnGiven = recordedSsn is not null && ssn is not null;
        return new PersonComparison
        {
            GivenName = given,
            FamilyName = family,
            IsNameLeftOpen = recordedName is not null && name is not null && (given is null || family is null),
            BirthDate = record.BirthDate is null || described.BirthDate is null ? null : record.BirthDate.AgreesWith(described.BirthDate),
            WholeSsn = isSsnGiven && recordedSsn!.IsWhole && ssn!.IsWhole ? recordedSsn == ssn : null,
            LastFour = isSsnGiven ? recordedSsn!.LastFour == ssn!.LastFour : null,
            Address = described.Addresses is [var address, ..]
                ? record.Addresses.Select(recorded => AddressComparison.Of(recorded, address)).MaxBy(comparison => comparison.Agreements)
                : null,
            EmailAddress = record.EmailAddresses.Count > 0 && described.EmailAddresses is [var email, ..]
                ? record.EmailAddresses.Any(recorded => NameRules.Fold(recorded) == NameRules.Fold(email))
                : null,
        };
    }

    private static bool? Agree(FieldComparison field) => field.Match switch
    {
        IdentityMatch.Matched => true,
        IdentityMatch.Differs => false,
        _ => null,
    };
}

/// <summary>How two addresses compare: null where the one or the other is silent.</summary>
public sealed record AddressComparison(bool? Street, bool? City, bool? Region, bool? PostalCode)
{
    // ZIP+4 narrows a code of five digits; many records hold the five alone.
    private const int PostalCodeDigits = 5;

    /// <summary>How many elements agree.</summary>
    public int Agreements => new[] { Street, City, Region, PostalCode }.Count(agrees => agrees == true);

    public static AddressComparison Of(PostalAddress recorded, PostalAddress described) => new(
        Agree(recorded.Street, described.Street),
        Agree(recorded.City, described.City),
        Agree(recorded.Region, described.Region),
        Agree(FirstDigits(recorded.PostalCode), FirstDigits(described.PostalCode)));

    private static bool? Agree(string? recorded, string? described) =>
        recorded is null || described is null ? null : Words(recorded) == Words(described);

    // "12 Main St." and "12  main st" are one street.
    private static string Words(string text) =>
        string.Join(' ', NameRules.Fold(text).Split([' ', '.', ','], StringSplitOptions.RemoveEmptyEntries));

    private static string? FirstDigits(string? postalCode) =>
        postalCode is { Length: > PostalCodeDigits } ? postalCode[..PostalCodeDigits] : postalCode;
}
