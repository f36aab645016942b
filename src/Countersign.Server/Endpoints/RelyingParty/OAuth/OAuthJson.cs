using System.Text.Json.Serialization;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.OAuth;

[JsonSerializable(typeof(TokenResponse))]
[JsonSerializable(typeof(TokenError))]
[JsonSerializable(typeof(IntrospectResponse))]
[JsonSerializable(typeof(AuthorizationServerMetadata))]
[JsonSerializable(typeof(JsonWebKeys))]
internal sealed partial class OAuthJson : JsonSerializerContext
{
    public static OAuthJson Answers { get; } = new(HttpJson.NewOptions());
}
