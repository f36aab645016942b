using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.EndToEnd.Tests.Fixtures;

namespace Countersign.EndToEnd.Tests.Attacks;

/// <summary>What a stolen secret, token or admin key is worth, and where it is worth nothing.</summary>
public abstract class CredentialTests(ConfiguredServer server)
{
    private const string Unknown = "01a228e7-0000-7000-8000-000000000000";

    [Fact]
    [Trait("attack", "A03")]
    public async Task A_rotation_without_a_pause_ends_the_thiefs_tokens_and_not_those_of_other_clients()
    {
        var (stolen, neighbour) = (await server.ClientAsync("shop"), await server.ClientAsync("shop"));

        var rotated = await server.AdminAsync(
            HttpMethod.Post, $"/admin/projects/shop/clients/{stolen.Id}/rotate", new { expireOldAfterSeconds = 0 });

        var refused = await stolen.PostAsync("/v3/verify-status", new { correlationId = Unknown });
        Assert.Equal((401, 8002), (refused.Status, refused.Code));
        Assert.Equal("Bearer error=\"invalid_token\"", refused.Header("WWW-Authenticate"));
        Assert.Equal(401, (await stolen.AskForTokenAsync()).Status);
        var renewed = await BackEnd.OpenAsync(server, stolen.Id, rotated.Text("secret"));
        foreach (var good in (BackEnd[])[renewed, neighbour])
        {
            Assert.Equal(8008, (await good.PostAsync("/v3/verify-status", new { correlationId = Unknown })).Code);
        }
    }

    [Fact]
    public async Task So_does_the_command_and_so_does_the_end_of_the_client()
    {
        var (rotated, removed) = (await server.ClientAsync("shop"), await server.ClientAsync("shop"));

        await server.DoneAsync("client", "rotate", rotated.Id, "--project", "shop", "--expire-old-after", "0");
        await server.DoneAsync("client", "delete", removed.Id, "--project", "shop");

        foreach (var client in (BackEnd[])[rotated, removed])
        {
            Assert.Equal(401, (await client.PostAsync("/v3/verify-status", new { correlationId = Unknown })).Status);
            Assert.Equal(401, (await client.AskForTokenAsync()).Status);
        }
    }

    [Fact]
    public async Task A_token_is_ended_and_looked_into_by_its_own_client_alone()
    {
        var (shop, bank) = (await server.ClientAsync("shop"), await server.ClientAsync("bank"));

        var byAnother = await bank.AskForTokenAsync("/introspect", ("token", shop.Token));
        await bank.AskForTokenAsync("/revoke", ("token", shop.Token));
        var still = await shop.AskForTokenAsync("/introspect", ("token", shop.Token));
        await shop.AskForTokenAsync("/revoke", ("token", shop.Token));
        var revoked = await shop.AskForTokenAsync("/introspect", ("token", shop.Token));

        Assert.Equal("{\"active\":false}", byAnother.Body);
        Assert.True((bool)still.Json!["active"]!);
        Assert.Equal("{\"active\":false}", revoked.Body);
        Assert.Equal(401, (await shop.PostAsync("/v3/verify-status", new { correlationId = Unknown })).Status);
    }

    [Fact]
    [Trait("attack", "T03")]
    public async Task Neither_token_is_the_other_and_none_is_taken_from_an_address()
    {
        var shop = await server.ClientAsync("shop");
        using var flow = await shop.VerifyAsync(server.NextNumber());

        var byAuthToken = await CallAsync("/v3/verify-status", flow.AuthToken);
        var byAccessToken = await CallAsync("/v1/client/mobile/instant/start", shop.Token);
        var inAddress = await CallAsync($"/v3/verify-status?access_token={shop.Token}&token={shop.Token}", token: null);
        var secretInAddress = await CallAsync(
            $"/token?grant_type=client_credentials&client_id={shop.Id}&client_secret={shop.Secret}", token: null);

        Assert.Equal([401, 401, 401], new[] { byAuthToken, byAccessToken, inAddress }.Select(answer => answer.Status));
        Assert.DoesNotContain("access_token", secretInAddress.Body, StringComparison.Ordinal);
        Assert.True(secretInAddress.Status is 400 or 401);
    }

