using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Countersign.Core;

namespace Countersign.Server.Endpoints.Http;

/// <summary>Requests a second for each API client. Without a setting there is no limit.</summary>
internal sealed class RequestRate(RequestRateOptions options, ILogger<RequestRate> logger) : IDisposable
{
    private const int WindowSeconds = 1;

    // Names of the two policies.
    private const string OfClient = "client";
    private const string OfAddress = "address";

    private readonly PartitionedRateLimiter<string>? _limiter = options.RequestsPerSecond is { } permits
        ? PartitionedRateLimiter.Create<string, string>(client => RateLimitPartition.GetFixedWindowLimiter(
            client, _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = TimeSpan.FromSeconds(WindowSeconds) }))
        : null;

    /// <summary>The same for calls of nobody known, by where they come from: of IPv6 the /64, which is what one subscriber has.</summary>
    public bool TryTake(HttpContext context) => TryTake(context, OfAddress, NetworkOf(context.Connection.RemoteIpAddress));

    /// <summary>
    /// False when the caller is over its rate. The response says what is left of it, and to one that is over it when to come back.
    /// </summary>
    public bool TryTake(HttpContext context, ClientId client) => TryTake(context, OfClient, client.ToString());

    private bool TryTake(HttpContext context, string policy, string caller)
    {
        if (_limiter is null)
        {
            return true;
        }

        // With the policy's name before it no client's id is an address.
        var counted = $"{policy}:{caller}";
        using var lease = _limiter.AttemptAcquire(counted);
        var left = lease.IsAcquired ? _limiter.GetStatistics(counted)?.CurrentAvailablePermits ?? 0 : 0;
        var seconds = lease.TryGetMetadata(MetadataName.RetryAfter, out var after)
            ? Math.Max(WindowSeconds, (int)Math.Ceiling(after.TotalSeconds))
            : WindowSeconds;
        // IETF httpapi draft "RateLimit header fields for HTTP".
        var limit = string.Create(CultureInfo.InvariantCulture, $"\"{policy}\";q={options.RequestsPerSecond};w={WindowSeconds}");
        var rest = string.Create(CultureInfo.InvariantCulture, $"\"{policy}\";r={left};t={seconds}");
        // At the last moment: where the call fails, its headers are cleared, and it has counted all the same.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers["RateLimit-Policy"] = limit;
            context.Response.Headers["RateLimit"] = rest;
            return Task.CompletedTask;
        });
        if (lease.IsAcquired)
        {
            return true;
        }

        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        // An address is personal.
        Log.RateExceeded(logger, policy == OfAddress ? "at an address" : caller);
        return false;
    }

    public void Dispose() => _limiter?.Dispose();

    private static string NetworkOf(IPAddress? address) =>
        address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false }
            ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8))
            : $"{address}";
}
