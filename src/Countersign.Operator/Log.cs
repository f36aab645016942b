namespace Countersign.Operator;

/// <summary>Every line the operator logs. None takes a number, a name, a code, a token or a body.</summary>
internal static partial class Log
{
    [LoggerMessage(5000, LogLevel.Information, "{Method} {Path} {Status}: {Note}")]
    public static partial void Called(ILogger logger, string method, string path, int status, string note);

    [LoggerMessage(5001, LogLevel.Error, "A call failed")]
    public static partial void Failed(ILogger logger, Exception? exception);

    [LoggerMessage(5002, LogLevel.Warning, "The keys of client {Client} could not be read from its jwks_uri")]
    public static partial void KeysNotRead(ILogger logger, string client, Exception exception);

    [LoggerMessage(5003, LogLevel.Information, "Radio proxy for {Address} listens on port {Port}")]
    public static partial void RadioOpened(ILogger logger, string address, int port);
}
