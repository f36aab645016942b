using System.Globalization;

namespace Countersign.Server.Contract;

/// <summary>How answers write a moment in words; beside it stands the same one in seconds since 1970.</summary>
internal static class WireTime
{
    /// <summary>ISO 8601 in UTC, to the second.</summary>
    public static string Format(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
