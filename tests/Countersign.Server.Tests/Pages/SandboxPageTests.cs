using System.Net.Http.Headers;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Pages;

public sealed class SandboxPageTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    private TestServer Server => fixture.Server;

    [Theory]
    [InlineData("/sandbox", "text/html")]
    [InlineData("/sandbox/", "text/html")]
    [InlineData("/sandbox/landing?authId=x&asc=true", "text/html")]
    [InlineData("/sandbox/handset.css", "text/css")]
    [InlineData("/sandbox/handset.js", "text/javascript")]
    [InlineData("/sdk/countersign.js", "text/javascript")]
    public async Task Files_are_served_with_their_type(string path, string type)
    {
        var reply = await GetAsync(path);
        var head = await GetAsync(path, HttpMethod.Head);

        Assert.Equal((200, $"{type}; charset=utf-8"), (reply.Status, reply.Header("Content-Type")));
        Assert.NotEmpty(reply.Body);
        Assert.Equal((200, reply.Header("Content-Length"), ""), (head.Status, head.Header("Content-Length"), head.Body));
    }

    [Theory]
    [InlineData("/sandbox")]
    [InlineData("/sandbox/landing")]
    public async Task Pages_run_no_script_but_their_own_files(string path)
    {
        var reply = await GetAsync(path);

        var policy = reply.Header("Content-Security-Policy")!;
        Assert.Contains("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains($"connect-src 'self' {Server.Origin} {Server.Origin.Replace("http", "ws", StringComparison.Ordinal)};", policy,
            StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotMatch("<script(?![^>]*src=)|<style|\\sstyle=|\\son[a-z]+=", reply.Body);
        Assert.DoesNotMatch("(?:src|href)=\"https?:", reply.Body);
    }

    [Fact]
    public async Task Pages_of_any_origin_may_import_the_browser_sdk()
    {
        var reply = await GetAsync("/sdk/countersign.js");

        Assert.Equal("*", reply.Header("Access-Control-Allow-Origin"));
        Assert.Contains("authenticate", reply.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_has_not_changed_is_not_sent_again()
    {
        var tag = (await GetAsync("/sdk/countersign.js")).Header("ETag")!;
        using var request = new HttpRequestMessage(HttpMethod.Get, "/sdk/countersign.js");
        request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(tag));

        var reply = await Server.SendAsync(request);

        Assert.Equal((304, "", "*"), (reply.Status, reply.Body, reply.Header("Access-Control-Allow-Origin")));
    }

    [Theory]
    [InlineData("/sandbox/nothing.js")]
    [InlineData("/sandbox/handset.html")]
    [InlineData("/sandbox/../appsettings.json")]
    [InlineData("/sdk/")]
    [InlineData("/sdk/%2e%2e/link.css")]
    public async Task There_is_no_other_file(string path) =>
        Assert.Equal((404, 8011), ((await GetAsync(path)).Status, (await GetAsync(path)).Code));

    [Fact]
    public async Task The_users_of_the_list_are_taken_by_verify()
    {
        var users = (await GetAsync("/sandbox/users")).Json!.AsArray();

        Assert.True(users.Count > 10);
        foreach (var user in users)
        {
            var body = new System.Text.Json.Nodes.JsonObject
            {
                ["flowType"] = "mobile",
                ["phoneNumber"] = (string)user!["phoneNumber"]!,
                ["firstName"] = (string)user["firstName"]!,
                ["lastName"] = (string)user["lastName"]!,
            };
            using var request = new HttpRequestMessage(
                HttpMethod.Post, "/sandbox/flows") { Content = TestServer.Json(body.ToJsonString()) };
            Assert.Equal(200, (await Server.SendAsync(request)).Status);
            Assert.NotEqual("", (string)user["scenario"]!);
        }
    }

    private async Task<Reply> GetAsync(string path, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        return await Server.SendAsync(request);
    }
}
