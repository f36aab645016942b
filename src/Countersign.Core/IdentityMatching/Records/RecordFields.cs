namespace Countersign.Core.IdentityMatching.Records;

/// <summary>The fields of a record as files name them, and what each may hold.</summary>
public static class RecordFields
{
    public const string Phone = "phone";
    public const string GivenName = "given_name";
    public const string FamilyName = "family_name";

    private const int MaxNameCharacters = 128;
    private const int MaxAddressCharacters = 128;
    private const int MaxIdCharacters = 128;

    /// <summary>In the order of the documentation.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Phone, GivenName, FamilyName, "middle_names", "birthdate", "street", "city", "region", "postal_code", "country", "email", "ssn",
        "record_id", "valid_from", "valid_to",
    ];

    /// <summary>Those that every record has.</summary>
    public static IReadOnlyList<string> Required { get; } = [Phone, GivenName, FamilyName];

    /// <summary>The place of a field in <see cref="All"/>, or -1.</summary>
    public static int IndexOf(string name)
    {
        for (var i = 0; i < All.Count; i++)
        {
            if (All[i] == name)
            {
                return i;
            }
        }
        return -1;
    }

    /// <summary>Makes a record of a line.</summary>
    /// <param name="values">In the order of <see cref="All"/>; null or white space where the line has none.</param>
    /// <param name="problem">Takes the field and what is wrong with it, once for each.</param>
    /// <returns>Null when something was wrong.</returns>
    public static PersonRecord? Read(
        string?[] values, string? country, INumberReader numbers, DateOnly today, Action<string, string> problem)
    {
        // In the order of the fields: so problems are told.
        var line = new RecordLine(values, problem);
        var number = line.Number(0, numbers, country);
        var (given, family) = (line.Text(1, MaxNameCharacters), line.Text(2, MaxNameCharacters));
        line.MustHave(1);
        line.MustHave(2);
        var middle = line.Text(3, MaxNameCharacters);
        var birthDate = line.Date(4, PartialDate.EarliestYear);
        if (birthDate > today)
        {
            line.Bad(4, "lies in the future");
        }
        var (street, city, region, postalCode) = (line.Text(5, MaxAddressCharacters), line.Text(6, MaxAddressCharacters),
            line.Text(7, MaxAddressCharacters), line.Text(8, MaxAddressCharacters));
        var land = line.Country(9);
        var email = line.Email(10);
        var ssn = line.Ssn(11);
        var id = line.Text(12, MaxIdCharacters);
        var (from, to) = (line.Date(13, 1), line.Date(14, 1));
        if (to < from)
        {
            line.Bad(14, "is before valid_from");
        }
        if (!line.IsGood)
        {
            return null;
        }

        var address = (street ?? city ?? region ?? postalCode) is null ? null : new PostalAddress(street, null, city, region, postalCode);
        return new PersonRecord(
            number,
            new Person(
                new PersonName(given!, family!), address is null ? [] : [address], email is null ? [] : [email],
                birthDate is { } day ? PartialDate.Of(day) : null, ssn),
            id, middle, land, from, to);
    }
}
