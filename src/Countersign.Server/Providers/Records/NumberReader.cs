using Countersign.Core.Identity.Records;
using PhoneNumbers;
using PhoneNumber = Countersign.Core.PhoneNumber;

namespace Countersign.Server.Providers.Records;

/// <summary>Reads numbers in E.164 by their shape, all others by the numbering plans as libphonenumber knows them.</summary>
internal sealed class NumberReader : INumberReader
{
    private static readonly HashSet<string> _countries = PhoneNumberUtil.GetInstance().GetSupportedRegions();

    public bool Knows(string country) => _countries.Contains(country);

    public string? Read(string text, string? country, out PhoneNumber number)
    {
        number = default;
        if (text[0] == '+' && PhoneNumber.TryParse(text, out number))
        {
            return null;
        }
        if (text[0] != '+' && country is null)
        {
            return "has no country code; write it with +, or name the country of such numbers for the import";
        }

        // Longer than any way to write one: nothing is gained by reading it.
        const int most = 40;
        const string noNumber = "is not a telephone number";
        if (text.Length > most)
        {
            return noNumber;
        }
        try
        {
            var plans = PhoneNumberUtil.GetInstance();
            var parsed = plans.Parse(text, country);
            // An extension is another line than the number it hangs on.
            return plans.IsPossibleNumber(parsed) && !parsed.HasExtension && PhoneNumber.TryParse(plans.Format(parsed, PhoneNumberFormat.E164), out number)
                ? null
                : noNumber;
        }
        catch (NumberParseException)
        {
            return noNumber;
        }
    }
}
