namespace Countersign.Server.Storage;

internal static partial class Log
{
    [LoggerMessage(1803, LogLevel.Error, "The store does not answer {What}: they are refused for {Rest}, then one is tried at a time")]
    public static partial void StoreAway(ILogger logger, string what, TimeSpan rest);

    [LoggerMessage(1804, LogLevel.Information, "The store answers {What} again")]
    public static partial void StoreBack(ILogger logger, string what);

    [LoggerMessage(2001, LogLevel.Information, "Listening for changes made by other nodes")]
    public static partial void Listening(ILogger logger);

    [LoggerMessage(2002, LogLevel.Warning, "The connection that hears of other nodes' changes is lost; next try in {Delay}. Until then whoever waits looks again at each fallback poll")]
    public static partial void ListenerLost(ILogger logger, TimeSpan delay, Exception exception);
}
