using System.Text.Json.Serialization;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Sandbox;

[JsonSerializable(typeof(SandboxMessage[]))]
[JsonSerializable(typeof(FlowView))]
[JsonSerializable(typeof(SandboxUser[]))]
[JsonSerializable(typeof(SandboxOperator))]
internal sealed partial class SandboxJson : JsonSerializerContext
{
    public static SandboxJson Answers { get; } = new(HttpJson.NewOptions());
}
