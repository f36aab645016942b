using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.RelyingParty.OAuth;

/// <summary>POST /revoke: a client gives up one of its access tokens (RFC 7009).</summary>
internal sealed class Revoke(OAuthEndpoint endpoint, Tokens tokens, RevokedTokens revoked, ILogger<Revoke> logger) : IEndpoint
{
    public const string Path = "/revoke";

    public RequestDelegate Endpoint => endpoint.Of(
        OAuthMembers.OfToken, HandleAsync, () => Log.ClientRefused(logger, Path));

    // What is no living token of the caller's is answered as one that was revoked: the caller has what it wants, and learns nothing of
    // others' (RFC 7009, section 2.2).
    private async Task<Answer> HandleAsync(OAuthCall call)
    {
        if (await tokens.ReadAccessAsync(call.Request[OAuthMembers.Token]!) is { } token && token.ClientId == call.Caller.Client.Id)
        {
            // Once the caller is known the token ends, whether it waits for the answer or not.
            await revoked.RevokeAsync(token.Id, token.ExpiresAt, CancellationToken.None);
            Log.TokenRevoked(logger, token.ClientId);
        }
        return Answer.Empty;
    }
}
