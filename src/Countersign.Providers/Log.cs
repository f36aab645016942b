using Countersign.Core;

namespace Countersign.Providers;

/// <summary>Every line about the world outside. None takes a number, a name, an address, a code, a token or a body.</summary>
internal static partial class Log
{
    [LoggerMessage(1301, LogLevel.Error, "The sandbox's handset could not decline a link")]
    public static partial void HandsetFailed(ILogger logger, Exception exception);

    [LoggerMessage(1302, LogLevel.Error, "The sandbox's clock was moved and could not be read; this node's time is behind until it is moved again or the server restarts: {Failure}")]
    public static partial void ClockNotFollowed(ILogger logger, string failure);

    [LoggerMessage(1503, LogLevel.Error, "Gateway {Gateway} failed where its adapter should have answered; whether it has the text is not known")]
    public static partial void GatewayThrew(ILogger logger, GatewayName gateway, Exception exception);

    [LoggerMessage(1504, LogLevel.Warning, "Gateway {Gateway} fails too often and is left alone for {Rest}")]
    public static partial void GatewayRests(ILogger logger, GatewayName gateway, TimeSpan rest);

    [LoggerMessage(1505, LogLevel.Information, "Gateway {Gateway} works again")]
    public static partial void GatewayWorks(ILogger logger, GatewayName gateway);

    [LoggerMessage(1530, LogLevel.Warning, "Gateway {Gateway} answered a submission with status {Status} and nothing that its provider documents")]
    public static partial void GatewayAnswerNotUnderstood(ILogger logger, GatewayName gateway, int status);

    [LoggerMessage(1531, LogLevel.Warning, "Gateway {Gateway} was not reached or did not answer (anything sent: {WasSent}; {Failure})")]
    public static partial void GatewayNotReached(ILogger logger, GatewayName gateway, bool wasSent, string failure);

    [LoggerMessage(1532, LogLevel.Information, "Gateway {Gateway} refused a text with its code {Code}: {Why}")]
    public static partial void GatewayRefused(ILogger logger, GatewayName gateway, int code, Core.Texts.SmsRefusal why);

    [LoggerMessage(1540, LogLevel.Warning, "Gateway {Gateway} is an outbox: it SENDS NO TEXTS and keeps codes and links readable. Never use it in production")]
    public static partial void OutboxInUse(ILogger logger, GatewayName gateway);

    [LoggerMessage(1541, LogLevel.Error, "Gateway {Gateway} cannot write to its file ({Failure})")]
    public static partial void OutboxNotWritten(ILogger logger, GatewayName gateway, string failure);

    [LoggerMessage(1550, LogLevel.Warning, "Operator {Operator}: {Call} failed, {Reason}")]
    public static partial void CallFailed(ILogger logger, string @operator, string call, string reason);

    [LoggerMessage(1551, LogLevel.Warning, "Operator {Operator} has failed too often and is not asked for {Seconds} seconds; flows go on by text")]
    public static partial void BreakerOpened(ILogger logger, string @operator, double seconds);

    [LoggerMessage(1552, LogLevel.Information, "Operator {Operator} answers again")]
    public static partial void BreakerClosed(ILogger logger, string @operator);

    [LoggerMessage(1553, LogLevel.Warning, "Flow {Flow}: operator {Operator} sent an answer that is not for this check, {Reason}; somebody may be mixing answers up")]
    public static partial void AnswerDoesNotHold(ILogger logger, CorrelationId flow, string @operator, string reason);

    [LoggerMessage(1554, LogLevel.Information, "Operator {Operator}: a browser came back with nothing that this server gave out")]
    public static partial void UnknownReturn(ILogger logger, string @operator);

    [LoggerMessage(1570, LogLevel.Error, "The identity records cannot be read, nobody is matched: {Failure}")]
    public static partial void RecordsNotRead(ILogger logger, string failure);

    [LoggerMessage(1576, LogLevel.Warning, "Operator {Operator}: {Call} was refused with {Status}; look at the operator's settings and at what it has granted")]
    public static partial void CallRefused(ILogger logger, string @operator, string call, int status);

    [LoggerMessage(1577, LogLevel.Warning, "Operator {Operator}: the answer to {Call} cannot be read")]
    public static partial void AnswerUnreadable(ILogger logger, string @operator, string call);

    [LoggerMessage(1578, LogLevel.Warning, "Identity source {Source} could not be asked: {Reason}")]
    public static partial void SourceFailed(ILogger logger, SourceName source, string reason);
}
