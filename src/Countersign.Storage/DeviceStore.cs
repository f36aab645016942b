using System.Data.Common;
using Countersign.Core;
using Countersign.Core.Devices;

namespace Countersign.Storage;

/// <summary>
/// Nothing of a device is secret: the private half of its key never leaves the browser. Its key and whose it is are bound to it by seals;
/// one that is not as it was written is not there.
/// </summary>
internal sealed class DeviceStore(IDatabase database, RowSeals rows, EventOutbox outbox, TimeProvider time) : IDeviceStore
{
    /// <summary>True of a row of <c>devices d</c> within a horizon (<see cref="ValuesOf(KeyHorizon)"/>).</summary>
    internal const string IsWithin =
        "COALESCE(d.ages_from, d.created_at) > @made_after AND COALESCE(d.last_used_at, d.created_at) > @used_after";

    private const string Columns =
        "id, project_id, key_id, public_key, created_at, identity_id, is_revoked, vouched_by, kept_until, last_used_at, ages_from, "
            + "seal, tie_seal";

    public Task AddAsync(Device device, CancellationToken cancellationToken) =>
        database.WriteAsync(
            [
                new Statement(
                    """
                    INSERT INTO devices
                        (id, project_id, key_id, public_key, created_at, identity_id, is_revoked, vouched_by, kept_until, last_used_at,
                         ages_from, seal, tie_seal)
                    VALUES
                        (@id, @project_id, @key_id, @public_key, @created_at, @identity_id, @is_revoked, @vouched_by, @kept_until,
                         @last_used_at, @ages_from, @seal, @tie_seal)
                    ON CONFLICT (id) DO NOTHING
                    """,
                    ValuesOf(device, rows)),
            ],
            cancellationToken);

    public Task<Device?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        database.FindAsync(
            new Statement($"SELECT {Columns} FROM devices WHERE id = @id", ("@id", id.ToByteArray(bigEndian: true))),
            Intact,
            cancellationToken);

    public async Task<bool> TryBindAsync(Guid id, Guid? from, Guid to, CancellationToken cancellationToken)
    {
        while (true)
        {
            // An identity may have been joined with an older one of its line since it was read, and may be while this one is.
            var stays = await NamedAsync(to, cancellationToken);
            if (await TryBindAsync(id, from, to, stays, cancellationToken))
            {
                return true;
            }
            if ((await NamedAsync(to, cancellationToken)).AsSpan().SequenceEqual(stays))
            {
                return false;
            }
        }
    }

