using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Core;
using Countersign.Core.Keys;
using Countersign.Providers.Sandbox;
using Countersign.Storage;

namespace Countersign.Server.Hosting;

/// <summary>What a sandbox on SQLite makes for itself on first start and needs again on the next: its key and its credentials.</summary>
/// <remarks>It lies beside the database as <c>countersign.db.key</c>, readable by its owner only. A copy of the database alone opens
/// nothing.</remarks>
internal sealed record SandboxKeyFile(string EncryptionKey, string ClientId, string ClientSecret)
{
    /// <param name="hasOwnKey">True when the encryption key is configured, so that the file need hold the credentials only.</param>
    public static SandboxKeyFile LoadOrCreate(string store, bool hasOwnKey)
    {
        var (database, path) = StoreConnection.SqliteFilesOf(store);
        if (!hasOwnKey && new FileInfo(database) is { Exists: true, Length: > 0 } && !File.Exists(path))
        {
            throw new ConfigurationException(
                $"The sandbox's key file {path} is missing, and without it its database cannot be read. Restore it, or remove the "
                    + "database too to begin anew.");
        }

        try
        {
            if (!File.Exists(path))
            {
                Create(path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(
                $"The sandbox cannot keep its {(hasOwnKey ? "credentials" : "key and its credentials")} beside the database: "
                    + $"{exception.Message} Change Countersign:Store.",
                exception);
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), SandboxKeyJson.Default.SandboxKeyFile)
                is { } file && file.IsWhole(hasOwnKey) ? file : throw new JsonException();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(
                $"The sandbox key file {path} cannot be read: {exception.Message} Let the user that the server runs as read it.",
                exception);
        }
        catch (JsonException exception)
        {
            throw new ConfigurationException(
                $"The sandbox key file {path} is damaged. Restore it from a backup, or remove it "
                    + $"{(hasOwnKey ? "for new credentials" : "together with the database to begin anew")}.",
                exception);
        }
    }

    // By hand it may have come to anything.
    private bool IsWhole(bool hasOwnKey) =>
        (hasOwnKey || MasterKey.Parse(EncryptionKey) is not null)
        && Core.ClientId.TryParse(ClientId, out _) && SandboxOptions.IsCredential(ClientSecret);

    private static void Create(string path)
    {
        var file = new SandboxKeyFile(
            Convert.ToBase64String(RandomNumberGenerator.GetBytes(MasterKey.Size)),
            "sandbox-" + RandomNumberGenerator.GetHexString(8, lowercase: true),
            "cs_sk_" + RandomNumberGenerator.GetHexString(64, lowercase: true));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // Written whole under another name first: a start that is cut off must not leave half a key.
        var draft = $"{path}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        try
        {
            using (var stream = new FileStream(draft, options))
            {
                JsonSerializer.Serialize(stream, file, SandboxKeyJson.Default.SandboxKeyFile);
                stream.Flush(flushToDisk: true);
            }
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was first; its key is the one.
        }
        finally
        {
            // There no more once it was moved. A full disk must not gather one with each start.
            File.Delete(draft);
        }
    }

    public override string ToString() => "***";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(SandboxKeyFile))]
internal sealed partial class SandboxKeyJson : JsonSerializerContext;
