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

    /// <exception cref="ConfigurationException">The configuration names a format that there is not.</exception>
    public static void AddConsoleLog(this ILoggingBuilder logging, IConfiguration configuration)
    {
        var name = configuration[$"{Section}:FormatterName"] is { Length: > 0 } configured ? configured : ConsoleFormatterNames.Simple;
        if (!_formats.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            throw new ConfigurationException($"{Section}:FormatterName is '{name}', and there is no such format. Choose one of {string.Join(", ", _formats)}.");
        }

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

    private static void AddTime<T>(ILoggingBuilder logging, string behind) where T : ConsoleFormatterOptions =>
        logging.Services.PostConfigure<T>(options => (options.UseUtcTimestamp, options.TimestampFormat) = (true, Time + behind));
}
