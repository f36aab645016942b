using Countersign.Core;

namespace Countersign.Providers.Camara;

/// <summary>Every line about mobile operators. None takes a number, a name, an address, a code, a token or a body.</summary>
internal static partial class Log
{
    [LoggerMessage(1550, LogLevel.Warning, "Operator {Operator}: {Call} failed, {Reason}")]
    public static partial void CallFailed(ILogger logger, string @operator, string call, string reason);

    [LoggerMessage(
        1551, LogLevel.Warning, "Operator {Operator} has failed too often and is not asked for {Seconds} seconds; flows go on by text")]
    public static partial void BreakerOpened(ILogger logger, string @operator, double seconds);

    [LoggerMessage(1552, LogLevel.Information, "Operator {Operator} answers again")]
    public static partial void BreakerClosed(ILogger logger, string @operator);

    [LoggerMessage(1553, LogLevel.Warning,
        "Flow {Flow}: operator {Operator} sent an answer that is not for this check, {Reason}; somebody may be mixing answers up")]
    public static partial void AnswerDoesNotHold(ILogger logger, CorrelationId flow, string @operator, string reason);

    [LoggerMessage(1554, LogLevel.Information, "Operator {Operator}: a browser came back with nothing that this server gave out")]
    public static partial void UnknownReturn(ILogger logger, string @operator);

    [LoggerMessage(1576, LogLevel.Warning,
        "Operator {Operator}: {Call} was refused with {Status}; look at the operator's settings and at what it has granted")]
    public static partial void CallRefused(ILogger logger, string @operator, string call, int status);

    [LoggerMessage(1583, LogLevel.Warning,
        "Flow {Flow}: the browser came from a private address, so whose check it would be is not known and a code follows; if a proxy "
            + "stands before this server, name it in TrustedProxies")]
    public static partial void AddressUnknown(ILogger logger, CorrelationId flow);

    [LoggerMessage(1577, LogLevel.Warning, "Operator {Operator}: the answer to {Call} cannot be read")]
    public static partial void AnswerUnreadable(ILogger logger, string @operator, string call);
}
