using System.Text;
using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Administration;
using Countersign.Core.Audit;
using Countersign.Server.Endpoints.Admin;
using Countersign.Server.OpenApi;
using Countersign.Server.Tests.Fixtures;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Reply = Countersign.Testing.Reply;

namespace Countersign.Server.Tests.Endpoints.Admin;

/// <summary>What administrators do is written down, whichever operation it is.</summary>
public sealed class AuditTests(AuditTests.Audited fixture) : IClassFixture<AuditTests.Audited>
{
    private const string Number = "+12025550147";
    private readonly TestServer _server = fixture.Server;

    [Fact]
    public async Task Each_operation_that_changes_something_or_looks_at_a_person_leaves_one_entry_and_no_other_does()
    {
        var operations = Operations();
        Assert.True(operations.Count > 30);
        foreach (var (method, path, operation, access) in operations)
        {
            var id = operation.Id;
            // What reads, and nobody's data, is little enough to be named.
            var isAct = method != "GET" || access.Scopes is [AdminScope.Support];
            Assert.Equal(isAct, AdminAct.Is(method, access));

            var before = await CountAsync(id);
            await CallAsync(method, path, operation, TestServer.AdminKey);
            await CallAsync(method, path, operation, Audited.Nobody);
            await CallAsync(method, path, body: "{", TestServer.AdminKey);

            var left = (await FindAsync(new AuditSearch(Act: id))).Take(await CountAsync(id) - before).ToList();
            Assert.True(left.Count == (isAct ? 3 : 0), $"{method} {path} left {left.Count} entries of three calls.");
            Assert.All(left, act => Assert.Equal("127.0.0.1", act.From));
            if (isAct)
            {
                var refused = Assert.Single(left, act => act.Actor == "admin-key:nobody");
                // Any key is enough for some.
                Assert.True(refused.Outcome == AuditOutcome.Refused || access.OwnName is not null || access.Scopes.Count == 0);
                Assert.Equal(2, left.Count(act => act.Actor == "admin-key:test"));
            }
        }
    }

