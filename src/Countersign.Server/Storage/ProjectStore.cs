using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Projects;

namespace Countersign.Server.Storage;

/// <summary>Settings are in clear: they describe a relying party, not a person. Of a client's secret only the keyed hash is kept.</summary>
internal sealed class ProjectStore(IDatabase database) : IProjectStore
{
    public Task PutAsync(Project project, CancellationToken cancellationToken) =>
        database.WriteAsync(
            [
                new Statement(
                    """
                    INSERT INTO projects (id, name, settings) VALUES (@id, @name, @settings)
                    ON CONFLICT (id) DO UPDATE SET name = excluded.name, settings = excluded.settings
                    """,
                    ("@id", project.Id),
                    ("@name", project.Name),
                    ("@settings", JsonSerializer.Serialize(project.Settings, StoredJson.Default.ProjectSettings))),
            ],
            cancellationToken);

    public Task PutAsync(ApiClient client, CancellationToken cancellationToken) =>
        database.WriteAsync(
            [
                new Statement(
                    """
                    INSERT INTO clients (id, project_id, secret_hash) VALUES (@id, @project_id, @secret_hash)
                    ON CONFLICT (id) DO UPDATE SET project_id = excluded.project_id, secret_hash = excluded.secret_hash
                    """,
                    ("@id", client.Id),
                    ("@project_id", client.ProjectId),
                    ("@secret_hash", client.Secret.ToBytes())),
            ],
            cancellationToken);

    public Task<Project?> FindProjectAsync(string projectId, CancellationToken cancellationToken) =>
        database.FindAsync(
            new Statement("SELECT id, name, settings FROM projects WHERE id = @id", ("@id", projectId)),
            row => new Project(row.GetString(0), row.GetString(1), ReadSettings(row.GetString(2))),
            cancellationToken);

    public Task<ApiClient?> FindClientAsync(string clientId, CancellationToken cancellationToken) =>
        database.FindAsync(
            new Statement("SELECT id, project_id, secret_hash FROM clients WHERE id = @id", ("@id", clientId)),
            row => new ApiClient(
                row.GetString(0), row.GetString(1), new SecretHash(Convert.ToHexStringLower(row.GetFieldValue<byte[]>(2)))),
            cancellationToken);

    public Task RemoveOtherClientsAsync(string projectId, string clientId, CancellationToken cancellationToken) =>
        database.WriteAsync(
            [
                new Statement(
                    "DELETE FROM clients WHERE project_id = @project_id AND id <> @id", ("@project_id", projectId), ("@id", clientId)),
            ],
            cancellationToken);

    /// <summary>A setting that did not exist when the project was stored has its default; see <see cref="StoredJson"/> for why it must be laid under.</summary>
    private static ProjectSettings ReadSettings(string json)
    {
        var settings = JsonSerializer.SerializeToNode(new ProjectSettings(), StoredJson.Default.ProjectSettings)!.AsObject();
        using var stored = JsonDocument.Parse(json);
        foreach (var setting in stored.RootElement.EnumerateObject())
        {
            settings[setting.Name] = JsonNode.Parse(setting.Value.GetRawText());
        }
        return settings.Deserialize(StoredJson.Default.ProjectSettings)!;
    }
}
