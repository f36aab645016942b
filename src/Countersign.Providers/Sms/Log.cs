using Countersign.Core;
using Countersign.Core.Texts;

namespace Countersign.Providers.Sms;

/// <summary>Every line about what a gateway's provider says. None takes a number, a name, an address, a code, a token or a body.</summary>
internal static partial class Log
{
    [LoggerMessage(
        1530, LogLevel.Warning, "Gateway {Gateway} answered a submission with status {Status} and nothing that its provider documents")]
    public static partial void GatewayAnswerNotUnderstood(ILogger logger, GatewayName gateway, int status);

    [LoggerMessage(1531, LogLevel.Warning, "Gateway {Gateway} was not reached or did not answer (anything sent: {WasSent}; {Failure})")]
    public static partial void GatewayNotReached(ILogger logger, GatewayName gateway, bool wasSent, string failure);

    [LoggerMessage(1532, LogLevel.Information, "Gateway {Gateway} refused a text with its code {Code}: {Why}")]
    public static partial void GatewayRefused(ILogger logger, GatewayName gateway, int code, SmsRefusal why);

    [LoggerMessage(1540, LogLevel.Warning,
        "Gateway {Gateway} is an outbox: it SENDS NO TEXTS and keeps codes and links readable. Never use it in production")]
    public static partial void OutboxInUse(ILogger logger, GatewayName gateway);

    [LoggerMessage(1541, LogLevel.Error,
        "Gateway {Gateway} took no text: the file that its setting File names could not be written ({Failure})")]
    public static partial void OutboxNotWritten(ILogger logger, GatewayName gateway, string failure);
}
