using Countersign.Core;
using Countersign.Server.Providers.Live;

namespace Countersign.Server.Tests.Providers;

public sealed class NumberPlanTests
{
    [Theory]
    [InlineData("+12025550142", "US")]
    [InlineData("+14165550142", "CA")]
    [InlineData("+447400123456", "GB")]
    [InlineData("+4915112345678", "DE")]
    [InlineData("+393312345678", "IT")]
    [InlineData("+870773123456", null)]
    [InlineData("+80012345678", null)]
    [InlineData("+9991234567", null)]
    [InlineData("+11234567890", null)]
    public void A_number_belongs_to_the_country_whose_plan_has_it(string number, string? country)
    {
        var found = new NumberPlan().CountryOf(PhoneNumber.Parse(number));

        Assert.Equal(country, found);
    }
}
