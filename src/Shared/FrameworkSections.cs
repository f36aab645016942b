using System.Globalization;
using System.Security.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging.Console;

namespace Countersign.Hosting;

/// <summary>
/// The settings of the framework that mean something here. It passes over what it does not know, and throws at what it cannot read. The
/// server and the simulated operator, which know no project in common, compile this one file.
/// </summary>
internal static class FrameworkSections
{
    private const string Console = "Logging:Console";

    private static readonly KnownSettings _logging = new KnownSettings("Logging")
        .With<LoggingSettings>().Within<ConsoleSettings>().Within<FormatterSettings>().Within<WriterSettings>();

    private static readonly KnownSettings _kestrel = new KnownSettings("Kestrel")
        .With<KestrelSettings>().Within<TlsSettings>().Within<NameSettings>().Within<EndpointSettings>().Within<CertificateSettings>();

    private static readonly string[] _formats = [ConsoleFormatterNames.Simple, ConsoleFormatterNames.Json, ConsoleFormatterNames.Systemd];

    /// <summary>What is wrong with their names and shapes.</summary>
    public static IEnumerable<SettingProblem> Problems(IConfiguration configuration) =>
        [.. _logging.Problems(configuration), .. _kestrel.Problems(configuration)];

    /// <summary>What has the right shape and the log could not work with, each in a sentence.</summary>
    public static IEnumerable<string> ValueProblems(IConfiguration configuration)
    {
        if (FormatOf(configuration) is var name && !_formats.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            yield return $"{Console}:FormatterName is '{name}', and there is no such format. Choose one of {string.Join(", ", _formats)}.";
        }
        if (configuration[$"{Console}:FormatterOptions:TimestampFormat"] is { Length: > 0 } format && !IsPossible(format))
        {
            yield return $"{Console}:FormatterOptions:TimestampFormat must be a .NET format of date and time (HH:mm:ss.fff).";
        }
        if (int.TryParse(configuration[$"{Console}:MaxQueueLength"], CultureInfo.InvariantCulture, out var length) && length < 1)
        {
            yield return $"{Console}:MaxQueueLength must be at least 1.";
        }
    }

    /// <summary>The format of the console's log.</summary>
    public static string FormatOf(IConfiguration configuration) =>
        configuration[$"{Console}:FormatterName"] is { Length: > 0 } configured ? configured : ConsoleFormatterNames.Simple;

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

    private sealed class LoggingSettings
    {
        public Dictionary<string, LogLevel> LogLevel { get; } = [];
        public bool CaptureScopes { get; set; }
        public ConsoleSettings Console { get; } = new();
    }

    private sealed class ConsoleSettings
    {
        public Dictionary<string, LogLevel> LogLevel { get; } = [];
        public string? FormatterName { get; set; }
        public FormatterSettings FormatterOptions { get; } = new();
        public LogLevel LogToStandardErrorThreshold { get; set; }
        public int MaxQueueLength { get; set; }
        public ConsoleLoggerQueueFullMode QueueFullMode { get; set; }
    }

    private sealed class FormatterSettings
    {
        public string? TimestampFormat { get; set; }
        public bool UseUtcTimestamp { get; set; }
        public bool SingleLine { get; set; }
        public bool IncludeScopes { get; set; }
        public LoggerColorBehavior ColorBehavior { get; set; }
        public WriterSettings JsonWriterOptions { get; } = new();
    }

    // Of the rest of the framework's JsonWriterOptions most values cannot be, each for a reason of its own.
    private sealed class WriterSettings
    {
        public bool Indented { get; set; }
    }

    private sealed class KestrelSettings
    {
        public Dictionary<string, CertificateSettings> Certificates { get; } = [];
        public Dictionary<string, EndpointSettings> Endpoints { get; } = [];
        public TlsSettings EndpointDefaults { get; } = new();
    }

    private class TlsSettings
    {
        public HttpProtocols Protocols { get; set; }
        public SslProtocols[] SslProtocols { get; set; } = [];
        public ClientCertificateMode ClientCertificateMode { get; set; }
    }

    private class NameSettings : TlsSettings
    {
        public CertificateSettings Certificate { get; } = new();
    }

    private sealed class EndpointSettings : NameSettings
    {
        public string? Url { get; set; }
        public Dictionary<string, NameSettings> Sni { get; } = [];
    }

    private sealed class CertificateSettings
    {
        public string? Path { get; set; }
        public string? KeyPath { get; set; }
        public string? Password { get; set; }
        public string? Subject { get; set; }
        public string? Store { get; set; }
        public string? Location { get; set; }
        public bool AllowInvalid { get; set; }
    }
}
