namespace Countersign.Client.Tests;

public sealed class CredentialTests
{
    [Fact]
    public void Options_win_over_our_variables_and_ours_over_the_compatible_ones()
    {
        var options = new CountersignClientOptions
        {
            Environment = "uat-us",
            ClientId = "given",
            ReadVariable = name => name switch
            {
                "COUNTERSIGN_CLIENT_ID" => "ours",
                "PROVE_CLIENT_ID" => "compatible",
                "COUNTERSIGN_CLIENT_SECRET" => "our secret",
                "PROVE_CLIENT_SECRET" => "compatible secret",
                _ => null,
            },
        };

        var settings = ClientSettings.Read(options);

        Assert.Equal("given", settings.ClientId);
        Assert.Equal("our secret", settings.ClientSecret);
    }

    [Fact]
    public void The_compatible_variables_are_used_when_ours_are_unset()
    {
        var options = new CountersignClientOptions
        {
            ReadVariable = name => name switch
            {
                "COUNTERSIGN_CLIENT_ID" => "",
                "PROVE_CLIENT_ID" => "compatible",
                "PROVE_CLIENT_SECRET" => "compatible secret",
                "PROVE_ENV" => "uat-eu",
                _ => null,
            },
        };

        var settings = ClientSettings.Read(options);

        Assert.Equal("compatible", settings.ClientId);
        Assert.Equal("compatible secret", settings.ClientSecret);
        Assert.Equal("platform.uat.eu.proveapis.com", settings.BaseUrl.Host);
    }

    [Fact]
    public void Every_problem_is_named_at_once()
    {
        var options = new CountersignClientOptions { ReadVariable = _ => null, MaxTries = 0, RequestTimeout = TimeSpan.Zero };

        var problems = options.FindProblems();

        Assert.Collection(
            problems,
            problem => Assert.StartsWith("No server is named", problem, StringComparison.Ordinal),
            problem => Assert.StartsWith(
                "ClientId is missing: set CountersignClientOptions.ClientId or the environment variable COUNTERSIGN_CLIENT_ID",
                problem,
                StringComparison.Ordinal),
            problem => Assert.StartsWith("ClientSecret is missing", problem, StringComparison.Ordinal),
            problem => Assert.StartsWith("RequestTimeout must be", problem, StringComparison.Ordinal),
            problem => Assert.StartsWith("MaxTries must be 1 to 10", problem, StringComparison.Ordinal));
    }

    [Fact]
    public void The_process_environment_is_what_a_client_reads_by_default() =>
        Assert.Equal(Environment.GetEnvironmentVariable("PATH"), new CountersignClientOptions().ReadVariable("PATH"));
}
