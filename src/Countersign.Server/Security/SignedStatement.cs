using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Server.Security;

/// <summary>
/// Something signed to be shown to others (a receipt, the proof of an erasure): no token, so it has a type of its own and no end.
/// </summary>
internal static class SignedStatement
{
    private static readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <param name="payload">JSON.</param>
    public static string Of(string payload, string type, SigningCredentials credentials) =>
        _handler.CreateToken(payload, credentials, new Dictionary<string, object>(StringComparer.Ordinal) { ["typ"] = type });
}
