using System.Text.Json.Nodes;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.OpenApi;

/// <summary>The bounds that the document names for the one-call contract, each tried from both sides, in a call and in an item of a batch.</summary>
public sealed class OneCallRequestTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    private readonly TestServer _server = fixture.Server;

    public static TheoryData<string> Texts =>
        ["phoneNumber", "firstName", "lastName", "emailAddress", "ipAddress", "userAgent", "clientCustomerId", "clientHumanId", "clientRequestId"];

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

        Assert.Equal(["verificationType", "phoneNumber"], contract.Component("OneCallRequest")["required"]!.AsArray().Select(name => (string)name!));
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
    [MemberData(nameof(Texts))]
    public async Task A_text_of_the_greatest_length_is_taken_and_no_longer_one(string name)
    {
        var contract = await Contract.ReadAsync(_server, "v3");
        var schema = contract.Component("OneCallRequest")["properties"]![name]!;
        var most = (int)schema["maxLength"]!;
        var (longest, tooLong) = (TextOf(name, most), TextOf(name, most + 1));
        Assert.Empty(contract.Schema.Problems(schema, longest));

        var taken = await AskAsync(body => body[name] = longest);
        var refused = await AskAsync(body => body[name] = tooLong);
        var item = Body();
        item[name] = tooLong;

        // A number of that length belongs to no test user.
        Assert.Equal(name == "phoneNumber" ? 8007 : 200, taken.Status == 200 ? 200 : taken.Code);
        Assert.StartsWith($"field '{name}' is invalid: ", refused.Message, StringComparison.Ordinal);
        Assert.Equal(refused.Message, await ErrorOfAsync(item));
    }

    [Theory]
    [InlineData("verificationType", "VerifiedUser")]
    [InlineData("phoneNumber", "200 100")]
    [InlineData("firstName", "a\nb")]
    [InlineData("lastName", "a\u0085b")]
    [InlineData("emailAddress", "a@b@c")]
    [InlineData("ipAddress", "localhost")]
    [InlineData("userAgent", "a\0b")]
    [InlineData("clientCustomerId", "a\0b")]
    [InlineData("clientHumanId", "a\u007fb")]
    [InlineData("clientRequestId", "a\tb")]
    [InlineData("proveId", "019ab3f05c1e7d2a9b643f8e2c71d05a")]
    [InlineData("proveId", "7")]
    public async Task What_the_document_forbids_the_server_refuses(string name, string text)
    {
        var contract = await Contract.ReadAsync(_server, "v3");
        Assert.NotEmpty(contract.Schema.Problems(contract.Component("OneCallRequest")["properties"]![name]!, text));

        var reply = await AskAsync(body => body[name] = text);

        Assert.Contains($"field '{name}' is invalid: ", reply.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("firstName", "José María")]
    [InlineData("lastName", "𠮷野")]
    [InlineData("emailAddress", "josé@example.com")]
    [InlineData("ipAddress", "2001:db8::ffff:192.0.2.1")]
    [InlineData("userAgent", "Mozilla/5.0 (X11; Linux x86_64)")]
    [InlineData("clientHumanId", "número 7 \"x\"")]
    [InlineData("proveId", "019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a")]
    [InlineData("proveId", "019AB3F0-5C1E-7D2A-9B64-3F8E2C71D05A")]
    public async Task What_the_document_allows_the_server_takes(string name, string text)
    {
        var contract = await Contract.ReadAsync(_server, "v3");
        Assert.Empty(contract.Schema.Problems(contract.Component("OneCallRequest")["properties"]![name]!, text));

        Assert.Equal(200, (await AskAsync(body => body[name] = text)).Status);
    }

    [Theory]
    [InlineData(32, """{"attributeType":"dob","attributeValue":"1970-01-01"}""", null)]
    [InlineData(33, """{"attributeType":"dob","attributeValue":"1970-01-01"}""", "field 'identityAttributes' is invalid: must have 0 to 32 entries")]
    [InlineData(1, """{"attributeValue":"1970-01-01"}""", "field 'identityAttributes[0].attributeType' is missing")]
    [InlineData(1, """{"attributeType":"dob","attributeValue":7}""", "field 'identityAttributes[0].attributeValue' is invalid: must be text")]
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

    private async Task<JsonObject> MembersAsync() => (await Contract.ReadAsync(_server, "v3")).Component("OneCallRequest")["properties"]!.AsObject();

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

    private static string TextOf(string name, int length) => name switch
    {
        "phoneNumber" or "ipAddress" => new string('2', length),
        // Beyond the first plane it would not fit into a body.
        "userAgent" => new string('a', length),
        "emailAddress" => "@example.com".PadLeft(length, 'a'),
        // A character beyond the first plane counts once.
        _ => string.Concat(Enumerable.Repeat("𠮷", length)),
    };
}
