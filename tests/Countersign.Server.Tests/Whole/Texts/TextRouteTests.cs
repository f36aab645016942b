using Countersign.Core;
using Countersign.Core.Texts;
using Countersign.Providers.Texts;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Server.Tests.Whole.Texts;

/// <summary>Which way a text goes, by the configuration.</summary>
public sealed class TextRouteTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    [Theory]
    [InlineData("+12025550142", "alpha beta", null)]
    [InlineData("+447400123456", "beta", "Shop")]
    [InlineData("+4915112345678", "beta alpha", null)]
    public async Task A_text_goes_the_way_of_its_numbers_country(string number, string gateways, string? sender)
    {
        await using var server = await StartAsync(
            ("0:Countries:0", "US"), ("0:Countries:1", "CA"), ("0:Gateways:0", "alpha"), ("0:Gateways:1", "beta"),
            ("1:Countries:0", "GB"), ("1:Gateways:0", "beta"), ("1:Sender", "Shop"),
            ("2:Countries:0", "*"), ("2:Gateways:0", "beta"), ("2:Gateways:1", "alpha"));

        var route = server.Services.GetRequiredService<ITextRoutes>().For(PhoneNumber.Parse(number));

        Assert.Equal((gateways, sender), (string.Join(' ', route!.Gateways), route.Sender));
    }

    [Fact]
    public async Task A_number_of_a_country_without_a_route_has_none()
    {
        await using var server = await StartAsync(
            new Dictionary<string, string?>(TestServer.Live) { ["Countersign:Countries"] = "US" }, ("0:Countries:0", "US"),
            ("0:Gateways:0", "alpha"));
        var routes = server.Services.GetRequiredService<ITextRoutes>();

        Assert.NotNull(routes.For(PhoneNumber.Parse("+12025550142")));
        Assert.Null(routes.For(PhoneNumber.Parse("+447400123456")));
        Assert.Null(routes.For(PhoneNumber.Parse("+870773123456")));
    }

    [Fact]
    public async Task The_only_gateway_carries_every_text_without_a_route()
    {
        await using var server = await fixture.StartAsync(TestServer.Live);

        Assert.Equal(
            ["test"], server.Services.GetRequiredService<ITextRoutes>().For(PhoneNumber.Parse("+870773123456"))!.Gateways.Select(name =>
                name.ToString()));
    }

    public static TheoryData<string, string, string> Mistakes => new()
    {
        { "", "", "Several text gateways are configured (alpha, beta) and no route says which is for whom" },
        { "0:Countries:0=US", "", "Countersign:TextRoutes:0:Gateways is empty" },
        { "", "0:Gateways:0=alpha", "Countersign:TextRoutes:0:Countries is empty" },
        { "0:Countries:0=us", "0:Gateways:0=alpha", "Countersign:TextRoutes:0:Countries holds 'us'" },
        { "0:Countries:0=UK", "0:Gateways:0=alpha", "Countersign:TextRoutes:0:Countries holds UK; the United Kingdom's ISO code is GB" },
        { "0:Countries:0=XX", "0:Gateways:0=alpha", "Countersign:TextRoutes:0:Countries holds 'XX'" },
        { "0:Countries:0=US;0:Countries:1=CA", "0:Gateways:0=alpha",
            "Countersign:Countries admits GB, and no route of Countersign:TextRoutes names it" },
        { "0:Countries:0=USA", "0:Gateways:0=alpha", "Countersign:TextRoutes:0:Countries holds 'USA'" },
        { "0:Countries:0=US;0:Countries:1=US", "0:Gateways:0=alpha",
            "Countersign:TextRoutes:0:Countries holds US, which stands in an earlier route or twice" },
        { "0:Countries:0=US;1:Countries:0=US", "0:Gateways:0=alpha;1:Gateways:0=beta",
            "Countersign:TextRoutes:1:Countries holds US, which stands in an earlier route or twice" },
        { "0:Countries:0=*", "0:Gateways:0=alpha;0:Gateways:1=alpha", "Countersign:TextRoutes:0:Gateways names a gateway twice" },
        { "0:Countries:0=*", "0:Gateways:0=gamma",
            "Countersign:TextRoutes:0:Gateways names gamma, which is not configured. Known gateways: alpha, beta" },
        { "0:Countries:0=*", "0:Gateways:0=alpha;0:Sender=The whole shop", "Countersign:TextRoutes:0:Sender must be a name" },
        { "0:Countries:0=*", "0:Gateways:0=alpha;0:Sender=+4", "Countersign:TextRoutes:0:Sender must be a name" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_route_that_cannot_be_followed_is_said_at_start(string countries, string gateways, string message)
    {
        var settings = $"{countries};{gateways}".Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(setting => setting.Split('=')).Select(parts => (parts[0], parts[1])).ToArray();

        var problem = await Assert.ThrowsAsync<ConfigurationException>(() => StartAsync(settings));

        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_gateway_nothing_starts_in_Live()
    {
        var problem = Assert.Throws<ConfigurationException>(() => new TextGateways(
            [], TimeProvider.System, NullLogger<TextGateways>.Instance));

        Assert.StartsWith("No text gateway is configured", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_gateways_of_one_name_are_one_too_many()
    {
        var problem = Assert.Throws<ConfigurationException>(() => new TextGateways(
            [new TestGateway("alpha"), new TestGateway("alpha")], TimeProvider.System,
            NullLogger<TextGateways>.Instance));

        Assert.StartsWith("Two text gateways are named alpha", problem.Message, StringComparison.Ordinal);
    }

    private Task<TestServer> StartAsync(params (string Name, string Value)[] routes) =>
        StartAsync(new Dictionary<string, string?>(TestServer.Live), routes);

    private async Task<TestServer> StartAsync(Dictionary<string, string?> settings, params (string Name, string Value)[] routes)
    {
        foreach (var (name, value) in routes)
        {
            settings["Countersign:TextRoutes:" + name] = value;
        }
        return await fixture.StartAsync(settings, builder => builder.Services
            .AddSingleton<ISmsGateway>(new TestGateway("alpha")).AddSingleton<ISmsGateway>(new TestGateway("beta")));
    }
}
