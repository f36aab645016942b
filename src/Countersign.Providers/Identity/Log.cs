using Countersign.Core;

namespace Countersign.Providers.Identity;

/// <summary>Every line about identity sources. None takes a number, a name, an address, a code, a token or a body.</summary>
internal static partial class Log
{
    [LoggerMessage(1578, LogLevel.Warning, "Identity source {Source} could not be asked: {Reason}")]
    public static partial void SourceFailed(ILogger logger, SourceName source, string reason);

    [LoggerMessage(1579, LogLevel.Warning, "Identity source {Source} fails too often and is not asked for {Rest}")]
    public static partial void SourceRests(ILogger logger, SourceName source, TimeSpan rest);

    [LoggerMessage(1580, LogLevel.Information, "Identity source {Source} answers again")]
    public static partial void SourceWorks(ILogger logger, SourceName source);
}
