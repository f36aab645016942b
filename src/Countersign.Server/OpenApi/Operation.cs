using System.Text.Json.Nodes;
using Countersign.Server.Contract;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.OpenApi;

/// <summary>What one endpoint promises. It is attached to the endpoint as metadata, and the documents are made of nothing else.</summary>
internal sealed record Operation
{
    public required string Id { get; init; }

    public required string Tag { get; init; }

    public required string Summary { get; init; }

    public required string Description { get; init; }

    /// <summary>Name of the security scheme; null when the call needs no credentials.</summary>
    public string? Credentials { get; init; }

    public Parameter[] Parameters { get; init; } = [];

    public Body? Body { get; init; }

    public required Reply Success { get; init; }

    /// <summary>The same success as another version of HTTP says it; null where all say the same.</summary>
    public Reply? OtherSuccess { get; init; }

    /// <summary>Every refusal that can occur but for 500 and 503, which always can.</summary>
    public required Fault[] Refusals { get; init; }

    /// <summary>
    /// Whether requests that are answered with this status count against the caller's rate. All do but those without a right token, since
    /// it is the token that says whose rate it is; of an operator's only those without a right key.
    /// </summary>
    public bool Counts(int status) => SaysRate && Refusals.Contains(Fault.TooManyRequests) && Credentials switch
    {
        Document.AdminKey => status == Fault.NotAuthorized.Status,
        Document.AccessToken => status != Fault.NotAuthorized.Status,
        _ => true,
    };

    /// <summary>Whether answers say what is left of a rate.</summary>
    public bool SaysRate { get; init; } = true;

    /// <summary>The body of every refusal.</summary>
    public ObjectSchema Error { get; init; } = Errors.Schema;

    /// <summary>The media type of every refusal.</summary>
    public string ErrorType { get; init; } = Members.Json;

    /// <summary>What the body of a refusal has beside its code and message.</summary>
    public Func<Fault, (string Name, JsonNode Value)[]> MoreOfError { get; init; } = _ => [];
}

/// <summary>On an endpoint whose callers need a scope.</summary>
internal interface IOperationScopes
{
    /// <summary>Any one of them is enough; with none, any caller is.</summary>
    IReadOnlyList<string> Words { get; }

    /// <summary>The same, to read.</summary>
    string Sentence { get; }
}

/// <param name="In">"header", "query" or "path".</param>
internal sealed record Parameter(string Name, string In, JsonObject Schema, JsonNode Example, bool IsRequired = false)
{
    public static Parameter InPath(Member member, JsonNode example) => new(member.Name, "path", member.Schema, example, IsRequired: true);

    public static Parameter InQuery(Member member, JsonNode example) =>
        new(member.Name, "query", member.Schema, example, member.IsRequired);

    public static Parameter InHeader(Member member, JsonNode example) =>
        new(member.Name, "header", member.Schema, example, member.IsRequired);
}

/// <param name="Example">Answered with success by a fresh sandbox, unless the operation needs an earlier call.</param>
internal sealed record Body(ObjectSchema Schema, JsonObject Example, bool IsRequired = true, params string[] MediaTypes)
{
    /// <summary>A second contract on the same path; null where there is none.</summary>
    public ObjectSchema? OtherSchema { get; init; }
}

/// <param name="Schema">Null when the answer has no body.</param>
internal sealed record Reply(int Status, string Description, ObjectSchema? Schema = null, JsonNode? Example = null, bool IsList = false)
{
    /// <summary>Of a file that is the answer; null for JSON.</summary>
    public string? FileType { get; init; }

    public override string ToString() => Description;
}

internal static class OperationExtensions
{
    public static IEndpointConventionBuilder Describe(this IEndpointConventionBuilder endpoint, Operation operation) =>
        endpoint.WithMetadata(operation);
}
