using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Countersign.Client.Wire;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(VerifyRequestBody))]
[JsonSerializable(typeof(VerifyResponseBody))]
[JsonSerializable(typeof(VerifyStatusResponseBody))]
[JsonSerializable(typeof(CorrelationIdBody))]
[JsonSerializable(typeof(ChangeResponseBody))]
[JsonSerializable(typeof(StartRequestBody))]
[JsonSerializable(typeof(StartResponseBody))]
[JsonSerializable(typeof(ValidateResponseBody))]
[JsonSerializable(typeof(ChallengeRequestBody))]
[JsonSerializable(typeof(ChallengeResponseBody))]
[JsonSerializable(typeof(CompleteRequestBody))]
[JsonSerializable(typeof(CompleteResponseBody))]
[JsonSerializable(typeof(UnifyRequestBody))]
[JsonSerializable(typeof(UnifyResponseBody))]
[JsonSerializable(typeof(UnifyStatusResponseBody))]
[JsonSerializable(typeof(UnifyBindRequestBody))]
[JsonSerializable(typeof(RevokeDeviceRequestBody))]
[JsonSerializable(typeof(OneCallRequestBody))]
[JsonSerializable(typeof(OneCallResponseBody))]
[JsonSerializable(typeof(OneCallBatchRequestBody))]
[JsonSerializable(typeof(OneCallBatchResponseBody))]
[JsonSerializable(typeof(EnrolRequestBody))]
[JsonSerializable(typeof(EnrolResponseBody))]
[JsonSerializable(typeof(EnrolBatchRequestBody))]
[JsonSerializable(typeof(EnrolBatchResponseBody))]
[JsonSerializable(typeof(ListIdentitiesResponseBody))]
[JsonSerializable(typeof(EnrolledIdentityBody))]
[JsonSerializable(typeof(LookUpResponseBody))]
[JsonSerializable(typeof(CrossDomainResponseBody))]
[JsonSerializable(typeof(DiscoverResponseBody))]
[JsonSerializable(typeof(FetchResponseBody))]
[JsonSerializable(typeof(LinkDomainRequestBody))]
[JsonSerializable(typeof(ConfirmDomainLinkRequestBody))]
[JsonSerializable(typeof(UnlinkDomainRequestBody))]
[JsonSerializable(typeof(DomainIdResponseBody))]
[JsonSerializable(typeof(LinkedDomainsResponseBody))]
[JsonSerializable(typeof(TokenResponseBody))]
[JsonSerializable(typeof(ErrorBody))]
internal sealed partial class WireJson : JsonSerializerContext
{
    /// <summary>
    /// Writes '+' and letters outside ASCII as they are. No page embeds these bodies, and six bytes for each letter of a text message
    /// would come near the contract's 4096 bytes for a body.
    /// </summary>
    public static WireJson Instance { get; } = new(new JsonSerializerOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    });
}
