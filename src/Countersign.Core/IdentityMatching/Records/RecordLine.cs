using System.Globalization;

namespace Countersign.Core.IdentityMatching.Records;

/// <summary>The values of one line while they are read. What is wrong with one is told, and reads as if the line had none.</summary>
/// <param name="values">In the order of <see cref="RecordFields.All"/>; null or white space where the line has none.</param>
/// <param name="problem">Takes the field and what is wrong with it.</param>
internal sealed class RecordLine(string?[] values, Action<string, string> problem)
{
    private const int MaxEmailCharacters = 254;

    public bool IsGood { get; private set; } = true;

    public void Bad(int index, string what)
    {
        IsGood = false;
        problem(RecordFields.All[index], what);
    }

    public void MustHave(int index)
    {
        if (ValueOrNull(index) is null)
        {
            Bad(index, "is missing");
        }
    }

    public PhoneNumber Number(int index, INumberReader numbers, string? country)
    {
        PhoneNumber number = default;
        if (ValueOrNull(index) is not { } phone)
        {
            Bad(index, "is missing");
        }
        else if (numbers.Read(phone, country, out number) is { } why)
        {
            Bad(index, why);
        }
        return number;
    }

    public string? Text(int index, int max)
    {
        if (ValueOrNull(index) is not { } text)
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

    public DateOnly? Date(int index, int earliestYear)
    {
        if (ValueOrNull(index) is not { } text)
        {
            return null;
        }
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            Bad(index, "must be a date, YYYY-MM-DD");
            return null;
        }
        if (date.Year < earliestYear)
        {
            Bad(index, string.Create(CultureInfo.InvariantCulture, $"must be from {earliestYear} on"));
            return null;
        }
        return date;
    }

    public string? Country(int index)
    {
        var land = Text(index, 2)?.ToUpperInvariant();
        if (land is not null && (land.Length != 2 || !char.IsAsciiLetter(land[0]) || !char.IsAsciiLetter(land[1])))
        {
            Bad(index, "must be two letters (ISO 3166-1)");
        }
        return land;
    }

    public string? Email(int index)
    {
        var email = Text(index, MaxEmailCharacters);
        if (email is not null && email.AsSpan().Count('@') != 1)
        {
            Bad(index, "must contain exactly one @");
        }
        return email;
    }

    public Ssn? Ssn(int index)
    {
        Ssn? ssn = null;
        if (Text(index, 16) is { } digits
            && !IdentityMatching.Ssn.TryParse(digits.Replace("-", "", StringComparison.Ordinal), out ssn))
        {
            Bad(index, "must be nine digits, or the last four");
        }
        return ssn;
    }

    private string? ValueOrNull(int index) => values[index]?.Trim() is { Length: > 0 } value ? value : null;

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
