using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Countersign.EndToEnd.Tests.Fixtures;

namespace Countersign.EndToEnd.Tests;

/// <summary>What is handed out, as <c>./publish</c> makes it.</summary>
public sealed partial class PublishTests
{
    private static readonly (string Folder, string Project)[] _programs =
    [
        ("server", "Countersign.Server"), ("command", "Countersign.Cli"), ("operator", "Countersign.Operator"),
    ];

    [Fact]
    [Trait("tier", "long")]
    [Trait("attack", "O06")]
    public async Task A_commit_gives_the_same_files_each_time_with_a_list_of_every_package()
    {
        using var folder = new TemporaryFolder();
        var published = folder.File("published");

        var output = await RunAsync(Path.Combine(Repository.Root, "publish"), ["--twice", published], folder.Path);

        Assert.Contains("every file is the same", output.Text, StringComparison.Ordinal);
        Assert.Equal(0, output.ExitCode);
        var sums = await File.ReadAllLinesAsync(Path.Combine(published, "SHA256SUMS"), TestContext.Current.CancellationToken);
        Assert.Equal(sums.Length, Directory.EnumerateFiles(published, "*", SearchOption.AllDirectories).Count() - 1);
        Assert.All(_programs, program => Assert.Contains(sums, line => line[66..] == $"{program.Folder}/{MainOf(program.Project)}"));
        foreach (var line in sums)
        {
            await using var file = File.OpenRead(Path.Combine(published, line[66..]));
            Assert.Equal(line[..64], Convert.ToHexStringLower(await SHA256.HashDataAsync(file, TestContext.Current.CancellationToken)));
        }
        foreach (var (name, project) in _programs)
        {
            var bill = Read(Path.Combine(published, $"{name}.cdx.json"));
            var listed = bill["components"]!.AsArray().Select(one => $"{one!["name"]} {one["version"]}").ToHashSet(StringComparer.Ordinal);
            Assert.Equal(("CycloneDX", null), ((string?)bill["bomFormat"], bill["serialNumber"]));
            Assert.All(bill["components"]!.AsArray(), one => Assert.NotEmpty(one!["hashes"]!.AsArray()));
            Assert.Empty(PackagesOf(project).Except(listed, StringComparer.Ordinal));
        }
    }

    // A fix of the runtime is a fix of the server: one from before it was built is refused, and not found out later.
    [Fact]
    [Trait("attack", "O06")]
    public async Task A_runtime_older_than_that_of_the_build_is_refused_by_name()
    {
        var built = Repository.Server + ".runtimeconfig.json";
        var asked = Read(built);
        foreach (var framework in asked["runtimeOptions"]!["frameworks"]!.AsArray())
        {
            var version = Version.Parse((string)framework!["version"]!);
            // Of an SDK from before the first fix it is that one's.
            Assert.True(
                version <= Environment.Version && (version.Build > 0 || Environment.Version.Build == 0),
                $"{version} is asked for, this is {Environment.Version}");
            framework["version"] = $"{version.Major}.{version.Minor}.99";
        }
        using var folder = new TemporaryFolder();
        var later = folder.File("later.runtimeconfig.json");
        await File.WriteAllTextAsync(later, asked.ToJsonString(), TestContext.Current.CancellationToken);

        var refused = await RunAsync(
            "dotnet", ["exec", "--runtimeconfig", later, Repository.Server + ".dll", "--version"], folder.Path);

        Assert.NotEqual(0, refused.ExitCode);
        Assert.Matches(Missing(), refused.Text);
    }

    private static string MainOf(string project) => project == "Countersign.Cli" ? "countersign.dll" : $"{project}.dll";

    /// <summary>As the lock file has them.</summary>
    private static IEnumerable<string> PackagesOf(string project)
    {
        var locked = Read(Path.Combine(Repository.Root, "src", project, "packages.lock.json"));
        return locked["dependencies"]!.AsObject().SelectMany(framework => framework.Value!.AsObject())
            .Where(package => (string?)package.Value!["type"] != "Project" && package.Value["resolved"] is not null)
            .Select(package => $"{package.Key} {package.Value!["resolved"]}")
            .Distinct(StringComparer.Ordinal);
    }

    private static JsonNode Read(string file) => JsonNode.Parse(File.ReadAllText(file))!;

    private static async Task<(int ExitCode, string Text)> RunAsync(string program, string[] arguments, string temporary)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["TMPDIR"] = temporary;
        // Servers that a build leaves behind for the next one would outlive the test.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["UseSharedCompilation"] = "false";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }

    [GeneratedRegex(@"10\.\d+\.99", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Missing();
}
