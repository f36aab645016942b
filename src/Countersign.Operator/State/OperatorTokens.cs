using System.Collections.Concurrent;
using Microsoft.IdentityModel.Tokens;
using System.Security.Cryptography;

namespace Countersign.Operator.State;

/// <summary>Temporary tokens a SIM gets from its operator's entitlement server (GSMA TS.43): they prove the SIM also over Wi-Fi.</summary>
internal sealed class OperatorTokens(TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, (Msisdn Number, DateTimeOffset ExpiresAt)> _all = new(StringComparer.Ordinal);

    public string Issue(Msisdn number)
    {
        var now = time.GetUtcNow();
        foreach (var (old, entry) in _all)
        {
            if (entry.ExpiresAt <= now)
            {
                _all.TryRemove(old, out _);
            }
        }
        var token = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32));
        _all[token] = (number, now + Lifetime);
        return token;
    }

    /// <summary>Null when the token is unknown or has expired.</summary>
    public Msisdn? Find(string token) => _all.TryGetValue(token, out var entry) && entry.ExpiresAt > time.GetUtcNow() ? entry.Number : null;

    public void Clear() => _all.Clear();
}
