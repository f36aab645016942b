using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Core.Keys;

namespace Countersign.Server.Security;

/// <summary>
/// The keys in a file of their own (<c>Keys:File</c>), readable by its owner only. While it is not there, the configured key is the only
/// one; once it is there, it alone counts.
/// </summary>
/// <param name="configured">Of <c>EncryptionKey</c>; null when none is set.</param>
internal sealed class FileKeyStore(string path, MasterKey? configured) : IKeyStore
{
    // Once it was there, the configured key must not take its place: what is stored is under the keys of the file.
    private volatile bool _wasThere;

    public KeySet Read()
    {
        KeyFile? file;
        try
        {
            if (!File.Exists(path))
            {
                return configured is not null && !_wasThere ? KeySet.Of(configured) : throw Missing();
            }
            _wasThere = true;
            file = JsonSerializer.Deserialize(File.ReadAllBytes(path), KeyFileJson.Default.KeyFile);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KeyStoreException(
                $"The key file {path} cannot be read: {exception.Message} Let the user that the server runs as read it.", exception);
        }
        catch (JsonException exception)
        {
            throw Damaged(exception);
        }
        return file?.ToKeys() ?? throw Damaged(null);
    }

    public void Write(KeySet keys)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        // Written whole under another name first: what is cut off must not leave half a file, and no key may be lost.
        var draft = $"{path}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        try
        {
            using (var stream = new FileStream(draft, options))
            {
                JsonSerializer.Serialize(stream, KeyFile.Of(keys), KeyFileJson.Default.KeyFile);
                stream.Flush(flushToDisk: true);
            }
            File.Move(draft, path, overwrite: true);
            _wasThere = true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            File.Delete(draft);
            throw new KeyStoreException(
                $"The key file {path} cannot be written: {exception.Message} Let the user that the server runs as write it and its folder.",
                exception);
        }
    }

    public override string ToString() => path;

    private KeyStoreException Missing() => new(_wasThere
        ? $"The key file {path} is not there any more. Put it back; without it the store cannot be read."
        : $"The key file {path} is not there, and Countersign:EncryptionKey is not set. Restore the file; for a new store set "
            + "Countersign:EncryptionKey to base64 of 32 random bytes: openssl rand -base64 32.");

    private KeyStoreException Damaged(Exception? cause) =>
        new($"The key file {path} is damaged. Restore it from its copy; without it the store cannot be read.", cause);
}

/// <param name="HashKey">Base64 of 32 bytes.</param>
/// <param name="First">The id of the key under which stands what names none; absent when that key is gone.</param>
internal sealed record KeyFile(string HashKey, string? First, IReadOnlyList<KeyFile.Entry> Keys)
{
    public static KeyFile Of(KeySet keys) => new(
        Convert.ToBase64String(keys.HashKey), keys.First?.ToString(),
        [.. keys.Keys.Select(kept => new Entry(kept.Key.Id.ToString(), kept.Key.ToBase64(), kept.SealsFrom))]);

    /// <summary>Null when it is damaged. By hand it may have come to anything.</summary>
    public KeySet? ToKeys()
    {
        var keys = new List<KeptKey>();
        foreach (var entry in Keys ?? [])
        {
            if (MasterKey.Parse(entry?.Key) is not { } key || key.Id.ToString() != entry!.Id || keys.Any(kept => kept.Key.Id == key.Id))
            {
                return null;
            }
            keys.Add(new KeptKey(key, entry.SealsFrom));
        }
        Span<byte> hashKey = stackalloc byte[MasterKey.Size];
        return keys.Count is >= 1 and <= KeySet.MaxKeys
            && Convert.TryFromBase64String(HashKey ?? "", hashKey, out var size) && size == MasterKey.Size
            && (First is null || keys.Any(kept => kept.Key.Id.ToString() == First))
                ? new KeySet(
                    [.. keys.OrderBy(kept => kept.SealsFrom)], hashKey.ToArray(),
                    keys.Find(kept => kept.Key.Id.ToString() == First)?.Key.Id)
                : null;
    }

    public override string ToString() => "***";

    /// <param name="Key">Base64 of 32 bytes.</param>
    /// <param name="SealsFrom">From then on it seals, unless a later one does.</param>
    internal sealed record Entry(string Id, string Key, DateTimeOffset SealsFrom)
    {
        public override string ToString() => "***";
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KeyFile))]
internal sealed partial class KeyFileJson : JsonSerializerContext;
