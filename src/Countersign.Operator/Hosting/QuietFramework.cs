using Microsoft.Extensions.Configuration.Memory;

namespace Countersign.Operator.Hosting;

/// <summary>
/// Of the framework's log lines only warnings: those of a request hold its address, and with it codes and numbers. In the program and not
/// in an appsettings.json, which would meet that of another server in the folder of a test that starts both.
/// </summary>
internal static class QuietFramework
{
    public static MemoryConfigurationSource Defaults() => new()
    {
        InitialData =
        [
            KeyValuePair.Create("Logging:LogLevel:Default", (string?)"Information"),
            KeyValuePair.Create("Logging:LogLevel:Microsoft", (string?)"Warning"),
            KeyValuePair.Create("Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host", (string?)"None"),
            KeyValuePair.Create("Logging:LogLevel:System.Net.Http", (string?)"Warning"),
        ],
    };
}
