using Countersign.Core;

namespace Countersign.Providers.Texts;

/// <summary>
/// Every line about gateways as this server knows them. None takes a number, a name, an address, a code, a token or a body.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(
        1503, LogLevel.Error, "Gateway {Gateway} failed where its adapter should have answered; whether it has the text is not known")]
    public static partial void GatewayThrew(ILogger logger, GatewayName gateway, Exception exception);

    [LoggerMessage(1504, LogLevel.Warning, "Gateway {Gateway} fails too often and is left alone for {Rest}")]
    public static partial void GatewayRests(ILogger logger, GatewayName gateway, TimeSpan rest);

    [LoggerMessage(1505, LogLevel.Information, "Gateway {Gateway} works again")]
    public static partial void GatewayWorks(ILogger logger, GatewayName gateway);
}