    private async Task<bool> TryBindAsync(Guid id, Guid? from, Guid to, byte[] stays, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    """
                    UPDATE devices
                    SET identity_id = @stays, tie_seal = @tie_seal
                    WHERE id = @id AND is_revoked = 0 AND COALESCE(identity_id, @none) = @from
                      AND COALESCE((SELECT alias.identity_id FROM identity_aliases alias WHERE alias.id = @to), @to) = @stays
                      AND EXISTS (SELECT 1 FROM identities WHERE identities.id = @stays AND identities.left_at IS NULL)
                      AND (identity_id IS NOT NULL
                           OR NOT EXISTS (SELECT 1 FROM devices voucher WHERE voucher.id = devices.vouched_by AND voucher.is_revoked = 1))
                    """,
                    ("@stays", stays),
                    ("@tie_seal", TieOf(rows, id.ToByteArray(bigEndian: true), stays)),
                    ("@id", id.ToByteArray(bigEndian: true)),
                    ("@none", Guid.Empty.ToByteArray(bigEndian: true)),
                    ("@from", (from ?? Guid.Empty).ToByteArray(bigEndian: true)),
                    ("@to", to.ToByteArray(bigEndian: true))),
            ],
            cancellationToken);
        return outcomes[0].Changed == 1;
    }

    /// <summary>The identity that answers for this one: mostly itself.</summary>
    private async Task<byte[]> NamedAsync(Guid identity, CancellationToken cancellationToken)
    {
        var id = identity.ToByteArray(bigEndian: true);
        return await database.FindAsync(
            new Statement("SELECT id, project_id, identity_id, seal FROM identity_aliases WHERE id = @id", ("@id", id)),
            rows.Checked(row => row.GetFieldValue<byte[]>(2), BoundColumns.Aliases), cancellationToken) ?? id;
    }

    /// <summary>Binds a device to whose it is.</summary>
    internal static byte[]? TieOf(RowSeals rows, byte[] device, byte[] identity) =>
        rows.SealOf(BoundColumns.Ties, [("@id", device), ("@identity_id", identity)]);

    public Task KeepAsync(Guid id, DateTimeOffset until, CancellationToken cancellationToken) =>
        database.WriteAsync(
            [
                new Statement(
                    "UPDATE devices SET kept_until = @until WHERE id = @id AND identity_id IS NULL AND COALESCE(kept_until, 0) < @until",
                    ("@until", until.ToUnixTimeMilliseconds()),
                    ("@id", id.ToByteArray(bigEndian: true))),
            ],
            cancellationToken);

    public async Task<bool> HasAnyAsync(Guid identity, KeyHorizon horizon, CancellationToken cancellationToken) =>
        (await database.ReadAsync(
            new Statement(
                $"""
                SELECT {Columns} FROM devices d WHERE d.is_revoked = 0 AND {IsWithin} AND d.identity_id IN (
                    SELECT @identity_id
                    UNION ALL
                    SELECT alias.id FROM identity_aliases alias WHERE alias.identity_id = @identity_id)
                ORDER BY d.created_at DESC LIMIT 20
                """,
                [("@identity_id", identity.ToByteArray(bigEndian: true)), .. ValuesOf(horizon)]),
            Intact,
            cancellationToken)).Any(device => device is not null);

    public async Task<IReadOnlyList<HeldDevice>> OfIdentityAsync(Guid identity, int limit, CancellationToken cancellationToken)
    {
        var devices = await database.ReadAsync(
            new Statement(
                $"""
                SELECT {Columns}, (SELECT COUNT(*) FROM passkeys WHERE passkeys.device_id = devices.id) FROM devices
                WHERE identity_id IN (
                    SELECT @identity_id
                    UNION ALL
                    SELECT alias.id FROM identity_aliases alias WHERE alias.identity_id = @identity_id)
                ORDER BY is_revoked, created_at DESC, id LIMIT @limit
                """,
                ("@identity_id", identity.ToByteArray(bigEndian: true)),
                ("@limit", limit)),
            row => Intact(row) is { } device ? new HeldDevice(device, (int)row.GetInt64(13)) : null,
            cancellationToken);
        return [.. devices.OfType<HeldDevice>()];
    }

    public Task UseAsync(Guid id, DateTimeOffset at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            [
                new Statement(
                    "UPDATE devices SET last_used_at = @at WHERE id = @id AND COALESCE(last_used_at, created_at) < @at",
                    ("@at", at.ToUnixTimeMilliseconds()),
                    ("@id", id.ToByteArray(bigEndian: true))),
            ],
            cancellationToken);

    public async Task<int> RemoveUntiedAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [
                // A flow may tie a device in the same moment in which the person loses their number. That is over with the flow's life; a
                // week is for a server that stood still.
                new Statement(
                    """
                    UPDATE devices SET identity_id = NULL, tie_seal = NULL, kept_until = @kept_until WHERE identity_id IN (
                        SELECT id FROM identities WHERE left_at > @week_ago
                        UNION ALL
                        SELECT other.id FROM identity_aliases other JOIN identities i ON i.id = other.identity_id
                        WHERE i.left_at > @week_ago)
                    """,
                    ("@kept_until", IdentityStore.KeptUntied(now)),
                    ("@week_ago", (now - TimeSpan.FromDays(7)).ToUnixTimeMilliseconds())),
                new Statement(
                    """
                    DELETE FROM passkeys WHERE device_id IN (
                        SELECT id FROM devices WHERE identity_id IS NULL AND COALESCE(kept_until, created_at + 3600000) <= @now
                        ORDER BY COALESCE(kept_until, created_at + 3600000) LIMIT @limit)
                    """,
                    ("@now", now.ToUnixTimeMilliseconds()),
                    ("@limit", limit)),
                // What another call tied or touched in between moves the rows behind it up: those still have their passkeys and are left
                // for the next time.
                new Statement(
                    """
                    DELETE FROM devices WHERE id IN (
                        SELECT id FROM devices WHERE identity_id IS NULL AND COALESCE(kept_until, created_at + 3600000) <= @now
                        ORDER BY COALESCE(kept_until, created_at + 3600000) LIMIT @limit)
                      AND identity_id IS NULL
                      AND NOT EXISTS (SELECT 1 FROM passkeys WHERE passkeys.device_id = devices.id)
                    """,
                    ("@now", now.ToUnixTimeMilliseconds()),
                    ("@limit", limit)),
            ],
            cancellationToken);
        return outcomes[2].Changed;
    }

    public async Task<bool> RevokeAsync(Guid id, ProjectId projectId, CancellationToken cancellationToken)
    {
        (string Name, SqlValue Value)[] place = [("@id", id.ToByteArray(bigEndian: true)), ("@project_id", projectId)];
        var outcomes = await database.WriteAsync(
            [
                // Takes the row: who revokes it at the same time finds it revoked.
                new Statement("UPDATE devices SET is_revoked = 0 WHERE id = @id AND project_id = @project_id AND is_revoked = 0", place),
                .. outbox.Insert(
                    [NewsOf(id, projectId)],
                    "EXISTS (SELECT 1 FROM devices WHERE id = @id AND project_id = @project_id AND is_revoked = 0)", place),
                new Statement("UPDATE devices SET is_revoked = 1, seal = NULL WHERE id = @id AND project_id = @project_id", place),
                // Whoever holds the passkey would bring in the next key with it. Keys that other browsers have stay: each is a device of
                // its own.
                ForgetPasskeys(id, projectId),
            ],
            cancellationToken);
        return outcomes[^2].Changed == 1;
    }

    private Announcement NewsOf(Guid revoked, ProjectId project)
    {
        var now = time.GetUtcNow();
        return new Announcement
        {
            Id = Guid.CreateVersion7(now), Type = AnnouncementType.DeviceRevoked, At = now, Project = project, Device = revoked,
        };
    }

    public Task ForgetPasskeysAsync(Guid id, ProjectId projectId, CancellationToken cancellationToken) =>
        database.WriteAsync([ForgetPasskeys(id, projectId)], cancellationToken);

    private static Statement ForgetPasskeys(Guid id, ProjectId projectId) => new(
        """
        DELETE FROM passkeys
        WHERE project_id = @project_id
          AND (device_id = @id OR device_id = (SELECT vouched_by FROM devices WHERE id = @id AND project_id = @project_id))
        """,
        ("@project_id", projectId),
        ("@id", id.ToByteArray(bigEndian: true)));

    /// <summary>All columns of a row, named as they are.</summary>
    internal static (string Name, SqlValue Value)[] ValuesOf(Device device, RowSeals rows)
    {
        var values = ValuesOf(device);
        (string Name, SqlValue Value)[] seals =
            [("@seal", rows.SealOf(BoundColumns.Devices, values)), ("@tie_seal", rows.SealOf(BoundColumns.Ties, values))];
        return [.. values, .. seals];
    }

    private static (string Name, SqlValue Value)[] ValuesOf(Device device) =>
    [
        ("@id", device.Id.ToByteArray(bigEndian: true)),
        ("@project_id", device.ProjectId),
        // Columns that existed before passkeys, and take no null.
        ("@key_id", device.KeyId ?? ""),
        ("@public_key", device.PublicKey ?? []),
        ("@created_at", device.CreatedAt.ToUnixTimeMilliseconds()),
        ("@identity_id", device.IdentityId?.ToByteArray(bigEndian: true)),
        ("@is_revoked", device.IsRevoked ? 1 : 0),
        ("@vouched_by", device.VouchedBy?.ToByteArray(bigEndian: true)),
        ("@kept_until", device.KeptUntil?.ToUnixTimeMilliseconds()),
        ("@last_used_at", device.LastUsedAt?.ToUnixTimeMilliseconds()),
        ("@ages_from", device.AgesFrom?.ToUnixTimeMilliseconds()),
    ];

    internal static (string Name, SqlValue Value)[] ValuesOf(KeyHorizon horizon) =>
    [
        ("@made_after", horizon.MadeAfter.ToUnixTimeMilliseconds()),
        ("@used_after", horizon.UsedAfter.ToUnixTimeMilliseconds()),
    ];

    /// <summary>The device, if it is as it was written.</summary>
    private Device? Intact(DbDataReader row) =>
        rows.Accepts(BoundColumns.Devices, row) && rows.Accepts(BoundColumns.Ties, row) ? Read(row) : null;

    private static Device Read(DbDataReader row) => new(
        new Guid(row.GetFieldValue<byte[]>(0), bigEndian: true),
        ProjectId.Parse(row.GetString(1)),
        row.GetString(2) is { Length: > 0 } keyId ? keyId : null,
        row.GetFieldValue<byte[]>(3) is { Length: > 0 } publicKey ? publicKey : null,
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)),
        row.IsDBNull(5) ? null : new Guid(row.GetFieldValue<byte[]>(5), bigEndian: true),
        row.GetInt64(6) == 1,
        row.IsDBNull(7) ? null : new Guid(row.GetFieldValue<byte[]>(7), bigEndian: true),
        MomentOf(row, 8), MomentOf(row, 9), MomentOf(row, 10));

    private static DateTimeOffset? MomentOf(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
