using Countersign.Hosting;
using Microsoft.Extensions.Logging.Console;

namespace Countersign.Server.Hosting;

/// <summary>
/// The log on the console, in the format that <c>Logging:Console:FormatterName</c> names. The slim host knows one format and passes the
/// setting over. Every line has its time, unless <c>Logging:Console:FormatterOptions:TimestampFormat</c> says otherwise.
/// </summary>
internal static class ConsoleLog
{
    private const string Section = "Logging:Console";
    private const string Time = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>Expects a configuration without <see cref="FrameworkSections.ValueProblems"/>.</summary>
    public static void AddConsoleLog(this ILoggingBuilder logging, IConfiguration configuration)
    {
        var name = FrameworkSections.FormatOf(configuration);
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
