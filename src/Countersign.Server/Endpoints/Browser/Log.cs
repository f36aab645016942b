namespace Countersign.Server.Endpoints.Browser;

/// <summary>What is logged of the calls of browsers.</summary>
internal static partial class Log
{
    [LoggerMessage(1110, LogLevel.Information, "Device {Device} unregistered by its browser")]
    public static partial void DeviceUnregistered(ILogger logger, Guid device);
}
