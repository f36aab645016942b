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

    public override string ToString() => "***";
}

/// <param name="hasFile">Whether a file keeps the keys.</param>
internal sealed class EncryptionOptionsValidator(Mode? mode, bool hasFile) : IValidateOptions<EncryptionOptions>
{
    public ValidateOptionsResult Validate(string? name, EncryptionOptions options) =>
        options.EncryptionKey is null && mode == Mode.Live && !hasFile
            ? ValidateOptionsResult.Fail("Countersign:EncryptionKey is required in Live. Set it to base64 of 32 random bytes: "
                + "openssl rand -base64 32.")
        : options.EncryptionKey is { } text && MasterKey.Parse(text) is null
            ? ValidateOptionsResult.Fail("Countersign:EncryptionKey must be base64 of exactly 32 bytes: openssl rand -base64 32.")
        : ValidateOptionsResult.Success;
}
