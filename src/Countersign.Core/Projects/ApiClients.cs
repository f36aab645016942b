using System.Security.Cryptography;
using Countersign.Core.Keys;

namespace Countersign.Core.Projects;

/// <summary>Makes API clients, changes their secrets and removes them.</summary>
public sealed class ApiClients(IProjectStore store, ProjectDirectory directory, SecretHasher hasher, TimeProvider time)
{
    /// <param name="clientId">Null for one that is made up.</param>
    public Task<ClientOutcome> CreateAsync(ProjectId projectId, ClientId? clientId, CancellationToken cancellationToken) =>
        CreateAsync(projectId, clientId, ClientKeys.None, cancellationToken);

    /// <param name="clientId">Null for one that is made up.</param>
    /// <param name="keys">With some the client has no secret that anybody knows; a rotation gives it one.</param>
    public async Task<ClientOutcome> CreateAsync(
        ProjectId projectId, ClientId? clientId, ClientKeys keys, CancellationToken cancellationToken)
    {
        if (await store.FindProjectAsync(projectId, cancellationToken) is not { } project)
        {
            return new ClientOutcome.NoSuchProject();
        }

        var id = clientId ?? ClientId.Parse($"{project.Id}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}");
        var (secret, hash) = ClientSecrets.New(hasher);
        var client = new ApiClient(id, project.Id, hash) { CreatedAt = time.GetUtcNow(), Keys = keys };
        if (!await store.TryAddAsync(client, cancellationToken))
        {
            return new ClientOutcome.AlreadyThere(id);
        }
        directory.Forget();
        return keys.Keys.Count > 0 ? new ClientOutcome.GivenKeys(client) : new ClientOutcome.Given(client, secret, FormerExpiresAt: null);
    }

    /// <summary>Replaces the client's keys. Tokens that were got with a key which is not among them end.</summary>
    public async Task<ClientOutcome> SetKeysAsync(
        ProjectId projectId, ClientId clientId, ClientKeys keys, CancellationToken cancellationToken)
    {
        if (await FindAsync(projectId, clientId, cancellationToken) is var found && found is not ClientOutcome.Found { Client: var client })
        {
            return found;
        }
        if (!await store.TrySetKeysAsync(client.Id, keys, cancellationToken))
        {
            return new ClientOutcome.NoSuchClient();
        }
        directory.Forget();
        return found;
    }

    /// <param name="grace">How long the secret before opens yet; zero ends it at once.</param>
    public async Task<ClientOutcome> RotateAsync(
        ProjectId projectId, ClientId clientId, TimeSpan grace, CancellationToken cancellationToken)
    {
        if (await FindAsync(projectId, clientId, cancellationToken) is var found && found is not ClientOutcome.Found { Client: var client })
        {
            return found;
        }

        var (secret, hash) = ClientSecrets.New(hasher);
        var expiresAt = time.GetUtcNow() + grace;
        // Two live secrets at most: the one that was former until now opens nothing from here on. One without grace is kept for when it
        // ended.
        var rotated = client with { Secret = hash, Former = new FormerSecret(client.Secret, expiresAt) };
        if (!await store.TryRotateAsync(rotated, client.Secret, cancellationToken))
        {
            return new ClientOutcome.OtherWasFirst(client);
        }
        directory.Forget();
        return new ClientOutcome.Given(rotated, secret, grace == TimeSpan.Zero ? null : expiresAt);
    }

    public async Task<ClientOutcome> RemoveAsync(ProjectId projectId, ClientId clientId, CancellationToken cancellationToken)
    {
        if (await FindAsync(projectId, clientId, cancellationToken) is var found && found is not ClientOutcome.Found { Client: var client })
        {
            return found;
        }
        await store.RemoveClientAsync(client.Id, cancellationToken);
        directory.Forget();
        return found;
    }

    /// <summary>A client that may be changed; otherwise why not.</summary>
    private async Task<ClientOutcome> FindAsync(ProjectId projectId, ClientId clientId, CancellationToken cancellationToken)
    {
        if (await store.FindProjectAsync(projectId, cancellationToken) is null)
        {
            return new ClientOutcome.NoSuchProject();
        }
        var client = await store.FindClientAsync(clientId, cancellationToken);
        return client is null || client.ProjectId != projectId ? new ClientOutcome.NoSuchClient()
            : client.Origin == ProjectOrigin.Configuration ? new ClientOutcome.Configured(client)
            : new ClientOutcome.Found(client);
    }
}

/// <summary>What becomes of a client: a closed set.</summary>
public abstract record ClientOutcome
{
    private ClientOutcome() { }

    public sealed override string ToString() => GetType().Name;

    /// <summary>It is there, and may be changed; of a removal, it was.</summary>
    public sealed record Found(ApiClient Client) : ClientOutcome;

    /// <summary>It has a new secret, which is in this answer and nowhere else.</summary>
    /// <param name="FormerExpiresAt">Until when the secret before opens; null when none does.</param>
    public sealed record Given(ApiClient Client, Secret Secret, DateTimeOffset? FormerExpiresAt) : ClientOutcome;

    /// <summary>It is made, with keys and without a secret.</summary>
    public sealed record GivenKeys(ApiClient Client) : ClientOutcome;

    public sealed record NoSuchProject : ClientOutcome;

    /// <summary>The project has none of this id.</summary>
    public sealed record NoSuchClient : ClientOutcome;

    /// <summary>It stands in the configuration, and is changed there.</summary>
    public sealed record Configured(ApiClient Client) : ClientOutcome;

    /// <summary>There is a client of this id, in whatever project.</summary>
    public sealed record AlreadyThere(ClientId Id) : ClientOutcome;

    /// <summary>Another call has changed or removed it at the same moment.</summary>
    public sealed record OtherWasFirst(ApiClient Client) : ClientOutcome;
}
