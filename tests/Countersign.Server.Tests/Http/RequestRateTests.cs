using System.Net.Http.Headers;
using Countersign.Core.Projects;
using Countersign.Server.Security;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Http;

/// <summary>Rates are counted in memory: the store does not matter.</summary>
public sealed class RequestRateTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
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
            Assert.Equal(("1", "\"client\";q=1;w=1", "\"client\";r=0;t=1"), (reply.Header("Retry-After"), reply.Header("RateLimit-Policy"), reply.Header("RateLimit")));
        });
        Assert.Equal(30 - refused.Length, await server.CountAsync("flows"));
    }

    [Fact]
    public async Task An_answer_says_what_is_left_of_the_rate()
    {
        // More than this test sends in whatever time it takes.
        await using var server = await fixture.StartAsync(new Dictionary<string, string?> { ["Countersign:RequestsPerSecond"] = "50" });
        await server.GetTokenAsync();

        var answered = await server.VerifyAsync(_body);
        var refused = await server.VerifyAsync("{}");
        var unknown = await server.CallAsync(HttpMethod.Get, "/v3/identity/2001004031/lookup");
        using var form = new FormUrlEncodedContent([new("grant_type", "client_credentials")]);
        var token = await Reply.ReadAsync(await server.Client.PostAsync("/token", form, TestContext.Current.CancellationToken));

        Assert.Equal((200, 400, 200, 400), (answered.Status, refused.Status, unknown.Status, token.Status));
        Assert.All((Reply[])[answered, refused, unknown, token], reply =>
        {
            Assert.Equal("\"client\";q=50;w=1", reply.Header("RateLimit-Policy"));
            Assert.Matches("^\"client\";r=4[0-9];t=1$", reply.Header("RateLimit"));
            Assert.Null(reply.Header("Retry-After"));
        });
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
    public async Task Each_client_has_a_rate_of_its_own()
    {
        await using var server = await fixture.StartAsync(_one);
        var tokens = new List<string>();
        foreach (var i in Enumerable.Range(0, 5))
        {
            // Not from the token endpoint: that one counts by address.
            var client = await server.AddProjectAsync($"shop-{i}");
            var known = await server.Services.GetRequiredService<IProjectStore>().FindClientAsync(client.Id, TestContext.Current.CancellationToken);
            tokens.Add(await server.Services.GetRequiredService<Tokens>().IssueAccessAsync(known!, known!.Secret, TestContext.Current.CancellationToken));
        }

        var replies = await Task.WhenAll(tokens.Select(token => CallAsync(server, token)));

        Assert.All(replies, reply => Assert.Equal(200, reply.Status));
    }

    [Fact]
    public async Task The_token_endpoint_has_a_rate_too_and_says_so_in_rfc_6749s_words()
    {
        await using var server = await fixture.StartAsync(_one);

        var replies = await Task.WhenAll(Enumerable.Range(0, 30).Select(async _ =>
        {
            using var form = new FormUrlEncodedContent([new("grant_type", "client_credentials")]);
            return await Reply.ReadAsync(await server.Client.PostAsync("/token", form));
        }));

        var refused = replies.First(reply => reply.Status == 429);
        Assert.Equal("429 8429 too many requests", refused.Fault);
        Assert.Equal("temporarily_unavailable", refused.Text("error"));
        Assert.Equal("1", refused.Header("Retry-After"));
    }

    private static async Task<Reply> CallAsync(TestServer server, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v3/verify") { Content = TestServer.Json(_body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await server.SendAsync(request);
    }
}
