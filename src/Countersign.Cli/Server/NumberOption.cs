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

    /// <summary>The number, or what else the option is for; null when it is not given.</summary>
    public static Task<string?> ReadAsync(ServerCall call, Option<string> option, CancellationToken cancellationToken) =>
        ReadAsync(call.Parsed, option, cancellationToken);

    /// <inheritdoc cref="ReadAsync(ServerCall, Option{string}, CancellationToken)"/>
    /// <exception cref="CommandFailure">It was to come from the standard input, and nothing came.</exception>
    public static async Task<string?> ReadAsync(ParseResult parsed, Option<string> option, CancellationToken cancellationToken)
    {
        var given = parsed.GetValue(option);
        return given != StandardInput ? given
            : (await Console.In.ReadLineAsync(cancellationToken))?.Trim() is { Length: > 0 } read ? read
            : throw new CommandFailure($"Nothing came from the standard input, of which {option.Name} - reads one line.");
    }
}
