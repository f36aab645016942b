using Countersign.Cli.Tests.Fixtures;

namespace Countersign.Cli.Tests.Server;

public sealed class AdminKeyCommandTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_key_is_made_does_what_it_may_is_listed_and_ended()
    {
        var made = await server.RunAsync("admin-key", "create", "reports", "--scope", "read", "--expires", "2099-12-31", "--json");
        var key = (string)made.Json["key"]!;

        var shown = await RunWithAsync(key, "server");
        var reads = await RunWithAsync(key, "project", "list");
        var changes = await RunWithAsync(key, "project", "create", "shop", "--name", "Shop");
        var listed = await server.RunAsync("admin-key", "list");
        var ended = await server.RunAsync("admin-key", "end", "reports");
        var after = await RunWithAsync(key, "project", "list");
        var relisted = await server.RunAsync("admin-key", "list", "--json");

        Assert.Equal((0, 0, 0, 0, 0), (made.Code, shown.Code, reads.Code, listed.Code, ended.Code));
        Assert.Contains("reports", shown.Output, StringComparison.Ordinal);
        Assert.Equal((1, "Refused: this admin key needs the scope 'projects'."), (changes.Code, changes.Error.Trim()));
        Assert.Contains("2099-12-31", listed.Output, StringComparison.Ordinal);
        Assert.Contains("(configuration)", listed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(key, listed.Output + relisted.Output, StringComparison.Ordinal);
        Assert.Equal("The admin key reports has ended; other nodes follow within 30 seconds.", ended.Output.Trim());
        Assert.Equal(1, after.Code);
        Assert.Contains("does not know this admin key", after.Error, StringComparison.Ordinal);
        Assert.NotNull(relisted.Json["keys"]!.AsArray().Single(one => (string?)one!["name"] == "reports")!["endedAt"]);
    }

    [Fact]
    public async Task Who_ends_a_key_hears_of_those_that_it_has_made_and_of_theirs()
    {
        var first = await MakeAsync("first");
        var second = await MakeAsync("second", first);
        await MakeAsync("third", second);
        await MakeAsync("fourth", second);
        await server.RunAsync("admin-key", "end", "fourth");

        var ended = await server.RunAsync("admin-key", "end", "first");
        var last = await server.RunAsync("admin-key", "end", "third");
        var own = await RunWithAsync(second, "admin-key", "end", "second");

        Assert.Equal("The admin key first has ended; other nodes follow within 30 seconds.", ended.Output.Trim());
        Assert.Equal(
            "Keys that it has made stay, and those that they have made: second, third. End them, too, if they should not.",
            ended.Error.Trim());
        Assert.Equal((0, ""), (last.Code, last.Error.Trim()));
        Assert.Equal((0, ""), (own.Code, own.Error.Trim()));

        async Task<string> MakeAsync(string name, string? by = null)
        {
            string[] create = ["admin-key", "create", name, "--scope", "keys", "--json"];
            return (string)(by is null ? await server.RunAsync(create) : await RunWithAsync(by, create)).Json["key"]!;
        }
    }

    [Fact]
    public async Task A_key_that_may_not_see_keys_ends_itself_and_no_other()
    {
        var made = await server.RunAsync("admin-key", "create", "leaked", "--scope", "read", "--json");
        var key = (string)made.Json["key"]!;
        await server.RunAsync("admin-key", "create", "other", "--scope", "read");

        var other = await RunWithAsync(key, "admin-key", "end", "other");
        var own = await RunWithAsync(key, "admin-key", "end", "leaked");
        var after = await RunWithAsync(key, "server");

        Assert.Equal((1, "Refused: this admin key needs the scope 'keys'."), (other.Code, other.Error.Trim()));
        Assert.Equal(
            (0, "The admin key leaked has ended; other nodes follow within 30 seconds."), (own.Code, own.Output.Trim()));
        Assert.Contains("does not know this admin key", after.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_for_a_project_is_printed_with_it_once()
    {
        await server.RunAsync("project", "create", "bank", "--name", "Bank");

        var made = await server.RunAsync("admin-key", "create", "bank-desk", "--scope", "read", "--scope", "support", "--project", "bank");

        Assert.Equal(0, made.Code);
        Assert.Contains("cs_ak_", made.Output, StringComparison.Ordinal);
        Assert.Contains("read, support", made.Output, StringComparison.Ordinal);
        Assert.Contains("bank", made.Output, StringComparison.Ordinal);
        Assert.Contains("The key is shown this once", made.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("field 'scopes[0]' is invalid", "create", "desk", "--scope", "write")]
    [InlineData("there is no project 'ghost'", "create", "desk", "--scope", "read", "--project", "ghost")]
    [InlineData("field 'expiresAt' is invalid", "create", "desk", "--scope", "read", "--expires", "soon")]
    [InlineData("there is an admin key 'test' already", "create", "test", "--scope", "read")]
    [InlineData("stands in the server's configuration", "end", "test")]
    [InlineData("there is no admin key 'nobody'", "end", "nobody")]
    [InlineData("--scope", "create", "desk")]
    public async Task What_cannot_be_is_said_in_a_sentence(string sentence, params string[] arguments)
    {
        var run = await server.RunAsync(["admin-key", .. arguments]);

        Assert.Equal(1, run.Code);
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
    }

    private Task<Run> RunWithAsync(string key, params string[] arguments) => CommandLine.RunAsync(
        new Dictionary<string, string> { ["COUNTERSIGN_SERVER"] = server.AdminOrigin, ["COUNTERSIGN_ADMIN_KEY"] = key }, arguments);
}
