using Countersign.Core;

namespace Countersign.Providers.Identity;

/// <summary>Every line about identity sources. None takes a number, a name, an address, a code, a token or a body.</summary>
internal static partial class Log
{
    [LoggerMessage(1578, LogLevel.Warning, "Identity source {Source} could not be asked: {Reason}")]
    public static partial void SourceFailed(ILogger logger, SourceName source, string reason);
}
