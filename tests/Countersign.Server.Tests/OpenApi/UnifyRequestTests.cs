using System.Text.Json.Nodes;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.OpenApi;

/// <summary>The bounds that the document names for the unify family are the bounds that the server keeps: each is tried from both sides.</summary>
public sealed class UnifyRequestTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    private const string Number = "2001009302";
    private const string SomeId = "019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a";

    private readonly TestServer _server = fixture.Server;

    public static TheoryData<string, string> Operations => new()
    {
        { "/v3/unify", "UnifyRequest" },
        { "/v3/unify-status", "UnifyStatusRequest" },
        { "/v3/unify-bind", "UnifyBindRequest" },
        { "/v3/device/revoke", "DeviceRevokeRequest" },
    };

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Bad_fields_are_named_in_the_order_of_the_document(string path, string schema)
    {
        var members = (await Contract.ReadAsync(_server, "v3")).Component(schema)["properties"]!.AsObject().Select(member => member.Key).ToList();
        var bad = new JsonObject(members.AsEnumerable().Reverse().Select(member => KeyValuePair.Create(member, (JsonNode?)7)));

        var reply = await _server.PostAsync(path, bad.ToJsonString());

        Assert.Equal(400, reply.Status);
        Assert.Equal(members, reply.Message.Split("; ").Select(problem => problem.Split('\'')[1]));
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Every_required_member_is_missed_by_name(string path, string schema)
    {
        var required = (await Contract.ReadAsync(_server, "v3")).Component(schema)["required"]?.AsArray().Select(name => (string)name!) ?? [];

        var reply = await _server.PostAsync(path, "{}");

        Assert.Equal(
            path == "/v3/unify" ? ["flowType", "phoneNumber"] : required, reply.Message.Split("; ").Select(problem => problem.Split('\'')[1]));
    }

    [Theory]
    [InlineData("phoneNumber")]
    [InlineData("deviceId")]
    [InlineData("finalTargetUrl")]
    [InlineData("smsMessage")]
    [InlineData("clientCustomerId")]
    [InlineData("clientHumanId")]
    [InlineData("clientRequestId")]
    [InlineData("emailAddress")]
    [InlineData("ipAddress")]
    public async Task A_text_of_the_greatest_length_is_taken_and_no_longer_one(string name)
    {
        var contract = await Contract.ReadAsync(_server, "v3");
        var schema = contract.Component("UnifyRequest")["properties"]![name]!;
        var most = (int)schema["maxLength"]!;
        var (longest, tooLong) = (TextOf(name, most), TextOf(name, most + 1));
        Assert.Empty(contract.Schema.Problems(schema, longest));

        var taken = await UnifyAsync(name, longest);
        var refused = await UnifyAsync(name, tooLong);

        // A number of that length belongs to no test user.
        Assert.Equal(name == "phoneNumber" ? 8007 : 200, taken.Status == 200 ? 200 : taken.Code);
        Assert.StartsWith($"field '{name}' is invalid: longer than ", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("possessionType", "Mobile")]
    [InlineData("flowType", "tablet")]
    [InlineData("phoneNumber", "200 100")]
    [InlineData("proveId", "me")]
    [InlineData("proveId", "{019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a}")]
    [InlineData("proveId", "019ab3f05c1e7d2a9b643f8e2c71d05a")]
    [InlineData("deviceId", "a\nb")]
    [InlineData("finalTargetUrl", "https://user@shop.example/")]
    [InlineData("smsMessage", "no placeholder")]
    [InlineData("clientHumanId", "a\0b")]
    [InlineData("ipAddress", "localhost")]
    [InlineData("ipAddress", "10.0.0.1, 10.0.0.2")]
    [InlineData("emailAddress", "nobody")]
    public async Task What_the_document_forbids_the_server_refuses(string name, string text)
    {
        var contract = await Contract.ReadAsync(_server, "v3");
        Assert.NotEmpty(contract.Schema.Problems(contract.Component("UnifyRequest")["properties"]![name]!, text));

        var reply = await UnifyAsync(name, text);

        Assert.Equal((400, 8001), (reply.Status, reply.Code));
        Assert.Contains($"field '{name}' is invalid: ", reply.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ipAddress", "203.0.113.7")]
    [InlineData("ipAddress", "2001:db8::7")]
    [InlineData("ipAddress", "::ffff:203.0.113.7")]
    [InlineData("deviceId", "whatever the relying party remembers")]
    [InlineData("clientHumanId", "número 7 \"x\"")]
    [InlineData("phoneNumber", "+12001009302")]
    public async Task What_the_document_allows_the_server_takes(string name, string text)
    {
        var contract = await Contract.ReadAsync(_server, "v3");
        Assert.Empty(contract.Schema.Problems(contract.Component("UnifyRequest")["properties"]![name]!, text));

        Assert.Equal(200, (await UnifyAsync(name, text)).Status);
    }

    [Theory]
    [InlineData("allowOTPRetry")]
    [InlineData("rebind")]
    [InlineData("checkReputation")]
    public async Task A_flag_is_a_truth_value_and_no_text(string name)
    {
        var body = JsonNode.Parse(UnifyCalls.UnifyBody("mobile", Number))!;

        body[name] = true;
        Assert.Equal(200, (await _server.UnifyAsync(body.ToJsonString())).Status);
        body[name] = "true";
        Assert.Equal($"field '{name}' is invalid: must be true or false", (await _server.UnifyAsync(body.ToJsonString())).Message);
    }

    [Theory]
    [InlineData("""{"possessionType":"mobile"}""", "field 'phoneNumber' is missing")]
    [InlineData("""{"possessionType":"mobile","phoneNumber":"","proveId":null}""", "field 'phoneNumber' is missing")]
    [InlineData("""{"possessionType":"mobile","proveId":"x"}""", "field 'proveId' is invalid: must be a UUID: 8-4-4-4-12 hexadecimal digits")]
    [InlineData("""{"phoneNumber":"2001009302"}""", "field 'flowType' is missing")]
    [InlineData("""{"possessionType":"mobile","flowType":"none","phoneNumber":"2001009302"}""", "field 'flowType' is invalid: differs from possessionType")]
    [InlineData("""{"possessionType":"desktop","phoneNumber":"2001009302"}""", "field 'finalTargetUrl' is missing")]
    [InlineData("""{"possessionType":"mobile","phoneNumber":"2001009302","rebind":true,"rebind":true}""", "field 'rebind' is invalid: given twice")]
    public async Task What_belongs_together_is_asked_for_together(string body, string message)
    {
        Assert.Equal(message, (await _server.UnifyAsync(body)).Message);
    }

    [Theory]
    [InlineData("/v3/unify-status", """{"correlationId":"X"}""", "correlationId")]
    [InlineData("/v3/unify-status", $$"""{"correlationId":"{{SomeId}}","phoneNumber":"1-2"}""", "phoneNumber")]
    [InlineData("/v3/unify-bind", """{"correlationId":"019AB3F0-5C1E-7D2A-9B64-3F8E2C71D05A","phoneNumber":"2001009302"}""", "correlationId")]
    [InlineData("/v3/unify-bind", $$"""{"correlationId":"{{SomeId}}","phoneNumber":"1-2"}""", "phoneNumber")]
    [InlineData("/v3/device/revoke", $$"""{"clientRequestId":"a\u0000","deviceId":"{{SomeId}}"}""", "clientRequestId")]
    public async Task A_bad_field_of_the_other_operations_is_named(string path, string body, string name)
    {
        var reply = await _server.PostAsync(path, body);

        Assert.Equal((400, 8001), (reply.Status, reply.Code));
        Assert.StartsWith($"field '{name}' is invalid: ", reply.Message, StringComparison.Ordinal);
    }

    private Task<Reply> UnifyAsync(string name, string text)
    {
        var body = JsonNode.Parse(UnifyCalls.UnifyBody("mobile", Number))!;
        body["finalTargetUrl"] = "https://shop.example/done";
        body[name] = text;
        return _server.UnifyAsync(body.ToJsonString());
    }

    private static string TextOf(string name, int length) => name switch
    {
        "phoneNumber" => new string('2', length),
        "finalTargetUrl" => "https://shop.example/".PadRight(length, 'a'),
        "ipAddress" => new string('1', length),
        "smsMessage" => "####".PadRight(length, 'a'),
        "emailAddress" => "@example.com".PadLeft(length, 'a'),
        // A character beyond the first plane counts once.
        _ => string.Concat(Enumerable.Repeat("𠮷", length)),
    };
}
