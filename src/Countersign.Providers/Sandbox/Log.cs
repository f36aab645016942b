namespace Countersign.Providers.Sandbox;

/// <summary>Every line about the sandbox. None takes a number, a name, an address, a code, a token or a body.</summary>
internal static partial class Log
{
    [LoggerMessage(1301, LogLevel.Error, "The sandbox's handset could not decline a link")]
    public static partial void HandsetFailed(ILogger logger, Exception exception);

    [LoggerMessage(
        1302, LogLevel.Error,
        "The sandbox's clock was moved and could not be read; this node's time is behind until it is moved again or the server restarts: "
            + "{Failure}")]
    public static partial void ClockNotFollowed(ILogger logger, string failure);
}
