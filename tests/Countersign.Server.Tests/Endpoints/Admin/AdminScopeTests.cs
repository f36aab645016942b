using Countersign.Core.Administration;
using Countersign.Server.Endpoints.Admin;
using Countersign.Server.Tests.Fixtures;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Endpoints.Admin;

/// <summary>Every operation of the admin API with every scope, and with keys that are limited to projects.</summary>
public sealed class AdminScopeTests(AdminScopeTests.Scoped fixture) : IClassFixture<AdminScopeTests.Scoped>
{
    private readonly TestServer _server = fixture.Server;

    [Fact]
    [Trait("attack", "O04")]
    public async Task Each_operation_opens_for_the_scopes_of_the_documented_table_and_for_no_other()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "cli.md"), TestContext.Current.CancellationToken);
        foreach (var (method, path) in Routes())
        {
            var row = Assert.Single(page.Split('\n'), line => line.StartsWith($"| `{method} {path}` | ", StringComparison.Ordinal));
            var documented = row.Split(" | ")[1];
            foreach (var scope in AdminScopes.All.Select(AdminScopes.WordOf))
            {
                var reply = await CallAsync(method, path.Replace("{id}", "nothing"), Scoped.KeyWith(scope));

                var mayCall = documented == "any key" || documented.Split(" or ").Contains($"`{scope}`");
                Assert.True(
                    mayCall != reply.Fault.StartsWith("403 8403", StringComparison.Ordinal) && reply.Status is not (401 or 500),
                    $"{method} {path} with {scope}: {reply}");
                if (!mayCall)
                {
                    var needed = documented.Replace('`', '\'');
                    Assert.Equal($"this admin key needs the scope {needed}", reply.Message);
                }
            }
        }
    }

    [Fact]
    [Trait("attack", "A02")]
    public async Task A_key_of_another_project_is_told_what_is_told_of_a_project_that_does_not_exist()
    {
        var routes = Routes().Where(route => route.Path.StartsWith("/admin/projects/{id}", StringComparison.Ordinal)).ToList();
        foreach (var (method, path) in routes)
        {
            var foreign = await CallAsync(method, path.Replace("{id}", "shop"), Scoped.KeyOf("bank"));
            var unknown = await CallAsync(method, path.Replace("{id}", "ghost"), Scoped.KeyOf("bank"));

            Assert.Equal(404, foreign.Status);
            Assert.Equal(unknown.Body, foreign.Body.Replace("shop", "ghost", StringComparison.Ordinal));
            Assert.Equal(unknown.Headers.Keys.Order(), foreign.Headers.Keys.Order());
        }
        Assert.True(routes.Count >= 7);
        Assert.Equal(200, (await CallAsync("GET", "/admin/projects/shop", Scoped.KeyOf("shop"))).Status);
        Assert.Equal(200, (await CallAsync("GET", "/admin/projects/shop/clients", Scoped.KeyOf("shop"))).Status);
    }

    [Fact]
    public async Task A_key_without_the_scope_ends_itself_and_no_other()
    {
        await _server.AdminAsync(HttpMethod.Post, "/admin/keys", """{"name":"reader-one","scopes":["read"]}""");
        var key = (await _server.AdminAsync(HttpMethod.Post, "/admin/keys", """{"name":"reader-two","scopes":["read"]}""")).Text("key");

        var other = await _server.AdminAsync(HttpMethod.Delete, "/admin/keys/reader-one", key: key);
        var listed = await _server.AdminAsync(HttpMethod.Get, "/admin/keys", key: key);
        var itself = await _server.AdminAsync(HttpMethod.Delete, "/admin/keys/reader-two", key: key);
        var configured = await _server.AdminAsync(HttpMethod.Delete, "/admin/keys/only-read", key: Scoped.KeyWith("read"));

        Assert.Equal("403 8403 this admin key needs the scope 'keys'", other.Fault);
        Assert.Equal(other.Fault, listed.Fault);
        Assert.Equal(204, itself.Status);
        Assert.Equal(401, (await _server.AdminAsync(HttpMethod.Get, "/admin/server", key: key)).Status);
        Assert.Contains(_server.Logs.All, line => line.Text == "Admin key reader-two ended by admin key reader-two");
        Assert.Equal((409, 8410), (configured.Status, configured.Code));
    }

    [Fact]
    public async Task What_concerns_all_projects_is_refused_to_a_key_that_is_limited_to_some()
    {
        var refused = new List<string>();
        foreach (var (method, path) in Routes())
        {
            var reply = await CallAsync(method, path.Replace("{id}", "nothing"), Scoped.KeyOf("bank"));
            if (reply.Status == 403)
            {
                Assert.Equal((8403, "this admin key is limited to projects, and this concerns all of them"), (reply.Code, reply.Message));
                refused.Add($"{method} {path}");
            }
        }

        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "cli.md"), TestContext.Current.CancellationToken);
        var documented = page.Split('\n')
            .Where(line => line.Contains(" /admin/", StringComparison.Ordinal) && line.EndsWith("| no |", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1]);
        Assert.Equal(documented.Order(StringComparer.Ordinal), refused.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_limited_key_sees_its_projects_and_makes_no_other()
    {
        var listed = await _server.AdminAsync(HttpMethod.Get, "/admin/projects", key: Scoped.KeyOf("bank"));
        var shown = await _server.AdminAsync(HttpMethod.Get, "/admin/server", key: Scoped.KeyOf("bank"));
        var there = await _server.AdminAsync(HttpMethod.Post, "/admin/projects", """{"id":"shop","name":"x"}""", Scoped.KeyOf("bank"));
        var nowhere = await _server.AdminAsync(HttpMethod.Post, "/admin/projects", """{"id":"ghost","name":"x"}""", Scoped.KeyOf("bank"));

        Assert.Equal(["bank"], listed.Json!["projects"]!.AsArray().Select(project => (string)project!["id"]!));
        Assert.Equal("bank", (string)shown.Json!["projects"]![0]!);
        Assert.Equal("403 8403 this admin key is limited to projects, and 'shop' is none of them", there.Fault);
        Assert.Equal("403 8403 this admin key is limited to projects, and 'ghost' is none of them", nowhere.Fault);
    }

    [Fact]
    public async Task A_limited_key_narrows_what_tells_of_persons_and_does_not_widen_it()
    {
        var widened = await ChangeAsync("""{"oneCall":["prefill"],"disclosesSsn":true,"identityReasons":"full","name":"x"}""", "bank");
        var given = await ChangeAsync("""{"oneCall":["prefill","verifiedUser"],"disclosesSsn":true}""");
        var narrowed = await ChangeAsync("""{"oneCall":["prefill"],"disclosesSsn":true,"numberChange":"on"}""", "bank");
        var back = await ChangeAsync("""{"oneCall":["prefill","verifiedUser"]}""", "bank");
        await ChangeAsync("""{"oneCall":null,"disclosesSsn":null,"numberChange":null}""");
        var both = await ChangeAsync("""{"disclosesSsn":true,"targetUrls":["http://a.example"]}""", "bank");
        var all = await ChangeAsync("""{"disclosesSsn":true,"targetUrls":["http://a.example"],"passkeys":1}""", "bank");

        Assert.Equal(
            "403 8403 this admin key is limited to projects, so it may narrow and not widen 'oneCall', 'disclosesSsn', 'identityReasons'",
            widened.Fault);
        Assert.Equal((200, 200, 403), (given.Status, narrowed.Status, back.Status));
        Assert.Equal(
            "400 8001 field 'targetUrls[0]' is invalid: must begin with https:// (https://www.example.com/verified); "
                + "this admin key is limited to projects, so it may narrow and not widen 'disclosesSsn'",
            both.Fault);
        Assert.Equal(both.Fault.Replace("field 'targ", "field 'passkeys' is invalid: must be text; field 'targ"), all.Fault);
        Assert.Equal("""["prefill"]""", narrowed.Json!["oneCall"]!.ToJsonString());

        Task<Reply> ChangeAsync(string body, string? of = null) => _server.AdminAsync(
            HttpMethod.Patch, "/admin/projects/bank", body, of is null ? TestServer.AdminKey : Scoped.KeyOf(of));
    }

    [Fact]
    public async Task A_limited_key_finds_its_own_flows_behind_however_many_of_others()
    {
        // More than an answer holds, so that a cut list would hold none of its own.
        var own = await BeginAsync(fixture.Bank);
        for (var flow = 0; flow < 55; flow++)
        {
            await BeginAsync(fixture.Shop);
        }

        var found = await FindAsync(Scoped.KeyOf("bank"));
        var all = await FindAsync(TestServer.AdminKey);
        var mine = await _server.AdminAsync(HttpMethod.Get, $"/admin/flows/{own}", key: Scoped.KeyOf("bank"));
        var foreign = await _server.AdminAsync(HttpMethod.Get, $"/admin/flows/{own}", key: Scoped.KeyOf("shop"));
        var unknown = await _server.AdminAsync(
            HttpMethod.Get, "/admin/flows/019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a", key: Scoped.KeyOf("shop"));

        Assert.Equal([own], found.Json!["flows"]!.AsArray().Select(flow => (string)flow!["correlationId"]!));
        Assert.True((bool)found.Json["isComplete"]!);
        Assert.False((bool)all.Json!["isComplete"]!);
        Assert.Equal(200, mine.Status);
        Assert.Equal(unknown.Fault, foreign.Fault);
        Assert.Equal(404, foreign.Status);

        Task<Reply> FindAsync(string key) =>
            _server.AdminAsync(HttpMethod.Post, "/admin/flows/find", """{"clientCustomerId":"same"}""", key);
    }

    [Fact]
    public void Every_operation_says_whom_it_is_for() => Assert.All(Endpoints(), endpoint =>
        Assert.NotNull(endpoint.Metadata.GetMetadata<AdminAccess>()));

    [Fact]
    public async Task The_document_names_the_scopes()
    {
        var document = (await Reply.ReadAsync(await _server.Client.GetAsync(
            "/openapi/admin.json", TestContext.Current.CancellationToken))).Json!;

        Assert.Equal("""[{"adminKey":["read"]},{"adminKey":["projects"]}]""",
            document["paths"]!["/admin/projects"]!["get"]!["security"]!.ToJsonString());
        Assert.EndsWith("Needs the scope `read` or `projects`.",
            (string)document["paths"]!["/admin/projects"]!["get"]!["description"]!, StringComparison.Ordinal);
        Assert.Equal("""[{"adminKey":[]}]""", document["paths"]!["/admin/server"]!["get"]!["security"]!.ToJsonString());
    }

    private async Task<string> BeginAsync(Credentials project) =>
        (await _server.BeginAsync("mobile", "2001009002", new() { ["clientCustomerId"] = "same" }, project)).Id;

    private Task<Reply> CallAsync(string method, string path, string key) => _server.AdminAsync(
        new HttpMethod(method), path.Replace("{clientId}", "nobody").Replace("{name}", "nobody").Replace("{correlationId}", "nothing")
            .Replace("{webhookId}", "nobody"),
        method switch
        {
            "GET" or "DELETE" => null,
            "PATCH" when path.EndsWith("{clientId}", StringComparison.Ordinal) => """{"jwks":{"keys":[]}}""",
            "POST" when path.EndsWith("/webhooks", StringComparison.Ordinal) => """{"url":"https://shop.example/hook"}""",
            "POST" when path.EndsWith("/replay", StringComparison.Ordinal) => """{"dead":true}""",
            _ => "{}",
        },
        key);

    private IEnumerable<RouteEndpoint> Endpoints() =>
        from endpoint in _server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        where endpoint.RoutePattern.RawText!.StartsWith("/admin", StringComparison.Ordinal)
        select endpoint;

    private IEnumerable<(string Method, string Path)> Routes() =>
        from endpoint in Endpoints()
        from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
        select (method, endpoint.RoutePattern.RawText!);

    /// <summary>A server with a key for each scope, and with keys for two projects.</summary>
    public sealed class Scoped : IAsyncLifetime
    {
        public TestServer Server { get; private set; } = null!;

        public Credentials Shop { get; private set; } = null!;

        public Credentials Bank { get; private set; } = null!;

        public static string KeyWith(string scope) => $"key-with-scope-0123456789-abcdefghij-{scope}";

        public static string KeyOf(string project) => $"key-of-project-0123456789-abcdefghij-{project}";

        public async ValueTask InitializeAsync()
        {
            var settings = new Dictionary<string, string?>();
            foreach (var scope in AdminScopes.All.Select(AdminScopes.WordOf))
            {
                settings[$"Countersign:Admin:Keys:only-{scope}"] = KeyWith(scope);
                settings[$"Countersign:Admin:Scopes:only-{scope}"] = scope;
            }
            foreach (var project in (string[])["shop", "bank"])
            {
                settings[$"Countersign:Admin:Keys:of-{project}"] = KeyOf(project);
                settings[$"Countersign:Admin:Projects:of-{project}:0"] = project;
            }
            Server = await TestServer.StartAsync(settings: settings);
            (Shop, Bank) = (await Server.AddProjectAsync("shop"), await Server.AddProjectAsync("bank"));
        }

        public async ValueTask DisposeAsync() => await Server.DisposeAsync();
    }
}
