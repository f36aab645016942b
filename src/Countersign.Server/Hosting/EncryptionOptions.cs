using Countersign.Core;
using Countersign.Core.Keys;
using Microsoft.Extensions.Options;

namespace Countersign.Server.Hosting;

/// <summary>What everything personal and secret in the store is kept under (<c>Countersign:EncryptionKey</c>).</summary>
internal sealed class EncryptionOptions
{
    /// <summary>
    /// Base64 of 32 bytes. Everything personal in the store is encrypted, everything secret hashed, with keys made from it.
    /// </summary>
    /// <value>In the sandbox on SQLite made on first start and kept beside the database; required otherwise.</value>
    public string? EncryptionKey { get; set; }

    /// <summary>The key that a text writes; null when it is none.</summary>
    public static MasterKey? ReadKey(string text)
    {
        var key = new byte[MasterKey.Size + 16];
        return Convert.TryFromBase64String(text, key, out var length) && length == MasterKey.Size ? new MasterKey(key[..length]) : null;
    }

    public override string ToString() => "***";
}

internal sealed class EncryptionOptionsValidator(Mode? mode) : IValidateOptions<EncryptionOptions>
{
    public ValidateOptionsResult Validate(string? name, EncryptionOptions options) =>
        options.EncryptionKey is null && mode == Mode.Live
            ? ValidateOptionsResult.Fail("Countersign:EncryptionKey is required in Live. Set it to base64 of 32 random bytes: "
                + "openssl rand -base64 32.")
        : options.EncryptionKey is { } text && EncryptionOptions.ReadKey(text) is null
            ? ValidateOptionsResult.Fail("Countersign:EncryptionKey must be base64 of exactly 32 bytes: openssl rand -base64 32.")
        : ValidateOptionsResult.Success;
}
