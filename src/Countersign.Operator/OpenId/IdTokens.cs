using System.Security.Cryptography;
using System.Text;
using Countersign.Operator.Hosting;
using Countersign.Operator.State;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Operator.OpenId;

/// <summary>Signs id_tokens, and spoils them where a fault says so.</summary>
internal sealed class IdTokens(SigningKeys keys, Issuer issuer, TimeProvider time)
{
    private static readonly TimeSpan _lifetime = TimeSpan.FromMinutes(5);

    private readonly byte[] _pairwiseSalt = RandomNumberGenerator.GetBytes(32);

    public string Issue(string clientId, Msisdn number, string? nonce, DateTimeOffset authorizedAt, string accessToken, FaultSet faults)
    {
        var now = time.GetUtcNow();
        if (faults.Has(InjectedFault.ExpiredIdToken))
        {
            now -= TimeSpan.FromHours(1);
        }
        var claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["sub"] = PairwiseSubject(clientId, number),
            ["auth_time"] = authorizedAt.ToUnixTimeSeconds(),
            // Network-based authentication (CAMARA Security and Interoperability Profile).
            ["amr"] = new[] { "nba" },
            // OpenID Connect Core, section 3.1.3.6: the left half of the token's hash, by the hash of the signature.
            ["at_hash"] = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken))[..16]),
        };
        if (faults.Has(InjectedFault.WrongNonce))
        {
            claims["nonce"] = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(16));
        }
        else if (nonce is not null)
        {
            claims["nonce"] = nonce;
        }
        if (faults.Has(InjectedFault.WrongAuthorizedParty))
        {
            claims["azp"] = AnotherClient;
        }
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = faults.Has(InjectedFault.WrongIssuerInToken) ? AnotherIssuer : issuer.Origin,
            Audience = faults.Has(InjectedFault.WrongAudience) ? AnotherClient : clientId,
            IssuedAt = now.UtcDateTime,
            Expires = (now + _lifetime).UtcDateTime,
            Claims = claims,
            SigningCredentials = new SigningCredentials(KeyUnder(faults), SecurityAlgorithms.EcdsaSha256),
        };
        if (faults.Has(InjectedFault.TwoAudiences))
        {
            descriptor.Audiences.Add(AnotherClient);
        }
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
    }

    /// <summary>Who a spoilt answer says it is from.</summary>
    public const string AnotherIssuer = "https://another-operator.example";

    private const string AnotherClient = "another-client";

    /// <summary>One name for one person at one client, so that two clients cannot compare notes; never the number.</summary>
    private string PairwiseSubject(string clientId, Msisdn number) =>
        Base64UrlEncoder.Encode(HMACSHA256.HashData(_pairwiseSalt, Encoding.UTF8.GetBytes($"{clientId}\n{number.Value}")));

    private ECDsaSecurityKey KeyUnder(FaultSet faults)
    {
        if (faults.Has(InjectedFault.UnknownKey))
        {
            return SigningKeys.New();
        }
        if (faults.Has(InjectedFault.WrongKey))
        {
            return SigningKeys.New(keys.Current.KeyId);
        }
        if (faults.Has(InjectedFault.NamelessKey))
        {
            return new ECDsaSecurityKey(keys.Current.ECDsa);
        }
        return faults.Has(InjectedFault.RotatedKey) ? keys.Rotate() : keys.Current;
    }
}
