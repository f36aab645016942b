using System.Text.Json.Nodes;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.OpenApi;

/// <summary>What openapi/v3.json says of requests about enrolled persons and linked projects is what the server keeps.</summary>
public sealed class IdentityRequestTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    private const string Identity = "/v3/identity";
    private const string Merla = "2001004031";
    private const string SomeId = "019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a";

    private readonly TestServer _server = fixture.Server;

    [Theory]
    [InlineData(Identity, "EnrolRequest")]
    [InlineData(Identity + "/batch", "EnrolBatchRequest")]
    [InlineData(Identity + "/" + SomeId + "/activate", "IdentityChangeRequest")]
    [InlineData(Identity + "/" + SomeId + "/cross-domain", "CrossDomainRequest")]
    [InlineData("/v3/domain/link", "LinkDomainRequest")]
    [InlineData("/v3/domain/confirm-link", "ConfirmLinkRequest")]
    [InlineData("/v3/domain/unlink", "UnlinkRequest")]
    public async Task Bad_members_are_named_in_the_order_of_the_document(string path, string schema)
    {
        var members = (await Contract.ReadAsync(_server, "v3")).Component(schema)["properties"]!.AsObject().Select(member => member.Key)
            .ToList();
        var bad = new JsonObject(members.AsEnumerable().Reverse().Select(member => KeyValuePair.Create(member, (JsonNode?)7)));

        var reply = await _server.PostAsync(path, bad.ToJsonString());

        Assert.Equal(members, reply.Message.Split("; ").Select(problem => problem.Split('\'')[1]));
    }

    [Theory]
    [InlineData("get", Identity, "limit=x&startKey=x&showInactive=x&clientRequestId=%01")]
    [InlineData("get", Identity + "/{mobileNumber}/lookup", "clientRequestId=%01")]
    [InlineData("get", Identity + "/{proveId}", "clientRequestId=%01")]
    [InlineData("delete", Identity + "/{proveId}", "clientRequestId=%01")]
    [InlineData("get", "/v3/discover", "clientRequestId=%01&proveId=x")]
    [InlineData("get", "/v3/fetch", "clientRequestId=%01&attributeId=x&proveId=x")]
    [InlineData("get", "/v3/domain/id", "clientRequestId=%01")]
    [InlineData("get", "/v3/domain/linked", "clientRequestId=%01")]
    public async Task Bad_parameters_are_named_in_the_order_of_the_document(string method, string path, string query)
    {
        var contract = await Contract.ReadAsync(_server, "v3");
        var parameters =
            contract.Operations.Single(operation => operation.Path == path && operation.Method == method).Json["parameters"]!.AsArray();
        var address =
            $"{path.Replace("{proveId}", "-", StringComparison.Ordinal).Replace("{mobileNumber}", "-", StringComparison.Ordinal)}?{query}";

        var reply = await _server.CallAsync(new HttpMethod(method.ToUpperInvariant()), address);

        Assert.Equal(parameters.Select(parameter => (string)parameter!["name"]!),
            reply.Message.Split("; ").Select(problem => problem.Split('\'')[1]));
        Assert.All(parameters, parameter => Assert.NotEmpty(contract.Schema.Problems(parameter!["schema"]!, "\u0001")));
    }

    [Fact]
    public async Task There_may_be_as_many_attributes_as_documented_and_not_one_more()
    {
        var schema = (await Contract.ReadAsync(_server, "v3")).Component("EnrolRequest")["properties"]!["identityAttributes"]!;
        var max = (int)schema["maxItems"]!;

        Assert.Equal(200, (await EnrolAsync(Attributes(max))).Status);
        Assert.Equal(
            $"field 'identityAttributes' is invalid: must have 0 to {max} entries", (await EnrolAsync(Attributes(max + 1))).Message);
    }

    [Theory]
    [InlineData("items")]
    [InlineData("identities")]
    public async Task A_batch_may_have_as_many_items_as_documented_and_not_one_more(string name)
    {
        var schema = (await Contract.ReadAsync(_server, "v3")).Component("EnrolBatchRequest")["properties"]![name]!;
        var max = (int)schema["maxItems"]!;

        var taken = await _server.PostAsync(Identity + "/batch", Batch(name, max));
        var refused = await _server.PostAsync(Identity + "/batch", Batch(name, max + 1));
        var empty = await _server.PostAsync(Identity + "/batch", Batch(name, 0));

        Assert.Equal((200, max), (taken.Status, taken.Json!["results"]!.AsArray().Count));
        Assert.Equal($"field '{name}' is invalid: must have 1 to {max} entries", refused.Message);
        Assert.Equal(refused.Message, empty.Message);
    }

    private Task<Reply> EnrolAsync(JsonObject more)
    {
        more["phoneNumber"] = Merla;
        return _server.PostAsync(Identity, more.ToJsonString());
    }

    private static JsonObject Attributes(int count, params (string Name, string Value)[] members)
    {
        var attributes = Enumerable.Range(0, count).Select(_ =>
        {
            var attribute = new JsonObject { ["attributeType"] = "tier", ["attributeValue"] = "gold" };
            foreach (var (name, value) in members)
            {
                attribute[name] = value;
            }
            return (JsonNode)attribute;
        });
        return new JsonObject { ["identityAttributes"] = new JsonArray([.. attributes]) };
    }

    private static string Batch(string name, int count) => new JsonObject
    {
        [name] = new JsonArray([.. Enumerable.Range(0, count).Select(_ => (JsonNode)new JsonObject { ["phoneNumber"] = Merla })]),
    }.ToJsonString();
}
