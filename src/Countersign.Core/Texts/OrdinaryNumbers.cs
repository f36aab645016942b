using System.Text.RegularExpressions;

namespace Countersign.Core.Texts;

/// <summary>
/// Tells dates, times, years and amounts from telephone numbers, in a text that <see cref="Wording"/> has folded. A group of digits is
/// ordinary as a whole or not at all: a date with more digits behind it is a number to dial.
/// </summary>
internal static partial class OrdinaryNumbers
{
    private const int TimeoutMilliseconds = Wording.TimeoutMilliseconds;

    private const string Day = "(?:3[01]|[12][0-9]|0?[1-9])";
    private const string Month = "(?:1[0-2]|0?[1-9])";
    private const string Year = "(?:20)?[0-9]{2}";
    private const string Point = "(?<point> ?[./-] ?)";
    private const string To = "(?: ?[-~/] ?)";

    private const string Currencies =
        "eur|usd|gbp|chf|dkk|nok|sek|isk|kr|czk|pln|huf|ron|rsd|try|brl|ars|clp|cop|uyu|idr|vnd|inr|jpy|cny|aud|cad|zar|mxn";

    // What is read becomes a letter: D a date, T a time, M what stands behind the colon of one, Y two years, S a sum of money.
    private const string Apart = @"[ .)\]]{0,3}[-/(\[~]?[ (\[]{0,2}";
    private const string Whole = $"(?:(?:[MT]{Apart})?D(?:{Apart}T)?|[TYS])";

    // Beside a code, which is made by chance: nobody can have the number that the two make. So a year, the end of a card's number and a
    // price are taken there, but nothing that is longer, that touches the code, or that begins as numbers do which are dialled.
    private const string BesideCode =
        $@"(?:{Whole}|[1-9][0-9]{{0,3}}(?:\.[0-9]{{2}})?|[1-9]\.[0-9]{{3}}|[0-9]{{4}}(?=\. )|{Day}\.{Month})(?![0-9])";
    private const string ApartFromCode = @"(?:[.)\]\-]* [(\[\- ]*)";

    /// <param name="seen">The whole text.</param>
    /// <param name="start">Where the group begins: with a digit, or with a <c>#</c> of the code.</param>
    /// <param name="end">Behind its last.</param>
    public static bool Are(string seen, int start, int end)
    {
        // An international number, whatever follows.
        if (seen.AsSpan(0, start).TrimEnd(" (").EndsWith('+'))
        {
            return false;
        }
        var before = HourBefore().IsMatch(seen.AsSpan(0, start)) ? ":" : CurrencyBefore().IsMatch(seen.AsSpan(0, start)) ? "$" : "";
        var behind = Minutes().IsMatch(seen.AsSpan(end)) ? ":" : CurrencyBehind().IsMatch(seen.AsSpan(end)) ? "$" : "";
        var read = before + seen[start..end] + behind;
        read = Sum().Replace(read, "S").Replace("$", "", StringComparison.Ordinal);
        read = Dates().Replace(Date().Replace(read, "D"), "D");
        read = Minutes().Replace(Time().Replace(read, "T"), "M");
        read = Years().Replace(Times().Replace(read, "T"), "Y");
        return Ordinary().IsMatch(read);
    }

    [GeneratedRegex($@"^(?:{Whole}|{BesideCode}{ApartFromCode}#+(?:{ApartFromCode}{BesideCode})?|#+{ApartFromCode}{BesideCode})\z",
        RegexOptions.CultureInvariant, TimeoutMilliseconds)]
    private static partial Regex Ordinary();

    // 28.11.2026, 28. 11. 26, 11/28/2026, 2026-11-28.
    [GeneratedRegex(
        $@"(?<![0-9])(?:{Day}{Point}{Month}\k<point>{Year}|{Month}{Point}{Day}\k<point>{Year}|{Year}{Point}{Month}\k<point>{Day})(?![0-9])",
        RegexOptions.CultureInvariant, TimeoutMilliseconds)]
    private static partial Regex Date();

    // 28.-30.11.2026, 28.11.-30.11.2026, 1.1.2026-31.1.2026.
    [GeneratedRegex($@"(?<![0-9])(?:D|{Day}(?:\.(?:{Month}\.?)?)?){To}D", RegexOptions.CultureInvariant, TimeoutMilliseconds)]
    private static partial Regex Dates();

    // 14.30, and of 14:30 what stands before the colon.
    [GeneratedRegex(@"(?<![0-9:])(?:2[0-3]|[01]?[0-9])(?:\.[0-5][0-9](?![0-9])|:\z)", RegexOptions.CultureInvariant, TimeoutMilliseconds)]
    private static partial Regex Time();

    [GeneratedRegex($"T{To}T", RegexOptions.CultureInvariant, TimeoutMilliseconds)]
    private static partial Regex Times();

    [GeneratedRegex("^:[0-5][0-9](?![0-9])", RegexOptions.CultureInvariant, TimeoutMilliseconds)]
    private static partial Regex Minutes();

    [GeneratedRegex(@"[0-9]:\z", RegexOptions.CultureInvariant, TimeoutMilliseconds)]
    private static partial Regex HourBefore();

    // 2025/2026, 2025-26.
    [GeneratedRegex($"(?<![0-9])20[0-9]{{2}}{To}{Year}(?![0-9])", RegexOptions.CultureInvariant, TimeoutMilliseconds)]
    private static partial Regex Years();

    // At most seven digits: more could be dialled abroad.
    [GeneratedRegex(
        @"(?:(?<=^\$)|(?<![0-9])(?=[0-9. ]+\$\z))(?:[1-9](?:\.[0-9]{3}){2}|[1-9](?: [0-9]{3}){2}|"
            + @"[1-9][0-9]{0,2}[. ][0-9]{3}|[1-9][0-9]{0,4}\.[0-9]{2})(?![0-9])",
        RegexOptions.CultureInvariant, TimeoutMilliseconds)]
    private static partial Regex Sum();

    [GeneratedRegex($@"(?:\p{{Sc}}|(?<![a-z])(?:{Currencies})) ?\z", RegexOptions.CultureInvariant, TimeoutMilliseconds)]
    private static partial Regex CurrencyBefore();

    [GeneratedRegex($@"^ ?(?:\p{{Sc}}|(?:{Currencies})(?![a-z]))", RegexOptions.CultureInvariant, TimeoutMilliseconds)]
    private static partial Regex CurrencyBehind();
}
