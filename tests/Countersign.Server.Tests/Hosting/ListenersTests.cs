using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Countersign.Server.Tests.Fixtures;
using Socket = System.Net.Sockets.Socket;

namespace Countersign.Server.Tests.Hosting;

/// <summary>The admin API's address has the admin API and nothing else; all other addresses have everything else.</summary>
public sealed partial class ListenersTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    private const string Key = $"Authorization: Bearer {TestServer.AdminKey}\r\n";

    private readonly TestServer _server = fixture.Server;

    [Theory]
    [InlineData("GET", "/admin/server")]
    [InlineData("GET", "/admin")]
    [InlineData("GET", "/admin/")]
    [InlineData("GET", "/admin/nothing")]
    [InlineData("DELETE", "/admin/server")]
    [InlineData("POST", "/admin/projects")]
    [InlineData("OPTIONS", "/admin/server")]
    [InlineData("HEAD", "/admin/server")]
    [InlineData("GET", "/ADMIN/server")]
    [InlineData("GET", "/aDmIn/projects")]
    [InlineData("GET", "/%61dmin/server")]
    [InlineData("GET", "/%41DMIN/server")]
    [InlineData("GET", "/admin%2Fserver")]
    [InlineData("GET", "/v3/../admin/server")]
    [InlineData("GET", "/v3/%2e%2e/admin/server")]
    [InlineData("GET", "/x/y/../../admin/./server")]
    [InlineData("GET", "//admin/server")]
    [InlineData("GET", "http://127.0.0.1/admin/server")]
    [InlineData("GET", "/openapi/admin.json")]
    [InlineData("GET", "/OpenAPI/Admin.json")]
    public async Task The_admin_API_is_not_found_at_a_public_address_however_it_is_written(string method, string target)
    {
        var admin = await AskAsync(_server.Origin, method, target, Key);
        var unknown = await AskAsync(_server.Origin, method, "/nothing", Key);

        Assert.StartsWith("HTTP/1.1 404 ", admin, StringComparison.Ordinal);
        Assert.Equal(unknown, admin);
    }

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/nothing")]
    [InlineData("POST", "/token")]
    [InlineData("POST", "/revoke")]
    [InlineData("POST", "/introspect")]
    [InlineData("POST", "/v3/verify")]
    [InlineData("GET", "/V3/verify")]
    [InlineData("GET", "/v3/nothing")]
    [InlineData("GET", "/admin/../v3/verify")]
    [InlineData("GET", "/%76%33/verify")]
    [InlineData("GET", "/.well-known/jwks.json")]
    [InlineData("GET", "/.well-known/oauth-authorization-server")]
    [InlineData("POST", "/v1/client/challenge")]
    [InlineData("OPTIONS", "/v1/client/challenge")]
    [InlineData("GET", "/v1/client/status")]
    [InlineData("GET", "/l/abc")]
    [InlineData("POST", "/gateways/test/receipts/abc")]
    [InlineData("GET", "/sandbox")]
    [InlineData("GET", "/sandbox/messages")]
    [InlineData("POST", "/sandbox/clock")]
    [InlineData("GET", "/sdk/countersign.js")]
    [InlineData("GET", "/health")]
    [InlineData("GET", "/health/ready")]
    [InlineData("GET", "/openapi/v3.json")]
    [InlineData("GET", "/openapi/sandbox.json")]
    public async Task Nothing_else_is_found_at_the_address_of_the_admin_API(string method, string target)
    {
        var headers = $"{Key}Origin: https://shop.example\r\nAccess-Control-Request-Method: POST\r\n";

        var answer = await AskAsync(_server.AdminOrigin!, method, target, headers);

        Assert.StartsWith("HTTP/1.1 404 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":8011,\"message\":\"not found\"", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Access-Control", answer, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("/admin/server", "200")]
    [InlineData("/ADMIN/server", "200")]
    [InlineData("/v3/../admin/server", "200")]
    [InlineData("/openapi/admin.json", "200")]
    [InlineData("/reference/", "200")]
    [InlineData("/admin/nothing", "404")]
    public async Task The_admin_API_is_at_its_address_with_its_document_and_page(string target, string status) =>
        Assert.StartsWith($"HTTP/1.1 {status} ", await AskAsync(_server.AdminOrigin!, "GET", target, Key), StringComparison.Ordinal);

    [Fact]
    public async Task No_header_makes_a_public_address_that_of_the_admin_API()
    {
        var admin = new Uri(_server.AdminOrigin!).Authority;
        var headers = $"{Key}X-Forwarded-Host: {admin}\r\nX-Forwarded-Port: {new Uri(_server.AdminOrigin!).Port}\r\n"
            + "X-Original-URL: /admin/server\r\n";

        var answer = await AskAsync(_server.Origin, "GET", "/admin/server", headers, host: admin);

        Assert.StartsWith("HTTP/1.1 404 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_calls_the_former_address_is_told_in_the_log_once_where_the_admin_API_is()
    {
        await using var server = await fixture.StartAsync(new Dictionary<string, string?>());
        for (var call = 0; call < 3; call++)
        {
            await AskAsync(server.Origin, "GET", "/admin/server", Key);
        }

        var line = Assert.Single(server.Logs.All, line => line.Text.Contains("by a public address", StringComparison.Ordinal));

        Assert.Contains("it is at http://127.0.0.1:0 (Countersign:Admin:Urls)", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_public_address_is_the_first_that_is_public_and_the_log_names_both()
    {
        await using var server = await fixture.StartAsync(new Dictionary<string, string?>());

        var shown = await server.AdminAsync(HttpMethod.Get, "/admin/server");

        Assert.Equal(server.Origin, shown.Text("publicUrl"));
        Assert.NotEqual(server.Origin, server.AdminOrigin);
        Assert.Contains(server.Logs.All, line => line.Text.StartsWith(
            $"Countersign is listening on {server.Origin}; its public address is {server.Origin}", StringComparison.Ordinal));
        Assert.Contains(server.Logs.All, line => line.Text == $"The admin API is at {server.AdminOrigin}, and nowhere else");
    }

    [Fact]
    public async Task Without_a_key_there_is_no_second_address()
    {
        await using var server = await fixture.StartAsync(new Dictionary<string, string?> { ["Countersign:Admin:Keys:test"] = null });

        Assert.Null(server.AdminOrigin);
        Assert.DoesNotContain(server.Logs.All, line => line.Text.StartsWith("The admin API is at", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Both_may_be_several_and_Unix_sockets()
    {
        using var folder = new TemporaryFolder();
        var socket = folder.File("admin.sock");
        await using var server = await fixture.StartAsync(new Dictionary<string, string?>
        {
            ["urls"] = "http://127.0.0.1:0;http://[::1]:0",
            ["Countersign:Admin:Urls"] = $"http://unix:{socket}; http://127.0.0.1:0",
        });

        var bySocket = await AskAsync(new UnixDomainSocketEndPoint(socket), "GET", "/admin/server", Key, "localhost");

        Assert.StartsWith("HTTP/1.1 200 ", bySocket, StringComparison.Ordinal);
        Assert.StartsWith("http://127.0.0.1:", server.Origin, StringComparison.Ordinal);
        Assert.Contains(server.Logs.All, line =>
            Regex.IsMatch(line.Text, "^The admin API is at http://unix:/.*/admin.sock and http://127.0.0.1:[0-9]+, and nowhere else$"));
    }

    [Fact]
    public async Task Endpoints_of_the_web_server_are_public_and_the_admin_API_stands_beside_them()
    {
        await using var server = await fixture.StartAsync(new Dictionary<string, string?>
        {
            ["urls"] = null,
            // In the order of names, that of the admin API would be first.
            ["Kestrel:Endpoints:web:Url"] = "http://127.0.0.1:0",
        });

        var own = await AskAsync(server.AdminOrigin!, "GET", "/admin/server", Key);
        var there = await AskAsync(server.Origin, "GET", "/admin/server", Key);
        var health = await AskAsync(server.Origin, "GET", "/health", "");

        Assert.StartsWith("HTTP/1.1 200 ", own, StringComparison.Ordinal);
        Assert.Contains($"\"publicUrl\":\"{server.Origin}\"", own, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 404 ", there, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 ", health, StringComparison.Ordinal);
    }

    /// <summary>The answer to bytes that no client has put right, without what differs from call to call.</summary>
    private static Task<string> AskAsync(string origin, string method, string target, string headers, string? host = null)
    {
        var address = new Uri(origin);
        var point = new IPEndPoint(IPAddress.Parse(address.Host), address.Port);
        return AskAsync(point, method, target, headers, host ?? (target.StartsWith("http", StringComparison.Ordinal)
            ? new Uri(target).Authority : address.Authority));
    }

    private static async Task<string> AskAsync(EndPoint point, string method, string target, string headers, string host)
    {
        using var socket = new Socket(point.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(point);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"{method} {target} HTTP/1.1\r\nHost: {host}\r\n{headers}Content-Length: 0\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream);
        return Date().Replace(await reader.ReadToEndAsync(), "");
    }

    [GeneratedRegex("^Date: .*$", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Date();
}
