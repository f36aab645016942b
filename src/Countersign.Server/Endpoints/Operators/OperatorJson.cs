using System.Text.Json.Serialization;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Operators;

[JsonSerializable(typeof(ReturnedProofBody))]
internal sealed partial class OperatorJson : JsonSerializerContext
{
    public static OperatorJson Answers { get; } = new(HttpJson.NewOptions());
}
