using System.Globalization;
using Countersign.Core.IdentityMatching;

namespace Countersign.Core.Tests.IdentityMatching;

public sealed class AgeTests
{
    [Theory]
    [InlineData("2000-06-15", "2025-06-14", 24)]
    [InlineData("2000-06-15", "2025-06-15", 25)]
    [InlineData("2000-06-15", "2025-12-31", 25)]
    [InlineData("2000-12-31", "2025-01-01", 24)]
    [InlineData("2000-02-29", "2025-02-28", 24)]
    [InlineData("2000-02-29", "2025-03-01", 25)]
    [InlineData("2000-02-29", "2024-02-29", 24)]
    [InlineData("2000-06-15", "2000-06-15", 0)]
    [InlineData("2000-06-15", "1999-01-01", 0)]
    public void An_age_grows_on_the_birthday(string birthDate, string day, int expected)
    {
        Assert.Equal(expected, Age.On(Date(day), Date(birthDate)));
    }

    private static DateOnly Date(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
