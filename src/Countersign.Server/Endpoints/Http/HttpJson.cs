using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Server.Endpoints.Browser;
using Countersign.Server.Endpoints.Operators;
using Countersign.Server.Endpoints.RelyingParty;

namespace Countersign.Server.Endpoints.Http;

/// <param name="Code">Kind of problem; the list is in docs/errors.md.</param>
/// <param name="Message">What is wrong and, where it can be said, what to do.</param>
internal sealed record ErrorBody(int Code, string Message);

/// <summary>All JSON that leaves the server by its endpoints. Absent optional members are left out.</summary>
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(TokenResponse))]
[JsonSerializable(typeof(TokenError))]
[JsonSerializable(typeof(VerifyResponse))]
[JsonSerializable(typeof(VerifyStatusResponse))]
[JsonSerializable(typeof(StepAnswer))]
[JsonSerializable(typeof(DeviceChallengeAnswer))]
[JsonSerializable(typeof(AuthorizationServerMetadata))]
[JsonSerializable(typeof(JsonWebKeys))]
[JsonSerializable(typeof(HealthBody))]
[JsonSerializable(typeof(ReturnedProofBody))]
internal sealed partial class HttpJson : JsonSerializerContext
{
    /// <summary>Apostrophes and plus signs as they are: these answers are read by people in a terminal and never stand inside HTML.</summary>
    public static HttpJson Answers { get; } = new(NewOptions());

    /// <summary>For a context of one family of answers; each context needs options of its own.</summary>
    public static JsonSerializerOptions NewOptions() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
