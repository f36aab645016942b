using Countersign.Core;
using PhoneNumbers;
using PhoneNumber = Countersign.Core.PhoneNumber;

namespace Countersign.Server.Providers.Live;

/// <summary>The numbering plans as libphonenumber knows them.</summary>
internal sealed class NumberPlan : INumberPlan
{
    // Its way to say "no one country": satellite phones, international freephone.
    private const string NoCountry = "001";

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
