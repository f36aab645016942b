using System.Globalization;
using System.Text.RegularExpressions;
using Countersign.Core;
using PhoneNumbers;
using PhoneNumber = Countersign.Core.PhoneNumber;

namespace Countersign.Providers.Numbers;

/// <summary>The numbering plans as libphonenumber knows them, and the prefixes of former plans, which it has forgotten.</summary>
internal sealed partial class NumberPlan : INumberPlan
{
    // Its way to say "no one country": satellite phones, international freephone.
    private const string NoCountry = "001";

    private const int Mexico = 52;
    private const int Argentina = 54;

    /// <summary>
    /// What plans take away from the front of a national number beside the trunk prefix that they name: former ones, optional ones, the
    /// codes of carriers. For ever as it is: a line is no longer kept with what a plan may come to take. South Korea's carriers 0 85xx and
    /// Luxembourg's 15xxx are left out: more than a hundred, and with E.164's 15 digits only before short fixed lines.
    /// </summary>
    private static readonly Dictionary<int, string[]> _otherPrefixes = new()
    {
        [55] = ["90", "012", "014", "015", "021", "022", "023", "025", "031", "041", "043", "055", "065", "099"],
        [57] = ["03", "05", "07", "09"],
        [61] = ["1831", "1832"],
        [82] = ["081", "082", "083", "084", "086", "087", "088"],
        [298] = ["1001", "1010", "1020", "1088"],
        [370] = ["8"],
        [375] = ["80", "0"],
        [423] = ["1001"],
        [506] = ["1900", "1901", "1902", "1904", "1906", "1908", "1910", "1919", "1920", "1966", "1977", "1999"],
        [591] = ["010", "011", "012", "013", "014", "015", "016", "017", "018", "019"],
    };

    /// <summary>ISO 3166 codes of all countries that have a numbering plan.</summary>
    public static IReadOnlySet<string> Countries => Plans.GetSupportedRegions();

    private static PhoneNumberUtil Plans => PhoneNumberUtil.GetInstance();

    /// <summary>
    /// The line that a number with its plus names, whatever was typed before and into it; null when it can exist in no numbering plan.
    /// </summary>
    public static PlannedNumber? Find(string international) => Look(international) is { } line
        ? new PlannedNumber(PhoneNumber.Parse(FormOf(line)), Plans.GetNumberType(line), CountryOf(line))
        : null;

    /// <summary>
    /// True when a number has as many digits as its country's have, whether it is in a range that is known to be in use or not.
    /// </summary>
    public static bool MayComeToExist(PhoneNumber number) => PossibleFormOf(number.E164) is not null;

    /// <summary>The form of a number that has as many digits as its country's have; null when it has not.</summary>
    public static string? PossibleFormOf(string international) =>
        ParseOrNull(international) is { } line && Plans.IsPossibleNumber(line) ? FormOf(line) : null;

    public PhoneNumber? Read(string text) =>
        PhoneNumber.WithPlus(text) is not { } international ? null
        : Look(international) is { } line ? PhoneNumber.Parse(FormOf(line))
        : PhoneNumber.TryParse(text, out var asTyped) ? asTyped
        : null;

    public PhoneNumber FormOf(PhoneNumber number) => Look(number.E164) is { } line ? PhoneNumber.Parse(FormOf(line)) : number;

    public IReadOnlyList<PhoneNumber> FormerFormsOf(PhoneNumber number)
    {
        if (Look(number.E164) is not { } line)
        {
            return [];
        }
        var form = FormOf(line);
        var code = string.Create(CultureInfo.InvariantCulture, $"+{line.CountryCode}");
        var trunk = Plans.GetNddPrefixForRegion(Plans.GetRegionCodeForCountryCode(line.CountryCode), stripNonDigits: true) ?? "";
        return
        [
            .. PrefixedForms(line.CountryCode, code, trunk, form[code.Length..])
                .Where(text => PhoneNumber.TryParse(text, out _) && Look(text) is { } same && FormOf(same) == form)
                .Select(PhoneNumber.Parse)
                .Where(other => other.E164 != form)
                .Distinct()
                .Take(INumberPlan.MaxFormerForms),
        ];
    }

    public string? CountryOf(PhoneNumber number) => (Look(number.E164) ?? ParseOrNull(number.E164)) is { } line ? CountryOf(line) : null;

