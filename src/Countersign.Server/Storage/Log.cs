namespace Countersign.Server.Storage;

internal static partial class Log
{
    [LoggerMessage(2001, LogLevel.Information, "Listening for changes made by other nodes")]
    public static partial void Listening(ILogger logger);

    [LoggerMessage(2002, LogLevel.Warning, "The connection that hears of other nodes' changes is lost; next try in {Delay}. Until then whoever waits looks again at each fallback poll")]
    public static partial void ListenerLost(ILogger logger, TimeSpan delay, Exception exception);
}
