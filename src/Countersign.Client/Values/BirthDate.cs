using System.Globalization;
using System.Runtime.InteropServices;

namespace Countersign.Client;

/// <summary>A birth date, whole or in part: a day, a month of a year, or a day of no year. It does not print itself.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BirthDate
{
    // February has 29 days where the year is not known.
    private const int SomeLeapYear = 2000;

    // What some servers of the contract put after a date.
    private const string Midnight = "T00:00:00Z";

    private readonly short _year;
    private readonly byte _month;
    private readonly byte _day;

    /// <summary>A whole date.</summary>
    /// <param name="year">1 to 9999.</param>
    /// <param name="month">1 to 12.</param>
    /// <param name="day">1 to the last day of that month.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such day.</exception>
    public BirthDate(int year, int month, int day)
        : this(year, month, (int?)day)
    {
    }

    private BirthDate(int? year, int month, int? day)
    {
        ThrowIfOutside(year ?? SomeLeapYear, 1, 9999, nameof(year));
        ThrowIfOutside(month, 1, 12, nameof(month));
        ThrowIfOutside(day ?? 1, 1, DateTime.DaysInMonth(year ?? SomeLeapYear, month), nameof(day));
        _year = (short)(year ?? 0);
        _month = (byte)month;
        _day = (byte)(day ?? 0);
    }

    /// <summary>The year; null when it is not known.</summary>
    public int? Year => _year == 0 ? null : _year;

    /// <summary>The month, 1 to 12; null for the default value.</summary>
    public int? Month => _month == 0 ? null : _month;

    /// <summary>The day of the month; null when it is not known.</summary>
    public int? Day => _day == 0 ? null : _day;

    /// <summary>Whether year, month and day are known.</summary>
    public bool IsWhole => _year != 0 && _day != 0;

    /// <summary>A month of a year, the day not known.</summary>
    /// <param name="year">1 to 9999.</param>
    /// <param name="month">1 to 12.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such month.</exception>
    public static BirthDate OfMonth(int year, int month) => new(year, month, day: null);

    /// <summary>A day of the year, the year not known.</summary>
    /// <param name="month">1 to 12.</param>
    /// <param name="day">1 to the last day of that month; February has 29.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such day.</exception>
    public static BirthDate OfDay(int month, int day) => new(year: null, month, day);

    /// <summary>Reads a date as the contract writes it.</summary>
    /// <param name="text"><c>YYYY-MM-DD</c>, <c>YYYY-MM</c> or <c>MM-DD</c>.</param>
    /// <param name="date">The date; the default value when there is none.</param>
    /// <returns>Whether the text is a date that exists.</returns>
    public static bool TryParse(string? text, out BirthDate date)
    {
        date = default;
        var parts = text?.Split('-') ?? [];
        var numbers = new int[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
            {
                return false;
            }
        }

        var lengths = string.Concat(parts.Select(part => part.Length));
        return lengths switch
        {
            "422" => TryMake(numbers[0], numbers[1], numbers[2], out date),
            "42" => TryMake(numbers[0], numbers[1], day: null, out date),
            "22" => TryMake(year: null, numbers[0], numbers[1], out date),
            _ => false,
        };
    }

    /// <summary>The date in clear, as the contract writes it.</summary>
    /// <returns><c>YYYY-MM-DD</c>, <c>YYYY-MM</c> or <c>MM-DD</c>; empty for the default value.</returns>
    public string Reveal() => (_year, _month, _day) switch
    {
        (_, 0, _) => "",
        (0, _, _) => Format("{0:00}-{1:00}", _month, _day),
        (_, _, 0) => Format("{0:0000}-{1:00}", _year, _month),
        _ => Format("{0:0000}-{1:00}-{2:00}", _year, _month, _day),
    };

    /// <summary>Three asterisks; nothing for the default value.</summary>
    public override string ToString() => _month == 0 ? "" : Mask.Whole;

    /// <summary>A date out of an answer; null when it has none that can be read.</summary>
    internal static BirthDate? Read(string? text)
    {
        var date = text is not null && text.EndsWith(Midnight, StringComparison.Ordinal)
            ? text.Substring(0, text.Length - Midnight.Length)
            : text;
        return TryParse(date, out var parsed) ? parsed : null;
    }

    private static bool TryMake(int? year, int month, int? day, out BirthDate date)
    {
        var exists = year is null or > 0
            && month is >= 1 and <= 12
            && (day ?? 1) >= 1
            && (day ?? 1) <= DateTime.DaysInMonth(year ?? SomeLeapYear, month);
        date = exists ? new BirthDate(year, month, day) : default;
        return exists;
    }

    private static void ThrowIfOutside(int value, int min, int max, string name)
    {
        if (value < min || value > max)
        {
            // The value is not repeated: it is part of a birth date.
            throw new ArgumentOutOfRangeException(name, $"Must be {min} to {max}.");
        }
    }

    private static string Format(string format, params object[] parts) => string.Format(CultureInfo.InvariantCulture, format, parts);
}
