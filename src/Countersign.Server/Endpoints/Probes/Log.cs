namespace Countersign.Server.Endpoints.Probes;

/// <summary>What is logged of whether the server is ready.</summary>
internal static partial class Log
{
    [LoggerMessage(1806, LogLevel.Error, "This server is not ready, its store takes no write: {Failure}")]
    public static partial void NotReady(ILogger logger, string failure);

    [LoggerMessage(1807, LogLevel.Information, "This server is ready again")]
    public static partial void ReadyAgain(ILogger logger);
}
