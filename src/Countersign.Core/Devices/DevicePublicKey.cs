using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Countersign.Core.Devices;

/// <summary>The public half of a device key: ECDSA on P-256, and nothing else.</summary>
public sealed class DevicePublicKey
{
    private const int PointSize = 65;

    // Whitespace of a PEM's lines (RFC 7468).
    private static readonly SearchValues<char> _lineEnds = SearchValues.Create("\r\n\t ");

    // DER SubjectPublicKeyInfo of an uncompressed point on P-256 (RFC 5480): all but the point itself is the same for every key. Compared
    // as bytes, so that no other curve, and no curve described in full, ever reaches the arithmetic.
    private static ReadOnlySpan<byte> Prefix =>
    [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
        0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
    ];

    private DevicePublicKey(byte[] spki) => Spki = spki;

    /// <summary>DER SubjectPublicKeyInfo.</summary>
    public byte[] Spki { get; }

    /// <summary>Reads PEM with the label PUBLIC KEY, on one line or on many. Returns null when it is no point on P-256.</summary>
    public static DevicePublicKey? FromPem(string text)
    {
        var trimmed = text.AsSpan().Trim();
        return PemEncoding.TryFind(trimmed, out var fields)
            && trimmed[fields.Label] is "PUBLIC KEY"
            && fields.Location.GetOffsetAndLength(trimmed.Length) == (0, trimmed.Length)
            && TryReadBase64(WithoutLineEnds(trimmed[fields.Base64Data]), out var spki)
                ? FromSpki(spki)
                : null;
    }

    /// <summary>Returns null when the bytes are not the SubjectPublicKeyInfo of a point on P-256.</summary>
    public static DevicePublicKey? FromSpki(byte[] spki)
    {
        if (spki.Length != Prefix.Length + PointSize || !spki.AsSpan().StartsWith(Prefix))
        {
            return null;
        }

        using var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(spki, out _);
            return new DevicePublicKey(spki);
        }
        catch (CryptographicException)
        {
            // Not on the curve.
            return null;
        }
    }

    /// <summary>True when the signature over the text (UTF-8) is this key's.</summary>
    /// <param name="signature">DER (RFC 3279), in base64 with padding.</param>
    public bool IsSigner(string text, string signature)
    {
        if (!TryReadBase64(signature, out var bytes))
        {
            return false;
        }

        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(Spki, out _);
        return key.VerifyData(Encoding.UTF8.GetBytes(text), bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    private static string WithoutLineEnds(ReadOnlySpan<char> text)
    {
        var kept = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (!_lineEnds.Contains(character))
            {
                kept.Append(character);
            }
        }
        return kept.ToString();
    }

    // The framework's reader forgives white space and stray bits at the end: two texts for the same bytes.
    private static bool TryReadBase64(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length / 4 * 3];
        if (!Convert.TryFromBase64String(text, bytes, out var length))
        {
            return false;
        }
        bytes = bytes[..length];
        return Convert.ToBase64String(bytes) == text;
    }
}
