using System.Text.Json.Serialization;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.Browser;

[JsonSerializable(typeof(StepAnswer))]
[JsonSerializable(typeof(DeviceChallengeAnswer))]
internal sealed partial class BrowserJson : JsonSerializerContext
{
    public static BrowserJson Answers { get; } = new(HttpJson.NewOptions());
}
