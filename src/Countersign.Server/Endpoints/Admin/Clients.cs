using System.Buffers.Text;
using System.Security.Cryptography;
using Countersign.Core;
using Countersign.Core.Keys;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Endpoints.RelyingParty;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>GET /admin/projects/{id}/clients: the project's API clients.</summary>
internal static class ListClients
{
    public static RequestDelegate Endpoint { get; } = AdminEndpoint.OfPath(async call =>
    {
        var store = call.Service<IProjectStore>();
        if (await store.FindProjectAsync(call.Path("id"), call.Aborted) is not { } project)
        {
            return Answer.Of(ProjectFaults.Unknown(call.Path("id")));
        }
        var now = call.Service<TimeProvider>().GetUtcNow();
        var clients = await store.ListClientsAsync(project.Id, call.Aborted);
        return Answer.Ok(new ClientListResponse([.. clients.Select(client => ClientResponse.Of(client, now))]), AdminJson.Answers.ClientListResponse);
    });
}

/// <summary>POST /admin/projects/{id}/clients: a new API client. Its secret is in this answer and nowhere else.</summary>
internal static class CreateClient
{
    public static RequestDelegate Endpoint { get; } = AdminEndpoint.Of(
        body => body.Text("id", check: ProjectRules.ProblemOfClientId), HandleAsync, isBodyRequired: false);

    private static async Task<Answer> HandleAsync(AdminCall<string?> call)
    {
        var store = call.Service<IProjectStore>();
        if (await store.FindProjectAsync(call.Path("id"), call.Aborted) is not { } project)
        {
            return Answer.Of(ProjectFaults.Unknown(call.Path("id")));
        }

        var id = call.Request ?? $"{project.Id}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        var (secret, hash) = ClientSecrets.New(call.Service<SecretHasher>());
        var client = new ApiClient(id, project.Id, hash) { CreatedAt = call.Service<TimeProvider>().GetUtcNow() };
        if (!await store.TryAddAsync(client, call.Aborted))
        {
            return Answer.Of(Fault.Conflict with { Message = $"there is a client '{id}' already; ids of clients are unique on a server" });
        }
        call.Service<ProjectDirectory>().Forget();
        Log.ClientChanged(call.Service<ILogger<ApiClient>>(), id, project.Id, "created", call.Caller.Name);
        return Answer.Ok(new ClientSecretResponse(id, project.Id, secret.Reveal(), null), AdminJson.Answers.ClientSecretResponse) with
        {
            Status = StatusCodes.Status201Created,
        };
    }
}

/// <summary>POST /admin/projects/{id}/clients/{clientId}/rotate: a new secret; the one before opens for a while yet.</summary>
internal static class RotateClient
{
    public const int MostHours = 30 * 24;
    private const int StandardSeconds = 24 * 3600;

    public static RequestDelegate Endpoint { get; } = AdminEndpoint.Of(
        body => body.IsGiven("expireOldAfterSeconds") ? body.Number("expireOldAfterSeconds", 0, MostHours * 3600) ?? 0 : StandardSeconds,
        HandleAsync, isBodyRequired: false);

    private static async Task<Answer> HandleAsync(AdminCall<int> call)
    {
        var (client, fault) = await ClientSecrets.FindAsync(call.Service<IProjectStore>(), call.Path("id"), call.Path("clientId"), call.Aborted);
        if (client is null)
        {
            return Answer.Of(fault!);
        }

        var (secret, hash) = ClientSecrets.New(call.Service<SecretHasher>());
        var expiresAt = call.Service<TimeProvider>().GetUtcNow() + TimeSpan.FromSeconds(call.Request);
        // Two live secrets at most: the one that was former until now opens nothing from here on. One without grace is kept for when it ended.
        var rotated = client with { Secret = hash, Former = new FormerSecret(client.Secret, expiresAt) };
        if (!await call.Service<IProjectStore>().TryRotateAsync(rotated, client.Secret, call.Aborted))
        {
            return Answer.Of(Fault.Conflict with { Message = $"the client '{client.Id}' was rotated or deleted at the same moment; look at it and try again" });
        }
        call.Service<ProjectDirectory>().Forget();
        Log.ClientChanged(call.Service<ILogger<ApiClient>>(), client.Id, client.ProjectId, "rotated", call.Caller.Name);
        return Answer.Ok(
            new ClientSecretResponse(client.Id, client.ProjectId, secret.Reveal(), call.Request == 0 ? null : expiresAt), AdminJson.Answers.ClientSecretResponse);
    }
}

