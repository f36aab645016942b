using System.Text.Json.Serialization;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.OneCall;

[JsonSerializable(typeof(OneCallResponse))]
[JsonSerializable(typeof(VerifyBatchResponse))]
internal sealed partial class OneCallJson : JsonSerializerContext
{
    public static OneCallJson Answers { get; } = new(HttpJson.NewOptions());
}
