using System.Text.Json.Serialization;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.PreFill;

[JsonSerializable(typeof(StartResponse))]
[JsonSerializable(typeof(ValidateResponse))]
[JsonSerializable(typeof(ChallengeResponse))]
[JsonSerializable(typeof(CompleteResponse))]
internal sealed partial class PreFillJson : JsonSerializerContext
{
    public static PreFillJson Answers { get; } = new(HttpJson.NewOptions());
}
