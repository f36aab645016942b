using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Countersign.Server.Endpoints.Http;

/// <param name="Code">Kind of problem; the list is in docs/errors.md.</param>
/// <param name="Message">What is wrong and, where it can be said, what to do.</param>
internal sealed record ErrorBody(int Code, string Message);

/// <summary>The JSON of refusals, and how each group of endpoints writes its own. Absent optional members are left out.</summary>
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(ProblemBody))]
internal sealed partial class HttpJson : JsonSerializerContext
{
    /// <summary>
    /// Apostrophes and plus signs as they are: these answers are read by people in a terminal and never stand inside HTML.
    /// </summary>
    public static HttpJson Answers { get; } = new(NewOptions());

    /// <summary>For the context of a group; each context needs options of its own.</summary>
    public static JsonSerializerOptions NewOptions() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
