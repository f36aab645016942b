using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Countersign.Server.Security;

/// <summary>Tokens whose signature was found right: checking ES256 is the dearest part of a call, and a token comes back many times.</summary>
internal sealed class CheckedTokens
{
    private const int Most = 20_000;

    private readonly ConcurrentDictionary<string, JsonWebToken> _tokens = new(StringComparer.Ordinal);

    public bool TryGet(string token, string audience, [NotNullWhen(true)] out JsonWebToken? found) =>
        _tokens.TryGetValue(Key(token, audience), out found);

    public void Add(string token, string audience, JsonWebToken jwt)
    {
        if (_tokens.Count >= Most)
        {
            // Rare and cheap to refill; an eviction order would cost every call.
            _tokens.Clear();
        }
        _tokens[Key(token, audience)] = jwt;
    }

    private static string Key(string token, string audience) =>
        audience + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
