using System.CommandLine;

namespace Countersign.Cli.Server;

/// <summary>A telephone number on the command line, or on the standard input, so that it stands in no shell history.</summary>
internal static class NumberOption
{
    private const string StandardInput = "-";

    /// <param name="what">What the number is for; the rest of the sentence follows.</param>
    public static Option<string> Of(string what, bool isRequired = false) => new("--number")
    {
        Description = $"{what}, with its country code. - reads it from the standard input, so that it stands in no shell history.",
        HelpName = "number",
        Required = isRequired,
    };

    /// <summary>The number; null when it is not given.</summary>
    public static async Task<string?> ReadAsync(ServerCall call, Option<string> option, CancellationToken cancellationToken)
    {
        var given = call.Parsed.GetValue(option);
        return given == StandardInput ? (await Console.In.ReadLineAsync(cancellationToken))?.Trim() : given;
    }
}
