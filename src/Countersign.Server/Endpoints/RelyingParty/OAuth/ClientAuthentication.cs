using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Keys;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.OAuth;

/// <summary>
/// Finds out which client calls, at each of the addresses of OAuth in the same way: by its secret (RFC 6749, section 2.3.1) or by an
/// assertion (RFC 7523, section 2.2).
/// </summary>
internal sealed class ClientAuthentication(
    IProjectStore projects, ITakenAssertions taken, SecretHasher hasher, PublicAddress address, TimeProvider time,
    ILogger<ClientAuthentication> logger)
{
    // By which an unknown client is judged, so that it costs what a known client does.
    private readonly ApiClient _nobody = new(default, default, ClientSecrets.HashOf(hasher, ""));

    public Task<OrFault<KnownClient>> FindAsync(ClientCredentials credentials, CancellationToken cancellationToken) =>
        credentials.Assertion is { } assertion
            ? FindByAssertionAsync(credentials.ClientId, assertion, cancellationToken)
            : FindBySecretAsync(credentials.ClientId!, credentials.ClientSecret!, cancellationToken);

    private async Task<OrFault<KnownClient>> FindBySecretAsync(string clientId, string clientSecret, CancellationToken cancellationToken)
    {
        var client = ClientId.TryParse(clientId, out var id) ? await projects.FindClientAsync(id, cancellationToken) : null;
        var secret = ClientSecrets.HashOf(hasher, clientSecret);
        var isRight = (client ?? _nobody).Opens(secret, time.GetUtcNow());
        Guards.Drop("A01", ref isRight, () => true);
        return client is null || !isRight ? Fault.NotAuthorized : new KnownClient(client, secret.Fingerprint);
    }

    private async Task<OrFault<KnownClient>> FindByAssertionAsync(string? clientId, string text, CancellationToken cancellationToken)
    {
        if (ClientAssertion.Read(text) is not { Subject: { } subject } assertion || (clientId is not null && clientId != subject)
            || !ClientId.TryParse(subject, out var id))
        {
            return Fault.NotAuthorized;
        }

        var client = await projects.FindClientAsync(id, cancellationToken);
        var verdict = assertion.Judge(client ?? _nobody, [address.Origin, address.Origin + Token.Path], time.GetUtcNow());
        if (client is null)
        {
            return Fault.NotAuthorized;
        }
        if (verdict is AssertionVerdict.Good good)
        {
            // A node whose clock is behind takes it for a little longer.
            if (await taken.TryTakeAsync(client.Id, good.Id, good.ExpiresAt + ClientAssertion.Leeway, cancellationToken))
            {
                return new KnownClient(client, good.Key.Thumbprint);
            }
            verdict = new AssertionVerdict.Refused("its jti was used before");
        }
        Log.AssertionRefused(logger, client.Id, ((AssertionVerdict.Refused)verdict).Reason);
        return Fault.NotAuthorized;
    }
}

/// <param name="Credential">Fingerprint of what it has shown.</param>
internal sealed record KnownClient(ApiClient Client, string Credential)
{
    public override string ToString() => Client.Id.ToString();
}