    [Fact]
    [Trait("attack", "A01")]
    public async Task Secrets_and_admin_keys_are_not_tried_by_the_hundred()
    {
        var shop = await server.ClientAsync("shop");
        using var guesser = PersonsBrowser.From("127.0.4.1");
        async Task<Reply> TryTokenAsync()
        {
            using var form = new FormUrlEncodedContent(
                [new("grant_type", "client_credentials"), new("client_id", shop.Id), new("client_secret", new string('x', 40))]);
            return await Reply.ReadAsync(await guesser.PostAsync(new Uri(server.Address, "/token"), form));
        }
        async Task<Reply> TryKeyAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.AdminAddress, "/admin/projects"));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", new string('x', 64));
            return await Reply.ReadAsync(await guesser.SendAsync(request));
        }

        var tokens = await Task.WhenAll(Enumerable.Range(0, 150).Select(_ => TryTokenAsync()));
        var keys = await Task.WhenAll(Enumerable.Range(0, 150).Select(_ => TryKeyAsync()));

        foreach (var tries in (Reply[][])[tokens, keys])
        {
            Assert.All(tries, answer => Assert.True(answer.Status is 401 or 429, answer.ToString()));
            Assert.Contains(tries, answer => answer.Status == 429 && answer.Header("Retry-After") is not null);
        }
        Assert.Equal(200, (await shop.AskForTokenAsync()).Status);
        Assert.Equal(200, (await server.AdminAsync(HttpMethod.Get, "/admin/server")).Status);
    }

    [Theory]
    [InlineData("/v3/verify-status")]
    [InlineData("/v1/client/mobile/otp/start")]
    public async Task Bad_tokens_are_not_checked_by_the_hundred_and_good_ones_of_the_same_address_are_taken(string path)
    {
        var shop = await server.ClientAsync("shop");
        var bad = shop.Token[..^6] + (shop.Token[^6] == 'A' ? 'B' : 'A') + shop.Token[^5..];
        using var guesser = PersonsBrowser.From(path == "/v3/verify-status" ? "127.0.4.2" : "127.0.4.3");
        async Task<Reply> TryAsync(string token, string at)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, at)) { Content = Question() };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return await Reply.ReadAsync(await guesser.SendAsync(request));
        }

        var tries = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => TryAsync(bad, path)));

        Assert.All(tries, answer => Assert.True(answer.Status is 401 or 429, answer.ToString()));
        Assert.Contains(tries, answer => answer.Status == 429);
        Assert.Equal(8008, (await TryAsync(shop.Token, "/v3/verify-status")).Code);
    }

    [Theory]
    [InlineData("/admin/server")]
    [InlineData("/ADMIN/server")]
    [InlineData("/Admin/Server/")]
    [InlineData("/%61dmin/server")]
    [InlineData("/%2561dmin/server")]
    [InlineData("/v3/../admin/server")]
    [InlineData("/v3/%2e%2e/admin/server")]
    [InlineData("/./admin/server")]
    [InlineData("//admin/server")]
    [InlineData("/admin//server")]
    [InlineData("/admin;x/server")]
    [InlineData("/admin/projects")]
    [InlineData("/openapi/admin.json")]
    [InlineData("/console")]
    [InlineData("/metrics")]
    public async Task The_admin_API_is_not_at_the_public_address_however_it_is_written(string path)
    {
        var port = server.AdminAddress.Port;
        string Request(string host) =>
            $"GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {server.AdminKey}\r\nX-Forwarded-Host: 127.0.0.1:{port}\r\n"
                + $"X-Forwarded-Port: {port}\r\nX-Original-URL: /admin/server\r\nConnection: close\r\n\r\n";

        foreach (var host in (string[])["id.example.com", $"127.0.0.1:{port}", $"127.0.0.1:{server.Address.Port}"])
        {
            Assert.StartsWith("HTTP/1.1 404", await SendAsync(server.Address, Request(host)), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/v3/verify")]
    [InlineData("/token")]
    [InlineData("/v1/client/status")]
    [InlineData("/health")]
    public async Task Nor_is_anything_else_at_the_address_of_the_admin_API(string path) =>
        Assert.Equal(404, (await server.AdminAsync(HttpMethod.Get, path)).Status);

    [Fact]
    public async Task An_admin_key_does_what_its_scopes_say()
    {
        var made = await server.AdminAsync(
            HttpMethod.Post, "/admin/keys", new { name = server.NextName("key"), scopes = new[] { "read" } });
        (HttpMethod Method, string Path, object? Body)[] calls =
        [
            (HttpMethod.Post, "/admin/projects", new { id = "new", name = "New", linkConfirmation = "match" }),
            (HttpMethod.Patch, "/admin/projects/shop", new { numberChange = "on" }), (HttpMethod.Delete, "/admin/projects/shop", null),
            (HttpMethod.Post, "/admin/projects/shop/clients", new { id = "new" }),
            (HttpMethod.Post, "/admin/flows/find", new { phoneNumber = ConfiguredServer.Known }),
            (HttpMethod.Post, "/admin/budget/lift", new { phoneNumber = ConfiguredServer.Known }),
            (HttpMethod.Post, "/admin/suppressions/list", new { }),
            (HttpMethod.Post, "/admin/devices/revoke", new { phoneNumber = ConfiguredServer.Known }),
            (HttpMethod.Post, "/admin/abuse/allow", new { country = "GB", hours = 24 }),
            (HttpMethod.Post, "/admin/records/remove", new { phoneNumber = ConfiguredServer.Known }),
            (HttpMethod.Post, "/admin/records/assign", new { source = "crm", projects = new[] { "bank" } }),
            (HttpMethod.Post, "/admin/keys", new { name = "mine", scopes = new[] { "keys" } }),
            (HttpMethod.Get, "/admin/encryption-keys", null),
        ];

        foreach (var (method, path, body) in calls)
        {
            var refused = await server.AdminAsync(method, path, body, made.Text("key"));
            Assert.Equal((path, 403, 8403), (path, refused.Status, refused.Code));
        }
        Assert.Equal(200, (await server.AdminAsync(HttpMethod.Get, "/admin/projects", key: made.Text("key"))).Status);
    }

    [Fact]
    public async Task A_key_of_one_project_sees_and_changes_no_other_and_gives_away_no_more_than_it_has()
    {
        string[] scopes = ["read", "support", "projects", "records", "keys"];
        var made = await server.AdminAsync(
            HttpMethod.Post, "/admin/keys", new { name = server.NextName("key"), scopes, projects = new[] { "shop" } });
        var key = made.Text("key");
        var bank = await server.ClientAsync("bank");
        using var flow = await bank.VerifyAsync(server.NextNumber());

        var listed = await server.AdminAsync(HttpMethod.Get, "/admin/projects", key: key);
        Reply[] others =
        [
            await server.AdminAsync(HttpMethod.Get, "/admin/projects/bank", key: key),
            await server.AdminAsync(HttpMethod.Patch, "/admin/projects/bank", new { numberChange = "on" }, key),
            await server.AdminAsync(HttpMethod.Get, "/admin/projects/bank/clients", key: key),
            await server.AdminAsync(
                HttpMethod.Post, $"/admin/projects/bank/clients/{bank.Id}/rotate", new { expireOldAfterSeconds = 0 }, key),
            await server.AdminAsync(HttpMethod.Get, $"/admin/flows/{flow.Id}", key: key),
        ];
        Reply[] more =
        [
            await server.AdminAsync(HttpMethod.Post, "/admin/keys", new { name = server.NextName("key"), scopes = new[] { "read" } }, key),
            await server.AdminAsync(
                HttpMethod.Post, "/admin/keys",
                new { name = server.NextName("key"), scopes = new[] { "abuse" }, projects = new[] { "shop" } }, key),
            await server.AdminAsync(HttpMethod.Post, "/admin/records/assign", new { source = "crm", projects = new[] { "bank" } }, key),
        ];

        Assert.Equal(["shop"], listed.Json!["projects"]!.AsArray().Select(project => (string?)project!["id"]));
        Assert.All(others, answer => Assert.Equal(404, answer.Status));
        Assert.All(more, answer => Assert.True(answer.Status is 403 or 400, answer.ToString()));
        Assert.Equal(200, (await server.AdminAsync(HttpMethod.Get, $"/admin/flows/{flow.Id}")).Status);
    }

    [Theory]
    [Trait("attack", "A04")]
    [InlineData("Content-Length: 5\r\nContent-Length: 6")]
    [InlineData("Transfer-Encoding: xchunked")]
    [InlineData("X-One: a\r\n b\r\nContent-Length: 5")]
    [InlineData("Content-Length : 5")]
    public async Task A_request_that_two_parsers_would_read_differently_is_refused(string headers)
    {
        var answer = await SendAsync(
            server.Address, $"POST /token HTTP/1.1\r\nHost: id.example.com\r\nConnection: close\r\n{headers}\r\n\r\nabcde");

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
    }

    private async Task<Reply> CallAsync(string path, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Question() };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await Reply.ReadAsync(await server.Http.SendAsync(request, TestContext.Current.CancellationToken));
    }

    private static StringContent Question() =>
        new(new JsonObject { ["correlationId"] = Unknown }.ToJsonString(), Encoding.UTF8, "application/json");

    /// <summary>Sends what no client library would, and reads until the server closes.</summary>
    private static async Task<string> SendAsync(Uri address, string request)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}

[Collection<OnConfiguredSqlite>]
public sealed class CredentialsOnSqlite(ConfiguredSqlite server) : CredentialTests(server)
{
    private readonly string _database = server.Database;

    [Fact]
    public void Other_users_of_the_machine_read_none_of_its_files()
    {
        var files = Directory.GetFiles(Path.GetDirectoryName(_database)!).Where(file => !file.EndsWith(".csv", StringComparison.Ordinal));

        foreach (var file in files)
        {
            var mode = OperatingSystem.IsWindows() ? UnixFileMode.UserRead | UnixFileMode.UserWrite : File.GetUnixFileMode(file);
            Assert.Equal((file, UnixFileMode.UserRead | UnixFileMode.UserWrite), (file, mode));
        }
    }
}

[Collection<OnConfiguredPostgres>]
[Trait("tier", "long")]
public sealed class CredentialsOnPostgres(ConfiguredPostgres server) : CredentialTests(server);
