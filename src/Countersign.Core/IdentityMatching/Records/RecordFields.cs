using System.Globalization;
using System.Text;

namespace Countersign.Core.IdentityMatching.Records;

/// <summary>The fields of a record as files name them, and what each may hold.</summary>
public static class RecordFields
{
    public const string Phone = "phone";
    public const string GivenName = "given_name";
    public const string FamilyName = "family_name";

    private const int MaxNameCharacters = 128;
    private const int MaxAddressCharacters = 128;
    private const int MaxEmailCharacters = 254;
    private const int MaxIdCharacters = 128;
    private const int EarliestBirthYear = 1900;

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
        var isGood = true;
        void Bad(int index, string what)
        {
            isGood = false;
            problem(All[index], what);
        }
        string? Text(int index, int max)
        {
            if (values[index]?.Trim() is not { Length: > 0 } text)
            {
                return null;
            }
            if (Length(text) > max)
            {
                Bad(index, string.Create(CultureInfo.InvariantCulture, $"is longer than {max} characters"));
                return null;
            }
            if (text.AsSpan().IndexOfAnyInRange('\0', '\u001f') >= 0 || text.AsSpan().IndexOfAnyInRange('\u007f', '\u009f') >= 0)
            {
                Bad(index, "has a control character");
                return null;
            }
            return text;
        }
        DateOnly? Date(int index, int earliestYear)
        {
            if (values[index]?.Trim() is not { Length: > 0 } text)
            {
                return null;
            }
            if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
                && date.Year >= earliestYear)
            {
                return date;
            }
            Bad(index, "must be a date, YYYY-MM-DD");
            return null;
        }

        PhoneNumber number = default;
        if (values[0]?.Trim() is not { Length: > 0 } phone)
        {
            Bad(0, "is missing");
        }
        else if (numbers.Read(phone, country, out number) is { } why)
        {
            Bad(0, why);
        }
        var given = Text(1, MaxNameCharacters);
        var family = Text(2, MaxNameCharacters);
        for (var name = 1; name <= 2; name++)
        {
            if (string.IsNullOrWhiteSpace(values[name]))
            {
                Bad(name, "is missing");
            }
        }
        var middle = Text(3, MaxNameCharacters);
        var birthDate = Date(4, EarliestBirthYear);
        if (birthDate > today)
        {
            Bad(4, "lies in the future");
        }
        var (street, city, region, postalCode) = (Text(5, MaxAddressCharacters), Text(6, MaxAddressCharacters),
            Text(7, MaxAddressCharacters), Text(8, MaxAddressCharacters));
        var land = Text(9, 2)?.ToUpperInvariant();
        if (land is not null && (land.Length != 2 || !char.IsAsciiLetter(land[0]) || !char.IsAsciiLetter(land[1])))
        {
            Bad(9, "must be two letters (ISO 3166-1)");
        }
        var email = Text(10, MaxEmailCharacters);
        if (email is not null && email.AsSpan().Count('@') != 1)
        {
            Bad(10, "must contain exactly one @");
        }
        Ssn? ssn = null;
        if (Text(11, 16) is { } digits && !Ssn.TryParse(digits.Replace("-", "", StringComparison.Ordinal), out ssn))
        {
            Bad(11, "must be nine digits, or the last four");
        }
        var id = Text(12, MaxIdCharacters);
        var (from, to) = (Date(13, 1), Date(14, 1));
        if (to < from)
        {
            Bad(14, "is before valid_from");
        }
        if (!isGood)
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

    private static int Length(string text)
    {
        // A character is a Unicode scalar value, as in the calls.
        var length = 0;
        foreach (var _ in text.EnumerateRunes())
        {
            length++;
        }
        return length;
    }
}
