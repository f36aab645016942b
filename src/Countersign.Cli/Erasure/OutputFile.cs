using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Countersign.Cli.Erasure;

/// <summary>A file that only whoever runs the command may read, and that is not written over another.</summary>
internal static class OutputFile
{
    private static readonly JsonSerializerOptions _readable = new()
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Option<string> Option(string description) => new("--out") { Description = description, HelpName = "file" };

    /// <summary>Where it will be; null for none. Asked before anything is done that cannot be done again.</summary>
    public static string? Check(string? path)
    {
        if (path is null)
        {
            return null;
        }
        var file = Path.GetFullPath(path);
        return Path.Exists(file) ? throw new CommandFailure($"{file} exists already; it is not overwritten. Name another file.")
            : Directory.Exists(Path.GetDirectoryName(file)) ? file
            : throw new CommandFailure($"{file} cannot be written: its folder does not exist.");
    }

    /// <returns>What went wrong; null for nothing.</returns>
    public static string? TryWrite(string file, JsonObject answer) => TryWrite(file, answer.ToJsonString(_readable));

    /// <inheritdoc cref="TryWrite(string, JsonObject)"/>
    public static string? TryWrite(string file, string text)
    {
        try
        {
            using var writer = new StreamWriter(file, new UTF8Encoding(false), PrivateFile.Options());
            writer.WriteLine(text);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"{file} cannot be written: {exception.Message}";
        }
    }
}
