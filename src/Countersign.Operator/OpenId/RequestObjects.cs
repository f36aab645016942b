using Countersign.Operator.Hosting;
using Countersign.Operator.State;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Countersign.Operator.OpenId;

/// <summary>Signed request objects (RFC 9101): the parameters inside count, those around them do not.</summary>
internal sealed class RequestObjects(SignedStatements statements, Issuer issuer)
{
    /// <summary>The parameters inside, or what is wrong.</summary>
    public async Task<(Parameters? Parameters, string Problem)> ReadAsync(string jwt, Client client, CancellationToken cancellationToken)
    {
        var (statement, problem) = await statements.ReadAsync(
            jwt, client, [issuer.Origin, issuer.Origin + "/authorize"], cancellationToken);
        if (statement is null)
        {
            return (null, $"request: {problem}");
        }
        var inside = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var claim in statement.Claims)
        {
            if (inside.ContainsKey(claim.Type) && claim.Type != JwtRegisteredClaimNames.Aud)
            {
                return (null, $"request: {claim.Type} must be one text");
            }
            inside[claim.Type] = claim.Value;
        }
        if (inside.ContainsKey("request") || inside.ContainsKey("request_uri"))
        {
            return (null, "request: it must not hold another request");
        }
        return inside.GetValueOrDefault("client_id") == client.Id
            ? (Parameters.Of(inside), "")
            : (null, "request: its client_id must be the one beside it");
    }
}
