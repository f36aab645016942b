using System.Globalization;

namespace Countersign.Server.Endpoints.RelyingParty;

internal static class Moment
{
    /// <summary>ISO 8601 in UTC, to the second: beside it stands the same moment in seconds since 1970.</summary>
    public static string ToText(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
