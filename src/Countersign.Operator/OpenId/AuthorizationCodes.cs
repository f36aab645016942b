using System.Collections.Concurrent;
using System.Security.Cryptography;
using Countersign.Operator.State;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Operator.OpenId;

/// <summary>What a code stands for.</summary>
internal sealed record AuthorizedRequest(
    string ClientId, string RedirectUri, string Challenge, Scopes Scopes, string? Nonce, Msisdn Number, DateTimeOffset AuthorizedAt,
    DateTimeOffset ExpiresAt)
{
    public override string ToString() => $"AuthorizedRequest of {ClientId}";
}

/// <summary>Codes that were given out. Each is redeemed once.</summary>
internal sealed class AuthorizationCodes(TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    // Used ones stay until they would have expired twice over: whoever redeems one again is told from who invents one.
    private readonly ConcurrentDictionary<string, Entry> _all = new(StringComparer.Ordinal);

    public string Issue(AuthorizedRequest request)
    {
        var forget = time.GetUtcNow() - AccessTokens.Lifetime;
        foreach (var (old, entry) in _all)
        {
            if (entry.Request.ExpiresAt <= forget)
            {
                _all.TryRemove(old, out _);
            }
        }
        var code = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32));
        _all[code] = new Entry(request);
        return code;
    }

    /// <summary>The request, the first time; null when the code is unknown or was redeemed.</summary>
    /// <param name="wasUsed">It was redeemed before.</param>
    public AuthorizedRequest? Redeem(string code, out bool wasUsed)
    {
        wasUsed = false;
        if (!_all.TryGetValue(code, out var entry))
        {
            return null;
        }
        wasUsed = !entry.TryUse();
        return wasUsed ? null : entry.Request;
    }

    public void Clear() => _all.Clear();

    private sealed class Entry(AuthorizedRequest request)
    {
        private int _uses;

        public AuthorizedRequest Request => request;

        public bool TryUse() => Interlocked.Increment(ref _uses) == 1;
    }
}
