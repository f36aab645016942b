using System.Text.Json.Nodes;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.OpenApi;

/// <summary>The bounds that the document names are the bounds that the server keeps: each is tried from both sides.</summary>
public sealed class RequestTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    private readonly TestServer _server = fixture.Server;

    public static TheoryData<string> Texts => ["phoneNumber", "firstName", "lastName", "finalTargetUrl", "smsMessage", "clientCustomerId",
        "clientRequestId", "emailAddress"];

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
    [MemberData(nameof(Texts))]
    public async Task A_text_of_the_greatest_length_is_taken_and_no_longer_one(string name)
    {
        var contract = await Contract.ReadAsync(_server, "v3");
        var schema = contract.Component("VerifyRequest")["properties"]![name]!;
        var most = (int)schema["maxLength"]!;
        var (longest, tooLong) = (TextOf(name, most), TextOf(name, most + 1));
        Assert.Empty(contract.Schema.Problems(schema, longest));

        var taken = await VerifyAsync(body => Set(body, (name, longest)));
        var refused = await VerifyAsync(body => Set(body, (name, tooLong)));

        // A number of that length belongs to no test user.
        Assert.Equal(name == "phoneNumber" ? 8007 : 200, taken.Status == 200 ? 200 : taken.Code);
        Assert.StartsWith($"field '{name}' is invalid: ", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("possessionType", "Mobile")]
    [InlineData("phoneNumber", "200 100")]
    [InlineData("firstName", "a\nb")]
    [InlineData("lastName", "a\u0085b")]
    [InlineData("finalTargetUrl", "https://shop.example/a b")]
    [InlineData("finalTargetUrl", "https://user@shop.example/")]
    [InlineData("smsMessage", "no placeholder")]
    [InlineData("smsMessage", "###")]
    [InlineData("smsMessage", "####### is too long")]
    [InlineData("smsMessage", "#### and ####")]
    [InlineData("clientCustomerId", "a\0b")]
    [InlineData("clientRequestId", "a\u007fb")]
    [InlineData("emailAddress", "nobody")]
    [InlineData("emailAddress", "a@b@c")]
    public async Task What_the_document_forbids_the_server_refuses(string name, string text)
    {
        var contract = await Contract.ReadAsync(_server, "v3");
        Assert.NotEmpty(contract.Schema.Problems(contract.Component("VerifyRequest")["properties"]![name]!, text));

        var reply = await VerifyAsync(body => Set(body, (name, text)));

        Assert.Contains($"field '{name}' is invalid: ", reply.Message, StringComparison.Ordinal);
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

    [Theory]
    [InlineData("firstName", "José María")]
    [InlineData("lastName", "𠮷野")]
    [InlineData("smsMessage", "Дом: ##### \n")]
    [InlineData("smsMessage", "###### is yours")]
    [InlineData("emailAddress", "josé@example.com")]
    [InlineData("clientCustomerId", "número 7 \"x\"")]
    public async Task What_the_document_allows_the_server_takes(string name, string text)
    {
        var contract = await Contract.ReadAsync(_server, "v3");
        Assert.Empty(contract.Schema.Problems(contract.Component("VerifyRequest")["properties"]![name]!, text));

        Assert.Equal(200, (await VerifyAsync(body => Set(body, (name, text)))).Status);
    }

    [Theory]
    [InlineData(255, 200)]
    [InlineData(256, 400)]
    public async Task An_idempotency_key_has_the_documented_length(int length, int status)
    {
        var reply = await _server.VerifyAsync(TestServer.VerifyBody("mobile", "2001004011"), idempotencyKey: new string('k', length));

        Assert.Equal(status, reply.Status);
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

    private static string TextOf(string name, int length) => name switch
    {
        "phoneNumber" => new string('2', length),
        "finalTargetUrl" => "https://shop.example/".PadRight(length, 'a'),
        "smsMessage" => "####".PadRight(length, 'a'),
        "emailAddress" => "@example.com".PadLeft(length, 'a'),
        // A character beyond the first plane counts once.
        _ => string.Concat(Enumerable.Repeat("𠮷", length)),
    };
}
