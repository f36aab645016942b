namespace Countersign.Server;

/// <summary>
/// What is logged of calls that fail. Each folder that logs has a class like this one, and none of their lines takes a number, a name,
/// a code, a token or a body.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(1800, LogLevel.Error, "{Method} {Route} answered {Status}: {Failure}")]
    public static partial void CallFailed(ILogger logger, string method, string route, int status, string failure);

    [LoggerMessage(1801, LogLevel.Error, "The first failure of its kind, with its trace: {Failure}")]
    public static partial void FailureTrace(ILogger logger, string failure, Exception exception);

    [LoggerMessage(1802, LogLevel.Error, "{Count} calls failed within a second: {Failure}")]
    public static partial void CallsFailed(ILogger logger, int count, string failure);

    [LoggerMessage(1805, LogLevel.Warning, "{Method} {Route} answered {Status}: {Failure}")]
    public static partial void CallNotServed(ILogger logger, string method, string route, int status, string failure);
}
