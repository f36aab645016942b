using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Countersign.Core.Audit;

/// <summary>What a checkpoint says. The words, in small letters, are stored: add, never rename.</summary>
public enum AuditCheckpointKind
{
    /// <summary>Up to here the chain is this one.</summary>
    Checkpoint,

    /// <summary>Up to here the entries were too old, and were taken away by the server itself.</summary>
    Pruned,
}

/// <summary>A signed word about the chain up to one of its entries.</summary>
/// <param name="Hash">Of the entry at that position.</param>
/// <param name="Key">The id of the key that signs.</param>
/// <param name="Text">What is signed, as it stands: a JSON text in UTF-8.</param>
/// <param name="Signature">ECDSA on P-256 with SHA-256: r and s, 32 bytes each.</param>
public sealed record AuditCheckpoint(
    AuditCheckpointKind Kind, long Position, byte[] Hash, DateTimeOffset At, string Key, byte[] Text, byte[] Signature)
{
    private static readonly byte[] _begins = Encoding.UTF8.GetBytes("countersign audit checkpoint 1\n");

    public static AuditCheckpoint Sign(AuditCheckpointKind kind, long position, byte[] hash, DateTimeOffset at, AuditKey key)
    {
        at = DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("v", 1);
            json.WriteString("kind", AuditEntry.WordOf(kind));
            json.WriteNumber("position", position);
            json.WriteString("hash", Convert.ToHexStringLower(hash));
            json.WriteString("at", at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("key", key.Id);
            json.WriteEndObject();
        }
        var text = buffer.WrittenSpan.ToArray();
        return new AuditCheckpoint(kind, position, hash, at, key.Id, text, key.Sign([.. _begins, .. text]));
    }

    /// <summary>Null when it is none.</summary>
    public static AuditCheckpoint? Parse(byte[] text, byte[] signature)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            return new AuditCheckpoint(
                Enum.Parse<AuditCheckpointKind>(root.GetProperty("kind").GetString()!, ignoreCase: true),
                root.GetProperty("position").GetInt64(), Convert.FromHexString(root.GetProperty("hash").GetString()!),
                root.GetProperty("at").GetDateTimeOffset(), root.GetProperty("key").GetString()!, text, signature);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or ArgumentException
            or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    public bool IsSignedBy(AuditPublicKey key) => key.Id == Key && key.Verifies([.. _begins, .. Text], Signature);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind} {Position}");
}

/// <summary>The key that signs checkpoints: the installation's own, for nothing else.</summary>
public sealed class AuditKey : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create();

    /// <param name="privateKey">PKCS#8, of P-256.</param>
    public AuditKey(byte[] privateKey)
    {
        _key.ImportPkcs8PrivateKey(privateKey, out _);
        Public = new AuditPublicKey(_key.ExportSubjectPublicKeyInfo());
    }

    public AuditPublicKey Public { get; }

    public string Id => Public.Id;

    /// <summary>A new private key as PKCS#8.</summary>
    public static byte[] New()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKey();
    }

    public byte[] Sign(byte[] data) => _key.SignData(data, HashAlgorithmName.SHA256);

    public void Dispose() => _key.Dispose();

    public override string ToString() => Id;
}

/// <summary>The public half, by which checkpoints are judged.</summary>
/// <param name="Bytes">SubjectPublicKeyInfo (RFC 5280), DER.</param>
public sealed record AuditPublicKey(byte[] Bytes)
{
    /// <summary>Made of the key itself: 32 hex digits of its SHA-256.</summary>
    public string Id { get; } = Convert.ToHexStringLower(SHA256.HashData(Bytes))[..32];

    public bool Verifies(byte[] data, byte[] signature)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(Bytes, out _);
            return key.VerifyData(data, signature, HashAlgorithmName.SHA256);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    public override string ToString() => Id;
}
