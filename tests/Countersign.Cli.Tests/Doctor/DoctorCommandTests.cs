using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Countersign.Cli.Server;
using Countersign.Cli.Tests.Fixtures;
using Countersign.Core.Doctor;
using Countersign.Testing;

namespace Countersign.Cli.Tests.Doctor;

public sealed partial class DoctorCommandTests(RunningServer server) : IClassFixture<RunningServer>
{
    public static TheoryData<string> Ids => [.. Checks.All.Where(check => Called().IsMatch(check.Do)).Select(check => check.Id)];

    [Fact]
    public async Task A_sandbox_as_it_starts_is_fine()
    {
        var run = await server.RunAsync("doctor");

        Assert.Equal(0, run.Code);
        Assert.Contains("0 broken, 0 weak, 0 unknown,", run.Output, StringComparison.Ordinal);
        Assert.Contains("fine    public.here, ", run.Output, StringComparison.Ordinal);
        Assert.Contains("no configuration of this machine (--config names it)", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(RunningServer.AdminKey, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_gets_the_same_as_JSON()
    {
        var run = await server.RunAsync("doctor", "--json");

        Assert.Equal(("fine", null), ((string?)run.Json["state"], (string?)run.Json["configuration"]));
        var ids = run.Json["findings"]!.AsArray().Select(one => (string)one!["check"]!).ToList();
        Assert.All(ids, id => Assert.Contains(Checks.All, check => check.Id == id));
        Assert.Contains("store.key", ids);
    }

    [Fact]
    public async Task A_key_that_may_not_read_is_told_so_and_what_it_could_not_see_is_not_called_fine()
    {
        var made = await server.RunAsync("admin-key", "create", "desk", "--scope", "support", "--json");

        var run = await CommandLine.RunAsync(
            new Dictionary<string, string>
            {
                ["COUNTERSIGN_SERVER"] = server.AdminOrigin, ["COUNTERSIGN_ADMIN_KEY"] = (string)made.Json["key"]!,
            },
            "doctor");

        Assert.Equal(1, run.Code);
        Assert.Contains("unknown server.reached", run.Output, StringComparison.Ordinal);
        Assert.Contains("read", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("store.key", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_down_and_a_wrong_key_are_broken()
    {
        var down = await RunAsync(NobodysOrigin(), "doctor");
        var wrong = await CommandLine.RunAsync(
            new Dictionary<string, string>
            {
                ["COUNTERSIGN_SERVER"] = server.AdminOrigin, ["COUNTERSIGN_ADMIN_KEY"] = new string('x', 40),
            },
            "doctor");

        Assert.Equal((2, 2), (down.Code, wrong.Code));
        Assert.StartsWith("broken  server.reached", down.Output, StringComparison.Ordinal);
        Assert.Contains("Is the server running there?", down.Output, StringComparison.Ordinal);
        Assert.Contains("does not know this admin key", wrong.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_init_writes_is_read_by_the_servers_own_program_with_the_server_down()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("live.json");
        await RunAsync("", "init", file, "--public-url", NobodysOrigin());
        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            file, text.Replace("countersign-live.db", folder.File("x.db"), StringComparison.Ordinal),
            TestContext.Current.CancellationToken);

        var run = await RunAsync(NobodysOrigin(), "doctor", "--config", file, "--json");

        var found = run.Json["findings"]!.AsArray().ToLookup(one => (string)one!["state"]!, one => (string)one!["check"]!);
        Assert.Equal(2, run.Code);
        Assert.Equal(["server.reached", "public.answers"], found["broken"]);
        Assert.Equal(["public.https", "texts.outbox", "caps.none"], found["weak"]);
        Assert.Contains("store.answers", found["unknown"]);
        Assert.Contains("configuration.private", found["fine"]);
        Assert.False(File.Exists(folder.File("x.db")));
        Assert.All(Keys().Matches(text), key => Assert.DoesNotContain(key.Value, run.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_configuration_that_would_not_start_is_broken_with_each_sentence_of_the_server()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("live.json");
        await File.WriteAllTextAsync(
            file, """{"Countersign": {"Mode": "Live", "PublicUrI": "https://id.example.com"}}""", TestContext.Current.CancellationToken);

        var run = await RunAsync(server.AdminOrigin, "doctor", "--config", file);

        Assert.Equal(2, run.Code);
        Assert.Contains("Did you mean Countersign:PublicUrl?", run.Output, StringComparison.Ordinal);
        Assert.Contains("Countersign:Countries is required in Live", run.Output, StringComparison.Ordinal);
        // The running server goes on.
        Assert.Contains("fine    store.key", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_not_there_leaves_the_configuration_unknown()
    {
        var run = await RunAsync(server.AdminOrigin, "doctor", "--config", "live.json", "--program", "/nowhere/Countersign.Server");

        Assert.Contains("unknown configuration.read", run.Output, StringComparison.Ordinal);
        Assert.Contains("/nowhere/Countersign.Server cannot be run", run.Output, StringComparison.Ordinal);
    }

    /// <summary>countersign and what follows: groups, a command and its options.</summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public void The_commands_that_a_check_names_are_there(string id)
    {
        var check = Checks.All.Single(one => one.Id == id);
        foreach (System.Text.RegularExpressions.Match match in Called().Matches(check.Do))
        {
            System.CommandLine.Command command = Program.Commands(CliEnvironment.OfProcess);
            foreach (var word in match.Groups["words"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (word.StartsWith("--", StringComparison.Ordinal))
                {
                    Assert.Contains(command.Options, option => option.Name == word);
                }
                else if (command.Subcommands.Count > 0)
                {
                    command = Assert.Single(command.Subcommands, child => child.Name == word);
                }
            }
            Assert.Empty(command.Subcommands);
        }
    }

    private static Task<Run> RunAsync(string origin, params string[] arguments) => CommandLine.RunAsync(
        new Dictionary<string, string> { ["COUNTERSIGN_SERVER"] = origin, ["COUNTERSIGN_ADMIN_KEY"] = RunningServer.AdminKey }, arguments);

    private static string NobodysOrigin()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)socket.LocalEndpoint).Port}");
    }

    [GeneratedRegex(@"countersign (?<words>[^,.;]+)")]
    private static partial Regex Called();

    [GeneratedRegex(@"[0-9a-zA-Z+/=]{32,}")]
    private static partial Regex Keys();
}