/// <summary>DELETE /admin/projects/{id}/clients/{clientId}: the client gets no token, and those it has open nothing.</summary>
internal static class DeleteClient
{
    public static RequestDelegate Endpoint { get; } = AdminEndpoint.OfPath(async call =>
    {
        var store = call.Service<IProjectStore>();
        var (client, fault) = await ClientSecrets.FindAsync(store, call.Path("id"), call.Path("clientId"), call.Aborted);
        if (client is null)
        {
            return Answer.Of(fault!);
        }
        await store.RemoveClientAsync(client.Id, call.Aborted);
        call.Service<ProjectDirectory>().Forget();
        Log.ClientChanged(call.Service<ILogger<ApiClient>>(), client.Id, client.ProjectId, "deleted", call.Caller.Name);
        return Answer.NoContent;
    });
}

/// <summary>Secrets of API clients.</summary>
internal static class ClientSecrets
{
    /// <summary>By this prefix scanners of repositories know what has leaked.</summary>
    public const string Prefix = "cs_sk_";

    /// <summary>256 bits of chance: too many to try, so a fast keyed hash is enough.</summary>
    public static (Secret Secret, SecretHash Hash) New(SecretHasher hasher)
    {
        var secret = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        return (new Secret(secret), Token.HashOf(hasher, secret));
    }

    /// <summary>A client that the admin API may change; otherwise why not.</summary>
    public static async Task<(ApiClient? Client, Fault? Fault)> FindAsync(
        IProjectStore store, string projectId, string clientId, CancellationToken cancellationToken)
    {
        if (await store.FindProjectAsync(projectId, cancellationToken) is null)
        {
            return (null, ProjectFaults.Unknown(projectId));
        }
        // PostgreSQL refuses to be asked for a NUL.
        var client = clientId.Any(char.IsControl) ? null : await store.FindClientAsync(clientId, cancellationToken);
        return client is null || client.ProjectId != projectId ? (null, ProjectFaults.UnknownClient(clientId))
            : client.Origin == ProjectOrigin.Configuration ? (null, ProjectFaults.Configured(client))
            : (client, null);
    }
}

internal sealed record ClientListResponse(IReadOnlyList<ClientResponse> Clients)
{
    public override string ToString() => $"{Clients.Count} clients";
}

/// <param name="Origin">"admin" or "configuration".</param>
/// <param name="CreatedAt">Absent for clients of the configuration.</param>
/// <param name="FormerSecretExpiresAt">Absent when only one secret opens.</param>
internal sealed record ClientResponse(string Id, string Origin, DateTimeOffset? CreatedAt, DateTimeOffset? FormerSecretExpiresAt)
{
    public static ClientResponse Of(ApiClient client, DateTimeOffset now) => new(
        client.Id, ProjectSetting.WordOf(client.Origin), client.CreatedAt,
        client.Former is { } former && now < former.ExpiresAt ? former.ExpiresAt : null);

    public override string ToString() => Id;
}

/// <param name="Secret">Shown here once; only a hash of it is kept.</param>
/// <param name="FormerSecretExpiresAt">Until then the secret before opens too.</param>
internal sealed record ClientSecretResponse(string Id, string ProjectId, string Secret, DateTimeOffset? FormerSecretExpiresAt)
{
    public override string ToString() => Id;
}
