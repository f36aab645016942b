using Microsoft.Extensions.Options;

namespace Countersign.Server.Security;

/// <summary>Where the keys are kept (<c>Countersign:Keys</c>).</summary>
internal sealed class KeyOptions
{
    public const string Section = "Keys";

    /// <summary>What kind of store keeps the encryption keys.</summary>
    public KeyStoreType Store { get; set; } = KeyStoreType.File;

    /// <summary>
    /// The file that keeps the encryption keys once there is more than one. It is made by the first <c>countersign keys rotate</c>; from
    /// then on it alone counts, and <c>EncryptionKey</c> may be left out.
    /// </summary>
    /// <value>Not set: <c>EncryptionKey</c> is the only key and cannot be replaced.</value>
    public string? File { get; set; }

    public override string ToString() => Store.ToString();
}

internal enum KeyStoreType
{
    File,
}

internal sealed class KeyOptionsValidator : IValidateOptions<KeyOptions>
{
    public ValidateOptionsResult Validate(string? name, KeyOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        if (options.File is { } file && !IsPath(file))
        {
            problems.AddError(
                "Countersign:Keys:File must be the path of a file in a folder that is there, such as /etc/countersign/keys.json.");
        }
        return problems.Build();
    }

    private static bool IsPath(string file) =>
        file.IndexOfAny(Path.GetInvalidPathChars()) < 0 && Path.GetFileName(file).Length > 0 && !Directory.Exists(file)
        && Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder && Directory.Exists(folder);
}
