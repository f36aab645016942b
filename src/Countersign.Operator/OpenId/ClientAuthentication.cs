using Countersign.Operator.Hosting;
using Countersign.Operator.State;

namespace Countersign.Operator.OpenId;

/// <summary>private_key_jwt (OpenID Connect Core, section 9; RFC 7523), the only way CAMARA's profile leaves.</summary>
internal sealed class ClientAuthentication(Clients clients, SignedStatements statements, SeenAssertions seen, Issuer issuer)
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /// <summary>The client, or the refusal.</summary>
    /// <param name="endpoint">The path called, which its assertion may name as audience.</param>
    public async Task<(Client? Client, Answer? Refusal)> AuthenticateAsync(HttpContext context, Parameters parameters, string endpoint)
    {
        if (context.Request.Headers.Authorization.Count > 0 || parameters["client_secret"] is not null)
        {
            return Refuse("this operator takes private_key_jwt only, no client secret");
        }
        if (parameters["client_assertion_type"] != AssertionType)
        {
            return Refuse($"client_assertion_type must be {AssertionType}");
        }
        if (parameters["client_assertion"] is not { } jwt || SignedStatements.IssuerOf(jwt) is not { Length: > 0 } id)
        {
            return Refuse("client_assertion is missing or no JWT");
        }
        if (clients.Find(id) is not { } client)
        {
            return Refuse("no client is registered under the assertion's iss");
        }
        context.Notes().Client = client.Id;
        string[] audiences = [issuer.Origin + endpoint, issuer.Origin, issuer.Origin + "/token"];
        var (assertion, problem) = await statements.ReadAssertionAsync(jwt, client, audiences, context.RequestAborted);
        if (assertion is null)
        {
            return Refuse($"client_assertion: {problem}");
        }
        if (assertion.Subject != client.Id)
        {
            return Refuse("client_assertion: its sub must be the client_id");
        }
        if (parameters["client_id"] is { } named && named != client.Id)
        {
            return Refuse("client_id is not the one of the assertion");
        }
        return seen.TryUse(client.Id, assertion.Id, new DateTimeOffset(assertion.ValidTo)) ? (client, null)
            : Refuse("client_assertion: its jti was used before");
    }

    private static (Client?, Answer?) Refuse(string description) => (null, Answer.OAuthError(401, "invalid_client", description));
}
