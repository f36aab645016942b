using System.Diagnostics;
using System.Text.RegularExpressions;
using Countersign.EndToEnd.Tests.Fixtures;

namespace Countersign.EndToEnd.Tests;

/// <summary>The package as a stranger takes it: packed, added to an empty project, the README's example compiled and run.</summary>
public sealed partial class PackageTests(PostgresServer postgres, Chromium chromium)
{
    [Fact]
    public async Task The_readmes_example_verifies_a_person()
    {
        await using var stage = await Stage.SetAsync(Store.Sqlite, postgres, chromium);
        using var folder = new TemporaryFolder();
        var (packages, project) = (folder.File("packages"), folder.File("first"));
        var temporary = new Dictionary<string, string>(StringComparer.Ordinal) { ["TMPDIR"] = folder.Path };
        var cache = new Dictionary<string, string>(temporary)
        {
            // A package of the same version from an earlier run must not be the one that is tested.
            ["NUGET_PACKAGES"] = folder.File("cache"),
            // What it depends on was restored for the build.
            ["NUGET_FALLBACK_PACKAGES"] = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
                ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages"),
            ["COUNTERSIGN_URL"] = stage.Wire.Origin,
            ["COUNTERSIGN_CLIENT_ID"] = ServerProcess.ClientId,
            ["COUNTERSIGN_CLIENT_SECRET"] = ServerProcess.ClientSecret,
        };

        await DotnetAsync(
            Repository.Root, temporary, "pack", "src/Countersign.Client", "-c", Repository.Configuration, "--no-build", "-o", packages);
        await DotnetAsync(folder.Path, cache, "new", "console", "-o", project, "--no-restore");
        await DotnetAsync(project, cache, "add", "package", "Countersign.Client", "--version", "0.1.0", "--source", packages);
        await File.WriteAllTextAsync(Path.Combine(project, "Program.cs"), ReadmeExample(), TestContext.Current.CancellationToken);
        var output = await DotnetAsync(project, cache, "run");

        Assert.EndsWith("verified", output.TrimEnd(), StringComparison.Ordinal);
        Assert.DoesNotContain("not verified", output, StringComparison.Ordinal);
    }

    private static string ReadmeExample() =>
        CSharpBlock().Match(File.ReadAllText(Path.Combine(Repository.Root, "README.md"))).Groups["code"].Value;

    private static async Task<string> DotnetAsync(string folder, Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            "dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // Servers that a build leaves behind for the next one would outlive the test.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["UseSharedCompilation"] = "false";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }
        // The continuous build's locked mode is for this repository, not for a stranger's project.
        start.Environment.Remove("CI");
        using var dotnet = Process.Start(start)!;
        var errors = dotnet.StandardError.ReadToEndAsync();
        var output = await dotnet.StandardOutput.ReadToEndAsync();
        await dotnet.WaitForExitAsync();
        Assert.True(dotnet.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}\n{output}{await errors}");
        return output;
    }

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CSharpBlock();
}
