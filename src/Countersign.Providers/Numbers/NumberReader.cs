using Countersign.Core.IdentityMatching.Records;
using PhoneNumbers;
using PhoneNumber = Countersign.Core.PhoneNumber;

namespace Countersign.Providers.Numbers;

/// <summary>Reads numbers in every way people write them, into their line's one form; those that no plan has by their shape.</summary>
internal sealed class NumberReader : INumberReader
{
    // Longer than any way to write one: nothing is gained by reading it.
    private const int MaxCharacters = 40;

    private const string NoNumber = "is not a telephone number";

    private static readonly HashSet<string> _countries = PhoneNumberUtil.GetInstance().GetSupportedRegions();

    public bool Knows(string country) => _countries.Contains(country);

    public string? ProblemOfBeginning(string beginning) => Beginnings.ProblemOf(beginning);

    public string? Read(string text, string? country, out PhoneNumber number)
    {
        number = default;
        if (text[0] == '+' && PhoneNumber.WithPlus(text) is { } international)
        {
            if (NumberPlan.Find(international) is { } line)
            {
                number = line.Number;
                return null;
            }
            return PhoneNumber.TryParse(text, out number) ? null : NoNumber;
        }
        if (text[0] != '+' && country is null)
        {
            return "has no country code; write it with +, or name the country of such numbers for the import";
        }
        return text.Length > MaxCharacters ? NoNumber : ReadByPlan(text, country, out number);
    }

    private static string? ReadByPlan(string text, string? country, out PhoneNumber number)
    {
        number = default;
        try
        {
            var plans = PhoneNumberUtil.GetInstance();
            var parsed = plans.Parse(text, country);
            if (parsed.HasExtension)
            {
                // An extension is another line than the number it hangs on.
                return NoNumber;
            }
            var international = plans.Format(parsed, PhoneNumberFormat.E164);
            if (NumberPlan.Find(international) is { } line)
            {
                number = line.Number;
                return null;
            }
            return plans.IsPossibleNumber(parsed) && PhoneNumber.TryParse(international, out number) ? null : NoNumber;
        }
        catch (NumberParseException)
        {
            return NoNumber;
        }
    }
}
