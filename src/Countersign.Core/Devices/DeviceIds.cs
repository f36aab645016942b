using System.Globalization;

namespace Countersign.Core.Devices;

/// <summary>Ids of devices as browsers and relying parties write them: 8-4-4-4-12 lower-case hex digits.</summary>
public static class DeviceIds
{
    public static string Print(Guid id) => id.ToString("D", CultureInfo.InvariantCulture);

    /// <summary>
    /// False for what this server never gave: published SDKs may hold one of another server, so that is no malformed request.
    /// </summary>
    public static bool TryParse(string text, out Guid id) => Guid.TryParseExact(text, "D", out id) && Print(id) == text;
}
