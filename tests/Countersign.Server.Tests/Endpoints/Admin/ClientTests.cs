using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Endpoints.Admin;

public sealed class ClientTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    private readonly TestServer _server = fixture.Server;

    [Fact]
    public async Task The_secret_of_a_new_client_is_shown_once_and_gets_tokens()
    {
        var client = await CreateAsync("new");

        var listed = await _server.AdminAsync(HttpMethod.Get, "/admin/projects/new/clients");

        Assert.Matches("^cs_sk_[A-Za-z0-9_-]{43}$", client.Secret);
        Assert.NotEmpty(await _server.GetTokenAsync(client));
        Assert.Equal(client.Id, (string?)listed.Json!["clients"]![0]!["id"]);
        Assert.DoesNotContain(client.Secret, listed.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(_server.Logs.All, line => line.ToString().Contains(client.Secret, StringComparison.Ordinal));
    }

    [Fact]
    [Trait("attack", "A01")]
    public async Task During_a_rotation_both_secrets_open_and_after_it_only_the_new_one()
    {
        await using var server = await fixture.StartAsync();
        var old = await CreateAsync("rotating", server);

        var reply = await server.AdminAsync(
            HttpMethod.Post, $"/admin/projects/rotating/clients/{old.Id}/rotate", """{"expireOldAfterSeconds":3600}""");
        var fresh = old with { Secret = reply.Text("secret") };
        var during = (await OpensAsync(server, old), await OpensAsync(server, fresh));
        await server.AdvanceAsync(TimeSpan.FromSeconds(3570));
        var atLast = await OpensAsync(server, old);
        await server.AdvanceAsync(TimeSpan.FromSeconds(30));
        var after = (await OpensAsync(server, old), await OpensAsync(server, fresh));

        Assert.Equal((true, true), during);
        Assert.True(atLast);
        Assert.Equal((false, true), after);
        var listed = await server.AdminAsync(HttpMethod.Get, "/admin/projects/rotating/clients");
        Assert.Null(listed.Json!["clients"]![0]!["formerSecretExpiresAt"]);
    }

    [Fact]
    public async Task A_second_rotation_ends_the_oldest_secret()
    {
        var first = await CreateAsync("thrice");

        var second = await RotateAsync("thrice", first);
        var third = await RotateAsync("thrice", first);

        Assert.False(await OpensAsync(_server, first));
        Assert.True(await OpensAsync(_server, second));
        Assert.True(await OpensAsync(_server, third));
    }

    [Fact]
    public async Task A_rotation_that_leaves_the_old_secret_no_time_ends_it_at_once()
    {
        var old = await CreateAsync("at-once");

        var fresh = await RotateAsync("at-once", old, """{"expireOldAfterSeconds":0}""");

        Assert.False(await OpensAsync(_server, old));
        Assert.True(await OpensAsync(_server, fresh));
    }

    [Fact]
    public async Task A_deleted_client_and_its_tokens_are_nothing_any_more()
    {
        var client = await CreateAsync("deleted");
        Assert.Equal(200, (await _server.CallAsync(HttpMethod.Get, "/v3/domain/id", client)).Status);

        var reply = await _server.AdminAsync(HttpMethod.Delete, $"/admin/projects/deleted/clients/{client.Id}");

        Assert.Equal(204, reply.Status);
        Assert.Equal(401, (await _server.CallAsync(HttpMethod.Get, "/v3/domain/id", client)).Status);
        Assert.False(await OpensAsync(_server, client));
    }

    [Fact]
    public async Task A_client_is_changed_under_its_own_project_only()
    {
        var client = await CreateAsync("mine");
        await _server.AdminAsync(HttpMethod.Post, "/admin/projects", """{"id":"yours","name":"x"}""");

        var rotated = await _server.AdminAsync(HttpMethod.Post, $"/admin/projects/yours/clients/{client.Id}/rotate", "{}");
        var deleted = await _server.AdminAsync(HttpMethod.Delete, $"/admin/projects/yours/clients/{client.Id}");

        Assert.Equal((404, 404), (rotated.Status, deleted.Status));
        Assert.True(await OpensAsync(_server, client));
    }

    [Theory]
    [InlineData("""{"id":"a b"}""", "400 8001 field 'id' is invalid: must be 1 to 128 of A-Za-z0-9-_.")]
    [InlineData("""{"id":"test-client"}""", "409 8410 there is a client 'test-client' already; ids of clients are unique on a server")]
    public async Task An_id_that_cannot_be_is_refused(string body, string fault)
    {
        await _server.AdminAsync(HttpMethod.Post, "/admin/projects", """{"id":"ids","name":"x"}""");

        var reply = await _server.AdminAsync(HttpMethod.Post, "/admin/projects/ids/clients", body);

        Assert.Equal(fault, reply.Fault);
    }

    [Theory]
    [InlineData("""{"keys":[{"kty":"oct","k":"AQAB"}]}""",
        "field 'jwks' is invalid: keys[0] is private or a shared secret: give the public half alone, and make a new pair")]
    [InlineData("""{"keys":[{"kty":"RSA"}]}""",
        "field 'jwks' is invalid: keys[0] must be an EC key on P-256 or P-384, or an RSA key of 2048 to 4096 bits")]
    [InlineData("""{"keys":1}""", "field 'jwks' is invalid: must be an object with the list keys")]
    [InlineData("[]", "field 'jwks' is invalid: must be an object")]
    public async Task Keys_that_cannot_be_are_refused(string jwks, string problem)
    {
        var client = await CreateAsync($"keys{Guid.NewGuid():N}");
        var clients = $"/admin/projects/{client.Id.Split('-')[0]}/clients";

        var made = await _server.AdminAsync(HttpMethod.Post, clients, $$"""{"jwks":{{jwks}}}""");
        var changed = await _server.AdminAsync(HttpMethod.Patch, $"{clients}/{client.Id}", $$"""{"jwks":{{jwks}}}""");
        var nothing = await _server.AdminAsync(HttpMethod.Patch, $"{clients}/{client.Id}", "{}");

        Assert.Equal(($"400 8001 {problem}", $"400 8001 {problem}"), (made.Fault, changed.Fault));
        Assert.Equal("400 8001 field 'jwks' is missing", nothing.Fault);
        Assert.True(await OpensAsync(_server, client));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("2592001")]
    [InlineData("\"1 h\"")]
    public async Task A_time_that_cannot_be_is_refused(string seconds)
    {
        var client = await CreateAsync($"time{Guid.NewGuid():N}");

        var reply = await _server.AdminAsync(
            HttpMethod.Post, $"/admin/projects/{client.Id.Split('-')[0]}/clients/{client.Id}/rotate",
            $$"""{"expireOldAfterSeconds":{{seconds}}}""");

        Assert.Equal("400 8001 field 'expireOldAfterSeconds' is invalid: must be a whole number of seconds from 0 to 2592000", reply.Fault);
        Assert.True(await OpensAsync(_server, client));
    }

    [Fact]
    public async Task What_became_of_a_flow_is_told_without_personal_data()
    {
        var begun = await _server.BeginAsync("mobile", "2002000102");
        await _server.Browser(begun.AuthToken!).Post("mobile/instant/start");

        var reply = await _server.AdminAsync(HttpMethod.Get, $"/admin/flows/{begun.Id}");

        Assert.Equal(200, reply.Status);
        Assert.Equal(("sandbox", "verified-users", "mobile", "pending", "otp"),
            (reply.Text("projectId"), reply.Text("product"), reply.Text("type"), reply.Text("possessionResult"), reply.Text("method")));
        Assert.NotEmpty(reply.Json!["timeline"]!.AsArray());
        Assert.DoesNotContain("2002000102", reply.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Lori", reply.Body, StringComparison.Ordinal);
    }

    private Task<Credentials> CreateAsync(string project) => CreateAsync(project, _server);

    private static async Task<Credentials> CreateAsync(string project, TestServer server)
    {
        await server.AdminAsync(HttpMethod.Post, "/admin/projects", $$"""{"id":"{{project}}","name":"x"}""");
        var reply = await server.AdminAsync(HttpMethod.Post, $"/admin/projects/{project}/clients");
        Assert.Equal(201, reply.Status);
        return new Credentials(reply.Text("id"), reply.Text("secret"));
    }

    private async Task<Credentials> RotateAsync(string project, Credentials client, string? body = null)
    {
        var reply = await _server.AdminAsync(HttpMethod.Post, $"/admin/projects/{project}/clients/{client.Id}/rotate", body);
        return client with { Secret = reply.Text("secret") };
    }

    private static async Task<bool> OpensAsync(TestServer server, Credentials client)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = client.Id,
            ["client_secret"] = client.Secret,
        });
        return (int)(await server.Client.PostAsync("/token", form, TestContext.Current.CancellationToken)).StatusCode switch
        {
            200 => true,
            401 => false,
            var other => throw new InvalidOperationException($"The token endpoint answered {other}."),
        };
    }
}
