using System.Net.Http.Headers;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Endpoints.Admin;

public sealed class AdminAccessTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    private readonly TestServer _server = fixture.Server;

    [Fact]
    public async Task Who_has_a_key_is_answered_under_its_name()
    {
        var reply = await _server.AdminAsync(HttpMethod.Get, "/admin/server");

        Assert.Equal(200, reply.Status);
        Assert.Equal("test", reply.Text("key"));
        Assert.Equal("sandbox", reply.Text("mode"));
        Assert.Contains(_server.Logs.All, line =>
            line.Text.Contains("Admin key test: GET /admin/server answered 200", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer test")]
    [InlineData("Bearer test-admin-key-0123456789-abcdefghi")]
    [InlineData("Bearer test-admin-key-0123456789-abcdefghijk")]
    [InlineData("Bearer TEST-ADMIN-KEY-0123456789-ABCDEFGHIJ")]
    [InlineData("Basic dGVzdDp0ZXN0LWFkbWluLWtleS0wMTIzNDU2Nzg5LWFiY2RlZmdoaWo=")]
    public async Task Without_a_key_of_the_configuration_nothing_is_told(string? authorization)
    {
        foreach (var path in (string[])["/admin/server", "/admin/nothing", "/ADMIN/server", "/admin"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (authorization is not null)
            {
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
            }

            var reply = await _server.SendAsync(request);

            Assert.Equal((401, 8002), (reply.Status, reply.Code));
        }
    }

    [Fact]
    public async Task An_access_token_opens_nothing_and_a_key_is_no_access_token()
    {
        var withToken = await _server.CallAsync(HttpMethod.Get, "/admin/server");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v3/domain/id");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestServer.AdminKey);
        var withKey = await _server.SendAsync(request);

        Assert.Equal(401, withToken.Status);
        Assert.Equal(401, withKey.Status);
    }

    [Theory]
    [InlineData("GET", "/admin/nothing", 404, 8011)]
    [InlineData("DELETE", "/admin/server", 405, 8001)]
    public async Task With_a_key_a_wrong_path_and_a_wrong_method_are_told(string method, string path, int status, int code)
    {
        var reply = await _server.AdminAsync(new HttpMethod(method), path);

        Assert.Equal((status, code), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task Without_any_key_in_the_configuration_there_is_no_admin_API()
    {
        await using var server = await fixture.StartAsync(new Dictionary<string, string?> { ["Countersign:Admin:Keys:test"] = null });

        var call = await server.AdminAsync(HttpMethod.Get, "/admin/server");
        var document = await server.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/openapi/admin.json"));

        Assert.Equal((404, 8011), (call.Status, call.Code));
        Assert.Equal(404, document.Status);
    }

    [Fact]
    [Trait("attack", "O04")]
    public async Task No_page_of_a_browser_may_call()
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/admin/server");
        request.Headers.Add("Origin", "https://www.example.com");
        request.Headers.Add("Access-Control-Request-Method", "GET");

        using var response = await _server.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Guessing_keys_is_slowed_down_where_there_is_a_rate()
    {
        await using var server = await fixture.StartAsync(new Dictionary<string, string?> { ["Countersign:RequestsPerSecond"] = "1" });

        var statuses = new List<int>();
        for (var guess = 0; guess < 20; guess++)
        {
            statuses.Add((await server.AdminAsync(HttpMethod.Get, "/admin/server", key: new string('x', 40))).Status);
        }
        var known = await server.AdminAsync(HttpMethod.Get, "/admin/server");

        Assert.Contains(429, statuses);
        Assert.Equal(200, known.Status);
    }
}
