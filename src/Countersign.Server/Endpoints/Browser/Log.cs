using Countersign.Core;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>What is logged of the calls of browsers.</summary>
internal static partial class Log
{
    [LoggerMessage(1110, LogLevel.Information, "Device {Device} unregistered by its browser")]
    public static partial void DeviceUnregistered(ILogger logger, Guid device);

    [LoggerMessage(1113, LogLevel.Information, "Flow {Flow}: its browser calls too often, and is refused until it pauses")]
    public static partial void FlowRateExceeded(ILogger logger, CorrelationId flow);

    [LoggerMessage(1114, LogLevel.Warning, "A waiting browser was refused: {Max} status sockets are open (Countersign:MaxStatusSockets)")]
    public static partial void NoSocketLeft(ILogger logger, int max);
}