    [Fact]
    public async Task A_change_is_kept_with_what_was_before_and_after_and_a_secret_as_a_hash()
    {
        await _server.AdminAsync(HttpMethod.Post, "/admin/projects", """{"id":"bank","name":"The bank"}""");
        await _server.AdminAsync(HttpMethod.Patch, "/admin/projects/bank", """{"startShape":"identity"}""");
        var client = (await _server.AdminAsync(HttpMethod.Post, "/admin/projects/bank/clients", """{"id":"bank-1"}""")).Text("secret");
        var rotated = (await _server.AdminAsync(HttpMethod.Post, "/admin/projects/bank/clients/bank-1/rotate", "{}")).Text("secret");
        var key = (await _server.AdminAsync(HttpMethod.Post, "/admin/keys", """{"name":"desk","scopes":["read"]}""")).Text("key");
        await _server.AdminAsync(HttpMethod.Delete, "/admin/keys/desk");

        var changed = Assert.Single(await FindAsync(new AuditSearch(Act: "changeProject", Project: "bank")));
        Assert.Equal(new AuditChange("startShape", "prefill", "identity"), Assert.Single(changed.Changes));
        Assert.Equal(("project:bank", 200), (changed.Target, changed.Status));
        Assert.Equal([new AuditValue("startShape", "identity")], changed.Asked);
        var made = Assert.Single(await FindAsync(new AuditSearch(Act: "createProject", Target: "project:bank")));
        Assert.Contains(new AuditChange("name", null, "The bank"), made.Changes);
        var rotation = Assert.Single(await FindAsync(new AuditSearch(Act: "rotateClient", Target: "client:bank-1")));
        Assert.Equal(["formerSecret", "formerSecretExpiresAt", "secret"], rotation.Changes.Select(change => change.Name));
        Assert.Equal(rotation.Changes[2].Before, rotation.Changes[0].After);
        var ended = Assert.Single(await FindAsync(new AuditSearch(Act: "endKey", Target: "admin-key:desk")));
        Assert.Equal("endedAt", Assert.Single(ended.Changes).Name);
        var all = await TextsAsync();
        Assert.DoesNotContain(client, all, StringComparison.Ordinal);
        Assert.DoesNotContain(rotated, all, StringComparison.Ordinal);
        Assert.DoesNotContain(key, all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_done_to_a_webhook_is_kept_with_its_host_and_without_its_secrets()
    {
        const string path = "/admin/projects/sandbox/webhooks";
        var made = await _server.AdminAsync(HttpMethod.Post, path, """{"url":"https://hook.example/in?token=t0ps3cret","types":[]}""");
        var id = made.Text("webhookId");
        await _server.AdminAsync(HttpMethod.Patch, $"{path}/{id}", """{"url":"https://other.example/t0ps3cret","types":["text.sent"]}""");
        var rotated = await _server.AdminAsync(HttpMethod.Post, $"{path}/{id}/rotate", "{}");
        await _server.AdminAsync(HttpMethod.Post, $"{path}/{id}/replay", """{"since":"2026-01-01"}""");
        await _server.AdminAsync(HttpMethod.Delete, $"{path}/{id}");

        var target = $"webhook:{id}";
        Assert.Contains(
            new AuditChange("host", null, "hook.example"),
            Assert.Single(await FindAsync(new AuditSearch(Act: "createWebhook", Target: target))).Changes);
        var changed = Assert.Single(await FindAsync(new AuditSearch(Act: "changeWebhook", Target: target)));
        Assert.Equal(
            [new AuditChange("host", "hook.example", "other.example"), new AuditChange("types", "all", "text.sent")], changed.Changes);
        Assert.Contains(new AuditValue("url", "(given)"), changed.Asked);
        var rotation = Assert.Single(await FindAsync(new AuditSearch(Act: "rotateWebhook", Target: target)));
        Assert.Equal(["formerSecret", "formerSecretEndsAt", "secret"], rotation.Changes.Select(change => change.Name));
        var replay = Assert.Single(await FindAsync(new AuditSearch(Act: "replayWebhook", Target: target)));
        Assert.Equal([new AuditValue("since", "2026-01-01")], replay.Asked);
        Assert.Contains(
            new AuditChange("enabled", "true", null),
            Assert.Single(await FindAsync(new AuditSearch(Act: "deleteWebhook", Target: target))).Changes);
        var all = await TextsAsync();
        foreach (var secret in (string[])["t0ps3cret", made.Text("secret"), rotated.Text("secret")])
        {
            Assert.DoesNotContain(secret, all, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Who_looked_for_a_number_is_found_by_the_number_and_the_number_is_nowhere()
    {
        await _server.AdminAsync(HttpMethod.Post, "/admin/flows/find", $$"""{"phoneNumber":"+1 (202) 555-0147"}""");
        await _server.AdminAsync(HttpMethod.Post, "/admin/flows/find", """{"clientCustomerId":"marked-customer"}""");
        await _server.AdminAsync(HttpMethod.Get, "/admin/flows/2025550147");
        await LinkAsync();

        var listed = await _server.AdminAsync(
            HttpMethod.Post, "/admin/audit/list", $$"""{"phoneNumber":"{{Number}}","act":"findFlows"}""");
        var byCustomer = await _server.AdminAsync(
            HttpMethod.Post, "/admin/audit/list", """{"clientCustomerId":"marked-customer","act":"findFlows"}""");

        var entry = Assert.Single(listed.Json!["entries"]!.AsArray())!;
        Assert.Equal(("admin-key:test", "(given)"), ((string)entry["actor"]!, (string)entry["asked"]![0]!["value"]!));
        Assert.Equal(12, ((string)entry["subject"]!).Length);
        Assert.Single(byCustomer.Json!["entries"]!.AsArray());
        var all = await TextsAsync();
        Assert.DoesNotContain("5550147", all, StringComparison.Ordinal);
        Assert.DoesNotContain("marked-customer", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_chain_that_is_served_verifies()
    {
        await _server.AdminAsync(HttpMethod.Post, "/admin/audit/list", "{}");
        await LinkAsync();

        var held = (await _server.AdminAsync(HttpMethod.Get, "/admin/audit/checkpoints?limit=1000")).Json!;
        var entries = (await _server.AdminAsync(HttpMethod.Get, "/admin/audit/entries?after=0&limit=1000")).Json!;

        var verifier = new AuditVerifier(
            held["keys"]!.AsArray().Select(key => new AuditPublicKey(Convert.FromBase64String((string)key!["publicKey"]!))),
            held["checkpoints"]!.AsArray().Select(one => AuditCheckpoint.Parse(
                Encoding.UTF8.GetBytes((string)one!["text"]!), Convert.FromBase64String((string)one["signature"]!))!),
            held["unlinked"]!.AsArray().Select(one => ((string)one!["run"]!, (long)one["number"]!)),
            (DateTimeOffset)held["at"]!);
        foreach (var one in entries["entries"]!.AsArray())
        {
            Assert.Null(one!["flaw"]);
            verifier.Take(new AuditLink(
                (long)one["position"]!, Convert.FromHexString((string)one["previous"]!), Convert.FromHexString((string)one["hash"]!),
                Encoding.UTF8.GetBytes((string)one["entry"]!)));
        }
        Assert.Empty(verifier.End());
        Assert.True(verifier.Count > 0);
        Assert.NotNull(verifier.LastSigned);
    }

    [Fact]
    public async Task The_list_is_read_by_pages_and_by_time()
    {
        for (var i = 0; i < 3; i++)
        {
            await _server.AdminAsync(HttpMethod.Post, "/admin/budget/show", $$"""{"phoneNumber":"{{Number}}"}""");
        }
        await LinkAsync();

        var first = await ListAsync("""{"act":"showBudget","limit":2}""");
        var last = (long)first["entries"]![1]!["position"]!;
        var second = await ListAsync($$"""{"act":"showBudget","limit":2,"before":{{last}}}""");
        var before = await ListAsync("""{"act":"showBudget","to":"2000-01-01"}""");

        Assert.Equal(2, first["entries"]!.AsArray().Count);
        Assert.False((bool)first["isComplete"]!);
        Assert.All(second["entries"]!.AsArray(), entry => Assert.True((long)entry!["position"]! < last));
        Assert.Empty(before["entries"]!.AsArray());
        Assert.Equal(
            "400 8001 field 'clientCustomerId' is invalid: one of clientCustomerId, proveId, phoneNumber may be given, and no other",
            (await _server.AdminAsync(
                HttpMethod.Post, "/admin/audit/list", $$"""{"clientCustomerId":"c","phoneNumber":"{{Number}}"}""")).Fault);

        async Task<JsonNode> ListAsync(string body) => (await _server.AdminAsync(HttpMethod.Post, "/admin/audit/list", body)).Json!;
    }

    [Fact]
    public async Task What_cannot_be_written_down_is_not_done()
    {
        await using var server = await TestServer.StartAsync();
        await server.ExecuteAsync("ALTER TABLE audit_waiting RENAME TO audit_gone");

        var reply = await server.AdminAsync(HttpMethod.Post, "/admin/projects", """{"id":"ghost","name":"x","linkConfirmation":"tap"}""");
        await server.ExecuteAsync("ALTER TABLE audit_gone RENAME TO audit_waiting");

        Assert.True(reply.Status >= 500, $"{reply}");
        Assert.Equal(404, (await server.AdminAsync(HttpMethod.Get, "/admin/projects/ghost")).Status);
    }

    private async Task<int> CountAsync(string act) => (await FindAsync(new AuditSearch(Act: act))).Count;

    private async Task<IReadOnlyList<AuditAct>> FindAsync(AuditSearch search)
    {
        await LinkAsync();
        var store = _server.Services.GetRequiredService<IAuditStore>();
        return [.. (await store.FindAsync(search, 1000, TestContext.Current.CancellationToken)).Select(one => one.Entry.Act)];
    }

    private async Task<string> TextsAsync()
    {
        await LinkAsync();
        var store = _server.Services.GetRequiredService<IAuditStore>();
        var links = await store.ReadAsync(0, 10_000, TestContext.Current.CancellationToken);
        return string.Join('\n', links.Select(link => Encoding.UTF8.GetString(link.Text)));
    }

    private Task LinkAsync() =>
        _server.Services.GetRequiredService<AuditChainer>().RoundAsync(TestContext.Current.CancellationToken);

    private Task<Reply> CallAsync(string method, string path, Operation operation, string key) =>
        CallAsync(method, path, method is "POST" or "PATCH" ? operation.Body?.Example.ToJsonString() ?? "{}" : null, key);

    private Task<Reply> CallAsync(string method, string path, string? body, string key) => _server.AdminAsync(
        new HttpMethod(method),
        path.Replace("{id}", "nothing").Replace("{clientId}", "nobody").Replace("{name}", "nobody-else")
            .Replace("{correlationId}", "019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a"),
        method == "GET" ? null : body, key);

    private List<(string Method, string Path, Operation Operation, AdminAccess Access)> Operations() =>
    [
        .. from endpoint in _server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           where endpoint.RoutePattern.RawText!.StartsWith("/admin", StringComparison.Ordinal)
           from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
           select (method, endpoint.RoutePattern.RawText!, endpoint.Metadata.GetRequiredMetadata<Operation>(),
               endpoint.Metadata.GetRequiredMetadata<AdminAccess>()),
    ];

    /// <summary>A server with a key that keeps to a project and may do nothing that any operation asks for but to read.</summary>
    public sealed class Audited : IAsyncLifetime
    {
        public const string Nobody = "key-of-nobody-0123456789-abcdefghij-0123456789";

        public TestServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await TestServer.StartAsync(settings: new Dictionary<string, string?>
        {
            ["Countersign:Admin:Keys:nobody"] = Nobody,
            ["Countersign:Admin:Scopes:nobody"] = "read",
            ["Countersign:Admin:Projects:nobody:0"] = "nothing-at-all",
        });

        public async ValueTask DisposeAsync() => await Server.DisposeAsync();
    }
}
