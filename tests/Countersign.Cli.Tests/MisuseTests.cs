using Countersign.Cli.Tests.Fixtures;

namespace Countersign.Cli.Tests;

/// <summary>What is said to a command line that cannot be understood.</summary>
public sealed class MisuseTests
{
    [Theory]
    [InlineData("flow find --clientRequestId order-4711",
        "--clientRequestId is no option of countersign flow find. Did you mean --client-request-id?")]
    [InlineData("flow find --client_customer_id=customer-1",
        "--client_customer_id is no option of countersign flow find. Did you mean --client-customer-id?")]
    [InlineData("client create --projetc shop", "--projetc is no option of countersign client create. Did you mean --project?")]
    [InlineData("init --public-ulr https://id.example.com", "--public-ulr is no option of countersign init. Did you mean --public-url?")]
    [InlineData("init --Country=US", "--Country is no option of countersign init. Did you mean --country?")]
    [InlineData(
        "flow show --jsno 019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a", "--jsno is no option of countersign flow show. Did you mean --json?")]
    [InlineData("project delete shop -y", "-y is no option of countersign project delete.")]
    [InlineData("server --verbose", "--verbose is no option of countersign server.")]
    [InlineData("server now", "Argument 2 has no place in countersign server.")]
    [InlineData("flow show 1 2", "Argument 4 has no place in countersign flow show.")]
    [InlineData("flow fnd --number x", "Argument 2 is no command of countersign flow. Did you mean find?")]
    [InlineData("projects list", "Argument 1 is no command of countersign. Did you mean project?")]
    [InlineData("statstics", "Argument 1 is no command of countersign. Did you mean statistics?")]
    [InlineData("foo", "Argument 1 is no command of countersign. It has: init, server, doctor, admin-key, keys, ")]
    [InlineData("flow gone", "Argument 2 is no command of countersign flow. It has: list, show, find, export.")]
    [InlineData("webhook set wh_1 --project shop --enabled fals", "--enabled must be true or false.")]
    [InlineData("webhook set wh_1 --project shop --enabled=fals", "--enabled must be true or false.")]
    [InlineData("flow list --language fi", "--language must be one of en, de, es, fr.")]
    [InlineData("flow list --state=over", "--state must be one of running, ended.")]
    [InlineData("statistics --by colour", "--by must be one of country, prefix, method, gateway, end, hour.")]
    [InlineData("statistics --limit many", "--limit must be a whole number.")]
    [InlineData("flow export 019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a --scenario --format csv", "A scenario has a format of its own")]
    [InlineData("suppression lift", "--number")]
    [InlineData("budget show", "--number")]
    [InlineData("budget lift", "--number")]
    public async Task It_is_told_by_its_name_or_place(string arguments, string sentence)
    {
        var run = await CommandLine.RunAsync(new Dictionary<string, string>(), arguments.Split(' '));

        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.StartsWith(sentence, run.Error.Replace("Option '", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.EndsWith(" --help lists what there is.\n", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("client", "create", "--project", "shop", "--secret=s3cret")]
    [InlineData("client", "create", "--project", "shop", "--secret:s3cret")]
    [InlineData("client", "create", "--project", "shop", "--secret", "s3cret")]
    [InlineData("client", "create", "--project", "shop", "s3cret")]
    [InlineData("suppression", "lift", "--nubmer", "s3cret", "--sender", "12345")]
    [InlineData("suppression", "list", "--limit", "s3cret")]
    [InlineData("suppression", "lift", "--number", "s3cret", "--number", "s3cret")]
    [InlineData("records", "import", "persons.csv", "--source", "crm", "--format", "s3cret")]
    [InlineData("server", "--json=s3cret")]
    [InlineData("server", "--key", "s3cret")]
    [InlineData("s3cret")]
    public async Task A_value_is_never_repeated(params string[] arguments)
    {
        var run = await CommandLine.RunAsync(new Dictionary<string, string>(), arguments);

        Assert.Equal(1, run.Code);
        Assert.NotEqual("", run.Error);
        Assert.DoesNotContain("s3cret", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_of_commands_alone_has_its_help()
    {
        var run = await CommandLine.RunAsync(new Dictionary<string, string>(), "flow");

        Assert.Equal(1, run.Code);
        Assert.Contains("find", run.Output, StringComparison.Ordinal);
    }
}
