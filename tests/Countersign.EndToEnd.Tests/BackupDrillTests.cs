using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Countersign.EndToEnd.Tests.Fixtures;

namespace Countersign.EndToEnd.Tests;

/// <summary>The drill of docs/backup.md, as it stands there, on a server as <c>countersign init</c> configures it.</summary>
public sealed partial class BackupDrillTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = Ports.Free();
    private readonly int _adminPort = Ports.Free();
    private string _adminKey = "";

    [Fact]
    public async Task The_drill_of_the_page_is_passed_by_a_backup_of_a_running_server()
    {
        var config = _folder.File("live.json");
        await DoneAsync(Repository.Command, "init", config, "--public-url", "http://127.0.0.1:8080");
        _adminKey = AdminKey().Match(await File.ReadAllTextAsync(config, TestContext.Current.CancellationToken)).Groups["key"].Value;
        var drill = Drill().Match(await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "docs", "backup.md"), TestContext.Current.CancellationToken)).Groups["commands"].Value;
        // Ports of its own: the page's may be taken here.
        foreach (var port in (string[])["9000", "9001"])
        {
            drill = drill.Replace(port, $"{Ports.Free()}", StringComparison.Ordinal);
        }
        await using (await ServerProcess.StartConfiguredAsync(config, new Dictionary<string, string>
        {
            ["Countersign__Store"] = $"Data Source={_folder.File("live.db")}",
            ["Countersign__Gateways__outbox__File"] = _folder.File("texts.jsonl"),
            ["Urls"] = $"http://127.0.0.1:{_port}",
            ["Countersign__Admin__Urls"] = $"http://127.0.0.1:{_adminPort}",
        }))
        {
            await DoneAsync(
                Repository.Command, "project", "create", "drilled", "--link-confirmation", "match", "--target-url",
                "https://shop.example/verified");
            await DoneAsync(Repository.Command, "backup", _folder.File("backup.db"));
        }

        var output = await DoneAsync("bash", "-c", drill);

        Assert.Contains("is whole: as the store was at 20", output, StringComparison.Ordinal);
        Assert.Contains("drilled", output, StringComparison.Ordinal);
        Assert.Contains("The store was put back from a backup (20", output, StringComparison.Ordinal);
        // The drill's copy is gone.
        Assert.Empty(Directory.GetDirectories(_folder.Path));
    }

    public void Dispose() => _folder.Dispose();

    private async Task<string> DoneAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.Path,
        };
        start.Environment["PATH"] = string.Join(
            Path.PathSeparator, Path.GetDirectoryName(Repository.Server), Path.GetDirectoryName(Repository.Command),
            Environment.GetEnvironmentVariable("PATH"));
        start.Environment["COUNTERSIGN_SERVER"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_adminPort}");
        start.Environment["COUNTERSIGN_ADMIN_KEY"] = _adminKey;
        start.Environment["CONFIG"] = _folder.File("live.json");
        start.Environment["BACKUP"] = _folder.File("backup.db");
        // Where the drill puts its copy, to see that it takes it away.
        start.Environment["TMPDIR"] = _folder.Path;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program}: {output}{await error}");
    }

    [GeneratedRegex("\"ops\": \"(?<key>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AdminKey();

    [GeneratedRegex(
        "<!-- drill -->\n```sh\n(?<commands>.*?)```", RegexOptions.ExplicitCapture | RegexOptions.Singleline,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Drill();
}
