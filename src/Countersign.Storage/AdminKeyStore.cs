using System.Data.Common;
using Countersign.Core;
using Countersign.Core.Administration;
using Countersign.Core.Keys;

namespace Countersign.Storage;

/// <summary>Of a key's secret only the keyed hash is kept.</summary>
internal sealed class AdminKeyStore(IDatabase database, HashSealer hashes, RowSeals rows) : IAdminKeyStore
{
    private const char Between = ' ';

    public async Task<bool> TryAddAsync(AdminKey key, CancellationToken cancellationToken)
    {
        (string Name, SqlValue Value)[] values =
        [
            ("@name", key.Name),
            ("@secret_hash", hashes.Seal(key.Hash.ToBytes())),
            ("@scopes", string.Join(Between, key.Rights.Scopes.Select(AdminScopes.WordOf))),
            ("@projects", key.Rights.Projects is { } projects ? string.Join(Between, projects) : null),
            ("@created_at", key.CreatedAt.ToUnixTimeMilliseconds()),
            ("@created_by", key.CreatedBy),
            ("@expires_at", key.ExpiresAt?.ToUnixTimeMilliseconds()),
            ("@ended_at", key.EndedAt?.ToUnixTimeMilliseconds()),
        ];
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    """
                    INSERT INTO admin_keys (name, secret_hash, scopes, projects, created_at, created_by, expires_at, ended_at, seal)
                    VALUES (@name, @secret_hash, @scopes, @projects, @created_at, @created_by, @expires_at, @ended_at, @seal)
                    ON CONFLICT (name) DO NOTHING
                    """,
                    [.. values, ("@seal", rows.SealOf(BoundColumns.AdminKeys, values))]),
            ],
            cancellationToken);
        return outcomes[0].Changed == 1;
    }

    public async Task<IReadOnlyList<AdminKey>> ListAsync(CancellationToken cancellationToken)
    {
        var keys = await database.ReadAsync(
            new Statement(
                "SELECT name, secret_hash, scopes, projects, created_at, created_by, expires_at, ended_at, seal FROM admin_keys"),
            rows.Checked(Read, BoundColumns.AdminKeys),
            cancellationToken);
        // Not by the database: each has an order of letters of its own.
        return [.. keys.OfType<AdminKey>().OrderBy(key => key.Name, StringComparer.Ordinal)];
    }

    public async Task<bool> TryEndAsync(string name, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    "UPDATE admin_keys SET ended_at = @ended_at, seal = NULL WHERE name = @name AND ended_at IS NULL",
                    ("@ended_at", at.ToUnixTimeMilliseconds()),
                    ("@name", name)),
            ],
            cancellationToken);
        return outcomes[0].Changed == 1;
    }

    /// <summary>
    /// Takes a project from the keys that are limited to it. Apart from it the key stays: one without a project keeps to none, and not to
    /// all.
    /// </summary>
    public static async Task LeaveAsync(IDatabase database, RowSeals rows, ProjectId projectId, CancellationToken cancellationToken)
    {
        // Until none is left: another project may leave the same key at the same time.
        while (await LeavingAsync(database, rows, projectId, cancellationToken) is { Count: > 0 } leaving)
        {
            await database.WriteAsync([.. leaving], cancellationToken);
        }
    }

    private static async Task<IReadOnlyList<Statement>> LeavingAsync(
        IDatabase database, RowSeals rows, ProjectId projectId, CancellationToken cancellationToken)
    {
        var bound = BoundColumns.AdminKeys;
        var keys = await database.ReadAsync(
            new Statement(
                "SELECT name, secret_hash, scopes, projects, created_at, created_by, expires_at, ended_at, seal FROM admin_keys "
                    + "WHERE ' ' || projects || ' ' LIKE '% ' || @project_id || ' %' AND ended_at IS NULL",
                ("@project_id", projectId)),
            row => rows.Accepts(bound, row)
                ? Enumerable.Range(0, row.FieldCount)
                    .ToDictionary(row.GetName, i => row.IsDBNull(i) ? null : row.GetValue(i), StringComparer.Ordinal)
                : null,
            cancellationToken);
        return keys.OfType<Dictionary<string, object?>>().Select(key =>
        {
            var before = (string)key["projects"]!;
            var left = string.Join(Between, WordsOf(before).Where(word => word != projectId.ToString()));
            key["projects"] = left;
            return new Statement(
                """
                UPDATE admin_keys SET projects = @projects, seal = @seal
                WHERE name = @name AND projects = @before AND ended_at IS NULL
                    AND (seal = @read_seal OR (seal IS NULL AND @read_seal IS NULL))
                """,
                ("@projects", left),
                ("@read_seal", (byte[]?)key["seal"]),
                ("@seal", rows.SealOf(bound, column => key[column])),
                ("@name", (string)key["name"]!),
                ("@before", before));
        }).ToList();
    }

    private AdminKey Read(DbDataReader row) => new(
        row.GetString(0), new SecretHash(Convert.ToHexStringLower(hashes.Open(row.GetFieldValue<byte[]>(1)))), RightsOf(row),
        TimeOf(row, 4)!.Value, row.GetString(5))
    {
        ExpiresAt = TimeOf(row, 6),
        EndedAt = TimeOf(row, 7),
    };

    private static AdminRights RightsOf(DbDataReader row) => new(
        // A scope that a newer version has given means nothing here.
        [.. WordsOf(row.GetString(2)).Select(AdminScopes.Find).OfType<AdminScope>()],
        row.IsDBNull(3) ? null : [.. WordsOf(row.GetString(3)).Select(ProjectId.Parse)]);

    private static string[] WordsOf(string text) => text.Split(Between, StringSplitOptions.RemoveEmptyEntries);

    private static DateTimeOffset? TimeOf(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
