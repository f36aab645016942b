using System.Text.Json.Serialization;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.VerifiedUsers;

[JsonSerializable(typeof(VerifyResponse))]
[JsonSerializable(typeof(VerifyStatusResponse))]
internal sealed partial class VerifiedUsersJson : JsonSerializerContext
{
    public static VerifiedUsersJson Answers { get; } = new(HttpJson.NewOptions());
}
