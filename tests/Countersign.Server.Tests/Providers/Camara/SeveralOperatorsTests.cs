using System.Net;
using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Providers.Camara;
using Countersign.Server.Tests.Fixtures;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Server.Tests.Providers.Camara;

public sealed class SeveralOperatorsTests
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
            ("us", ["+1"], []), ("east", ["+1212", "+1646"], []), ("de-mobile", ["+49"], ["203.0.113.0/24"]), ("de-narrow", ["+49"], ["203.0.113.128/25"]));

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

    [Fact]
    public async Task A_number_of_no_operator_gets_a_code_with_the_reason()
    {
        await using var stage = await OperatorStage.SetAsync(new Dictionary<string, string?> { ["Prefixes:0"] = "+1999" });
        var check = await stage.BeginAsync();

        Assert.Null(await check.StartAsync());
        Assert.Equal("mobile-auth not available (no operator is responsible for this number and connection), otp follows", await check.LastAsync());
    }

    [Fact]
    public async Task The_callback_of_one_operator_takes_no_answer_of_another()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));
        await using var evil = await SimulatedNetwork.StartAsync(clock);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var stage = await OperatorStage.SetAsync(
            new Dictionary<string, string?>
            {
                ["evil:Issuer"] = evil.Origin,
                ["evil:ClientId"] = "countersign",
                ["evil:PrivateKey"] = key.ExportPkcs8PrivateKeyPem(),
                ["evil:Purpose"] = "FraudPreventionAndDetection",
                ["evil:Prefixes:0"] = "+1999",
            },
            clock);
        var check = await stage.BeginAsync();
        using var phone = stage.Phone();
        var url = (await check.StartAsync())!;

        // An honest operator's state at the callback of one that would like its code.
        var atTheOther = await phone.OpenAsync(url, next => next.Replace("/operators/sim/", "/operators/evil/", StringComparison.Ordinal));
        // The other operator's word at the honest one's callback.
        var query = QueryHelpers.ParseQuery(new Uri(url).Query);
        using var http = new HttpClient { BaseAddress = new Uri(stage.Server.Origin) };
        var mixed = await Reply.ReadAsync(await http.GetAsync(
            $"/operators/sim/callback?code=stolen&state={query["state"]}&iss={Uri.EscapeDataString(evil.Origin)}", TestContext.Current.CancellationToken));

        Assert.Equal(400, atTheOther.Status);
        Assert.Equal(Check.OtpFollows, await check.FinishAsync(mixed.Text("vfp")));
        Assert.Equal("mobile-auth not available (the operator's answer does not hold (issuer)), otp follows", await check.LastAsync());
        Assert.DoesNotContain(await evil.CallsAsync(), call => call.Contains("/token", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_operator_may_offer_the_older_path()
    {
        await using var stage = await OperatorStage.SetAsync(new Dictionary<string, string?> { ["ApiVersion"] = "v1" });
        var check = await stage.BeginAsync();

        Assert.Equal(Check.Done, await check.RunAsync());
        Assert.Contains(await stage.Network.CallsAsync(), call => call == "POST /number-verification/v1/verify 200");
    }

    private static MobileOperators Operators(params (string Name, string[] Prefixes, string[] Ranges)[] operators) => new(
        OperatorSettings.Read(
            operators.ToDictionary(
                one => one.Name,
                one => new OperatorOptions
                {
                    Issuer = "https://operator.example", ClientId = "countersign", Purpose = "FraudPreventionAndDetection", Prefixes = one.Prefixes, AddressRanges = one.Ranges,
                }),
            needsKeys: false),
        TimeProvider.System,
        NullLogger.Instance);
}
