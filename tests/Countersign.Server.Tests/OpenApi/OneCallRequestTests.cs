using System.Text.Json.Nodes;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.OpenApi;

/// <summary>
/// What the document says of the one-call contract's members together is what the server keeps, in a call and in an item of a batch.
/// </summary>
public sealed class OneCallRequestTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    private readonly TestServer _server = fixture.Server;

    [Fact]
    public async Task Bad_fields_are_named_in_the_order_of_the_document()
    {
        var members = await MembersAsync();
        var bad = new JsonObject(members.AsEnumerable().Reverse().Select(member => KeyValuePair.Create(member.Key, (JsonNode?)7)));

        var reply = await _server.VerifyAsync(bad.ToJsonString());

        Assert.Equal(members.Select(member => member.Key), reply.Message.Split("; ").Select(problem => problem.Split('\'')[1]));
    }

    [Fact]
    public async Task Every_required_member_is_missed_by_name()
    {
        var contract = await Contract.ReadAsync(_server, "v3");

        Assert.Equal(
            ["verificationType", "phoneNumber"], contract.Component("OneCallRequest")["required"]!.AsArray().Select(name => (string)name!));
        Assert.Equal("field 'phoneNumber' is missing", (await AskAsync(body => body.Remove("phoneNumber"))).Message);
        Assert.Equal(["items"], contract.Component("VerifyBatchRequest")["required"]!.AsArray().Select(name => (string)name!));
        Assert.Equal("field 'items' is missing", (await _server.PostAsync("/v3/verify/batch", "{}")).Message);
        Assert.StartsWith("field 'verificationType' is missing", await ErrorOfAsync(new JsonObject()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_type_is_taken_and_two_of_them_want_a_name()
    {
        var types = (await MembersAsync())["verificationType"]!["enum"]!.AsArray().Select(word => (string)word!).ToList();
        var wantNames = new List<string>();

        foreach (var type in types)
        {
            var reply = await AskAsync(body =>
            {
                body["verificationType"] = type;
                body.Remove("firstName");
                body.Remove("lastName");
            });
            if (reply.Status == 400)
            {
                Assert.Equal("field 'firstName' is missing; field 'lastName' is missing", reply.Message);
                wantNames.Add(type);
            }
        }

        Assert.Equal(["verifiedUser", "accountOpening", "humanAssurance", "prefill", "prefillForBiz", "identityResolution", "bot"], types);
        Assert.Equal(["verifiedUser", "accountOpening"], wantNames);
    }

    [Theory]
    [InlineData(20, """{"attributeType":"dob","attributeValue":"1970-01-01"}""", null)]
    [InlineData(21, """{"attributeType":"dob","attributeValue":"1970-01-01"}""",
        "field 'identityAttributes' is invalid: must have 0 to 20 entries")]
    [InlineData(1, """{"attributeValue":"1970-01-01"}""", "field 'identityAttributes[0].attributeType' is missing")]
    [InlineData(
        1, """{"attributeType":"dob","attributeValue":7}""", "field 'identityAttributes[0].attributeValue' is invalid: must be text")]
    [InlineData(1, "7", "field 'identityAttributes[0]' is invalid: must be an object")]
    public async Task Attributes_are_as_documented(int count, string attribute, string? problem)
    {
        var contract = await Contract.ReadAsync(_server, "v3");
        var list = new JsonArray([.. Enumerable.Range(0, count).Select(_ => JsonNode.Parse(attribute))]);
        Assert.Equal(problem is null, contract.Schema.Problems((await MembersAsync())["identityAttributes"]!, list).Count == 0);

        var reply = await AskAsync(body => body["identityAttributes"] = list);

        Assert.Equal(problem, reply.Status == 200 ? null : reply.Message);
    }

    [Theory]
    [InlineData(0, "must have 1 to 1000 entries")]
    [InlineData(1001, "must have 1 to 1000 entries")]
    [InlineData(1000, null)]
    public async Task A_batch_has_as_many_items_as_documented(int count, string? problem)
    {
        var contract = await Contract.ReadAsync(_server, "v3");
        var items = new JsonObject { ["items"] = new JsonArray([.. Enumerable.Range(0, count).Select(_ => (JsonNode)Body())]) };
        Assert.Equal(problem is null, contract.Schema.Problems(contract.Component("VerifyBatchRequest"), items).Count == 0);

        var reply = await _server.PostAsync("/v3/verify/batch", items.ToJsonString());

        Assert.Equal(problem is null ? "200" : $"400 8001 field 'items' is invalid: {problem}", reply.Fault);
    }

    private async Task<JsonObject> MembersAsync() =>
        (await Contract.ReadAsync(_server, "v3")).Component("OneCallRequest")["properties"]!.AsObject();

    private Task<Reply> AskAsync(Action<JsonObject> change)
    {
        var body = Body();
        change(body);
        return _server.VerifyAsync(body.ToJsonString());
    }

    /// <summary>What a batch says of one item.</summary>
    private async Task<string?> ErrorOfAsync(JsonObject item)
    {
        var reply = await _server.PostAsync("/v3/verify/batch", new JsonObject { ["items"] = new JsonArray(item) }.ToJsonString());
        return (string?)reply.Json!["results"]![0]!["error"];
    }

    // A load user: one of every product.
    private static JsonObject Body() => new()
    {
        ["verificationType"] = "verifiedUser", ["phoneNumber"] = "2002000901", ["firstName"] = "Lori", ["lastName"] = "Montgomery",
    };
}
