using Countersign.Core;
using Countersign.Core.Texts;

namespace Countersign.Server.Endpoints.Gateways;

/// <summary>What is logged of the calls of text providers.</summary>
internal static partial class Log
{
    [LoggerMessage(1520, LogLevel.Warning, "Gateway {Gateway}: a {Kind} was refused, its signature or its secret is wrong")]
    public static partial void CallbackForged(ILogger logger, GatewayName gateway, CallbackKind kind);

    [LoggerMessage(1521, LogLevel.Warning, "Gateway {Gateway}: a {Kind} could not be read: {Why}")]
    public static partial void CallbackUnreadable(ILogger logger, GatewayName gateway, CallbackKind kind, string why);

    [LoggerMessage(1522, LogLevel.Information, "Gateway {Gateway}: a receipt came for a text that was never given to it")]
    public static partial void ReceiptUnknown(ILogger logger, GatewayName gateway);
}
