using System.Security.Cryptography;

namespace Countersign.Core.Keys;

/// <summary>Names a line's key where that has sealed something: 16 bytes of chance, which tell nothing of the line.</summary>
public readonly record struct LineKeyId
{
    public const int Size = 16;

    private LineKeyId(string hex) => Hex = hex;

    public string Hex { get; }

    public static LineKeyId New() => new(RandomNumberGenerator.GetHexString(2 * Size, lowercase: true));

    /// <exception cref="FormatException">These are not 16 bytes.</exception>
    public static LineKeyId FromBytes(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Size ? new(Convert.ToHexStringLower(bytes)) : throw new FormatException("The id of a line's key has 16 bytes.");

    public byte[] ToBytes() => Convert.FromHexString(Hex);

    public override string ToString() => Hex;
}

/// <summary>
/// A secret of one line or of a project, made by chance and kept apart from the store (<c>Keys:Store</c>). What is stored of the line for
/// long is sealed and found with it, and with the installation's keys: so once it is destroyed, whoever has those and every copy of the
/// store finds and opens nothing, not by trying all numbers either. What a project keeps of the line is sealed and found with both keys
/// (<see cref="Within"/>), and is lost with either.
/// </summary>
public sealed class LineKey
{
    /// <summary>Bytes of the secret.</summary>
    public const int Size = 32;

    private static readonly byte[] _hashing = "countersign:line-hash"u8.ToArray();
    private static readonly byte[] _sealing = "countersign:line-seal"u8.ToArray();
    private static readonly byte[] _within = "countersign:line-in-project"u8.ToArray();

    private readonly byte[] _secret;

    /// <param name="secret">32 bytes of chance.</param>
    /// <param name="twin">See <see cref="Twin"/>.</param>
    /// <exception cref="CryptographicException">It has another length.</exception>
    public LineKey(LineKeyId id, byte[] secret, LineKey? twin = null)
    {
        (Id, Twin, Parts) = (id, twin, [this]);
        _secret = secret.Length == Size ? secret : throw new CryptographicException("The secret of a line has 32 bytes.");
    }

    private LineKey(LineKey line, LineKey project, LineKey twin)
        : this(line.Id, HKDF.DeriveKey(HashAlgorithmName.SHA256, line._secret, Size, salt: project._secret, info: _within), twin) =>
        (Project, Parts) = (project.Id, [line, project]);

    /// <summary>Of a key within a project the line's.</summary>
    public LineKeyId Id { get; }

    /// <summary>The id of the project's key with which it is made; null for a key by itself.</summary>
    public LineKeyId? Project { get; }

    /// <summary>The keys that are kept of which it is made: itself, or the line's and the project's.</summary>
    public IReadOnlyList<LineKey> Parts { get; }

    /// <summary>
    /// Another key of the same line, under which rows may stand too: made by a server that could not see the first, while an encryption key
    /// was being changed. Of a key within a project the line's own, at the end. Null, but for that.
    /// </summary>
    public LineKey? Twin { get; }

    /// <summary>The key and its twins: whatever rows may stand under.</summary>
    public IEnumerable<LineKey> All
    {
        get
        {
            for (var key = this; key is not null; key = key.Twin)
            {
                yield return key;
            }
        }
    }

    public static LineKey New() => new(LineKeyId.New(), RandomNumberGenerator.GetBytes(Size));

    /// <summary>What stands in a column in the place of a keyed hash, which alone could be found by trying.</summary>
    /// <param name="hash">32 bytes at most.</param>
    /// <returns>As many bytes.</returns>
    public byte[] Bind(byte[] hash) => HMACSHA256.HashData(_secret, (byte[])[.. _hashing, .. hash])[..hash.Length];

    /// <inheritdoc cref="Bind(byte[])"/>
    public SecretHash Bind(SecretHash hash) => new(Convert.ToHexStringLower(Bind(hash.ToBytes())));

    /// <summary>The key that seals for this line, made of the one that seals for all.</summary>
    public byte[] Mix(byte[] key) => HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret, Size, salt: key, info: _sealing);

    /// <summary>The key of this line within a project, with those that both have from before as its twins.</summary>
    /// <param name="project">The project's key.</param>
    public LineKey Within(LineKey project)
    {
        var key = this;
        foreach (var ofProject in project.All.Reverse())
        {
            foreach (var ofLine in All.Reverse())
            {
                key = new LineKey(ofLine, ofProject, key);
            }
        }
        return key;
    }

    /// <summary>The secret, for whoever keeps it.</summary>
    public byte[] ToBytes() => [.. _secret];

    public override string ToString() => "***";
}
