using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Countersign.Cli.Doctor;

/// <summary>
/// The server's own program on this machine: it alone knows what a configuration has to be, so it is asked
/// (<c>Countersign.Server doctor</c>).
/// </summary>
internal static class ServerProgram
{
    public const string Variable = "COUNTERSIGN_PROGRAM";

    /// <summary>
    /// Where it is: beside this command, where both were published into one folder or one beside it, and in a working copy where it was
    /// built. Null where it is not.
    /// </summary>
    public static string? Find()
    {
        var name = OperatingSystem.IsWindows() ? "Countersign.Server.exe" : "Countersign.Server";
        var here = AppContext.BaseDirectory;
        return new[] { here, Path.Combine(here, "..", "server"), Path.Combine(here, "..", "..", "Countersign.Server", "release") }
            .Select(folder => Path.GetFullPath(Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>What it finds on this machine, with its environment and from the folder that this command runs in.</summary>
    /// <param name="config">Null where the environment says it.</param>
    /// <returns>Its answer, or what it says instead: then the server does not start there either.</returns>
    /// <exception cref="CommandFailure">It cannot be run.</exception>
    public static async Task<(JsonObject? Answer, string Error)> LookAsync(
        string program, string? config, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var argument in (string[])["doctor", "--json", .. config is null ? (string[])[] : ["--config", config]])
        {
            start.ArgumentList.Add(argument);
        }
        try
        {
            using var process = Process.Start(start)!;
            var (output, error) = (
                process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
            await process.WaitForExitAsync(cancellationToken);
            return (Read(await output), (await error).Trim());
        }
        catch (Win32Exception exception)
        {
            throw new CommandFailure($"{program} cannot be run: {exception.Message}");
        }
    }

    private static JsonObject? Read(string text)
    {
        try
        {
            return StrictJson.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
