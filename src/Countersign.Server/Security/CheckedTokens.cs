using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Countersign.Server.Security;

/// <summary>
/// Tokens whose signature was found right: checking ES256 is the dearest part of a call, and a token comes back many times. The newest and
/// those in use are kept, <paramref name="max"/> at most; <see cref="ForgetExpired"/> drops those whose life is over.
/// </summary>
/// <param name="max">The most tokens that are kept.</param>
internal sealed class CheckedTokens(int max = 20_000)
{
    // Two generations instead of an order of use, which would cost every call: when the young one is full it becomes the old one, and what
    // was still in the old one has not been asked for since the last change.
    private volatile ConcurrentDictionary<string, JsonWebToken> _young = new(StringComparer.Ordinal);
    private volatile ConcurrentDictionary<string, JsonWebToken> _old = new(StringComparer.Ordinal);
    private int _left = max / 2;

    /// <summary>How many tokens are kept now.</summary>
    public int Count => _young.Count + _old.Count;

    public bool TryGet(string token, string audience, [NotNullWhen(true)] out JsonWebToken? found)
    {
        var key = Key(token, audience);
        if (_young.TryGetValue(key, out found))
        {
            return true;
        }
        if (!_old.TryRemove(key, out found))
        {
            return false;
        }
        Keep(key, found);
        return true;
    }

    public void Add(string token, string audience, JsonWebToken jwt) => Keep(Key(token, audience), jwt);

    public void ForgetExpired(DateTime now)
    {
        foreach (var generation in (ConcurrentDictionary<string, JsonWebToken>[])[_young, _old])
        {
            foreach (var (key, token) in generation)
            {
                if (now >= token.ValidTo)
                {
                    generation.TryRemove(key, out _);
                }
            }
        }
    }

    private void Keep(string key, JsonWebToken token)
    {
        // Counted by hand: the dictionary's own count takes all of its locks.
        if (_young.TryAdd(key, token) && Interlocked.Decrement(ref _left) == 0)
        {
            _old = _young;
            _young = new(StringComparer.Ordinal);
            Interlocked.Exchange(ref _left, max / 2);
        }
    }

    private static string Key(string token, string audience) =>
        audience + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
