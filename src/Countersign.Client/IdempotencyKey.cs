using System.Security.Cryptography;

namespace Countersign.Client;

/// <summary>Chooses the idempotency key of one call.</summary>
internal static class IdempotencyKey
{
    private const int MaxLength = 255;
    private const int RandomBytes = 16;

    /// <summary>The caller's key, a random one, or null when the caller wants none.</summary>
    public static string? For(RequestOptions options)
    {
        if (options.IdempotencyKey is { } key)
        {
            return IsValid(key)
                ? key
                : throw new ArgumentException(
                    $"{nameof(options.IdempotencyKey)} must be 1 to {MaxLength} visible ASCII characters.", nameof(options));
        }

        return options.GeneratesIdempotencyKey ? Convert.ToHexString(RandomNumberGenerator.GetBytes(RandomBytes)) : null;
    }

    private static bool IsValid(string key) => key.Length is > 0 and <= MaxLength && key.All(character => character is > ' ' and <= '~');
}
