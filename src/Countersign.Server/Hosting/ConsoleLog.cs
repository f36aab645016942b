using System.Globalization;
using Microsoft.Extensions.Logging.Console;

namespace Countersign.Server.Hosting;

/// <summary>
/// The log on the console, in the format that <c>Logging:Console:FormatterName</c> names. The slim host knows one format and passes the setting over.
/// Every line has its time, unless <c>Logging:Console:FormatterOptions:TimestampFormat</c> says otherwise.
/// </summary>
internal static class ConsoleLog
{
    private const string Section = "Logging:Console";
    private const string Time = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private static readonly string[] _formats = [ConsoleFormatterNames.Simple, ConsoleFormatterNames.Json, ConsoleFormatterNames.Systemd];

    /// <summary>What the formatters could not work with, each in a sentence.</summary>
    public static IEnumerable<string> Problems(IConfiguration configuration)
    {
        if (NameOf(configuration) is var name && !_formats.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            yield return $"{Section}:FormatterName is '{name}', and there is no such format. Choose one of {string.Join(", ", _formats)}.";
        }
        if (configuration[$"{Section}:FormatterOptions:TimestampFormat"] is { Length: > 0 } format && !IsPossible(format))
        {
            yield return $"{Section}:FormatterOptions:TimestampFormat must be a .NET format of date and time (HH:mm:ss.fff).";
        }
        if (int.TryParse(configuration[$"{Section}:MaxQueueLength"], CultureInfo.InvariantCulture, out var length) && length < 1)
        {
            yield return $"{Section}:MaxQueueLength must be at least 1.";
        }
    }

    /// <summary>Expects a configuration without <see cref="Problems"/>.</summary>
    public static void AddConsoleLog(this ILoggingBuilder logging, IConfiguration configuration)
    {
        var name = NameOf(configuration);
        logging.AddConsole();
        if (configuration[$"{Section}:FormatterOptions:TimestampFormat"] is null)
        {
            // What stands behind the time is printed, too: a space where the rest of the line follows.
            AddTime<SimpleConsoleFormatterOptions>(logging, behind: " ");
            AddTime<ConsoleFormatterOptions>(logging, behind: " ");
            AddTime<JsonConsoleFormatterOptions>(logging, behind: "");
        }
        // After what the slim host has set.
        logging.Services.PostConfigure<ConsoleLoggerOptions>(console => console.FormatterName = name);
    }

    private static string NameOf(IConfiguration configuration) =>
        configuration[$"{Section}:FormatterName"] is { Length: > 0 } configured ? configured : ConsoleFormatterNames.Simple;

    private static bool IsPossible(string format)
    {
        try
        {
            _ = DateTimeOffset.UnixEpoch.ToString(format, CultureInfo.InvariantCulture);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static void AddTime<T>(ILoggingBuilder logging, string behind) where T : ConsoleFormatterOptions =>
        logging.Services.PostConfigure<T>(options => (options.UseUtcTimestamp, options.TimestampFormat) = (true, Time + behind));
}
