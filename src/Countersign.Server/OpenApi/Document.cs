using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Server.Contract;

namespace Countersign.Server.OpenApi;

/// <summary>
/// One OpenAPI 3.1 document: the described endpoints below some prefixes, in the order in which they are mapped. It is made from the
/// running server's own endpoints, so what is not mapped is not in it. The texts it adds are in <see cref="Documents"/>.
/// </summary>
internal sealed record Document(string Name, string Title, string Summary, string Description, string[] Prefixes)
{
    /// <summary>Security scheme of /v3: the relying party's.</summary>
    public const string AccessToken = "bearer";

    /// <summary>Security scheme of /admin: the operator's.</summary>
    public const string AdminKey = "adminKey";

    /// <summary>Security scheme of /v1/client: the browser's, for one flow.</summary>
    public const string AuthToken = "authToken";

    /// <summary>Name and description of each tag.</summary>
    public required (string Name, string Description)[] Tags { get; init; }

    /// <summary>Name, description and bearer format of the security scheme; null without.</summary>
    public (string Name, string Description)? Scheme { get; init; }

    public string Path => $"/openapi/{Name}.json";

    public byte[] Write(EndpointDataSource endpoints)
    {
        using var bytes = new MemoryStream();
        var options = new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var writer = new Utf8JsonWriter(bytes, options))
        {
            Build(endpoints).WriteTo(writer);
        }
        bytes.Write("\n"u8);
        return bytes.ToArray();
    }

    /// <summary>The endpoints of this document and what they promise; null where a mapped endpoint promises nothing.</summary>
    public IEnumerable<(RouteEndpoint Endpoint, Operation? Operation)> Operations(EndpointDataSource endpoints) =>
        from endpoint in endpoints.Endpoints.OfType<RouteEndpoint>()
        where Prefixes.Any(prefix => PathOf(endpoint).StartsWith(prefix, StringComparison.Ordinal))
            && endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null
        select (endpoint, endpoint.Metadata.GetMetadata<Operation>());

    public static string PathOf(RouteEndpoint endpoint) => endpoint.RoutePattern.RawText ?? "";

    private JsonObject Build(EndpointDataSource endpoints)
    {
        var paths = new JsonObject();
        var schemas = new SortedDictionary<string, ObjectSchema>(StringComparer.Ordinal);
        foreach (var (endpoint, operation) in Operations(endpoints))
        {
            if (operation is null)
            {
                continue;
            }
            var path = PathOf(endpoint);
            var item = paths[path] as JsonObject ?? [];
            foreach (var method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Where(name =>
                name != HttpMethods.Connect))
            {
                item[method.ToLowerInvariant()] = Describe(operation, endpoint.Metadata.GetMetadata<IOperationScopes>());
            }
            paths[path] = item;
            foreach (var schema in (ObjectSchema?[])
                [operation.Body?.Schema, operation.Body?.OtherSchema, operation.Success.Schema, operation.Error])
            {
                if (schema is not null)
                {
                    schemas[schema.Name] = schema;
                }
            }
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = Title,
                ["version"] = "3.0",
                ["summary"] = Summary,
                ["description"] = Description,
                ["license"] = new JsonObject { ["name"] = "Apache-2.0", ["identifier"] = "Apache-2.0" },
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/", ["description"] = "The server this document was read from." }),
            ["tags"] = new JsonArray([.. Tags.Select(tag => new JsonObject { ["name"] = tag.Name, ["description"] = tag.Description })]),
            ["paths"] = paths,
            ["components"] = Components(schemas.Values),
        };
    }

    private JsonObject Components(IEnumerable<ObjectSchema> schemas)
    {
        var named = schemas.Select(schema => KeyValuePair.Create(schema.Name, (JsonNode?)schema.ToJson()));
        var components = new JsonObject { ["schemas"] = new JsonObject(named) };
        if (Scheme is { } scheme)
        {
            components["securitySchemes"] = new JsonObject
            {
                [scheme.Name] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = scheme.Description },
            };
        }
        return components;
    }

    private static JsonObject Describe(Operation operation, IOperationScopes? scopes)
    {
        var description = new JsonObject
        {
            ["operationId"] = operation.Id,
            ["tags"] = Schema.List([operation.Tag]),
            ["summary"] = operation.Summary,
            ["description"] = scopes is null ? operation.Description : $"{operation.Description}\n\n{scopes.Sentence}",
            ["security"] = operation.Credentials is { } scheme ? Security(scheme, scopes?.Words ?? []) : new JsonArray(),
        };
        if (operation.Parameters.Length > 0)
        {
            description["parameters"] = new JsonArray([.. operation.Parameters.Select(Describe)]);
        }
        if (operation.Body is { } body)
        {
            description["requestBody"] = new JsonObject
            {
                ["required"] = body.IsRequired,
                ["content"] = new JsonObject(body.MediaTypes.Select(type => KeyValuePair.Create(type, (JsonNode?)new JsonObject
                {
                    ["schema"] = Either(body.Schema, body.OtherSchema),
                    ["example"] = body.Example.DeepClone(),
                }))),
            };
        }
        var responses = new JsonObject { [$"{operation.Success.Status}"] = Describe(operation.Success, operation) };
        if (operation.OtherSuccess is { } other)
        {
            responses[$"{other.Status}"] = Describe(other, operation);
        }
        foreach (var (status, response) in Errors.Answers(operation))
        {
            responses[$"{status}"] = response;
        }
        description["responses"] = responses;
        return description;
    }

    // One requirement for each scope, since any of them is enough (OpenAPI 3.1, "Security Requirement Object").
    private static JsonArray Security(string scheme, IReadOnlyList<string> scopes) => scopes.Count == 0
        ? new JsonArray(new JsonObject { [scheme] = new JsonArray() })
        : new JsonArray([.. scopes.Select(scope => new JsonObject { [scheme] = new JsonArray(scope) })]);

    private static JsonObject Describe(Parameter parameter)
    {
        var schema = parameter.Schema.DeepClone().AsObject();
        schema.Remove("description", out var description);
        return new JsonObject
        {
            ["name"] = parameter.Name,
            ["in"] = parameter.In,
            ["required"] = parameter.IsRequired,
            ["description"] = description,
            ["schema"] = schema,
            ["example"] = parameter.Example.DeepClone(),
        };
    }

    private static JsonObject Describe(Reply reply, Operation operation)
    {
        var description = new JsonObject { ["description"] = reply.Description };
        if (operation.Counts(reply.Status))
        {
            description["headers"] = Errors.RateHeaders(operation);
        }
        if (reply.FileType is { } file)
        {
            description["content"] = new JsonObject
            {
                [file] = new JsonObject
                {
                    ["schema"] = new JsonObject { ["type"] = "string", ["description"] = "Its bytes as they are." },
                    ["example"] = reply.Example?.DeepClone(),
                },
            };
        }
        if (reply.Schema is { } schema)
        {
            description["content"] = new JsonObject
            {
                ["application/json"] = new JsonObject
                {
                    ["schema"] = reply.IsList ? new JsonObject { ["type"] = "array", ["items"] = schema.Reference } : schema.Reference,
                    ["example"] = reply.Example?.DeepClone(),
                },
            };
        }
        return description;
    }

    // Not oneOf: unknown members are ignored, so a request of the one contract may satisfy the other's schema too.
    private static JsonObject Either(ObjectSchema schema, ObjectSchema? other) =>
        other is null ? schema.Reference : new JsonObject { ["anyOf"] = new JsonArray(schema.Reference, other.Reference) };
}
