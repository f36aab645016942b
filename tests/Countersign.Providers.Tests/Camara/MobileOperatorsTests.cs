using System.Net;
using Countersign.Core;
using Countersign.Providers.Camara;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Providers.Tests.Camara;

/// <summary>Which of several operators is asked.</summary>
public sealed class MobileOperatorsTests
{
    [Theory]
    [InlineData("+12025550142", null, "us")]
    [InlineData("+12125550142", null, "east")]
    [InlineData("+12125550142", "203.0.113.7", "east")]
    [InlineData("+491512345678", "203.0.113.7", "de-mobile")]
    [InlineData("+491512345678", "203.0.113.200", "de-narrow")]
    [InlineData("+491512345678", "::ffff:203.0.113.7", "de-mobile")]
    [InlineData("+491512345678", "198.51.100.1", null)]
    [InlineData("+491512345678", null, null)]
    [InlineData("+33639981234", "203.0.113.7", null)]
    public void The_longest_prefix_wins_then_the_narrowest_range(string number, string? address, string? expected)
    {
        using var operators = Operators(
            ("us", ["+1"], []), ("east", ["+1212", "+1646"], []), ("de-mobile", ["+49"], ["203.0.113.0/24"]),
            ("de-narrow", ["+49"], ["203.0.113.128/25"]));

        var chosen = operators.ResponsibleFor(PhoneNumber.Parse(number), address is null ? null : IPAddress.Parse(address));

        Assert.Equal(expected, chosen?.Settings.Name);
    }

    [Fact]
    public void An_operator_without_prefix_and_range_is_for_everybody_whom_no_other_takes()
    {
        using var operators = Operators(("aggregator", [], []), ("us", ["+1"], []));

        Assert.Equal("us", operators.ResponsibleFor(PhoneNumber.Parse("+12025550142"), null)?.Settings.Name);
        Assert.Equal("aggregator", operators.ResponsibleFor(PhoneNumber.Parse("+491512345678"), null)?.Settings.Name);
    }

    private static MobileOperators Operators(params (string Name, string[] Prefixes, string[] Ranges)[] operators) => new(
        OperatorSettings.Read(
            operators.ToDictionary(
                one => one.Name,
                one => new OperatorOptions
                {
                    Issuer = "https://operator.example", ClientId = "countersign", Purpose = "FraudPreventionAndDetection",
                    Prefixes = one.Prefixes, AddressRanges = one.Ranges,
                })),
        TimeProvider.System,
        NullLogger.Instance);
}
