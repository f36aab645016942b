using System.Text.Json.Serialization;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.Identities;

[JsonSerializable(typeof(EnrolResponse))]
[JsonSerializable(typeof(EnrolBatchResponse))]
[JsonSerializable(typeof(IdentityListResponse))]
[JsonSerializable(typeof(IdentityLookupResponse))]
[JsonSerializable(typeof(IdentityResponse))]
[JsonSerializable(typeof(IdentityChangeResponse))]
[JsonSerializable(typeof(CrossDomainResponse))]
[JsonSerializable(typeof(DiscoverResponse))]
[JsonSerializable(typeof(FetchResponse))]
internal sealed partial class IdentityJson : JsonSerializerContext
{
    public static IdentityJson Answers { get; } = new(HttpJson.NewOptions());
}
