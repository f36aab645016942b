using System.Text.Json.Serialization;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.Domains;

[JsonSerializable(typeof(DomainResponse))]
[JsonSerializable(typeof(DomainChangeResponse))]
[JsonSerializable(typeof(LinkedDomainsResponse))]
internal sealed partial class DomainJson : JsonSerializerContext
{
    public static DomainJson Answers { get; } = new(HttpJson.NewOptions());
}
