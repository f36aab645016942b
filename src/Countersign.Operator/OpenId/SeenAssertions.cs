using System.Collections.Concurrent;

namespace Countersign.Operator.OpenId;

/// <summary>Which assertions have been used: each counts once (RFC 7523, section 3, jti).</summary>
internal sealed class SeenAssertions(TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Client, string Id), DateTimeOffset> _seen = new();

    /// <summary>False: it was used before.</summary>
    public bool TryUse(string client, string id, DateTimeOffset expiresAt)
    {
        var now = time.GetUtcNow();
        foreach (var (key, until) in _seen)
        {
            if (until <= now)
            {
                _seen.TryRemove(key, out _);
            }
        }
        return _seen.TryAdd((client, id), expiresAt);
    }
}
