using System.Collections.Concurrent;
using System.Security.Cryptography;
using Countersign.Operator.State;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Operator.OpenId;

/// <summary>What an access token allows.</summary>
/// <param name="ClientId">Whose it is.</param>
/// <param name="Scopes">What for.</param>
/// <param name="Subject">The person's number; null: two-legged, the client is for itself.</param>
/// <param name="Code">The code it came from; null: another grant.</param>
internal sealed record Grant(string ClientId, Scopes Scopes, Msisdn? Subject, string? Code, DateTimeOffset ExpiresAt)
{
    public override string ToString() => $"Grant of {ClientId}";
}

/// <summary>Access tokens, opaque to clients.</summary>
internal sealed class AccessTokens(TimeProvider time)
{
    /// <summary>CAMARA Number Verification: at most 300 seconds.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(300);

    private readonly ConcurrentDictionary<string, Entry> _all = new(StringComparer.Ordinal);

    public string Issue(string clientId, Scopes scopes, Msisdn? subject, string? code = null)
    {
        var now = time.GetUtcNow();
        foreach (var (old, entry) in _all)
        {
            if (entry.Grant.ExpiresAt <= now)
            {
                _all.TryRemove(old, out _);
            }
        }
        var token = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32));
        _all[token] = new Entry(new Grant(clientId, scopes, subject, code, now + Lifetime));
        return token;
    }

    /// <summary>Null when the token is unknown, revoked, expired or used up.</summary>
    public Grant? Find(string token) =>
        _all.TryGetValue(token, out var entry) && entry.Grant.ExpiresAt > time.GetUtcNow() && !entry.IsUsed ? entry.Grant : null;

    /// <summary>Uses a token up. False: somebody was first.</summary>
    public bool TryUse(string token) => _all.TryGetValue(token, out var entry) && entry.TryUse();

    /// <summary>Takes back what came from a code that was redeemed twice (RFC 6749, section 4.1.2).</summary>
    public void RevokeOf(string code)
    {
        foreach (var (token, entry) in _all)
        {
            if (entry.Grant.Code == code)
            {
                _all.TryRemove(token, out _);
            }
        }
    }

    public void Clear() => _all.Clear();

    private sealed class Entry(Grant grant)
    {
        private int _uses;

        public Grant Grant => grant;
        public bool IsUsed => Volatile.Read(ref _uses) > 0;

        public bool TryUse() => Interlocked.Increment(ref _uses) == 1;
    }
}
