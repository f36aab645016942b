using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Providers.Camara;

/// <summary>For whom an id token is, where the library reads it more kindly than a proof permits.</summary>
internal static class IdToken
{
    // RFC 7515, 4, and RFC 7519, 4: of two members of one name the library takes the last, and somebody else may have taken the first.
    private static readonly JsonDocumentOptions _eachMemberOnce = new() { AllowDuplicateProperties = false };

    /// <summary>
    /// Whether the token is for this client and nobody else, and says nothing twice. A token that is for others too could have been given
    /// to them first: no other party is trusted here, nor is what is no string, which the library leaves out.
    /// </summary>
    public static bool IsForAlone(JsonWebToken token, string clientId)
    {
        using var header = Read(token.EncodedHeader);
        using var payload = Read(token.EncodedPayload);
        return header is not null && payload is not null && payload.RootElement.TryGetProperty("aud", out var audience)
            && (audience.ValueKind == JsonValueKind.Array
                ? audience.GetArrayLength() > 0 && audience.EnumerateArray().All(IsClient)
                : IsClient(audience));

        bool IsClient(JsonElement one) => one.ValueKind == JsonValueKind.String && one.ValueEquals(clientId);
    }

    private static JsonDocument? Read(string encoded)
    {
        try
        {
            return JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(encoded), _eachMemberOnce);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
