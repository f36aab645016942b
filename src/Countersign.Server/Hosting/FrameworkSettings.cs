using System.Security.Authentication;
using System.Text.Json;
using Countersign.Core.Names;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging.Console;

namespace Countersign.Server.Hosting;

/// <summary>The settings of the framework that mean something here. It passes over what it does not know, and throws at what it cannot read.</summary>
internal static class FrameworkSettings
{
    private const string Own = "Countersign";

    /// <summary>What is wrong with their names and shapes, each in a sentence.</summary>
    public static IEnumerable<string> Problems(IConfiguration configuration) =>
    [
        .. KnownSettings.Problems(configuration.GetSection("Logging"), typeof(LoggingSettings)),
        .. KnownSettings.Problems(configuration.GetSection("Kestrel"), typeof(KestrelSettings)),
        .. NearlyOurs(configuration),
    ];

    // The environment is shared with other programs, so not everything in it can be known. What is nearly ours was meant for us: a sandbox would start instead.
    private static IEnumerable<string> NearlyOurs(IConfiguration configuration)
    {
        var written = KnownSettings.Of(typeof(CountersignOptions), Own)
            .ToDictionary(setting => setting.Path.Replace(':', '_'), setting => setting.Path, StringComparer.OrdinalIgnoreCase);
        foreach (var section in configuration.GetChildren().Where(section => !section.Key.Equals(Own, StringComparison.OrdinalIgnoreCase)))
        {
            if (section.GetChildren().Any() && EditDistance.Between(section.Key.ToUpperInvariant(), Own.ToUpperInvariant(), most: 2) <= 2)
            {
                yield return $"{section.Key} is no section. Did you mean {Own}?";
            }
            else if (written.TryGetValue(section.Key, out var path))
            {
                yield return $"{section.Key} is no setting. Did you mean {path.Replace(":", "__", StringComparison.Ordinal)}, with two underscores for each colon?";
            }
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
        public JsonWriterOptions JsonWriterOptions { get; set; }
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
