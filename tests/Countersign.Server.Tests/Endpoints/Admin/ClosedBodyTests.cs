using System.Text.Json.Nodes;
using Countersign.Server.OpenApi;
using Countersign.Server.Tests.Fixtures;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Reply = Countersign.Testing.Reply;

namespace Countersign.Server.Tests.Endpoints.Admin;

/// <summary>Every operation of the admin API with bodies that are not what it knows.</summary>
public sealed class ClosedBodyTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    private readonly TestServer _server = fixture.Server;

    [Fact]
    [Trait("attack", "A04")]
    public async Task Every_operation_refuses_a_member_that_it_does_not_know_and_names_what_it_has()
    {
        foreach (var (method, path, body) in Operations())
        {
            var sent = body.Example.DeepClone().AsObject();
            sent["sürprise"] = 1;

            var reply = await CallAsync(method, path, sent);

            Assert.StartsWith(
                $"400 8001 field 's?rprise' is invalid: this call has no such member; it has: {string.Join(", ", NamesOf(body))}",
                reply.Fault, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_operation_names_the_member_that_was_probably_meant()
    {
        foreach (var (method, path, body) in Operations())
        {
            foreach (var name in NamesOf(body))
            {
                var sent = body.Example.DeepClone().AsObject();
                sent.Remove(name);
                sent[name + "s"] = body.Example[name]?.DeepClone() ?? "x";

                var reply = await CallAsync(method, path, sent);

                Assert.StartsWith(
                    $"400 8001 field '{name}s' is invalid: this call has no such member; did you mean '{name}'?", reply.Fault,
                    StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task The_document_says_that_bodies_are_closed()
    {
        var document = (await Reply.ReadAsync(await _server.Client.GetAsync(
            "/openapi/admin.json", TestContext.Current.CancellationToken))).Json!;

        var names = Operations().Select(operation => operation.Body.Schema.Name).Distinct(StringComparer.Ordinal).ToList();

        Assert.True(names.Count >= 15);
        Assert.All(names, name => Assert.False((bool)document["components"]!["schemas"]![name]!["additionalProperties"]!));
    }

    [Theory]
    [InlineData("projects", """{"id":"x","targetURLs":[]}""",
        "'targetURLs' is invalid: this call has no such member; did you mean 'targetUrls'?")]
    [InlineData("projects", """{"id":"x","risks":{}}""", "'risks' is invalid: this call has no such member; did you mean 'risk'?")]
    [InlineData("projects", """{"id":"x","web_origins":[]}""",
        "'web_origins' is invalid: this call has no such member; did you mean 'webOrigins'?")]
    [InlineData("projects", """{"id":"x","risk":{"sim-swap":"refuse"}}""",
        "'risk.sim-swap' is invalid: this call has no such member; did you mean 'risk.simSwap'?")]
    [InlineData("projects", """{"id":"x","caps":{"perWeek":5,"currency":"EUR","perDay":1}}""",
        "'caps.perWeek' is invalid: this call has no such member; it has: perDay, perMonth, currency")]
    [InlineData("keys", """{"name":"x","scope":["read"],"scopes":["read"]}""",
        "'scope' is invalid: this call has no such member; did you mean 'scopes'?")]
    [InlineData("devices/revoke", """{"proveId":"019ab3f1-77d0-7a4c-8e15-5b0c9d2a6f31","device":"x"}""",
        "'device' is invalid: this call has no such member; did you mean 'deviceId'?")]
    public async Task A_member_in_another_spelling_is_refused_with_the_right_one(string path, string body, string fault)
    {
        var reply = await _server.AdminAsync(HttpMethod.Post, $"/admin/{path}", body);

        Assert.Equal($"400 8001 field {fault}", reply.Fault);
    }

    [Theory]
    [InlineData("keys", """{"name":"empty","scopes":["read"],"projects":""}""", "'projects' is invalid: must be a list")]
    [InlineData("keys", """{"name":"empty","scopes":["read"],"expiresAt":""}""",
        "'expiresAt' is invalid: must be a date (2027-01-31), or a moment in UTC (2027-01-31T12:00:00Z)")]
    [InlineData("devices/revoke", """{"proveId":"019ab3f1-77d0-7a4c-8e15-5b0c9d2a6f31","deviceId":""}""",
        "'deviceId' is invalid: must be a UUID: 8-4-4-4-12 hexadecimal digits")]
    [InlineData("records/imports", """{"source":"crm","format":"jsonl","projects":["sandbox"],"dryRun":""}""",
        "'dryRun' is invalid: must be true or false")]
    [InlineData("projects", """{"id":"empty","name":""}""", "'name' is invalid: must be 1 to 64 characters")]
    [InlineData("projects", """{"id":"empty","targetUrls":""}""", "'targetUrls' is invalid: must be a list")]
    [InlineData("projects", """{"id":"empty","disclosesSsn":""}""", "'disclosesSsn' is invalid: must be true or false")]
    [InlineData("projects", """{"id":"empty","passkeys":""}""", "'passkeys' is invalid: must be off or preferred or required")]
    [InlineData("projects", """{"id":"empty","caps":""}""", "'caps' is invalid: must be an object")]
    public async Task An_empty_text_does_not_pass_for_nothing(string path, string body, string fault)
    {
        var reply = await _server.AdminAsync(HttpMethod.Post, $"/admin/{path}", body);

        Assert.Equal($"400 8001 field {fault}", reply.Fault);
    }

    [Fact]
    public async Task Other_APIs_take_members_that_they_do_not_know()
    {
        var verify = JsonNode.Parse(TestServer.VerifyBody("mobile", "2001004011"))!.AsObject();
        verify["surprise"] = 1;

        var verified = await _server.VerifyAsync(verify.ToJsonString());
        var moved = await _server.PostAsync("/sandbox/clock", """{"advanceSeconds":0,"surprise":1}""");

        Assert.Equal((200, 204), (verified.Status, moved.Status));
    }

    private Task<Reply> CallAsync(string method, string path, JsonObject body) => _server.AdminAsync(
        new HttpMethod(method), path.Replace("{id}", "nothing").Replace("{clientId}", "nobody"), body.ToJsonString());

    private static IEnumerable<string> NamesOf(Body body) => body.Schema.Members.Select(member => member.Name);

    private IEnumerable<(string Method, string Path, Body Body)> Operations() =>
        from endpoint in _server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        where endpoint.RoutePattern.RawText!.StartsWith("/admin", StringComparison.Ordinal)
        let body = endpoint.Metadata.GetRequiredMetadata<Operation>().Body
        where body is not null
        from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
        select (method, endpoint.RoutePattern.RawText!, body);
}
