using System.Text.Json.Nodes;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.OpenApi;

/// <summary>What the document says of the unify family's members together is what the server keeps.</summary>
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
        var members = (await Contract.ReadAsync(_server, "v3")).Component(schema)["properties"]!.AsObject().Select(member => member.Key)
            .ToList();
        var bad = new JsonObject(members.AsEnumerable().Reverse().Select(member => KeyValuePair.Create(member, (JsonNode?)7)));

        var reply = await _server.PostAsync(path, bad.ToJsonString());

        Assert.Equal(400, reply.Status);
        Assert.Equal(members, reply.Message.Split("; ").Select(problem => problem.Split('\'')[1]));
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Every_required_member_is_missed_by_name(string path, string schema)
    {
        var required = (await Contract.ReadAsync(_server, "v3")).Component(schema)["required"]?.AsArray().Select(name => (string)name!)
            ?? [];

        var reply = await _server.PostAsync(path, "{}");

        Assert.Equal(
            path == "/v3/unify" ? ["flowType", "phoneNumber"] : required,
            reply.Message.Split("; ").Select(problem => problem.Split('\'')[1]));
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
    [InlineData(
        """{"possessionType":"mobile","proveId":"x"}""", "field 'proveId' is invalid: must be a UUID: 8-4-4-4-12 hexadecimal digits")]
    [InlineData("""{"phoneNumber":"2001009302"}""", "field 'flowType' is missing")]
    [InlineData("""{"possessionType":"mobile","flowType":"none","phoneNumber":"2001009302"}""",
        "field 'flowType' is invalid: differs from possessionType")]
    [InlineData("""{"possessionType":"desktop","phoneNumber":"2001009302"}""", "field 'finalTargetUrl' is missing")]
    [InlineData(
        """{"possessionType":"mobile","phoneNumber":"2001009302","rebind":true,"rebind":true}""", "field 'rebind' is invalid: given twice")]
    public async Task What_belongs_together_is_asked_for_together(string body, string message)
    {
        Assert.Equal(message, (await _server.UnifyAsync(body)).Message);
    }

    [Theory]
    [InlineData("/v3/unify-status", """{"correlationId":"X"}""", "correlationId")]
    [InlineData("/v3/unify-status", $$"""{"correlationId":"{{SomeId}}","phoneNumber":"1-2"}""", "phoneNumber")]
    [InlineData(
        "/v3/unify-bind", """{"correlationId":"019AB3F0-5C1E-7D2A-9B64-3F8E2C71D05A","phoneNumber":"2001009302"}""", "correlationId")]
    [InlineData("/v3/unify-bind", $$"""{"correlationId":"{{SomeId}}","phoneNumber":"1-2"}""", "phoneNumber")]
    [InlineData("/v3/device/revoke", $$"""{"clientRequestId":"a\u0000","deviceId":"{{SomeId}}"}""", "clientRequestId")]
    public async Task A_bad_field_of_the_other_operations_is_named(string path, string body, string name)
    {
        var reply = await _server.PostAsync(path, body);

        Assert.Equal((400, 8001), (reply.Status, reply.Code));
        Assert.StartsWith($"field '{name}' is invalid: ", reply.Message, StringComparison.Ordinal);
    }
}
