using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Domains;
using Countersign.Core.Keys;
using Countersign.Core.Projects;

namespace Countersign.Storage;

/// <summary>
/// Settings are in clear: they describe a relying party, not a person. Of a client's secrets only the keyed hashes are kept. Rows have
/// seals; one that is not as it was written is not there.
/// </summary>
internal sealed partial class ProjectStore(
    IDatabase database, SecretHasher hasher, HashSealer hashes, StricterDefaults stricter, RowSeals rows,
    ILineKeys lines) : IProjectStore
{
    private const string ClientColumns =
        "id, project_id, secret_hash, origin, created_at, former_secret_hash, former_expires_at, keys, seal";

    private const string ProjectColumns = "id, name, settings, origin, kept, seal";

    public Task PutAsync(Project project, CancellationToken cancellationToken) =>
        database.WriteAsync(
            [
                new Statement(
                    """
                    INSERT INTO projects (id, name, settings, origin, kept, pcid, issuer_id, seal)
                    VALUES (@id, @name, @settings, @origin, @kept, @pcid, @issuer_id, @seal)
                    ON CONFLICT (id) DO UPDATE
                    SET name = excluded.name, settings = excluded.settings, origin = excluded.origin, kept = excluded.kept,
                        seal = excluded.seal
                    """,
                    Values(project)),
            ],
            cancellationToken);

    public async Task<bool> TryAddAsync(Project project, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    """
                    INSERT INTO projects (id, name, settings, origin, kept, pcid, issuer_id, seal)
                    VALUES (@id, @name, @settings, @origin, @kept, @pcid, @issuer_id, @seal)
                    ON CONFLICT (id) DO NOTHING
                    """,
                    Values(project)),
            ],
            cancellationToken);
        return outcomes[0].Changed == 1
            || (await FindStoredAsync(project.Id, cancellationToken) is { Project: null } refused
                && await TryReplaceAsync(project, refused.Seal, cancellationToken));
    }

    public async Task<bool> TryChangeAsync(ProjectId projectId, Func<Project, Project?> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await FindStoredAsync(projectId, cancellationToken) is not { Project: { } present } read
                || change(present) is not { } changed)
            {
                return false;
            }
            if (await TryReplaceAsync(changed, read.Seal, cancellationToken))
            {
                return true;
            }
        }
    }

    private async Task<bool> TryReplaceAsync(Project project, byte[]? readSeal, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    """
                    UPDATE projects SET name = @name, settings = @settings, origin = @origin, kept = @kept, seal = @seal
                    WHERE id = @id AND (seal = @read_seal OR (seal IS NULL AND @read_seal IS NULL))
                    """,
                    [.. Changes(project), Values(project)[^1], ("@id", project.Id), ("@read_seal", readSeal)]),
            ],
            cancellationToken);
        return outcomes[0].Changed == 1;
    }

    /// <summary>A row with its seal; without its project where it is refused.</summary>
    private async Task<(Project? Project, byte[]? Seal)?> FindStoredAsync(ProjectId projectId, CancellationToken cancellationToken)
    {
        var found = await database.ReadAsync(
            new Statement($"SELECT {ProjectColumns} FROM projects WHERE id = @id", ("@id", projectId)),
            row => (
                Project: rows.Accepts(BoundColumns.Projects, row) ? ReadProject(row) : null,
                Seal: row.IsDBNull(5) ? null : row.GetFieldValue<byte[]>(5)),
            cancellationToken);
        return found is [var stored] ? stored : null;
    }

    public Task PutAsync(ApiClient client, CancellationToken cancellationToken) =>
        database.WriteAsync(
            [
                new Statement(
                    """
                    INSERT INTO clients
                        (id, project_id, secret_hash, origin, created_at, former_secret_hash, former_expires_at, keys, seal)
                    VALUES (@id, @project_id, @secret_hash, @origin, @created_at, @former_secret_hash, @former_expires_at, @keys, @seal)
                    ON CONFLICT (id) DO UPDATE
                    SET project_id = excluded.project_id, secret_hash = excluded.secret_hash, origin = excluded.origin,
                        created_at = excluded.created_at, former_secret_hash = excluded.former_secret_hash,
                        former_expires_at = excluded.former_expires_at, keys = excluded.keys, seal = excluded.seal
                    """,
                    Values(client)),
            ],
            cancellationToken);

    public async Task<bool> TryAddAsync(ApiClient client, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    """
                    INSERT INTO clients
                        (id, project_id, secret_hash, origin, created_at, former_secret_hash, former_expires_at, keys, seal)
                    VALUES (@id, @project_id, @secret_hash, @origin, @created_at, @former_secret_hash, @former_expires_at, @keys, @seal)
                    ON CONFLICT (id) DO NOTHING
                    """,
                    Values(client)),
            ],
            cancellationToken);
        return outcomes[0].Changed == 1
            || (await FindStoredAsync(client.Id, cancellationToken) is { Client: null } refused
                && await TryReplaceAsync(client, refused.SecretHash, refused.Seal, cancellationToken));
    }

    private async Task<bool> TryReplaceAsync(ApiClient client, byte[] readHash, byte[]? readSeal, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [
                new Statement(
                    """
                    UPDATE clients
                    SET project_id = @project_id, secret_hash = @secret_hash, origin = @origin, created_at = @created_at,
                        former_secret_hash = @former_secret_hash, former_expires_at = @former_expires_at, keys = @keys, seal = @seal
                    WHERE id = @id AND secret_hash = @read_hash AND (seal = @read_seal OR (seal IS NULL AND @read_seal IS NULL))
                    """,
                    [.. Values(client), ("@read_hash", readHash), ("@read_seal", readSeal)]),
            ],
            cancellationToken);
        return outcomes[0].Changed == 1;
    }

    public Task<bool> TryRotateAsync(ApiClient client, SecretHash read, CancellationToken cancellationToken) => TryChangeAsync(
        client.Id, former => former.Secret == read ? former with { Secret = client.Secret, Former = client.Former } : null,
        cancellationToken);

    public Task<bool> TrySetKeysAsync(ClientId clientId, ClientKeys keys, CancellationToken cancellationToken) =>
        TryChangeAsync(clientId, former => former with { Keys = keys }, cancellationToken);

    /// <summary>Changes a client as it stands: what others change at the same time is another part of it, and stays.</summary>
    /// <param name="change">Null to leave it as it is.</param>
    private async Task<bool> TryChangeAsync(
        ClientId clientId, Func<ApiClient, ApiClient?> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await FindStoredAsync(clientId, cancellationToken) is not { Client: { } client } read || change(client) is not { } changed)
            {
                return false;
            }
            if (await TryReplaceAsync(changed, read.SecretHash, read.Seal, cancellationToken))
            {
                return true;
            }
        }
    }

    /// <summary>A row with what it is told by; without its client where it is refused.</summary>
    private async Task<(ApiClient? Client, byte[] SecretHash, byte[]? Seal)?> FindStoredAsync(
        ClientId clientId, CancellationToken cancellationToken)
    {
        var found = await database.ReadAsync(
            new Statement($"SELECT {ClientColumns} FROM clients WHERE id = @id", ("@id", clientId)),
            row => (
                Client: rows.Accepts(BoundColumns.Clients, row) ? ReadClient(row) : null, SecretHash: row.GetFieldValue<byte[]>(2),
                Seal: row.IsDBNull(8) ? null : row.GetFieldValue<byte[]>(8)),
            cancellationToken);
        return found is [var stored] ? stored : null;
    }

    public Task<Project?> FindProjectAsync(ProjectId projectId, CancellationToken cancellationToken) =>
        database.FindAsync(
            new Statement($"SELECT {ProjectColumns} FROM projects WHERE id = @id", ("@id", projectId)),
            rows.Checked(ReadProject, BoundColumns.Projects), cancellationToken);

    public async Task<IReadOnlyList<Project>> ListProjectsAsync(CancellationToken cancellationToken) =>
    [
        .. (await database.ReadAsync(
            new Statement($"SELECT {ProjectColumns} FROM projects ORDER BY id"), rows.Checked(ReadProject, BoundColumns.Projects),
            cancellationToken)).OfType<Project>(),
    ];

    public async Task StoreKeptAsync(CancellationToken cancellationToken)
    {
        var stored = await database.ReadAsync(
            new Statement($"SELECT {ProjectColumns} FROM projects ORDER BY id"),
            row => (
                Project: rows.Accepts(BoundColumns.Projects, row) ? ReadProject(row) : null, Settings: row.GetString(2),
                Kept: row.GetString(4), Seal: row.IsDBNull(5) ? null : row.GetFieldValue<byte[]>(5)),
            cancellationToken);
        foreach (var row in stored)
        {
            if (row.Project is not { } project || KeptOf(row.Kept).Count >= project.Kept.Count)
            {
                continue;
            }
            // If the row has changed since, another node was first; or an older server wrote it, and then it is stored at the next start.
            // It is read alike.
            await database.WriteAsync(
                [
                    new Statement(
                        """
                        UPDATE projects SET name = @name, settings = @settings, origin = @origin, kept = @kept, seal = @seal
                        WHERE id = @id AND settings = @read_settings AND kept = @read_kept
                            AND (seal = @read_seal OR (seal IS NULL AND @read_seal IS NULL))
                        """,
                        [
                            .. Changes(project), Values(project)[^1], ("@id", project.Id), ("@read_settings", row.Settings),
                            ("@read_kept", row.Kept), ("@read_seal", row.Seal),
                        ]),
                ],
                cancellationToken);
        }
    }

    public Task<ApiClient?> FindClientAsync(ClientId clientId, CancellationToken cancellationToken) =>
        database.FindAsync(
            new Statement(
                $"SELECT {ClientColumns} FROM clients WHERE id = @id",
                ("@id", clientId)),
            rows.Checked(ReadClient, BoundColumns.Clients),
            cancellationToken);

    public async Task<IReadOnlyList<ApiClient>> ListClientsAsync(ProjectId? projectId, CancellationToken cancellationToken)
    {
        var clients = await database.ReadAsync(
            new Statement(
                $"SELECT {ClientColumns} FROM clients ORDER BY id"),
            rows.Checked(ReadClient, BoundColumns.Clients),
            cancellationToken);
        return [.. clients.OfType<ApiClient>().Where(client => projectId is null || client.ProjectId == projectId)];
    }

    public async Task<bool> RemoveClientAsync(ClientId clientId, CancellationToken cancellationToken)
    {
        var outcomes = await database.WriteAsync(
            [new Statement("DELETE FROM clients WHERE id = @id", ("@id", clientId))], cancellationToken);
        return outcomes[0].Changed == 1;
    }

    // The ids for other projects are those of a new project: one that is there already keeps its own.
    private (string Name, SqlValue Value)[] Values(Project project)
    {
        (string Name, SqlValue Value)[] bound = [("@id", project.Id), .. Changes(project)];
        return [.. bound, .. IdsOf(DomainIds.Of(project.Id, hasher)), ("@seal", rows.SealOf(BoundColumns.Projects, bound))];
    }

    private (string Name, SqlValue Value)[] Changes(Project project) =>
    [
        ("@name", project.Name),
        ("@settings", ToJson(project.Settings)),
        ("@origin", (long)project.Origin),
        ("@kept", KeptToJson(project)),
    ];

    private static string ToJson(ProjectSettings settings) => JsonSerializer.Serialize(settings, StoredJson.Default.ProjectSettings);

    private string KeptToJson(Project project) => JsonSerializer.Serialize(
        new SortedDictionary<string, bool>(stricter.Written(project).Kept.ToDictionary(), StringComparer.Ordinal),
        StoredJson.Default.SortedDictionaryStringBoolean);

    private static (string Name, SqlValue Value)[] IdsOf(DomainIds ids) =>
        [("@pcid", ids.Pcid.ToByteArray(bigEndian: true)), ("@issuer_id", ids.IssuerId.ToByteArray(bigEndian: true))];

    private byte[]? FormerHashOf(ApiClient client) => client.Former is { } former ? hashes.Seal(former.Secret.ToBytes()) : null;

    private (string Name, SqlValue Value)[] Values(ApiClient client)
    {
        var values = BoundValues(client);
        return [.. values, ("@seal", rows.SealOf(BoundColumns.Clients, values))];
    }

    private (string Name, SqlValue Value)[] BoundValues(ApiClient client) =>
    [
        ("@id", client.Id),
        ("@project_id", client.ProjectId),
        ("@secret_hash", hashes.Seal(client.Secret.ToBytes())),
        ("@origin", (long)client.Origin),
        ("@created_at", client.CreatedAt?.ToUnixTimeMilliseconds()),
        ("@former_secret_hash", FormerHashOf(client)),
        ("@former_expires_at", client.Former?.ExpiresAt.ToUnixTimeMilliseconds()),
        ("@keys", Stored(client.Keys)),
    ];

    private static string? Stored(ClientKeys keys) => keys.Keys.Count == 0 ? null : keys.Json;

    // What was taken once is read for ever: a rule that became stricter must not make a client unreadable.
    private static ClientKeys ReadKeys(DbDataReader row, int column) =>
        row.IsDBNull(column) ? ClientKeys.None : ClientKeys.Parse(row.GetString(column)).Keys ?? ClientKeys.None;

    private Project ReadProject(DbDataReader row)
    {
        using var stored = JsonDocument.Parse(row.GetString(2));
        var project = new Project(ProjectId.Parse(row.GetString(0)), row.GetString(1), ReadSettings(stored.RootElement))
        {
            Origin = (ProjectOrigin)row.GetInt64(3),
            Kept = KeptOf(row.GetString(4)),
        };
        return stricter.Read(project, isStored: name =>
            stored.RootElement.TryGetProperty(JsonNamingPolicy.CamelCase.ConvertName(name), out _));
    }

    private static SortedDictionary<string, bool> KeptOf(string json) =>
        JsonSerializer.Deserialize(json, StoredJson.Default.SortedDictionaryStringBoolean)!;

    private ApiClient ReadClient(DbDataReader row) =>
        new(ClientId.Parse(row.GetString(0)), ProjectId.Parse(row.GetString(1)), ReadHash(row, 2))
    {
        Origin = (ProjectOrigin)row.GetInt64(3),
        CreatedAt = row.IsDBNull(4) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)),
        Former = row.IsDBNull(5) ? null : new FormerSecret(ReadHash(row, 5), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6))),
        Keys = ReadKeys(row, 7),
    };

    private SecretHash ReadHash(DbDataReader row, int column) =>
        new(Convert.ToHexStringLower(hashes.Open(row.GetFieldValue<byte[]>(column))));

    /// <summary>
    /// A setting that did not exist when the project was stored has its default; see <see cref="StoredJson"/> for why it must be laid
    /// under.
    /// </summary>
    private static ProjectSettings ReadSettings(JsonElement stored)
    {
        var settings = JsonSerializer.SerializeToNode(new ProjectSettings(), StoredJson.Default.ProjectSettings)!.AsObject();
        foreach (var setting in stored.EnumerateObject())
        {
            settings[setting.Name] = JsonNode.Parse(setting.Value.GetRawText());
        }
        return settings.Deserialize(StoredJson.Default.ProjectSettings)!;
    }
}
