using Countersign.Server.OpenApi;
using Countersign.Server.Tests.Fixtures;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Reply = Countersign.Testing.Reply;

namespace Countersign.Server.Tests.Whole;

/// <summary>Every operation outside the published contract, with a parameter that it does not have.</summary>
public sealed class ClosedQueryTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    private static readonly string[] _own = ["/flows", "/events", "/statistics"];

    private readonly TestServer _server = fixture.Server;

    [Fact]
    public async Task A_parameter_that_there_is_not_is_refused_by_every_operation_of_our_own()
    {
        var operations = Operations(path => path.StartsWith("/admin", StringComparison.Ordinal)
            || _own.Any(own => path == own || path.StartsWith(own + '/', StringComparison.Ordinal)));
        Assert.True(operations.Count > 55);
        foreach (var (method, path, operation) in operations)
        {
            var query = operation.Parameters.Where(parameter => parameter is { In: "query", IsRequired: true })
                .Select(parameter => $"{parameter.Name}={parameter.Example}").Append("surprise=1");
            var asked = $"{FilledIn(path)}?{string.Join('&', query)}";

            var reply = path.StartsWith("/admin", StringComparison.Ordinal)
                ? await _server.AdminAsync(method, asked, method == HttpMethod.Get ? null : operation.Body?.Example.ToJsonString() ?? "{}")
                : operation.Body is { } body ? await _server.PostAsync(asked, body.Example.ToJsonString())
                : await _server.CallAsync(method, asked);

            Assert.True(
                reply.Fault.StartsWith("400 8001 field 'surprise' is invalid: this call has no such member", StringComparison.Ordinal),
                $"{method} {asked}: {reply}");
            Assert.Contains(operation.Refusals, refusal => refusal.Status == 400);
        }
    }

    [Theory]
    [InlineData("/admin/flows?projectId=nope")]
    [InlineData("/admin/statistics?by=end&projectId=nope")]
    [InlineData("/admin/flows/find", """{"clientRequestId":"a","projectId":"nope"}""")]
    [InlineData("/admin/devices/list", """{"phoneNumber":"+12025550142","projectId":"nope"}""")]
    [InlineData("/admin/devices/revoke", """{"phoneNumber":"+12025550142","projectId":"nope"}""")]
    public async Task A_project_that_there_is_not_does_not_pass_for_one_in_which_nothing_is(string path, string? body = null)
    {
        var refused = await AskAsync(path, body);
        var empty = await AskAsync(path.Replace("nope", "sandbox"), body?.Replace("nope", "sandbox"));

        Assert.Equal("400 8001 field 'projectId' is invalid: there is no project 'nope'", refused.Fault);
        Assert.Equal(200, empty.Status);
    }

    [Theory]
    [InlineData("""{"act":"createWebhok"}""", "act", "; did you mean 'createWebhook'?")]
    [InlineData("""{"act":"listProjects"}""", "act", "must be the operationId of a call that is written down, or one of disclose, start, ")]
    [InlineData("""{"actor":"opsx"}""", "actor", "must be admin-key:<name>, client:<id> or server")]
    [InlineData("""{"actor":"client:"}""", "actor", "must be admin-key:<name>, client:<id> or server")]
    [InlineData("""{"target":"nope"}""", "target", "must be a kind and an id, such as project:shop; kinds are admin-key, client, ")]
    [InlineData("""{"target":"projekt:shop"}""", "target", "must be a kind and an id")]
    [InlineData("""{"from":"2026-02-01","to":"2026-01-01"}""", "to", "must be later than 'from'")]
    public async Task A_word_that_no_entry_of_the_audit_can_have_is_refused(string body, string member, string rule)
    {
        var reply = await AskAsync("/admin/audit/list", body);

        Assert.StartsWith($"400 8001 field '{member}' is invalid: ", reply.Fault, StringComparison.Ordinal);
        Assert.Contains(rule, reply.Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"act":"disclose"}""")]
    [InlineData("""{"act":"start","actor":"server"}""")]
    [InlineData("""{"act":"chain-cut","target":"entry:7:00"}""")]
    [InlineData("""{"act":"showFlow","actor":"admin-key:test","target":"flow:019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a"}""")]
    public async Task A_word_that_an_entry_can_have_is_looked_for(string body) =>
        Assert.Equal(200, (await AskAsync("/admin/audit/list", body)).Status);

    [Theory]
    [InlineData("""{"actor":"admin-key:nobody"}""", "actor", "admin-key")]
    [InlineData("""{"actor":"client:nobody","act":"disclose"}""", "actor", "client")]
    [InlineData("""{"target":"project:nowhere"}""", "target", "project")]
    [InlineData("""{"actor":"server","target":"webhook:wh_never"}""", "target", "webhook")]
    public async Task Who_and_what_there_is_not_and_the_audit_has_never_seen_is_refused(string body, string member, string kind)
    {
        var reply = await AskAsync("/admin/audit/list", body);

        Assert.Equal(
            $"400 8001 field '{member}' is invalid: names no {kind} that there is, nor one that the audit has seen", reply.Fault);
    }

    [Fact]
    public async Task Who_and_what_there_is_or_was_may_have_nothing_written_down()
    {
        await _server.AdminAsync(HttpMethod.Post, "/admin/projects", """{"id":"quiet"}""");
        await _server.AdminAsync(HttpMethod.Post, "/admin/projects", """{"id":"over"}""");
        await _server.AdminAsync(HttpMethod.Delete, "/admin/projects/over");
        await _server.Services.GetRequiredService<Core.Audit.AuditChainer>().RoundAsync(TestContext.Current.CancellationToken);

        foreach (var body in (string[])
        [
            """{"target":"project:quiet","act":"deleteProject"}""", """{"target":"project:over","act":"rotateClient"}""",
            """{"actor":"admin-key:test","to":"2001-01-01"}""",
        ])
        {
            Assert.Empty((await AskAsync("/admin/audit/list", body)).Json!["entries"]!.AsArray());
        }
    }

    [Fact]
    public async Task A_project_that_was_deleted_is_found_in_the_audit()
    {
        await _server.AdminAsync(HttpMethod.Post, "/admin/projects", """{"id":"closed"}""");
        await _server.AdminAsync(HttpMethod.Delete, "/admin/projects/closed");
        await _server.Services.GetRequiredService<Core.Audit.AuditChainer>().RoundAsync(TestContext.Current.CancellationToken);

        var found = await AskAsync("/admin/audit/list", """{"projectId":"closed"}""");
        var never = await AskAsync("/admin/audit/list", """{"projectId":"closed","act":"rotateClient"}""");
        var unknown = await AskAsync("/admin/audit/list", """{"projectId":"never-was"}""");

        Assert.Equal("deleteProject", (string?)Assert.Single(found.Json!["entries"]!.AsArray())!["act"]);
        Assert.Empty(never.Json!["entries"]!.AsArray());
        Assert.Equal("400 8001 field 'projectId' is invalid: there is no project 'never-was'", unknown.Fault);
    }

    private Task<Reply> AskAsync(string path, string? body) =>
        _server.AdminAsync(body is null ? HttpMethod.Get : HttpMethod.Post, path, body);

    private static string FilledIn(string path) => path
        .Replace("{id}", "1").Replace("{clientId}", "nobody").Replace("{name}", "nobody-else").Replace("{webhookId}", "wh_1")
        .Replace("{correlationId}", "019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a");

    private List<(HttpMethod Method, string Path, Operation Operation)> Operations(Predicate<string> isMeant) =>
    [
        .. from endpoint in _server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           where isMeant(endpoint.RoutePattern.RawText!) && endpoint.Metadata.GetMetadata<Operation>() is not null
           from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
           select (new HttpMethod(method), endpoint.RoutePattern.RawText!, endpoint.Metadata.GetRequiredMetadata<Operation>()),
    ];
}
