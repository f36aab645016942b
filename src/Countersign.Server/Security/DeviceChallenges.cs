using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Countersign.Core.Keys;
using Base64Url = System.Buffers.Text.Base64Url;

namespace Countersign.Server.Security;

/// <summary>
/// What a device signs when it calls by itself, without a flow. Nothing is stored: a challenge names its device and its end and is
/// authenticated with a key of its own, so every node can check those of every other.
/// </summary>
internal sealed class DeviceChallenges(KeyRing ring, TimeProvider time)
{
    /// <summary>Published browser SDKs use a challenge again until a minute before its end.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private const string Purpose = "device-challenge";

    // The first byte tells the format, for the day there is a second one.
    private const byte Format = 1;
    private const int IdSize = 16;
    private const int TimeSize = sizeof(long);
    private const int ChanceSize = 8;
    private const int ClearSize = 1 + IdSize + TimeSize + ChanceSize;
    private const int Size = ClearSize + HMACSHA256.HashSizeInBytes;

    public string Issue(Guid device)
    {
        Span<byte> challenge = stackalloc byte[Size];
        challenge[0] = Format;
        device.TryWriteBytes(challenge[1..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(challenge[(1 + IdSize)..], (time.GetUtcNow() + Lifetime).ToUnixTimeMilliseconds());
        RandomNumberGenerator.Fill(challenge.Slice(1 + IdSize + TimeSize, ChanceSize));
        HMACSHA256.HashData(ring.Sealing.Derive(Purpose), challenge[..ClearSize], challenge[ClearSize..]);
        return Base64Url.EncodeToString(challenge);
    }

    /// <summary>The device that a challenge was issued to, or null when it is not a living challenge of ours.</summary>
    public Guid? DeviceOf(string challenge)
    {
        Span<byte> bytes = stackalloc byte[Size];
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (challenge.Length != Base64Url.GetEncodedLength(Size)
            || Base64Url.DecodeFromChars(challenge, bytes, out _, out var length) != OperationStatus.Done || length != Size
            || bytes[0] != Format)
        {
            return null;
        }
        var isOurs = false;
        foreach (var kept in ring.Keys.Keys)
        {
            HMACSHA256.HashData(kept.Key.Derive(Purpose), bytes[..ClearSize], expected);
            isOurs |= CryptographicOperations.FixedTimeEquals(expected, bytes[ClearSize..]);
        }
        return isOurs
            && time.GetUtcNow().ToUnixTimeMilliseconds() < BinaryPrimitives.ReadInt64BigEndian(bytes[(1 + IdSize)..])
                ? new Guid(bytes.Slice(1, IdSize), bigEndian: true)
                : null;
    }
}
