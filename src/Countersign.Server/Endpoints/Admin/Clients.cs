using System.Diagnostics;
using Countersign.Core;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>GET /admin/projects/{id}/clients: the project's API clients.</summary>
internal sealed class ListClients(IProjectStore store, TimeProvider time) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.OfPath(async call =>
    {
        if (await store.FindProjectAsync(call.ProjectId, call.Aborted) is not { } project)
        {
            return Answer.Of(ProjectFaults.Unknown(call.Path("id")));
        }
        var now = time.GetUtcNow();
        var clients = await store.ListClientsAsync(project.Id, call.Aborted);
        return Answer.Ok(
            new ClientListResponse([.. clients.Select(client => ClientResponse.Of(client, now))]), AdminJson.Answers.ClientListResponse);
    });
}

/// <summary>POST /admin/projects/{id}/clients: a new API client. Its secret is in this answer and nowhere else.</summary>
internal sealed class CreateClient(ApiClients clients, ClientAnswers answers) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.Of(
        body => new NewClient(
            body.Read(AdminMembers.ClientIdToMake), AdminMembers.ReadKeys(body, isRequired: false) ?? ClientKeys.None),
        HandleAsync, isBodyRequired: false);

    private async Task<Answer> HandleAsync(AdminCall<NewClient> call) => answers.Of(
        call, await clients.CreateAsync(call.ProjectId, call.Request.Id, call.Request.Keys, call.Aborted), "created",
        StatusCodes.Status201Created);

    private sealed record NewClient(ClientId? Id, ClientKeys Keys);
}

/// <summary>PATCH /admin/projects/{id}/clients/{clientId}: other keys.</summary>
internal sealed class ChangeClient(ApiClients clients, ClientAnswers answers) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.Of(
        body => AdminMembers.ReadKeys(body, isRequired: true) ?? ClientKeys.None, HandleAsync);

    private async Task<Answer> HandleAsync(AdminCall<ClientKeys> call) => answers.Of(
        call, await clients.SetKeysAsync(call.ProjectId, call.ClientId, call.Request, call.Aborted), "given other keys");
}

/// <summary>POST /admin/projects/{id}/clients/{clientId}/rotate: a new secret; the one before opens for a while yet.</summary>
internal sealed class RotateClient(ApiClients clients, ClientAnswers answers) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.Of(
        body => body.Read(AdminMembers.ExpireOldAfterSeconds), HandleAsync, isBodyRequired: false);

    private async Task<Answer> HandleAsync(AdminCall<int> call) => answers.Of(
        call,
        await clients.RotateAsync(call.ProjectId, call.ClientId, TimeSpan.FromSeconds(call.Request), call.Aborted),
        "rotated");
}

/// <summary>DELETE /admin/projects/{id}/clients/{clientId}: the client gets no token, and those it has open nothing.</summary>
internal sealed class DeleteClient(ApiClients clients, ClientAnswers answers) : IEndpoint
{
    public RequestDelegate Endpoint => AdminEndpoint.OfPath(async call => answers.Of(
        call, await clients.RemoveAsync(call.ProjectId, call.ClientId, call.Aborted), "deleted"));
}

/// <summary>What calls that change a client are answered.</summary>
internal sealed class ClientAnswers(ILogger<ApiClient> logger)
{
    /// <param name="done">What was done, for the log.</param>
    /// <param name="given">The status of an answer with a secret.</param>
    public Answer Of<TRequest>(AdminCall<TRequest> call, ClientOutcome outcome, string done, int given = StatusCodes.Status200OK)
    {
        switch (outcome)
        {
            case ClientOutcome.Given { Client: var client } made:
                Tell(call, client, done);
                var response = new ClientSecretResponse(
                    client.Id.ToString(), client.ProjectId.ToString(), made.Secret.Reveal(), made.FormerExpiresAt);
                return Answer.Ok(response, AdminJson.Answers.ClientSecretResponse) with { Status = given };
            case ClientOutcome.GivenKeys { Client: var client }:
                Tell(call, client, done);
                var withoutSecret = new ClientSecretResponse(client.Id.ToString(), client.ProjectId.ToString(), null, null);
                return Answer.Ok(withoutSecret, AdminJson.Answers.ClientSecretResponse) with { Status = given };
            case ClientOutcome.Found { Client: var client }:
                Tell(call, client, done);
                return Answer.NoContent;
            case ClientOutcome.NoSuchProject:
                return Answer.Of(ProjectFaults.Unknown(call.Path("id")));
            case ClientOutcome.NoSuchClient:
                return Answer.Of(ProjectFaults.UnknownClient(call.Path("clientId")));
            case ClientOutcome.Configured { Client: var client }:
                return Answer.Of(ProjectFaults.Configured(client));
            case ClientOutcome.AlreadyThere { Id: var id }:
                return Answer.Of(
                    Fault.Conflict with { Message = $"there is a client '{id}' already; ids of clients are unique on a server" });
            case ClientOutcome.OtherWasFirst { Client: var client }:
                return Answer.Of(
                    Fault.Conflict with { Message =
                        $"the client '{client.Id}' was rotated or deleted at the same moment; look at it and try again" });
            default:
                throw new UnreachableException();
        }
    }

    private void Tell<TRequest>(AdminCall<TRequest> call, ApiClient client, string done) =>
        Log.ClientChanged(logger, client.Id, client.ProjectId, done, call.Caller.Name);
}

internal sealed record ClientListResponse(IReadOnlyList<ClientResponse> Clients)
{
    public override string ToString() => $"{Clients.Count} clients";
}

/// <param name="Origin">"admin" or "configuration".</param>
/// <param name="CreatedAt">Absent for clients of the configuration.</param>
/// <param name="FormerSecretExpiresAt">Absent when only one secret opens.</param>
internal sealed record ClientResponse(
    string Id, string Origin, DateTimeOffset? CreatedAt, DateTimeOffset? FormerSecretExpiresAt, IReadOnlyList<ClientKeyResponse> Keys)
{
    public static ClientResponse Of(ApiClient client, DateTimeOffset now) => new(
        client.Id.ToString(), AdminWords.Of(client.Origin), client.CreatedAt,
        client.Former is { } former && now < former.ExpiresAt ? former.ExpiresAt : null,
        [.. client.Keys.Keys.Select(key => new ClientKeyResponse(key.Id, key.Algorithm, key.Thumbprint))]);

    public override string ToString() => Id;
}

/// <param name="Kid">Absent when it was given none, as <paramref name="Alg"/>.</param>
internal sealed record ClientKeyResponse(string? Kid, string? Alg, string Thumbprint)
{
    public override string ToString() => Kid is null ? "a key" : "a key with a name";
}

/// <param name="Secret">Shown here once; only a hash of it is kept. Absent for a client that was made with keys.</param>
/// <param name="FormerSecretExpiresAt">Until then the secret before opens too.</param>
internal sealed record ClientSecretResponse(string Id, string ProjectId, string? Secret, DateTimeOffset? FormerSecretExpiresAt)
{
    public override string ToString() => Id;
}
