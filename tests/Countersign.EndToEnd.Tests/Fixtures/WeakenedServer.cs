using System.Diagnostics;

namespace Countersign.EndToEnd.Tests.Fixtures;

/// <summary>A build of the server whose guards can be taken away (<c>Guards.cs</c>), made when it is first asked for.</summary>
public sealed class WeakenedServer : IAsyncLifetime
{
    /// <summary>The variable that names the attack whose guard is taken away.</summary>
    internal const string GuardOff = "COUNTERSIGN_GUARD_OFF";

    internal static string Folder { get; } = Path.Combine(
        Repository.Root, "artifacts", "weakened", "bin", "Countersign.Server", Repository.Configuration);

    internal static string Program { get; } = Path.Combine(Folder, "Countersign.Server");

    public async ValueTask InitializeAsync()
    {
        var (code, output) = await DotnetAsync("build", "-p:RunAnalyzers=false");
        Assert.True(code == 0, output);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>A verb of <c>dotnet</c> on the server's project, weakened. No server of the build stays.</summary>
    internal static async Task<(int Code, string Output)> DotnetAsync(string verb, params string[] options)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [
                verb, Path.Combine(Repository.Root, "src", "Countersign.Server"), "-c", Repository.Configuration, "-p:Weakened=true",
                "--nologo", "-v", "quiet", "--disable-build-servers", .. options,
            ])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await error);
    }
}
