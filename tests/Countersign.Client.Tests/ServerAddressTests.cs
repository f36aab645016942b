namespace Countersign.Client.Tests;

public sealed class ServerAddressTests
{
    private const string UatUs = "https://platform.uat.proveapis.com/";

    public static TheoryData<string, string?, string?, (string Name, string Value)[], string> Precedence { get; } = new()
    {
        {
            "A URL in the options wins over everything",
            "https://a.test", "prod-eu", [("COUNTERSIGN_URL", "https://b.test")], "https://a.test/"
        },
        {
            "An environment in the options wins over variables",
            null, "prod-eu", [("COUNTERSIGN_URL", "https://b.test")], "https://platform.eu.proveapis.com/"
        },
        {
            "COUNTERSIGN_URL wins over COUNTERSIGN_ENV",
            null, null, [("COUNTERSIGN_URL", "https://b.test"), ("COUNTERSIGN_ENV", "uat-eu")], "https://b.test/"
        },
        {
            "COUNTERSIGN_ENV wins over PROVE_ENV",
            null, null, [("COUNTERSIGN_ENV", "uat-eu"), ("PROVE_ENV", "prod-us")], "https://platform.uat.eu.proveapis.com/"
        },
        { "PROVE_ENV is used when ours are unset", null, null, [("PROVE_ENV", "prod-us")], "https://platform.proveapis.com/" },
        {
            "An empty variable counts as not set",
            null, null, [("COUNTERSIGN_URL", ""), ("COUNTERSIGN_ENV", " "), ("PROVE_ENV", "uat-us")], UatUs
        },
        { "A name is found in any case", null, "UAT-US", [], UatUs },
    };

    [Theory]
    [MemberData(nameof(Precedence))]
    public void The_server_is_found_in_this_order(
        string rule, string? baseUrl, string? environment, (string Name, string Value)[] variables, string expected)
    {
        var options = Options(variables);
        options.BaseUrl = baseUrl is null ? null : new Uri(baseUrl);
        options.Environment = environment;

        var settings = ClientSettings.Read(options);

        Assert.True(settings.BaseUrl.AbsoluteUri == expected, rule);
    }

    [Fact]
    public void Without_any_server_the_exception_says_what_to_set()
    {
        var exception = Assert.Throws<ArgumentException>(() => new CountersignClient(Options()));

        Assert.Contains("CountersignClientOptions.BaseUrl", exception.Message, StringComparison.Ordinal);
        Assert.Contains("COUNTERSIGN_URL", exception.Message, StringComparison.Ordinal);
        Assert.Contains("COUNTERSIGN_ENV", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_environment_is_refused_with_the_known_ones()
    {
        var exception = Assert.Throws<ArgumentException>(() => new CountersignClient(Options(("COUNTERSIGN_ENV", "staging"))));

        Assert.Contains("COUNTERSIGN_ENV must be one of uat-us, prod-us, uat-eu, prod-eu", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("countersign.example.com")]
    [InlineData("/relative")]
    [InlineData("https://")]
    [InlineData("https://a:b:c")]
    [InlineData("ftp://countersign.example.com")]
    [InlineData("https://user:hunter2@countersign.example.com")]
    [InlineData("https://countersign.example.com/?a=b")]
    [InlineData("https://countersign.example.com/#a")]
    public void A_URL_that_is_no_bare_http_address_is_refused_and_not_repeated(string url)
    {
        var exception = Assert.Throws<ArgumentException>(() => new CountersignClient(Options(("COUNTERSIGN_URL", url))));

        Assert.Contains("COUNTERSIGN_URL must be an absolute http or https URL", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", exception.Message, StringComparison.Ordinal);
    }

    private static CountersignClientOptions Options(params (string Name, string Value)[] variables) => new()
    {
        ClientId = "project",
        ClientSecret = "secret",
        ReadVariable = variables.ToDictionary(variable => variable.Name, variable => variable.Value).GetValueOrDefault,
    };
}
