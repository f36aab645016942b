using Countersign.Core;

namespace Countersign.Server.Endpoints.Http;

/// <summary>Where a call came from, behind the proxies that are trusted.</summary>
internal static class CallerAddress
{
    /// <summary>Null where the connection has none, as a Unix socket's.</summary>
    public static string? Of(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address ? ClientAddress.Plain(address).ToString() : null;
}