    public LineKind KindOf(PhoneNumber number) => Look(number.E164) is not { } line ? LineKind.Unknown : Plans.GetNumberType(line) switch
    {
        PhoneNumberType.MOBILE => LineKind.Mobile,
        PhoneNumberType.FIXED_LINE => LineKind.Fixed,
        PhoneNumberType.FIXED_LINE_OR_MOBILE => LineKind.FixedOrMobile,
        PhoneNumberType.VOIP => LineKind.Voip,
        PhoneNumberType.UNKNOWN => LineKind.Unknown,
        _ => LineKind.Other,
    };

    private static string FormOf(PhoneNumbers.PhoneNumber line) => Plans.Format(line, PhoneNumberFormat.E164);

    private static string? CountryOf(PhoneNumbers.PhoneNumber line) =>
        Plans.GetRegionCodeForNumber(line) is { } region and not NoCountry ? region : null;

    private static PhoneNumbers.PhoneNumber? Look(string international)
    {
        if (ParseOrNull(international) is not { } typed)
        {
            return null;
        }
        // With what it drops itself: the national prefixes of today's plans, the 15 of Argentina without a 9.
        if (Exists(typed))
        {
            return typed;
        }
        return WithoutFormerPrefixes(international, typed)
            .Select(ParseOrNull)
            .FirstOrDefault(line => line is not null && Exists(line) && (line.CountryCode != Argentina || IsArgentineMobile(line)));
    }

    // To libphonenumber there are valid numbers of more than E.164's 15 digits (Germany, Japan) and of fewer than any in use (Austria).
    private static bool Exists(PhoneNumbers.PhoneNumber line) => Plans.IsValidNumber(line) && PhoneNumber.TryParse(FormOf(line), out _);

    /// <summary>Readings of a number that is in no plan as it stands.</summary>
    private static IEnumerable<string> WithoutFormerPrefixes(string international, PhoneNumbers.PhoneNumber typed)
    {
        if (MexicanPrefix().Match(international) is { Success: true } mexican)
        {
            yield return $"+52{mexican.Groups["number"].Value}";
        }
        if (ArgentineNine().Match(international) is { Success: true } argentine)
        {
            // With the 9 and a trunk zero; with the 9 and the 15, of which the plan takes either.
            yield return $"+549{argentine.Groups["number"].Value}";
            yield return $"+54{argentine.Groups["number"].Value}";
        }
        if (typed.NumberOfLeadingZeros == 1)
        {
            // A trunk zero where the plan has none, or another (Colombia, Poland). A zero that belongs to the number has made it exist as
            // it stands (Italy).
            yield return string.Create(CultureInfo.InvariantCulture, $"+{typed.CountryCode}{typed.NationalNumber}");
        }
    }

    /// <summary>What people put before and into a national number; not all of it is another form of the same line.</summary>
    private static IEnumerable<string> PrefixedForms(int countryCode, string code, string trunk, string national)
    {
        if (trunk.Length > 0)
        {
            yield return $"{code}{trunk}{national}";
        }
        foreach (var prefix in _otherPrefixes.GetValueOrDefault(countryCode, []))
        {
            yield return $"{code}{prefix}{national}";
        }
        if (countryCode == Mexico)
        {
            // Until 2019; gateways have written senders so for longer.
            yield return $"{code}1{national}";
        }
        if (countryCode == Argentina && national[0] == '9')
        {
            // Area codes have two to four digits; which of these is the number's own the plan says.
            for (var area = 2; area <= 4; area++)
            {
                var (before, behind) = (national.Substring(1, area), national[(1 + area)..]);
                yield return $"{code}{before}15{behind}";
                yield return $"{code}0{before}15{behind}";
            }
        }
    }

    // A fixed line with a 9 before it is no line: a 9 says mobile.
    private static bool IsArgentineMobile(PhoneNumbers.PhoneNumber line) => Plans.GetNumberType(line) is PhoneNumberType.MOBILE;

    private static PhoneNumbers.PhoneNumber? ParseOrNull(string international)
    {
        try
        {
            return Plans.Parse(international, defaultRegion: null);
        }
        catch (NumberParseException)
        {
            return null;
        }
    }

    // Mobile numbers were called with 1 from abroad, with 044 or 045 and long-distance ones with 01 within the country.
    [GeneratedRegex(@"^\+52(?:1|01|04[45])(?<number>[0-9]{10})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex MexicanPrefix();

    [GeneratedRegex(@"^\+549(?:0)?(?<number>[1-9][0-9]{7,12})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex ArgentineNine();
}

/// <summary>A line as its numbering plan has it.</summary>
/// <param name="Country">ISO 3166-1 alpha-2; null for satellite phones and international services.</param>
internal sealed record PlannedNumber(PhoneNumber Number, PhoneNumberType Type, string? Country)
{
    public override string ToString() => Number.ToString();
}
