using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Countersign.Core.IdentityMatching;

/// <summary>A birth date, or the part of it that a person was asked for. Prints masked.</summary>
/// <param name="Year">Null when only month and day are given.</param>
/// <param name="Month">1 to 12.</param>
/// <param name="Day">Null when only year and month are given.</param>
public sealed record PartialDate(int? Year, int Month, int? Day)
{
    // A leap year, so that 29 February without a year is a day.
    private const int AnyLeapYear = 2000;

    public const int EarliestYear = 1900;

    /// <summary>Reads YYYY-MM-DD, YYYY-MM or MM-DD: dates that exist, years from <see cref="EarliestYear"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out PartialDate? date)
    {
        date = Read(text);
        if (date?.Year < EarliestYear)
        {
            date = null;
        }
        return date is not null;
    }

    /// <summary>What is wrong with a text, fit for an error that names where it stands; null when it is such a date.</summary>
    public static string? ProblemOf(string? text) => TryParse(text, out _) ? null
        : Read(text) is null ? "must be a date as YYYY-MM-DD, YYYY-MM or MM-DD"
        : string.Create(CultureInfo.InvariantCulture, $"must be from {EarliestYear} on");

    public static PartialDate Parse(string text) => TryParse(text, out var date) ? date : throw new FormatException("Not a date.");

    /// <summary>The day, when all of it is given; null otherwise.</summary>
    public DateOnly? Whole => (Year, Day) is ({ } year, { } day) ? new DateOnly(year, Month, day) : null;

    public static PartialDate Of(DateOnly date) => new(date.Year, date.Month, date.Day);

    /// <summary>True when every part that both name is the same.</summary>
    public bool AgreesWith(PartialDate other) =>
        (Year is null || other.Year is null || Year == other.Year) && Month == other.Month
            && (Day is null || other.Day is null || Day == other.Day);

    /// <summary>True when the whole of it lies after the given day.</summary>
    public bool IsAfter(DateOnly day) => Year is { } year && new DateOnly(year, Month, Day ?? 1) > day;

    /// <summary>As it is written: YYYY-MM-DD, YYYY-MM or MM-DD.</summary>
    public string ToText() => (Year, Day) switch
    {
        ({ } year, { } day) => string.Create(CultureInfo.InvariantCulture, $"{year:0000}-{Month:00}-{day:00}"),
        ({ } year, null) => string.Create(CultureInfo.InvariantCulture, $"{year:0000}-{Month:00}"),
        (_, var day) => string.Create(CultureInfo.InvariantCulture, $"{Month:00}-{day:00}"),
    };

    /// <summary>Of any year.</summary>
    private static PartialDate? Read(string? text) => text switch
    {
        { Length: 10 } when Read(text, "yyyy-MM-dd") is { } d => new PartialDate(d.Year, d.Month, d.Day),
        { Length: 7 } when Read(text + "-01", "yyyy-MM-dd") is { } d => new PartialDate(d.Year, d.Month, null),
        { Length: 5 } when Read($"{AnyLeapYear}-{text}", "yyyy-MM-dd") is { } d => new PartialDate(null, d.Month, d.Day),
        _ => null,
    };

    private static DateOnly? Read(string text, string format) =>
        DateOnly.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;

    public override string ToString() => "***";
}
