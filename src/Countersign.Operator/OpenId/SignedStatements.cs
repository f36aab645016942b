using Countersign.Operator.State;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Operator.OpenId;

/// <summary>Reads what a client has signed: assertions and request objects.</summary>
internal sealed class SignedStatements(ClientKeys keys, TimeProvider time)
{
    /// <summary>How long a client's assertion may live (CAMARA Security and Interoperability Profile).</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromSeconds(300);

    private static readonly TimeSpan _skew = TimeSpan.FromSeconds(30);

    private readonly TokenValidationParameters _signatureOnly = new()
    {
        ValidateIssuer = false,
        ValidateAudience = false,
        ValidateLifetime = false,
        RequireExpirationTime = false,
        RequireSignedTokens = true,
        TryAllIssuerSigningKeys = true,
        ValidAlgorithms = ["ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
    };

    /// <summary>The issuer a statement names, before anything is checked; null when it is no JWT.</summary>
    public static string? IssuerOf(string jwt)
    {
        try
        {
            return new JsonWebToken(jwt).Issuer;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>
    /// The statement, signed by this client, for one of these audiences and within its life; else null and what is wrong.
    /// </summary>
    public async Task<(JsonWebToken? Statement, string Problem)> ReadAsync(
        string jwt, Client client, IReadOnlyCollection<string> audiences, CancellationToken cancellationToken)
    {
        JsonWebToken read;
        try
        {
            read = new JsonWebToken(jwt);
        }
        catch (ArgumentException)
        {
            return (null, "it is no JWT");
        }
        var parameters = _signatureOnly.Clone();
        parameters.IssuerSigningKeys = await keys.OfAsync(client, string.IsNullOrEmpty(read.Kid) ? null : read.Kid, cancellationToken);
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(jwt, parameters);
        if (!result.IsValid)
        {
            return (null, "its signature is not of the client's registered key");
        }
        if (read.Issuer != client.Id)
        {
            return (null, "its iss must be the client_id");
        }
        if (!read.Audiences.Any(audiences.Contains))
        {
            return (null, $"its aud must be one of {string.Join(", ", audiences)}");
        }
        var now = time.GetUtcNow().UtcDateTime;
        if (read.ValidTo == DateTime.MinValue)
        {
            return (null, "it has no exp");
        }
        if (now >= read.ValidTo)
        {
            return (null, "it has expired");
        }
        if (read.ValidFrom != DateTime.MinValue && read.ValidFrom > now + _skew)
        {
            return (null, "its nbf is in the future");
        }
        if (read.ValidTo > now + MaxLifetime + _skew)
        {
            return (null, $"its exp is more than {MaxLifetime.TotalSeconds} seconds away");
        }
        return (read, "");
    }

    /// <summary>As <see cref="ReadAsync"/>, and with iat and jti, as assertions have them.</summary>
    public async Task<(JsonWebToken? Assertion, string Problem)> ReadAssertionAsync(
        string jwt, Client client, IReadOnlyCollection<string> audiences, CancellationToken cancellationToken)
    {
        var (assertion, problem) = await ReadAsync(jwt, client, audiences, cancellationToken);
        if (assertion is null)
        {
            return (null, problem);
        }
        if (assertion.IssuedAt == DateTime.MinValue)
        {
            return (null, "it has no iat");
        }
        if (assertion.IssuedAt > time.GetUtcNow().UtcDateTime + _skew)
        {
            return (null, "its iat is in the future");
        }
        if (assertion.ValidTo - assertion.IssuedAt > MaxLifetime)
        {
            return (null, $"it lives longer than {MaxLifetime.TotalSeconds} seconds");
        }
        return string.IsNullOrEmpty(assertion.Id) ? (null, "it has no jti") : (assertion, "");
    }
}
