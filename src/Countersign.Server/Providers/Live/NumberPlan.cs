using Countersign.Core;
using PhoneNumbers;
using PhoneNumber = Countersign.Core.PhoneNumber;

namespace Countersign.Server.Providers.Live;

/// <summary>The numbering plans as libphonenumber knows them.</summary>
internal sealed class NumberPlan : INumberPlan
{
    // Its way to say "no one country": satellite phones, international freephone.
    private const string NoCountry = "001";

    /// <summary>ISO 3166 codes of all countries that have a numbering plan.</summary>
    public static IReadOnlySet<string> Countries => PhoneNumberUtil.GetInstance().GetSupportedRegions();

    /// <summary>The kind of line; null when the number cannot exist in any numbering plan.</summary>
    public static PhoneNumberType? TypeOf(PhoneNumber number)
    {
        try
        {
            var plans = PhoneNumberUtil.GetInstance();
            var parsed = plans.Parse(number.E164, defaultRegion: null);
            return plans.IsValidNumber(parsed) ? plans.GetNumberType(parsed) : null;
        }
        catch (NumberParseException)
        {
            return null;
        }
    }

    public string? CountryOf(PhoneNumber number)
    {
        try
        {
            var plans = PhoneNumberUtil.GetInstance();
            return plans.GetRegionCodeForNumber(plans.Parse(number.E164, defaultRegion: null)) is { } region and not NoCountry ? region : null;
        }
        catch (NumberParseException)
        {
            return null;
        }
    }
}
