namespace Countersign.Storage;

/// <summary>
/// Columns of a row that decide something and stand in clear, and the column that holds their seal. Every table that has some is here: the
/// stores seal and check by it, and a change of the key brings the seals under the new one (<see cref="SealedTables"/>).
/// </summary>
/// <param name="Key">The column by which the row is named.</param>
/// <param name="Hashes">Those of the columns with a keyed hash. What is bound is the hash, whichever key it stands under.</param>
/// <param name="NeedsNone">True of a row that says nothing any more which could help anybody: it has no seal, and cannot be made to say
/// it again.</param>
internal sealed record BoundColumns(
    string Table, string Seal, string Key, string[] Columns, string[] Hashes, Func<Func<string, object?>, bool> NeedsNone)
{
    private static readonly string[] _noHash = [];

    /// <summary>The browser's key, and how old it is.</summary>
    public static BoundColumns Devices { get; } = new(
        "devices", "seal", "id", ["id", "project_id", "key_id", "public_key", "created_at", "vouched_by", "ages_from"], _noHash,
        of => of("is_revoked") is 1L);

    /// <summary>Whose the device is.</summary>
    public static BoundColumns Ties { get; } = new(
        "devices", "tie_seal", "id", ["id", "identity_id"], _noHash, of => of("identity_id") is null);

    /// <summary>Which device a passkey belongs to. What else it has is encrypted.</summary>
    public static BoundColumns Passkeys { get; } = new(
        "passkeys", "seal", "credential_id", ["credential_id", "project_id", "device_id", "rp_id", "created_at"], _noHash, _ => false);

    public static BoundColumns Aliases { get; } = new(
        "identity_aliases", "seal", "id", ["id", "project_id", "identity_id"], _noHash, _ => false);

    public static BoundColumns Clients { get; } = new(
        "clients", "seal", "id",
        ["id", "project_id", "secret_hash", "origin", "created_at", "former_secret_hash", "former_expires_at", "keys"],
        ["secret_hash", "former_secret_hash"], _ => false);

    public static BoundColumns Projects { get; } = new(
        "projects", "seal", "id", ["id", "name", "settings", "origin", "kept"], _noHash, _ => false);

    public static BoundColumns AdminKeys { get; } = new(
        "admin_keys", "seal", "name", ["name", "secret_hash", "scopes", "projects", "created_at", "created_by", "expires_at"],
        ["secret_hash"], of => of("ended_at") is not null);

    /// <summary>The place that a row's seal is for.</summary>
    public string PlaceOf(object? key) => $"{Table}.{Seal}:{NameOf(key)}";

    /// <summary>The row's id in words.</summary>
    public static string NameOf(object? key) => key is byte[] bytes ? Convert.ToHexStringLower(bytes) : $"{key}";

    public override string ToString() => nameof(BoundColumns);
}
