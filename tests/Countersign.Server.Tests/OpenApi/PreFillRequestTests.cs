using System.Text.Json.Nodes;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.OpenApi;

/// <summary>
/// The bounds that the document names for the pre-fill family are the bounds that the server keeps: each is tried from both sides.
/// </summary>
public sealed class PreFillRequestTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    private const string Start = "/v3/start";
    private const string Challenge = "/v3/challenge";
    private const string Complete = "/v3/complete";

    private readonly TestServer _server = fixture.Server;

    [Theory]
    [InlineData(Start, "StartRequest")]
    [InlineData("/v3/validate", "ValidateRequest")]
    [InlineData(Challenge, "ChallengeRequest")]
    [InlineData(Complete, "CompleteRequest")]
    public async Task Bad_fields_are_named_in_the_order_of_the_document(string path, string schema)
    {
        var contract = await Contract.ReadAsync(_server, "v3");
        var (bad, names) = Wrong(contract.Component(schema), "");

        var reply = await _server.PostAsync(path, bad.ToJsonString());

        Assert.Equal(names, reply.Message.Split("; ").Select(problem => problem.Split('\'')[1]));
    }

    [Theory]
    [InlineData(Start, "StartRequest", "phoneNumber")]
    [InlineData("/v3/validate", "ValidateRequest", "correlationId")]
    [InlineData(Challenge, "ChallengeRequest", "correlationId")]
    [InlineData(Complete, "CompleteRequest", "correlationId individual")]
    public async Task Every_required_member_is_missed_by_name(string path, string schema, string names)
    {
        var required = (await Contract.ReadAsync(_server, "v3")).Component(schema)["required"]!.AsArray().Select(name => (string)name!)
            .ToArray();

        var reply = await _server.PostAsync(path, """{"flowType":"mobile"}""");

        Assert.Equal(names.Split(' '), required);
        Assert.Equal(string.Join("; ", required.Select(name => $"field '{name}' is missing")), reply.Message);
    }

    [Theory]
    [InlineData("flowType", "none")]
    [InlineData("flowType", "Mobile")]
    [InlineData("possessionType", "none")]
    [InlineData("ipAddress", "localhost")]
    [InlineData("ipAddress", "2001:db8:0000:0000:0000:0000:0000:0000:0000:00")]
    [InlineData("dob", "1981")]
    [InlineData("dob", "17.01.1981")]
    [InlineData("ssn", "847-35-0596")]
    [InlineData("ssn", "84735")]
    [InlineData("last4SSN", "847350596")]
    public async Task What_the_document_forbids_in_start_the_server_refuses(string name, string text)
    {
        var contract = await Contract.ReadAsync(_server, "v3");
        Assert.NotEmpty(contract.Schema.Problems(contract.Component("StartRequest")["properties"]![name]!, text));

        var reply = await StartAsync(name, text);

        Assert.Contains($"field '{name}' is invalid: ", reply.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, bool> Individuals => new()
    {
        { """{"firstName":"José María","lastName":"𠮷野"}""", true },
        { """{"ssn":"0596","dob":"1981-01-17"}""", true },
        { """{"ssn":"0596","addresses":[{"address":"12 Main St","extendedAddress":"Apt """
            + """2","city":"X","region":"CO","postalCode":"80161-2001"},{}],"emailAddresses":["a@b"]}""", true },
        { """{"ssn":"0596","addresses":[{},{},{},{},{},{},{},{},{},{}]}""", true },
        { """{"ssn":"0596","addresses":[{},{},{},{},{},{},{},{},{},{},{}]}""", false },
        { """{"ssn":"0596","emailAddresses":["a"]}""", false },
        { """{"ssn":"0596","addresses":[{"postalCode":"8016"}]}""", false },
        { """{"ssn":"0596","addresses":[{"city":"a\nb"}]}""", false },
        { """{"ssn":"0596","dob":"1981-01"}""", true },
        { """{"ssn":"0596","dob":"1981"}""", false },
        { """{"ssn":"596"}""", false },
        { """{"firstName":"a\nb","lastName":"x"}""", false },
    };

    [Theory]
    [MemberData(nameof(Individuals))]
    public async Task A_person_is_taken_exactly_when_the_document_allows_it(string individual, bool isAllowed)
    {
        var contract = await Contract.ReadAsync(_server, "v3");
        var described = JsonNode.Parse(individual)!;

        var reply = await _server.CompleteAsync(await _server.ReadyAsync(PreFillSteps.Martina), described.AsObject());

        Assert.Equal(
            isAllowed, contract.Schema.Problems(contract.Component("CompleteRequest")["properties"]!["individual"]!, described).Count == 0);
        Assert.Equal(isAllowed ? 200 : 400, reply.Status);
    }

    private Task<Reply> StartAsync(string name, string text) =>
        _server.PostAsync(Start, PreFillSteps.StartBody(PreFillSteps.Milo, more: new() { [name] = text }));

    /// <summary>
    /// A value whose every member has a wrong type, deepest first and in reverse, and the members' names in the document's order.
    /// </summary>
    private static (JsonObject Value, List<string> Names) Wrong(JsonObject schema, string prefix)
    {
        var value = new JsonObject();
        var names = new List<string>();
        foreach (var (name, member) in schema["properties"]!.AsObject())
        {
            var item = member!["items"] as JsonObject;
            var inner = (string)(item ?? member)["type"]! == "object"
                ? Wrong((item ?? member).AsObject(), $"{prefix}{name}{(item is null ? "" : "[0]")}.") : default;
            JsonNode wrong = inner.Value ?? (JsonNode)7;
            names.AddRange(inner.Names ?? [$"{prefix}{name}{(item is null ? "" : "[0]")}"]);
            value.Insert(0, name, item is null ? wrong : new JsonArray(wrong));
        }
        return (value, names);
    }
}
