using System.Buffers.Text;
using System.Security.Cryptography;
using Countersign.Core.Keys;

namespace Countersign.Core.Administration;

/// <summary>A stored key of the admin API.</summary>
/// <param name="Name">The log knows by it who called. It stays taken when the key has ended, so that the log stays true.</param>
/// <param name="CreatedBy">The name of the key that made it.</param>
public sealed record AdminKey(string Name, SecretHash Hash, AdminRights Rights, DateTimeOffset CreatedAt, string CreatedBy)
{
    public const int MaxNameCharacters = 64;

    /// <summary>From then on it opens nothing; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When somebody ended it; null while nobody has.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    public bool IsOpenAt(DateTimeOffset now) => EndedAt is null && (ExpiresAt is not { } end || now < end);

    /// <summary>What is wrong with a name; null for nothing.</summary>
    public static string? ProblemOfName(string name) =>
        name.Length is >= 1 and <= MaxNameCharacters
            && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_' or '.')
            ? null
            : "must be 1 to 64 of a-z, 0-9, -, _ and .";

    public override string ToString() => Name;
}

/// <summary>Secrets of admin keys.</summary>
public static class AdminKeySecrets
{
    /// <summary>By this prefix scanners of repositories know what has leaked.</summary>
    public const string Prefix = "cs_ak_";

    private const string HashPurpose = "admin-key";

    /// <summary>256 bits of chance: too many to try, so a fast keyed hash is enough.</summary>
    public static (Secret Secret, SecretHash Hash) New(SecretHasher hasher)
    {
        var secret = new Secret(Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));
        return (secret, HashOf(hasher, secret));
    }

    public static SecretHash HashOf(SecretHasher hasher, Secret secret) => hasher.Hash(HashPurpose, secret);
}
