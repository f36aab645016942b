using System.Security.Cryptography;
using System.Text;

namespace Countersign.Core.Keys;

/// <summary>Encrypts what the database may not know: AES-256-GCM, with the place of the value as associated data, so that a
/// value copied to another row or column does not open there.</summary>
public sealed class Sealer(byte[] key) : IDisposable
{
    // The first byte tells the format, for the day there is a second one.
    private const byte Format = 1;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    // AesGcm keeps the nonce of the present call in itself: two threads on one instance would seal with each other's.
    private readonly ThreadLocal<AesGcm> _cipher = new(() => new AesGcm(key, TagSize), trackAllValues: true);

    /// <param name="place">Table, column and row id.</param>
    public byte[] Seal(ReadOnlySpan<byte> clear, string place)
    {
        var sealedValue = new byte[1 + NonceSize + TagSize + clear.Length];
        sealedValue[0] = Format;
        var nonce = sealedValue.AsSpan(1, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        _cipher.Value!.Encrypt(
            nonce, clear, sealedValue.AsSpan(1 + NonceSize + TagSize), sealedValue.AsSpan(1 + NonceSize, TagSize),
            Encoding.UTF8.GetBytes(place));
        return sealedValue;
    }

    /// <exception cref="CryptographicException">The value was sealed with another key, for another place, or altered.</exception>
    public byte[] Open(ReadOnlySpan<byte> sealedValue, string place)
    {
        if (sealedValue.Length < 1 + NonceSize + TagSize || sealedValue[0] != Format)
        {
            throw new CryptographicException("Not a sealed value.");
        }

        var clear = new byte[sealedValue.Length - 1 - NonceSize - TagSize];
        _cipher.Value!.Decrypt(
            sealedValue.Slice(1, NonceSize),
            sealedValue[(1 + NonceSize + TagSize)..],
            sealedValue.Slice(1 + NonceSize, TagSize),
            clear,
            Encoding.UTF8.GetBytes(place));
        return clear;
    }

    public void Dispose()
    {
        foreach (var cipher in _cipher.Values)
        {
            cipher.Dispose();
        }
        _cipher.Dispose();
    }
}
