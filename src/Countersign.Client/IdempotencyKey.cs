using System.Security.Cryptography;

namespace Countersign.Client;

/// <summary>Chooses the idempotency key of one call.</summary>
internal static class IdempotencyKey
{
    private const int Longest = 255;
    private const int RandomBytes = 16;

    /// <summary>The caller's key, a random one, or null when the caller wants none.</summary>
    public static string? For(RequestOptions options)
    {
        if (options.IdempotencyKey is { } key)
        {
            ThrowIfInvalid(key);
            return key;
        }

        return options.GeneratesIdempotencyKey ? BitConverter.ToString(RandomNumberGenerator.GetBytes(RandomBytes)).Replace("-", "") : null;
    }

    private static void ThrowIfInvalid(string key)
    {
        if (key.Length is 0 or > Longest || key.Any(character => character is <= ' ' or > '~'))
        {
            throw new ArgumentException($"{nameof(RequestOptions.IdempotencyKey)} must be 1 to {Longest} visible ASCII characters.", "options");
        }
    }
}
