using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Countersign.Core;
using Countersign.Core.Keys;
using Countersign.Core.Texts;
using Base64Url = System.Buffers.Text.Base64Url;

namespace Countersign.Server.Security;

/// <summary>
/// What a receipt's address holds instead of a provider's id, which gateways change on the way: text and attempt in clear, authenticated
/// together with the gateway's name. Nothing is stored, so every node reads the tokens of every other. 47 characters of base64url.
/// </summary>
internal sealed class ReceiptTokens(KeyRing ring) : IReceiptTokens
{
    private const string Purpose = "receipt-token";

    // The first byte tells the format, for the day there is a second one.
    private const byte Format = 1;
    private const int IdSize = 16;
    private const int AttemptSize = sizeof(short);
    private const int ClearSize = 1 + IdSize + AttemptSize;
    // 128 bits: nobody tries them, and the address stays short.
    private const int ProofSize = 16;
    private const int Size = ClearSize + ProofSize;

    public Secret Issue(Guid text, int attempt, GatewayName gateway)
    {
        Span<byte> token = stackalloc byte[Size];
        token[0] = Format;
        text.TryWriteBytes(token[1..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt16BigEndian(token[(1 + IdSize)..], checked((short)attempt));
        Prove(ring.Sealing, token[..ClearSize], gateway, token[ClearSize..]);
        return new Secret(Base64Url.EncodeToString(token));
    }

    public (Guid Text, int Attempt)? Read(Secret token, GatewayName gateway)
    {
        Span<byte> bytes = stackalloc byte[Size];
        Span<byte> expected = stackalloc byte[ProofSize];
        var text = token.Reveal();
        if (text.Length != Base64Url.GetEncodedLength(Size)
            || Base64Url.DecodeFromChars(text, bytes, out _, out var length) != OperationStatus.Done || length != Size
            || bytes[0] != Format)
        {
            return null;
        }
        foreach (var kept in ring.Keys.Keys)
        {
            Prove(kept.Key, bytes[..ClearSize], gateway, expected);
            if (CryptographicOperations.FixedTimeEquals(expected, bytes[ClearSize..]))
            {
                return (new Guid(bytes.Slice(1, IdSize), bigEndian: true), BinaryPrimitives.ReadInt16BigEndian(bytes[(1 + IdSize)..]));
            }
        }
        return null;
    }

    private static void Prove(MasterKey key, ReadOnlySpan<byte> clear, GatewayName gateway, Span<byte> proof)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Derive(Purpose), [.. clear, .. Encoding.UTF8.GetBytes(gateway.ToString())], whole);
        whole[..ProofSize].CopyTo(proof);
    }
}
