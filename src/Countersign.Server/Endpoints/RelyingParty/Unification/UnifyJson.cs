using System.Text.Json.Serialization;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.Unification;

[JsonSerializable(typeof(UnifyResponse))]
[JsonSerializable(typeof(UnifyStatusResponse))]
[JsonSerializable(typeof(DeviceRevokeResponse))]
internal sealed partial class UnifyJson : JsonSerializerContext
{
    public static UnifyJson Answers { get; } = new(HttpJson.NewOptions());
}
