using Countersign.Core;
using Countersign.Core.Keys;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.OAuth;

/// <summary>Finds out which client calls, at each of the addresses of OAuth in the same way (RFC 6749, section 2.3).</summary>
internal sealed class ClientAuthentication(IProjectStore projects, SecretHasher hasher, TimeProvider time)
{
    // What an unknown client's secret is compared with, so that it costs what a known client's does.
    private readonly ApiClient _nobody = new(default, default, ClientSecrets.HashOf(hasher, ""));

    public async Task<OrFault<KnownClient>> FindAsync(ClientCredentials credentials, CancellationToken cancellationToken)
    {
        var client = ClientId.TryParse(credentials.ClientId, out var id) ? await projects.FindClientAsync(id, cancellationToken) : null;
        var secret = ClientSecrets.HashOf(hasher, credentials.ClientSecret);
        var isRight = (client ?? _nobody).Opens(secret, time.GetUtcNow());
        return client is null || !isRight ? Fault.NotAuthorized : new KnownClient(client, secret.Fingerprint);
    }
}

/// <param name="Credential">Fingerprint of what it has shown.</param>
internal sealed record KnownClient(ApiClient Client, string Credential)
{
    public override string ToString() => Client.Id.ToString();
}
