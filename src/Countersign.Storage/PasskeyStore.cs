using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Countersign.Core;
using Countersign.Core.Devices;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>An owner is a device: its id is what the authenticator keeps beside the key.</summary>
internal sealed class PasskeyStore(IDatabase database, Sealer sealer, RowSeals rows) : IPasskeyStore
{
    private const string Columns = "p.credential_id, p.device_id, p.sign_count, p.body, p.project_id, p.rp_id, p.created_at, p.seal";

    public async Task<bool> TryAddAsync(Device owner, string domain, Passkey passkey, CancellationToken cancellationToken)
    {
        if (passkey.Owner != Print(owner.Id))
        {
            throw new ArgumentException("The passkey has another owner.", nameof(passkey));
        }

        (string Name, SqlValue Value)[] values =
        [
            ("@credential_id", passkey.CredentialId),
            ("@project_id", owner.ProjectId),
            ("@device_id", owner.Id.ToByteArray(bigEndian: true)),
            ("@rp_id", domain),
            ("@sign_count", passkey.Counter),
            ("@created_at", owner.CreatedAt.ToUnixTimeMilliseconds()),
            ("@body", Seal(passkey)),
        ];
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    """
                    INSERT INTO passkeys (credential_id, project_id, device_id, rp_id, sign_count, created_at, body, seal)
                    VALUES (@credential_id, @project_id, @device_id, @rp_id, @sign_count, @created_at, @body, @seal)
                    ON CONFLICT (credential_id) DO NOTHING
                    """,
                    [.. values, ("@seal", rows.SealOf(BoundColumns.Passkeys, values))]),
                new Statement(
                    """
                    INSERT INTO devices
                        (id, project_id, key_id, public_key, created_at, identity_id, is_revoked, vouched_by, kept_until, last_used_at,
                         ages_from, seal, tie_seal)
                    SELECT
                        @id, @project_id, @key_id, @public_key, @created_at, @identity_id, @is_revoked, @vouched_by, @kept_until,
                        @last_used_at, @ages_from, @seal, @tie_seal
                    WHERE EXISTS (SELECT 1 FROM passkeys WHERE device_id = @id)
                    ON CONFLICT (id) DO NOTHING
                    """,
                    DeviceStore.ValuesOf(owner, rows)),
            ],
            cancellationToken);
        return outcomes[0].Changed == 1;
    }

    public Task<Passkey?> FindAsync(
        ProjectId projectId, string domain, byte[] credentialId, KeyHorizon horizon, CancellationToken cancellationToken) =>
        database.FindAsync(
            new Statement(
                $"""
                SELECT {Columns} FROM passkeys p JOIN devices d ON d.id = p.device_id
                WHERE p.credential_id = @credential_id AND p.project_id = @project_id AND p.rp_id = @rp_id AND d.is_revoked = 0
                  AND {DeviceStore.IsWithin}
                """,
                [("@credential_id", credentialId), ("@project_id", projectId), ("@rp_id", domain), .. DeviceStore.ValuesOf(horizon)]),
            rows.Checked(Read, BoundColumns.Passkeys),
            cancellationToken);

    public async Task<IReadOnlyList<Passkey>> OfIdentityAsync(
        ProjectId projectId, string domain, Guid identity, KeyHorizon horizon, int limit, CancellationToken cancellationToken) =>
        await ListAsync(
            new Statement(
                $"""
                SELECT {Columns} FROM passkeys p JOIN devices d ON d.id = p.device_id
                WHERE d.identity_id IN (
                    SELECT @identity_id
                    UNION ALL
                    SELECT id FROM identity_aliases WHERE identity_id = @identity_id)
                  AND p.project_id = @project_id AND p.rp_id = @rp_id AND d.is_revoked = 0
                  AND {DeviceStore.IsWithin}
                ORDER BY p.created_at DESC, p.credential_id LIMIT @limit
                """,
                [
                    ("@identity_id", identity.ToByteArray(bigEndian: true)), ("@project_id", projectId), ("@rp_id", domain),
                    ("@limit", limit), .. DeviceStore.ValuesOf(horizon),
                ]),
            cancellationToken);

    public async Task<IReadOnlyList<Passkey>> OfDeviceAsync(
        ProjectId projectId, string domain, Guid device, KeyHorizon horizon, int limit, CancellationToken cancellationToken) =>
        await ListAsync(
            new Statement(
                $"""
                SELECT {Columns} FROM passkeys p JOIN devices d ON d.id = p.device_id
                WHERE p.device_id = @device_id AND p.project_id = @project_id AND p.rp_id = @rp_id AND d.is_revoked = 0
                  AND {DeviceStore.IsWithin}
                ORDER BY p.created_at DESC, p.credential_id LIMIT @limit
                """,
                [
                    ("@device_id", device.ToByteArray(bigEndian: true)), ("@project_id", projectId), ("@rp_id", domain),
                    ("@limit", limit), .. DeviceStore.ValuesOf(horizon),
                ]),
            cancellationToken);

    public async Task<bool> TryCountAsync(Passkey proven, uint formerCounter, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    """
                    UPDATE passkeys SET sign_count = @sign_count, body = @body
                    WHERE credential_id = @credential_id AND sign_count = @former
                      AND device_id IN (SELECT id FROM devices WHERE is_revoked = 0)
                    """,
                    ("@sign_count", proven.Counter),
                    ("@body", Seal(proven)),
                    ("@credential_id", proven.CredentialId),
                    ("@former", formerCounter)),
            ],
            cancellationToken);
        return outcomes[0].Changed == 1;
    }

    public Task ForgetAsync(ProjectId projectId, string domain, byte[] credentialId, CancellationToken cancellationToken) =>
        database.WriteAsync(
            [
                new Statement(
                    // The owner first, while the row still says who it is: one without a key of its own has nothing left to prove. A
                    // revoked one stays revoked.
                    """
                    DELETE FROM devices WHERE key_id = '' AND is_revoked = 0
                      AND id IN (
                        SELECT device_id FROM passkeys
                        WHERE credential_id = @credential_id AND project_id = @project_id AND rp_id = @rp_id)
                      AND NOT EXISTS (
                        SELECT 1 FROM passkeys WHERE passkeys.device_id = devices.id AND passkeys.credential_id <> @credential_id)
                    """,
                    ("@credential_id", credentialId),
                    ("@project_id", projectId),
                    ("@rp_id", domain)),
                new Statement(
                    "DELETE FROM passkeys WHERE credential_id = @credential_id AND project_id = @project_id AND rp_id = @rp_id",
                    ("@credential_id", credentialId),
                    ("@project_id", projectId),
                    ("@rp_id", domain)),
            ],
            cancellationToken);

    private async Task<IReadOnlyList<Passkey>> ListAsync(Statement statement, CancellationToken cancellationToken) =>
        [.. (await database.ReadAsync(statement, rows.Checked(Read, BoundColumns.Passkeys), cancellationToken)).OfType<Passkey>()];

    private Passkey Read(DbDataReader row)
    {
        var credentialId = row.GetFieldValue<byte[]>(0);
        var body = JsonSerializer.Deserialize(
            sealer.Open(row.GetFieldValue<byte[]>(3), PlaceOf(credentialId)), StoredJson.Default.PasskeyBody)!;
        return new Passkey(
            credentialId, body.PublicKey, Print(new Guid(row.GetFieldValue<byte[]>(1), bigEndian: true)), (uint)row.GetInt64(2),
            body.IsBackupEligible, body.IsBackedUp, body.Transports);
    }

    private byte[] Seal(Passkey passkey)
    {
        var body = new PasskeyBody(passkey.PublicKey, passkey.IsBackupEligible, passkey.IsBackedUp, passkey.Transports);
        return sealer.Seal(JsonSerializer.SerializeToUtf8Bytes(body, StoredJson.Default.PasskeyBody), PlaceOf(passkey.CredentialId));
    }

    private static string Print(Guid device) => device.ToString("D", CultureInfo.InvariantCulture);

    public static string PlaceOf(byte[] credentialId) => $"passkeys.body:{Convert.ToHexStringLower(credentialId)}";
}

/// <summary>The part of a passkey that nothing is looked up by.</summary>
internal sealed record PasskeyBody(byte[] PublicKey, bool IsBackupEligible, bool IsBackedUp, IReadOnlyList<string> Transports)
{
    public override string ToString() => "***";
}
