using System.Text.Json.Nodes;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.OpenApi;

/// <summary>A document as its readers see it.</summary>
internal sealed class Contract(JsonNode document)
{
    private readonly StrictSchema _schema = new(document);

    public JsonNode Json { get; } = document;

    public StrictSchema Schema => _schema;

    public IEnumerable<Documented> Operations =>
        from path in Json["paths"]!.AsObject()
        from method in path.Value!.AsObject()
        select new Documented(path.Key, method.Key, method.Value!.AsObject());

    public static async Task<Contract> ReadAsync(TestServer server, string name) =>
        new((await Reply.ReadAsync(await server.Client.GetAsync($"/openapi/{name}.json"))).Json!);

    /// <summary>The schema with this name.</summary>
    public JsonObject Component(string name) => Json["components"]!["schemas"]![name]!.AsObject();

    /// <summary>Fails unless the document has this answer: its status, its media type, its headers, every member of its body.</summary>
    public Reply MustHold(string path, Reply reply, string method = "post")
    {
        var responses = Json["paths"]![path]![method]!["responses"]!.AsObject();
        Assert.True(responses.ContainsKey($"{reply.Status}"), $"{path} does not list {reply}");

        var response = responses[$"{reply.Status}"]!;
        foreach (var (name, header) in response["headers"]?.AsObject() ?? [])
        {
            Assert.True(reply.Header(name) is not null || header!["required"]?.GetValue<bool>() != true,
                $"{path} {reply.Status} lacks {name}");
        }
        if (response["content"] is not { } content)
        {
            Assert.Equal("", reply.Body);
            return reply;
        }
        var (type, media) = Assert.Single(content.AsObject());
        Assert.Equal(type, reply.Header("Content-Type"));
        var problems = _schema.Problems(media!["schema"]!, reply.Json);
        Assert.True(problems.Count == 0, $"{path} {reply}: {string.Join(", ", problems)}");
        return reply;
    }
}
