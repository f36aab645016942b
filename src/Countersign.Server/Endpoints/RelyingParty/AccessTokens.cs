using Countersign.Core.Projects;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.RelyingParty;

/// <summary>
/// Whether an access token opens anything now: what it says itself, and what has become of its client, of the client's secret and of the
/// token since. What is known of these is at most 30 seconds old.
/// </summary>
internal sealed class AccessTokens(Tokens tokens, ProjectDirectory directory, RevokedTokens revoked, TimeProvider time)
{
    /// <summary>Returns null for whatever opens nothing.</summary>
    public async ValueTask<AccessToken?> FindLivingAsync(string token, CancellationToken cancellationToken) =>
        await tokens.ReadAccessAsync(token) is { } access
        && await directory.FindClientAsync(access.ClientId, cancellationToken) is { } client
        && client.ProjectId == access.ProjectId
        && !IsOfAFormer(client, access)
        && client.Honours(access.Credential, access.IssuedAt, time.GetUtcNow())
        && !await revoked.IsRevokedAsync(access.Id, access.IssuedAt, cancellationToken)
            ? access
            : null;

    // A client that was deleted because its secret was stolen, and made anew under its id: the tokens of the former stay dead. Tokens count
    // whole seconds.
    private static bool IsOfAFormer(ApiClient client, AccessToken access) =>
        client.CreatedAt is { } created && access.IssuedAt < created.AddSeconds(-1);
}
