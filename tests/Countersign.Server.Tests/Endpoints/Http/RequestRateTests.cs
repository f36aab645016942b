using System.Net.Http.Headers;
using Countersign.Core;
using Countersign.Core.Domains;
using Countersign.Core.Flows;
using Countersign.Core.Projects;
using Countersign.Server.Security;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Endpoints.Http;

/// <summary>Rates are counted in memory: the store does not matter.</summary>
public sealed class RequestRateTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    private const string SomeId = "019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a";

    private static readonly Dictionary<string, string?> _one = new() { ["Countersign:RequestsPerSecond"] = "1" };
    private static readonly string _body = TestServer.VerifyBody("none", "2001009002");

    [Fact]
    public async Task In_the_sandbox_there_is_no_limit_unless_it_is_set()
    {
        await fixture.Server.GetTokenAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => fixture.Server.VerifyAsync(_body)));

        Assert.All(replies, reply => Assert.Equal(200, reply.Status));
        Assert.All(replies, reply => Assert.Null(reply.Header("RateLimit")));
    }

    [Fact]
    [Trait("attack", "A06")]
    public async Task Over_the_limit_a_client_is_told_when_to_come_back_and_nothing_is_stored()
    {
        await using var server = await fixture.StartAsync(_one);
        await server.GetTokenAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => server.VerifyAsync(_body)));

        var refused = replies.Where(reply => reply.Status != 200).ToArray();
        Assert.NotEmpty(refused);
        Assert.All(refused, reply =>
        {
            Assert.Equal("429 8429 too many requests", reply.Fault);
            Assert.Equal(("1", "\"client\";q=1;w=1", "\"client\";r=0;t=1"),
                (reply.Header("Retry-After"), reply.Header("RateLimit-Policy"), reply.Header("RateLimit")));
        });
        Assert.Equal(30 - refused.Length, await server.CountAsync("flows"));
    }

    [Theory]
    [InlineData(200, "POST", "/v3/verify", """{"flowType":"none","phoneNumber":"2001009002","firstName":"Lori","lastName":"Montgomery"}""")]
    [InlineData(200, "GET", "/v3/identity/2001004031/lookup")]
    [InlineData(400, "POST", "/v3/verify", "{}")]
    [InlineData(400, "POST", "/v3/verify", "{")]
    [InlineData(400, "POST", "/v3/validate", $$"""{"correlationId":"{{SomeId}}"}""")]
    [InlineData(
        403, "POST", "/v3/verify", """{"flowType":"mobile","phoneNumber":"2001001695","firstName":"Lori","lastName":"Montgomery"}""")]
    [InlineData(404, "GET", $"/v3/identity/{SomeId}")]
    [InlineData(500, "GET", "/v3/domain/id")]
    [InlineData(503, "GET", "/v3/domain/linked")]
    public async Task Every_answer_to_a_request_that_was_counted_says_what_is_left_as_the_document_does(
        int status, string method, string path, string? body = null)
    {
        await using var server = await StartWideAsync();
        await server.GetTokenAsync();

        var reply = body is null ? await server.CallAsync(new HttpMethod(method), path) : await server.PostAsync(path, body);

        Assert.Equal(status, reply.Status);
        Assert.Equal("\"client\";q=50;w=1", reply.Header("RateLimit-Policy"));
        Assert.Matches("^\"client\";r=4[0-9];t=1$", reply.Header("RateLimit"));
        Assert.Equal(status == 503 ? "1" : null, reply.Header("Retry-After"));
    }

    [Theory]
    [Trait("attack", "F06")]
    [InlineData(200, "sandbox")]
    [InlineData(401, "nobody")]
    [InlineData(400, null)]
    public async Task The_token_endpoint_counts_by_address_and_says_so(int status, string? client)
    {
        await using var server = await StartWideAsync();
        var (id, secret) = client == "sandbox" ? (Credentials.Sandbox.Id, Credentials.Sandbox.Secret) : (client, "wrong");

        var reply = await TokenAsync(server, id, secret);

        Assert.Equal(status, reply.Status);
        Assert.Equal("\"address\";q=50;w=1", reply.Header("RateLimit-Policy"));
        Assert.Matches("^\"address\";r=4[0-9];t=1$", reply.Header("RateLimit"));
    }

    [Theory]
    [InlineData(401, "/v3/identity", "wrong-token", null)]
    [InlineData(403, "/v3/nothing", null, null)]
    [InlineData(404, "/nothing", null, null)]
    [InlineData(200, "/admin/projects", TestServer.AdminKey, null)]
    [InlineData(401, "/admin/projects", "wrong-admin-key-0123456789-abcdefghij", "\"address\";q=50;w=1")]
    public async Task What_is_not_counted_is_told_no_rate_and_a_wrong_admin_key_is_counted(
        int status, string path, string? token, string? policy)
    {
        await using var server = await StartWideAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? await server.GetTokenAsync());

        var reply = await server.SendAsync(request);

        Assert.Equal((status, policy), (reply.Status, reply.Header("RateLimit-Policy")));
        Assert.Equal(policy is null, reply.Header("RateLimit") is null);
    }

    [Theory]
    [InlineData("v3", "/token", "post", "200 400 401 429 500 503", "address")]
    [InlineData("v3", "/v3/verify", "post", "200 400 403 409 422 429 500 503", "client")]
    [InlineData("v3", "/v3/identity/{proveId}", "delete", "200 400 403 404 429 500 503", "client")]
    [InlineData("v3", "/v3/domain/linked", "get", "200 400 403 429 500 503", "client")]
    [InlineData("admin", "/admin/projects", "get", "401 429", "address")]
    [InlineData("browser", "/v1/client/mobile/otp/start", "post", "", "")]
    public async Task The_document_has_the_rate_where_it_is_served(
        string document, string path, string method, string statuses, string policy)
    {
        var contract = await OpenApi.Contract.ReadAsync(fixture.Server, document);

        var told = contract.Json["paths"]![path]![method]!["responses"]!.AsObject()
            .Where(response =>
                response.Value!["headers"]?["RateLimit-Policy"] is not null && response.Value["headers"]!["RateLimit"] is not null)
                .ToList();

        Assert.Equal(statuses, string.Join(' ', told.Select(response => response.Key)));
        Assert.All(told, response => Assert.All((string[])["RateLimit-Policy", "RateLimit"], name => Assert.Contains(
            $"\"{policy}\";", (string)response.Value!["headers"]![name]!["description"]!, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task In_live_the_rate_is_told_without_a_setting()
    {
        // Null takes away what the test servers set, which is more than any test sends.
        var settings = new Dictionary<string, string?>(TestServer.Live) { ["Countersign:RequestsPerSecond"] = null };
        await using var server = await TestServer.StartAsync(settings: settings);
        var shop = await server.AddProjectAsync("shop");

        var reply = await server.CallAsync(HttpMethod.Get, "/v3/identity", shop);

        Assert.Equal((200, "\"client\";q=25;w=1"), (reply.Status, reply.Header("RateLimit-Policy")));
        Assert.Matches("^\"client\";r=2[0-4];t=1$", reply.Header("RateLimit"));
    }

    [Fact]
    [Trait("attack", "F06")]
    public async Task Each_client_has_a_rate_of_its_own()
    {
        await using var server = await fixture.StartAsync(_one);
        var tokens = new List<string>();
        foreach (var i in Enumerable.Range(0, 5))
        {
            // Not from the token endpoint: that one counts by address.
            var client = await server.AddProjectAsync($"shop-{i}");
            var known = await server.Services.GetRequiredService<IProjectStore>()
                .FindClientAsync(ClientId.Parse(client.Id), TestContext.Current.CancellationToken);
            tokens.Add(await server.Services.GetRequiredService<Tokens>()
                .IssueAccessAsync(known!, known!.Secret.Fingerprint, TestContext.Current.CancellationToken));
        }

        var replies = await Task.WhenAll(tokens.Select(token => CallAsync(server, token)));

        Assert.All(replies, reply => Assert.Equal(200, reply.Status));
    }

    [Fact]
    public async Task Bad_tokens_of_an_address_are_slowed_down_and_good_ones_beside_them_are_not()
    {
        await using var server = await fixture.StartAsync(new Dictionary<string, string?> { ["Countersign:BadTokensPerSecond"] = "2" });
        var good = await server.GetTokenAsync();
        var bad = good[..^10] + "AAAAAAAAAA";

        var refused = Enumerable.Range(0, 40).Select(_ => CallAsync(server, bad));
        var taken = Enumerable.Range(0, 40).Select(_ => CallAsync(server, good));
        var without = Enumerable.Range(0, 10).Select(_ => CallAsync(server, ""));
        var replies = await Task.WhenAll([.. refused, .. taken, .. without]);

        Assert.All(replies[..40], reply => Assert.True(reply.Fault is "401 8002 not authorized" or "429 8429 too many requests"));
        Assert.All(replies[40..80], reply => Assert.Equal(200, reply.Status));
        Assert.All(replies[80..], reply => Assert.Equal(401, reply.Status));
        Assert.All(replies.Where(reply => reply.Status != 429), reply => Assert.Null(reply.Header("RateLimit")));
        var slowed = replies.First(reply => reply.Status == 429);
        Assert.Equal(("1", "\"bad-tokens\";q=2;w=1", "\"bad-tokens\";r=0;t=1"),
            (slowed.Header("Retry-After"), slowed.Header("RateLimit-Policy"), slowed.Header("RateLimit")));
    }

    [Fact]
    public async Task In_the_sandbox_bad_tokens_are_not_slowed_down_unless_it_is_set()
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => CallAsync(fixture.Server, "a.b.c")));

        Assert.All(replies, reply => Assert.Equal(401, reply.Status));
    }

    [Fact]
    public async Task The_token_endpoint_has_a_rate_too_and_says_so_in_rfc_6749s_words()
    {
        await using var server = await fixture.StartAsync(_one);

        var replies = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => TokenAsync(server, id: null, "wrong")));

        var refused = replies.First(reply => reply.Status == 429);
        Assert.Equal("429 8429 too many requests", refused.Fault);
        Assert.Equal("temporarily_unavailable", refused.Text("error"));
        Assert.Equal(("1", "\"address\";q=1;w=1", "\"address\";r=0;t=1"),
            (refused.Header("Retry-After"), refused.Header("RateLimit-Policy"), refused.Header("RateLimit")));
    }

    /// <summary>A server whose limit is more than these tests send in whatever time it takes, and whose store of domains fails.</summary>
    private Task<TestServer> StartWideAsync() => fixture.StartAsync(
        new Dictionary<string, string?> { ["Countersign:RequestsPerSecond"] = "50" },
        builder => builder.Services.AddSingleton<IDomainStore>(new FailingDomains()));

    private static async Task<Reply> TokenAsync(TestServer server, string? id, string secret)
    {
        using var form = new FormUrlEncodedContent(
            [new("grant_type", "client_credentials"),
                .. id is null ? [] : (KeyValuePair<string, string>[])[new("client_id", id), new("client_secret", secret)]]);
        return await Reply.ReadAsync(await server.Client.PostAsync("/token", form));
    }

    private static async Task<Reply> CallAsync(TestServer server, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v3/verify") { Content = TestServer.Json(_body) };
        request.Headers.Authorization = token.Length == 0 ? null : new AuthenticationHeaderValue("Bearer", token);
        return await server.SendAsync(request);
    }

    private sealed class FailingDomains : IDomainStore
    {
        public Task<Domain?> FindAsync(Guid pcid, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Domain?> FindAsync(ProjectId projectId, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task RequestAsync(ProjectId from, ProjectId to, LinkScopes scopes, DateTimeOffset now,
            CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> AcceptAsync(
            ProjectId from, ProjectId to, LinkScopes? scopes, DateTimeOffset now, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<bool> RemoveAsync(ProjectId from, ProjectId to, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<DomainLink>> ListAsync(ProjectId projectId, CancellationToken cancellationToken) =>
            throw new StoreUnavailableException("The store does not answer.");

        public Task MarkReadAsync(DomainLink link, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
