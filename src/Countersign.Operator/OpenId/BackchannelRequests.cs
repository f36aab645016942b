using System.Collections.Concurrent;
using System.Security.Cryptography;
using Countersign.Operator.State;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Operator.OpenId;

/// <summary>A request of CIBA that waits to be fetched.</summary>
internal sealed record BackchannelRequest(
    string ClientId, Scopes Scopes, Msisdn Number, DateTimeOffset AuthorizedAt, DateTimeOffset ExpiresAt)
{
    public override string ToString() => $"BackchannelRequest of {ClientId}";
}

/// <summary>The requests of CIBA, each fetched once.</summary>
internal sealed class BackchannelRequests(TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(120);

    /// <summary>How long a client waits between two polls.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, BackchannelRequest> _all = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _polled = new(StringComparer.Ordinal);

    public string Issue(BackchannelRequest request)
    {
        // Expired ones stay a while, so that the client is told expired_token and not invalid_grant.
        var forget = time.GetUtcNow() - Lifetime;
        foreach (var (old, entry) in _all)
        {
            if (entry.ExpiresAt <= forget)
            {
                Remove(old);
            }
        }
        var id = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32));
        _all[id] = request;
        return id;
    }

    /// <summary>Null when there is none.</summary>
    public BackchannelRequest? Find(string id) => _all.GetValueOrDefault(id);

    /// <summary>True when this poll came sooner after the last one than it may.</summary>
    public bool IsTooSoon(string id)
    {
        var now = time.GetUtcNow();
        var tooSoon = _polled.TryGetValue(id, out var last) && now - last < Interval;
        _polled[id] = now;
        return tooSoon;
    }

    /// <summary>Takes a request out. False: somebody was first.</summary>
    public bool Remove(string id)
    {
        _polled.TryRemove(id, out _);
        return _all.TryRemove(id, out _);
    }

    public void Clear()
    {
        _all.Clear();
        _polled.Clear();
    }
}
