using System.Text.Json.Nodes;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.OpenApi;

/// <summary>
/// What the document says of verify's members together is what the server keeps; of each alone, its shape says it and keeps it.
/// </summary>
public sealed class RequestTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    private readonly TestServer _server = fixture.Server;

    [Fact]
    public async Task Bad_fields_are_named_in_the_order_of_the_document()
    {
        var schema = (await Contract.ReadAsync(_server, "v3")).Component("VerifyRequest");
        var members = schema["properties"]!.AsObject().Select(member => member.Key).ToList();
        var bad = new JsonObject(members.AsEnumerable().Reverse().Select(member => KeyValuePair.Create(member, (JsonNode?)7)));

        var reply = await _server.VerifyAsync(bad.ToJsonString());

        Assert.Equal(members, reply.Message.Split("; ").Select(problem => problem.Split('\'')[1]));
    }

    [Fact]
    public async Task Every_required_member_is_missed_by_name()
    {
        var contract = await Contract.ReadAsync(_server, "v3");

        foreach (var name in contract.Component("VerifyRequest")["required"]!.AsArray().Select(name => (string)name!))
        {
            Assert.Equal($"field '{name}' is missing", (await VerifyAsync(body => body.Remove(name))).Message);
        }
        Assert.Equal("field 'correlationId' is missing", (await _server.PostAsync("/v3/verify-status", "{}")).Message);
    }

    [Fact]
    public async Task One_name_of_the_flow_type_is_enough_and_two_must_agree()
    {
        var type = (await Contract.ReadAsync(_server, "v3")).Component("VerifyRequest")["properties"]!["flowType"]!["enum"]!.AsArray();

        foreach (var word in type.Select(word => (string)word!))
        {
            Assert.Equal(200, (await VerifyAsync(body => Set(body, ("flowType", word), ("possessionType", null)))).Status);
            Assert.Equal(200, (await VerifyAsync(body => Set(body, ("flowType", null), ("possessionType", word)))).Status);
            Assert.Equal(200, (await VerifyAsync(body => Set(body, ("flowType", word), ("possessionType", word)))).Status);
        }
        Assert.Equal("field 'flowType' is invalid: differs from possessionType", (await VerifyAsync(body => Set(body, ("flowType",
            "mobile"), ("possessionType", "none")))).Message);
        Assert.Equal("field 'flowType' is missing", (await VerifyAsync(body => Set(body, ("flowType", null), ("possessionType",
            null)))).Message);
    }

    [Theory]
    [InlineData("desktop", "###")]
    [InlineData("desktop", "#####")]
    [InlineData("mobile", "###")]
    [InlineData("mobile", "#######")]
    [InlineData("none", "###")]
    [InlineData("none", "#######")]
    public async Task A_placeholder_of_another_length_is_refused_in_every_flow(string type, string text)
    {
        var reply = await VerifyAsync(body => Set(body, ("flowType", type), ("smsMessage", text)));

        Assert.StartsWith("field 'smsMessage' is invalid: ", reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_left_out_by_null_or_by_an_empty_text_is_absent()
    {
        Assert.Equal(200, (await VerifyAsync(body => Set(body, ("smsMessage", ""), ("emailAddress", null), ("clientRequestId",
            "")))).Status);
        Assert.Equal("field 'firstName' is missing", (await VerifyAsync(body => Set(body, ("firstName", "")))).Message);
    }

    private Task<Reply> VerifyAsync(Action<JsonObject> change)
    {
        var body = JsonNode.Parse(TestServer.VerifyBody("mobile", "2001004011"))!.AsObject();
        body["finalTargetUrl"] = "https://shop.example/done";
        change(body);
        return _server.VerifyAsync(body.ToJsonString());
    }

    private static void Set(JsonObject body, params (string Name, string? Value)[] members)
    {
        foreach (var (name, value) in members)
        {
            body[name] = value;
        }
    }
}
