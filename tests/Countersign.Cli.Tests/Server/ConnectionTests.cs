using Countersign.Cli.Tests.Fixtures;

namespace Countersign.Cli.Tests.Server;

/// <summary>How a command finds its server and shows its key, and what it says when it cannot.</summary>
public sealed class ConnectionTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Key = "COUNTERSIGN_ADMIN_KEY";

    [Fact]
    public async Task The_server_says_who_it_is()
    {
        var run = await server.RunAsync("server");

        Assert.Equal(0, run.Code);
        Assert.Contains("sandbox", run.Output, StringComparison.Ordinal);
        Assert.Contains(server.Origin, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task For_a_program_the_answer_is_JSON()
    {
        var run = await server.RunAsync("server", "--json");

        Assert.Equal("test", (string?)run.Json["key"]);
    }

    [Fact]
    public async Task The_address_on_the_command_line_comes_before_the_variable()
    {
        var run = await CommandLine.RunAsync(
            Variables(("COUNTERSIGN_SERVER", "http://127.0.0.1:1"), (Key, RunningServer.AdminKey)), "server", "--server",
            server.AdminOrigin);

        Assert.Equal(0, run.Code);
    }

    [Fact]
    public async Task The_key_may_stand_in_a_file()
    {
        using var file = new TemporaryFile(RunningServer.AdminKey + "\n");

        var named = await CommandLine.RunAsync(Variables(("COUNTERSIGN_SERVER", server.AdminOrigin)), "server", "--key-file", file.Path);
        var set = await CommandLine.RunAsync(
            Variables(("COUNTERSIGN_SERVER", server.AdminOrigin), ("COUNTERSIGN_ADMIN_KEY_FILE", file.Path)), "server");

        Assert.Equal((0, 0), (named.Code, set.Code));
    }

    [Fact]
    public async Task A_wrong_key_is_said_to_be_wrong()
    {
        var run = await CommandLine.RunAsync(Variables(("COUNTERSIGN_SERVER", server.AdminOrigin), (Key, "wrong")), "server");

        Assert.Equal(1, run.Code);
        Assert.Contains("does not know this admin key", run.Error, StringComparison.Ordinal);
        Assert.Contains("Countersign:Admin:Keys", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_keys_is_said_to_have_no_admin_API()
    {
        await using var without = new RunningServer { Settings = [] };
        await without.InitializeAsync();

        var run = await without.RunAsync("server");

        Assert.Equal(1, run.Code);
        Assert.Contains("has no admin API at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_public_address_is_said_to_have_no_admin_API_and_where_to_look_for_it()
    {
        var variables = Variables(("COUNTERSIGN_SERVER", server.Origin), (Key, RunningServer.AdminKey));

        var run = await CommandLine.RunAsync(variables, "project", "list");

        Assert.Equal(1, run.Code);
        Assert.Contains(
            $"has no admin API at {new Uri(server.Origin).Authority}: it is at Countersign:Admin:Urls (http://127.0.0.1:8081",
            run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1", "k", "Cannot reach 127.0.0.1:1")]
    [InlineData("http://127.0.0.1:1", null, "There is no admin key")]
    [InlineData("127.0.0.1", "k", "must be the address of a server's admin API")]
    [InlineData("ftp://127.0.0.1", "k", "must be the address of a server's admin API")]
    [InlineData("https://id.example.com/admin", "k", "without a path")]
    [InlineData("https://a:b@id.example.com", "k", "must be the address of a server's admin API")]
    [InlineData("http://id.example.com", "k", "Use https://")]
    public async Task What_cannot_work_is_said_in_a_sentence(string address, string? key, string sentence)
    {
        var variables = Variables(("COUNTERSIGN_SERVER", address));
        if (key is not null)
        {
            variables[Key] = key;
        }

        var run = await CommandLine.RunAsync(variables, "server");

        Assert.Equal(1, run.Code);
        Assert.Equal("", run.Output);
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_file_that_is_not_there_is_named()
    {
        var run = await CommandLine.RunAsync(Variables(("COUNTERSIGN_SERVER", server.AdminOrigin)), "server", "--key-file", "/nowhere/key");

        Assert.Contains("/nowhere/key cannot be read", run.Error, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Variables(params (string Name, string Value)[] variables) =>
        variables.ToDictionary(variable => variable.Name, variable => variable.Value);
}

/// <summary>A file that goes away again.</summary>
internal sealed class TemporaryFile : IDisposable
{
    public TemporaryFile(string text)
    {
        Path = System.IO.Path.GetTempFileName();
        File.WriteAllText(Path, text);
    }

    public string Path { get; }

    public void Dispose() => File.Delete(Path);
}
