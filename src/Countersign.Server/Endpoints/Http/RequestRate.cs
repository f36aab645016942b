using System.Globalization;
using System.Threading.RateLimiting;
using Countersign.Core;

namespace Countersign.Server.Endpoints.Http;

/// <summary>Requests a second for each API client, and for each address. Without a setting there is no limit.</summary>
internal sealed class RequestRate(RequestRateOptions options, ILogger<RequestRate> logger) : IDisposable
{
    private const int WindowSeconds = 1;

    // Names of the policies.
    private const string OfClient = "client";
    private const string OfAddress = "address";
    private const string OfBadTokens = "bad-tokens";

    private readonly PartitionedRateLimiter<string>? _requests = LimiterOf(options.RequestsPerSecond);
    private readonly PartitionedRateLimiter<string>? _badTokens = LimiterOf(options.BadTokensPerSecond);

    /// <summary>The same for calls of nobody known, by where they come from: of IPv6 the /64, which is what one subscriber has.</summary>
    public bool TryTake(HttpContext context)
    {
        var isTaken = TryTake(context, OfAddress, Networks.Of(context.Connection.RemoteIpAddress));
        Guards.Drop("A01", ref isTaken, () => true);
        return isTaken;
    }

    /// <summary>
    /// False when the caller is over its rate. The response says what is left of it, and to one that is over it when to come back.
    /// </summary>
    public bool TryTake(HttpContext context, ClientId client)
    {
        var isTaken = TryTake(context, OfClient, client.ToString());
        Guards.Drop("A06", ref isTaken, () => true);
        return isTaken;
    }

    /// <summary>
    /// False when too many calls with a bad token come from where this one does. Only such a call may be counted, and only its answer is
    /// about that: who has a good token is not told of what neighbours do.
    /// </summary>
    public bool TryTakeBadToken(HttpContext context)
    {
        using var lease = _badTokens?.AttemptAcquire(Networks.Of(context.Connection.RemoteIpAddress));
        if (lease is null or { IsAcquired: true })
        {
            return true;
        }
        // Without a line in the log, which strangers could fill.
        Tell(context, OfBadTokens, options.BadTokensPerSecond, left: 0, SecondsOf(lease));
        context.Response.Headers.RetryAfter = SecondsOf(lease).ToString(CultureInfo.InvariantCulture);
        return false;
    }

    private bool TryTake(HttpContext context, string policy, string caller)
    {
        if (_requests is null)
        {
            return true;
        }

        // With the policy's name before it no client's id is an address.
        var counted = $"{policy}:{caller}";
        Guards.Drop("F06", ref counted, () => "everybody");
        using var lease = _requests.AttemptAcquire(counted);
        var left = lease.IsAcquired ? _requests.GetStatistics(counted)?.CurrentAvailablePermits ?? 0 : 0;
        Tell(context, policy, options.RequestsPerSecond, left, SecondsOf(lease));
        if (lease.IsAcquired)
        {
            return true;
        }

        context.Response.Headers.RetryAfter = SecondsOf(lease).ToString(CultureInfo.InvariantCulture);
        // An address is personal.
        Log.RateExceeded(logger, policy == OfAddress ? "at an address" : caller);
        return false;
    }

    public void Dispose()
    {
        _requests?.Dispose();
        _badTokens?.Dispose();
    }

    private static PartitionedRateLimiter<string>? LimiterOf(int? permits) => permits is { } limit
        ? PartitionedRateLimiter.Create<string, string>(caller => RateLimitPartition.GetFixedWindowLimiter(
            caller, _ => new FixedWindowRateLimiterOptions { PermitLimit = limit, Window = TimeSpan.FromSeconds(WindowSeconds) }))
        : null;

    private static int SecondsOf(RateLimitLease lease) => lease.TryGetMetadata(MetadataName.RetryAfter, out var after)
        ? Math.Max(WindowSeconds, (int)Math.Ceiling(after.TotalSeconds))
        : WindowSeconds;

    private static void Tell(HttpContext context, string policy, int? permits, long left, int seconds)
    {
        // IETF httpapi draft "RateLimit header fields for HTTP".
        var limit = string.Create(CultureInfo.InvariantCulture, $"\"{policy}\";q={permits};w={WindowSeconds}");
        var rest = string.Create(CultureInfo.InvariantCulture, $"\"{policy}\";r={left};t={seconds}");
        // At the last moment: where the call fails, its headers are cleared, and it has counted all the same.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers["RateLimit-Policy"] = limit;
            context.Response.Headers["RateLimit"] = rest;
            return Task.CompletedTask;
        });
    }
}
