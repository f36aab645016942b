namespace Countersign.Server.Endpoints.Http;

/// <summary>Every line about calls of whatever group. None takes a number, a name, a code, a token or a body.</summary>
internal static partial class Log
{
    [LoggerMessage(1103, LogLevel.Information, "API client {Client} is over its request rate")]
    public static partial void RateExceeded(ILogger logger, string client);
}
