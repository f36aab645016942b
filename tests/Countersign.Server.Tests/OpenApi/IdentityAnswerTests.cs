using Countersign.Core;
using Countersign.Core.Keys;
using Countersign.Core.Projects;
using Countersign.Storage;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.OpenApi;

/// <summary>
/// The calls about enrolled persons and linked projects held to openapi/v3.json: a success of each, and every refusal it lists.
/// </summary>
public sealed class IdentityAnswerTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    private const string Identity = "/v3/identity";
    private const string ById = "/v3/identity/{proveId}";
    private const string Merla = "2001004031";

    private static readonly HashSet<string> _tags = new(["identities", "attributes", "domains"], StringComparer.Ordinal);
    private static readonly string _unknown = Guid.CreateVersion7(DateTimeOffset.UnixEpoch).ToString();

    private readonly TestServer _server = fixture.Server;

    [Fact]
    public async Task Every_example_that_needs_no_earlier_call_is_answered_with_success_by_a_fresh_sandbox()
    {
        await using var server = await fixture.StartAsync();
        var contract = await Contract.ReadAsync(server, "v3");
        string[] needEarlierCall =
        [
            "getIdentity", "removeIdentity", "activateIdentity", "deactivateIdentity", "crossDomainIdentities", "discoverAttributes",
            "fetchAttribute", "linkDomain", "confirmDomainLink", "unlinkDomain",
        ];

        foreach (var operation in Operations(contract))
        {
            var reply = contract.MustHold(operation.Path, await SendAsync(server, operation), operation.Method);

            Assert.True(reply.Status == (needEarlierCall.Contains(operation.Id) ? 404 : 200), $"{operation} {reply}");
        }
    }

    [Fact]
    public async Task Every_call_about_an_identity_succeeds_as_described()
    {
        var contract = await Contract.ReadAsync(_server, "v3");
        var enrolled = contract.MustHold(Identity, await _server.PostAsync(Identity, $$"""
            {"phoneNumber":"{{Merla}}","clientCustomerId":"customer","clientHumanId":"human","clientRequestId":"request",
             "deviceId":"device","identityAttributes":[{"attributeType":"tier","attributeValue":"gold"}]}
            """));
        var id = enrolled.Text("proveId");

        var page = contract.MustHold(Identity, await GetAsync(Identity + "?limit=100&showInactive=true"), "get");
        var shown = contract.MustHold(ById, await GetAsync($"{Identity}/{id}?clientRequestId=request"), "get");
        var found = contract.MustHold(Identity + "/{mobileNumber}/lookup", await GetAsync($"{Identity}/{Merla}/lookup"), "get");
        var deactivated = contract.MustHold(ById + "/deactivate", await PostAsync($"{Identity}/{id}/deactivate"));
        var activated = contract.MustHold(ById + "/activate", await PostAsync($"{Identity}/{id}/activate"));
        var elsewhere = contract.MustHold(Identity + "/{identityId}/cross-domain", await PostAsync($"{Identity}/{id}/cross-domain"));
        var discovered = contract.MustHold("/v3/discover", await GetAsync($"/v3/discover?proveId={id}"), "get");
        var attribute = (string)discovered.Json!["results"]![0]!["attributeId"]!;
        var fetched = contract.MustHold("/v3/fetch", await GetAsync($"/v3/fetch?proveId={id}&attributeId={attribute}"), "get");
        var removed = contract.MustHold(ById, await _server.CallAsync(HttpMethod.Delete, $"{Identity}/{id}"), "delete");

        Reply[] all = [enrolled, page, shown, found, deactivated, activated, elsewhere, discovered, fetched, removed];
        Assert.All(all, reply => Assert.Equal(200, reply.Status));
        Assert.Equal(shown.Body, found.Json!["items"]![0]!.ToJsonString());
        Assert.Equal("gold", (string?)fetched.Json!["results"]![0]!["attributeValue"]);
    }

    [Fact]
    public async Task A_batch_with_good_and_bad_items_is_answered_as_described()
    {
        var contract = await Contract.ReadAsync(_server, "v3");

        var reply = contract.MustHold(
            Identity + "/batch", await _server.PostAsync(Identity + "/batch", $$"""{"items":[{"phoneNumber":"{{Merla}}"},{},7]}"""));

        Assert.Equal(
            ["", "field 'phoneNumber' is missing", "item must be an object"],
            reply.Json!["results"]!.AsArray().Select(result => (string?)result!["error"] ?? ""));
    }

    [Fact]
    public async Task Every_call_about_a_link_succeeds_as_described()
    {
        await using var server = await fixture.StartAsync();
        var contract = await Contract.ReadAsync(server, "v3");
        var bank = await server.AddProjectAsync("bank");
        var own = contract.MustHold("/v3/domain/id", await server.CallAsync(HttpMethod.Get, "/v3/domain/id"), "get").Text("pcid");
        var other = (await server.CallAsync(HttpMethod.Get, "/v3/domain/id", bank)).Text("pcid");
        await server.PostAsync(Identity, $$"""{"phoneNumber":"{{Merla}}"}""", bank);
        var id = (await server.PostAsync(Identity, $$"""{"phoneNumber":"{{Merla}}"}""")).Text("proveId");

        var asked = contract.MustHold(
            "/v3/domain/link", await server.PostAsync("/v3/domain/link", $$"""{"pcid":"{{other}}","scopes":["identities"]}"""));
        var requests = contract.MustHold("/v3/domain/linked", await server.CallAsync(HttpMethod.Get, "/v3/domain/linked"), "get");
        var requestsOfOther = contract.MustHold(
            "/v3/domain/linked", await server.CallAsync(HttpMethod.Get, "/v3/domain/linked", bank), "get");
        var confirmed = contract.MustHold(
            "/v3/domain/confirm-link", await server.PostAsync("/v3/domain/confirm-link", $$"""{"pcid":"{{own}}"}""", bank));
        var links = contract.MustHold("/v3/domain/linked", await server.CallAsync(HttpMethod.Get, "/v3/domain/linked"), "get");
        var linksOfOther = contract.MustHold("/v3/domain/linked", await server.CallAsync(HttpMethod.Get, "/v3/domain/linked", bank), "get");
        var elsewhere = contract.MustHold(
            Identity + "/{identityId}/cross-domain", await server.PostAsync($"{Identity}/{id}/cross-domain", "{}"));
        var ended = contract.MustHold(
            "/v3/domain/unlink", await server.PostAsync("/v3/domain/unlink", $$"""{"pcidFrom":"{{own}}","pcidTo":"{{other}}"}"""));

        Assert.All((Reply[])[asked, confirmed, ended], reply => Assert.Equal("""{"success":true}""", reply.Body));
        Assert.Equal(["requestsTo"], Filled(requests));
        Assert.Equal(["requestsFrom"], Filled(requestsOfOther));
        Assert.Equal(["linkedTo"], Filled(links));
        Assert.Equal(["linkedFrom"], Filled(linksOfOther));
        Assert.Equal(1, (int)elsewhere.Json!["count"]!);
    }

    [Theory]
    [InlineData("post", Identity, "", "{}", 400, 8001)]
    [InlineData("post", Identity, "", """{"phoneNumber":"2001000000"}""", 400, 8007)]
    [InlineData("post", Identity, "", """{"phoneNumber":"2001004011"}""", 403, 8009)]
    [InlineData("get", Identity, "?limit=0", null, 400, 8001)]
    [InlineData("post", Identity + "/batch", "", "{}", 400, 8001)]
    [InlineData("get", Identity + "/{mobileNumber}/lookup", "/200-100/lookup", null, 400, 8001)]
    [InlineData("get", Identity + "/{mobileNumber}/lookup", "/2001000000/lookup", null, 400, 8007)]
    [InlineData("get", Identity + "/{mobileNumber}/lookup", "/2001004011/lookup", null, 403, 8009)]
    [InlineData("get", ById, "/x", null, 400, 8001)]
    [InlineData("get", ById, "/UNKNOWN", null, 404, 8011)]
    [InlineData("delete", ById, "/x", null, 400, 8001)]
    [InlineData("delete", ById, "/UNKNOWN", null, 404, 8011)]
    [InlineData("post", ById + "/activate", "/x/activate", "{}", 400, 8001)]
    [InlineData("post", ById + "/activate", "/UNKNOWN/activate", null, 404, 8011)]
    [InlineData("post", ById + "/deactivate", "/x/deactivate", "{}", 400, 8001)]
    [InlineData("post", ById + "/deactivate", "/UNKNOWN/deactivate", "{}", 404, 8011)]
    [InlineData("post", Identity + "/{identityId}/cross-domain", "/x/cross-domain", "{}", 400, 8001)]
    [InlineData("post", Identity + "/{identityId}/cross-domain", "/UNKNOWN/cross-domain", null, 404, 8011)]
    [InlineData("get", "/v3/discover", "", null, 400, 8001)]
    [InlineData("get", "/v3/discover", "?proveId=UNKNOWN", null, 404, 8011)]
    [InlineData("get", "/v3/fetch", "?proveId=UNKNOWN", null, 400, 8001)]
    [InlineData("get", "/v3/fetch", "?proveId=UNKNOWN&attributeId=UNKNOWN", null, 404, 8011)]
    [InlineData("post", "/v3/domain/link", "", "{}", 400, 8001)]
    [InlineData("post", "/v3/domain/link", "", """{"pcid":"UNKNOWN","scopes":["identities"]}""", 404, 8011)]
    [InlineData("post", "/v3/domain/confirm-link", "", "{}", 400, 8001)]
    [InlineData("post", "/v3/domain/confirm-link", "", """{"pcid":"UNKNOWN"}""", 404, 8011)]
    [InlineData("post", "/v3/domain/unlink", "", "{}", 400, 8001)]
    [InlineData("post", "/v3/domain/unlink", "", """{"pcidFrom":"UNKNOWN","pcidTo":"UNKNOWN"}""", 404, 8011)]
    [InlineData("get", "/v3/domain/id", "?clientRequestId=%01", null, 400, 8001)]
    [InlineData("get", "/v3/domain/linked", "?clientRequestId=%01", null, 400, 8001)]
    public async Task Every_refusal_is_as_described(string method, string path, string rest, string? body, int status, int code)
    {
        var contract = await Contract.ReadAsync(_server, "v3");
        var address = (rest.StartsWith('/') ? Identity : path) + rest.Replace("UNKNOWN", _unknown, StringComparison.Ordinal);
        using var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), address)
        {
            Content = body is null ? null : TestServer.Json(body.Replace("UNKNOWN", _unknown, StringComparison.Ordinal)),
        };
        request.Headers.Authorization = new("Bearer", await _server.GetTokenAsync());

        var reply = contract.MustHold(path, await _server.SendAsync(request), method);

        Assert.Equal((status, code), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task A_call_without_a_token_or_by_another_method_is_refused_as_described()
    {
        var contract = await Contract.ReadAsync(_server, "v3");
        var token = await _server.GetTokenAsync();

        foreach (var operation in Operations(contract))
        {
            var withoutToken = contract.MustHold(operation.Path, await SendAsync(_server, operation, token: null), operation.Method);
            var byPatch = contract.MustHold(operation.Path, await SendAsync(_server, operation, token, HttpMethod.Patch), operation.Method);

            Assert.Equal("401 8002 not authorized", withoutToken.Fault);
            Assert.Equal("403 8003 step not allowed", byPatch.Fault);
        }
    }

    [Fact]
    public async Task Too_many_requests_are_refused_as_described()
    {
        await using var server = await fixture.StartAsync(new Dictionary<string, string?> { ["Countersign:RequestsPerSecond"] = "1" });
        var contract = await Contract.ReadAsync(server, "v3");
        var token = await server.GetTokenAsync();

        foreach (var operation in Operations(contract))
        {
            var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => SendAsync(server, operation, token)));

            Assert.Equal(8429, contract.MustHold(operation.Path, replies.First(reply => reply.Status == 429), operation.Method).Code);
        }
    }

    [Fact]
    public async Task A_failure_of_the_server_is_answered_as_described()
    {
        BreakableProjects? projects = null;
        await using var server = await fixture.StartAsync(substitute: builder => builder.Services.AddSingleton<IProjectStore>(
            provider => projects = new BreakableProjects(
                new ProjectStore(
                    provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<SecretHasher>(),
                    provider.GetRequiredService<HashSealer>(), StricterDefaults.None,
                    provider.GetRequiredService<RowSeals>(), provider.GetRequiredService<ILineKeys>()))));
        var contract = await Contract.ReadAsync(server, "v3");
        var token = await server.GetTokenAsync();
        await server.AdvanceAsync(TimeSpan.FromMinutes(1));
        projects!.IsBroken = true;

        foreach (var operation in Operations(contract))
        {
            Assert.Equal(8000, contract.MustHold(operation.Path, await SendAsync(server, operation, token), operation.Method).Code);
        }
    }

    private static IEnumerable<Documented> Operations(Contract contract) =>
        contract.Operations.Where(operation => _tags.Contains((string)operation.Json["tags"]![0]!));

    private static async Task<Reply> SendAsync(TestServer server, Documented operation) =>
        await SendAsync(server, operation, await server.GetTokenAsync());

    /// <summary>A call as the document has it: its examples for the path, the query and the body.</summary>
    private static async Task<Reply> SendAsync(TestServer server, Documented operation, string? token, HttpMethod? method = null)
    {
        var address = operation.Path;
        var query = new List<string>();
        foreach (var parameter in operation.Json["parameters"]?.AsArray() ?? [])
        {
            var (name, example) = ((string)parameter!["name"]!, Uri.EscapeDataString(parameter["example"]!.ToString()));
            if ((string)parameter["in"]! == "path")
            {
                address = address.Replace($"{{{name}}}", example, StringComparison.Ordinal);
            }
            else
            {
                query.Add($"{name}={example}");
            }
        }
        using var request = new HttpRequestMessage(
            method ?? new HttpMethod(operation.Method.ToUpperInvariant()),
            query.Count == 0 ? address : $"{address}?{string.Join('&', query)}")
        {
            Content = operation.Example is { } body ? TestServer.Json(body.ToJsonString()) : null,
        };
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        return await server.SendAsync(request);
    }

    private static IEnumerable<string> Filled(Reply reply) =>
        reply.Json!.AsObject().Where(list => list.Value!.AsArray().Count > 0).Select(list => list.Key);

    private Task<Reply> GetAsync(string address) => _server.CallAsync(HttpMethod.Get, address);

    private Task<Reply> PostAsync(string address) => _server.CallAsync(HttpMethod.Post, address);

    private sealed class BreakableProjects(IProjectStore inner) : IProjectStore
    {
        public bool IsBroken { get; set; }

        public Task PutAsync(Project project, CancellationToken cancellationToken) => inner.PutAsync(project, cancellationToken);

        public Task PutAsync(ApiClient client, CancellationToken cancellationToken) => inner.PutAsync(client, cancellationToken);

        public Task<bool> TryChangeAsync(
            ProjectId projectId, Func<Project, Project?> change, CancellationToken cancellationToken) =>
            inner.TryChangeAsync(projectId, change, cancellationToken);

        public Task<bool> TryAddAsync(Project project, CancellationToken cancellationToken) =>
            inner.TryAddAsync(project, cancellationToken);

        public Task<bool> TryAddAsync(ApiClient client, CancellationToken cancellationToken) =>
            inner.TryAddAsync(client, cancellationToken);

        public Task<bool> TryRotateAsync(ApiClient client, SecretHash read, CancellationToken cancellationToken) =>
            inner.TryRotateAsync(client, read, cancellationToken);

        public Task<bool> TrySetKeysAsync(ClientId clientId, ClientKeys keys, CancellationToken cancellationToken) =>
            inner.TrySetKeysAsync(clientId, keys, cancellationToken);

        public Task<IReadOnlyList<Project>> ListProjectsAsync(CancellationToken cancellationToken) =>
            inner.ListProjectsAsync(cancellationToken);

        public Task<IReadOnlyList<ApiClient>> ListClientsAsync(ProjectId? projectId, CancellationToken cancellationToken) =>
            inner.ListClientsAsync(projectId, cancellationToken);

        public Task<bool> RemoveProjectAsync(ProjectId projectId, CancellationToken cancellationToken) =>
            inner.RemoveProjectAsync(projectId, cancellationToken);

        public Task<bool> RemoveClientAsync(ClientId clientId, CancellationToken cancellationToken) =>
            inner.RemoveClientAsync(clientId, cancellationToken);

        public Task StoreKeptAsync(CancellationToken cancellationToken) => inner.StoreKeptAsync(cancellationToken);

        public Task<Project?> FindProjectAsync(ProjectId projectId, CancellationToken cancellationToken) =>
            IsBroken ? throw new TimeoutException("broken on purpose") : inner.FindProjectAsync(projectId, cancellationToken);

        public Task<ApiClient?> FindClientAsync(ClientId clientId, CancellationToken cancellationToken) =>
            IsBroken ? throw new TimeoutException("broken on purpose") : inner.FindClientAsync(clientId, cancellationToken);
    }
}
