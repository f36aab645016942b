using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Countersign.Core;
using Countersign.Server.Hosting;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Hosting;

/// <summary>The program as people start it: its options, and what it prints.</summary>
public sealed partial class CommandLineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string[]> Understood =>
    [
        (string[])[],
        (string[])["--urls", "http://127.0.0.1:9000"],
        (string[])["--urls=http://127.0.0.1:9000;http://127.0.0.1:9001", "--config", "live.json"],
        (string[])["--Countersign:Mode=Live", "--countersign:projects:shop:name", "Shop"],
        (string[])["/urls=http://127.0.0.1:9000", "Countersign:Mode=Live", "Logging:LogLevel:Default=Warning"],
        (string[])["--Kestrel:Certificates:Default:Path=a.pem", "--Logging:Console:FormatterName=json", "--AllowedHosts=a.example"],
        (string[])["--environment", "Production", "--Countersign:HelpText", "--help is not here"],
    ];

    [Theory]
    [MemberData(nameof(Understood))]
    public void What_the_configuration_understands_is_let_through(string[] arguments) => CommandLine.Check(arguments);

    [Theory]
    [InlineData("--url=http://127.0.0.1:9000", "--url is no option of the server. Did you mean --urls?")]
    [InlineData("--conifg=live.json", "--conifg is no option of the server. Did you mean --config?")]
    [InlineData("--verison", "--verison is no option of the server. Did you mean --version?")]
    [InlineData("--Countersign__Mode=Live", "--Countersign__Mode is no option of the server. Did you mean --Countersign:Mode?")]
    [InlineData("--Countersing:Mode=Live", "--Countersing:Mode is no option of the server. Did you mean --Countersign:Mode?")]
    [InlineData("--Mode=Live", "--Mode is no option of the server. --help lists what there is")]
    [InlineData("--http_ports=9000", "--http_ports is no option of the server.")]
    [InlineData("--mode", "--mode is no option of the server.")]
    [InlineData("live.json", "Argument 1 is no option of the server.")]
    [InlineData("/etc/countersign/live.json", "Argument 1 is no option of the server.")]
    [InlineData("-p", "Argument 1 is no option of the server.")]
    [InlineData("start", "Argument 1 is no option of the server.")]
    [InlineData("", "Argument 1 is no option of the server.")]
    [InlineData("--", "-- is no option of the server.")]
    [InlineData("--urls", "--urls needs a value: --urls=value.")]
    [InlineData("--Countersign:Mode", "--Countersign:Mode needs a value: --Countersign:Mode=value.")]
    public void What_nothing_understands_is_named(string argument, string sentence)
    {
        var problem = Assert.Throws<ConfigurationException>(() => CommandLine.Check([argument]));

        Assert.StartsWith(sentence, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once_and_no_value_is_repeated()
    {
        var problem = Assert.Throws<ConfigurationException>(() =>
            CommandLine.Check(["--EncryptionKey=s3cret", "--urls=http://127.0.0.1:9000", "--Token=t0ken"]));

        Assert.Contains("--EncryptionKey is no option", problem.Message, StringComparison.Ordinal);
        Assert.Contains("--Token is no option", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("t0ken", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Countersign__EncryptionKey", "s3cret=")]
    [InlineData("--EncryptionKey", "s3cret")]
    [InlineData("--Token", "/s3cret+/=")]
    [InlineData("/token", "s3cret")]
    [InlineData("/s3cret+s3cret=", "--Token")]
    [InlineData("-k", "s3cret")]
    [InlineData("s3cret=", "--urls=http://127.0.0.1:9000")]
    [InlineData("--urls=http://127.0.0.1:9000", "s3cret")]
    [InlineData("--config", "live.json", "s3cret__s3cret:s3cret")]
    public void What_stands_alone_or_behind_a_mistyped_name_is_not_repeated(params string[] arguments)
    {
        var problem = Assert.Throws<ConfigurationException>(() => CommandLine.Check(arguments));

        Assert.DoesNotContain("s3cret", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_stands_alone_is_told_by_its_place()
    {
        var problem = Assert.Throws<ConfigurationException>(() =>
            CommandLine.Check(["--urls=http://127.0.0.1:9000", "--conifg", "live.json", "x", "--Tokne", "--urls"]));

        Assert.Contains("Argument 4 is no option", problem.Message, StringComparison.Ordinal);
        Assert.Contains("Did you mean --config?", problem.Message, StringComparison.Ordinal);
        Assert.Contains("--Tokne is no option", problem.Message, StringComparison.Ordinal);
        Assert.Contains("--urls needs a value", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("live.json", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--version", "Countersign.Server 0")]
    [InlineData("--help", "Usage: Countersign.Server")]
    [InlineData("-h", "Usage: Countersign.Server")]
    public async Task The_program_answers_and_ends_well(string argument, string answer)
    {
        var (code, output, error) = await RunAsync(argument);

        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith(answer, output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData("--port=9000", "--port is no option of the server.")]
    [InlineData("--Logging:LogLevel:Default=Loud", "Logging:LogLevel:Default must be one of Trace, ")]
    [InlineData(
        "--Logging:Console:FormatterOptions:TimestampFormat=%%", "Logging:Console:FormatterOptions:TimestampFormat must be a .NET format")]
    [InlineData("--Logging:Console:FormatterName=jsno",
        "Logging:Console:FormatterName is 'jsno', and there is no such format. Choose one of simple, json, systemd.")]
    public async Task The_program_does_not_start_with_what_it_does_not_understand(string argument, string sentence)
    {
        var (code, output, error) = await RunAsync(argument);

        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith(sentence, error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task By_default_a_line_of_the_log_begins_with_its_time()
    {
        var line = await FirstLineAsync([]);

        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info: Countersign\.", line);
    }

    [Fact]
    public async Task As_json_each_line_is_an_object_with_its_time_and_event()
    {
        var line = JsonNode.Parse(await FirstLineAsync(["--Logging:Console:FormatterName=json"]))!;

        Assert.Equal((1000, "Information"), ((int)line["EventId"]!, (string?)line["LogLevel"]));
        Assert.EndsWith("Z", (string)line["Timestamp"]!, StringComparison.Ordinal);
        Assert.True(DateTimeOffset.TryParse((string)line["Timestamp"]!, CultureInfo.InvariantCulture, out _));
    }

    [Fact]
    public async Task For_systemd_a_line_begins_with_its_level()
    {
        var line = await FirstLineAsync(["--Logging:Console:FormatterName=Systemd"]);

        Assert.Matches(@"^<6>\d{4}-\d\d-\d\dT.*Z Countersign\..*\[1000\] Countersign is listening", line);
    }

    [Fact]
    public async Task The_time_may_be_written_otherwise_or_left_out()
    {
        var otherwise = await FirstLineAsync(["--Logging:Console:FormatterOptions:TimestampFormat=[HH] "]);
        var without = await FirstLineAsync(["--Logging:Console:FormatterOptions:TimestampFormat="]);

        Assert.Matches(@"^\[\d\d\] info: ", otherwise);
        Assert.StartsWith("info: ", without, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_event_is_in_a_group_of_the_page()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "logging.md"));
        var groups = Group().Matches(page).Select(group => (From: Number(group, "from"), To: Number(group, "to"))).ToList();
        var sources = Conventions.Product.Projects.SelectMany(project =>
            Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", project), "Log.cs", SearchOption.AllDirectories));
        var events = sources.SelectMany(file => Event().Matches(File.ReadAllText(file)).Select(match => Number(match, "id"))).ToList();

        Assert.NotEmpty(groups);
        Assert.True(events.Count > 40);
        Assert.All(events, id => Assert.Single(groups, group => id >= group.From && id <= group.To));
    }

    public void Dispose() => _folder.Dispose();

    private static int Number(Match match, string name) => int.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture);

    private static string Server =>
        Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "Countersign.Server.exe" : "Countersign.Server");

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(
            Server, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.Path };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output, await error);
    }

    /// <summary>The first line of a server's log; the server ends with the test.</summary>
    private async Task<string> FirstLineAsync(string[] arguments)
    {
        await using var server = GuardedProgram.Start(
            Server, ["--urls=http://127.0.0.1:0", $"--Countersign:Store=Data Source={Path.Combine(_folder.Path, "log.db")}", .. arguments],
            _folder.Path);
        // The sandbox prints its credentials beside the log.
        return await server.ReadLineAsync(line =>
            line.Contains("[1000]", StringComparison.Ordinal) || line.StartsWith("{\"", StringComparison.Ordinal));
    }

    [GeneratedRegex(
        @"^\| (?<from>\d{4})–(?<to>\d{4}) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Group();

    [GeneratedRegex(@"LoggerMessage\((?<id>\d{4}),", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Event();
}
