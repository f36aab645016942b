using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace Countersign.Server.Endpoints.RelyingParty;

/// <summary>Requests a second for each API client. Without a setting there is no limit.</summary>
internal sealed class RequestRate(CountersignOptions options, ILogger<RequestRate> logger) : IDisposable
{
    private const int WindowSeconds = 1;

    // No client's id has a colon.
    private const string AddressPrefix = "address:";

    private readonly PartitionedRateLimiter<string>? _limiter = options.RequestsPerSecond is { } permits
        ? PartitionedRateLimiter.Create<string, string>(client => RateLimitPartition.GetFixedWindowLimiter(
            client, _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = TimeSpan.FromSeconds(WindowSeconds) }))
        : null;

    /// <summary>The same for calls of nobody known, by where they come from: of IPv6 the /64, which is what one subscriber has.</summary>
    public bool TryTake(HttpContext context) => TryTake(context, AddressPrefix + NetworkOf(context.Connection.RemoteIpAddress));

    /// <summary>False when the caller is over its rate. The response says what is left of it, and to one that is over it when to come back.</summary>
    public bool TryTake(HttpContext context, string client)
    {
        if (_limiter is null)
        {
            return true;
        }

        using var lease = _limiter.AttemptAcquire(client);
        var left = lease.IsAcquired ? _limiter.GetStatistics(client)?.CurrentAvailablePermits ?? 0 : 0;
        var seconds = lease.TryGetMetadata(MetadataName.RetryAfter, out var after)
            ? Math.Max(WindowSeconds, (int)Math.Ceiling(after.TotalSeconds))
            : WindowSeconds;
        var headers = context.Response.Headers;
        // IETF httpapi draft "RateLimit header fields for HTTP".
        headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"client\";q={options.RequestsPerSecond};w={WindowSeconds}");
        headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"client\";r={left};t={seconds}");
        if (lease.IsAcquired)
        {
            return true;
        }

        headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        // An address is personal.
        Log.RateExceeded(logger, client.StartsWith(AddressPrefix, StringComparison.Ordinal) ? "at an address" : client);
        return false;
    }

    public void Dispose() => _limiter?.Dispose();

    private static string NetworkOf(IPAddress? address) =>
        address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false }
            ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8))
            : $"{address}";
}
