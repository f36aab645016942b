using System.Text.Json.Nodes;
using Countersign.EndToEnd.Tests.Fixtures;

namespace Countersign.EndToEnd.Tests.Attacks;

/// <summary>Whoever can write the database, and has no key, becomes nobody else by it and may no more than before.</summary>
public abstract class StoredRowTests(ConfiguredServer server)
{
    public static TheoryData<string> Exchanged =>
    [
        "UPDATE devices SET key_id = (SELECT key_id FROM devices WHERE id = @own), "
            + "public_key = (SELECT public_key FROM devices WHERE id = @own) WHERE id = @theirs",
        "UPDATE devices SET key_id = (SELECT key_id FROM devices WHERE id = @own), "
            + "public_key = (SELECT public_key FROM devices WHERE id = @own), "
            + "seal = (SELECT seal FROM devices WHERE id = @own) WHERE id = @theirs",
        "UPDATE devices SET key_id = (SELECT key_id FROM devices WHERE id = @own), "
            + "public_key = (SELECT public_key FROM devices WHERE id = @own), seal = NULL WHERE id = @theirs",
    ];

    public static TheoryData<string> Moved =>
    [
        "UPDATE devices SET identity_id = (SELECT identity_id FROM devices WHERE id = @theirs) WHERE id = @own",
        "UPDATE devices SET identity_id = (SELECT identity_id FROM devices WHERE id = @theirs), "
            + "tie_seal = (SELECT tie_seal FROM devices WHERE id = @theirs) WHERE id = @own",
        "UPDATE devices SET identity_id = (SELECT identity_id FROM devices WHERE id = @theirs), tie_seal = NULL WHERE id = @own",
        "INSERT INTO identity_aliases (id, project_id, identity_id) SELECT o.identity_id, o.project_id, t.identity_id "
            + "FROM devices o, devices t WHERE o.id = @own AND t.id = @theirs",
    ];

    [Theory, MemberData(nameof(Exchanged))]
    public async Task A_key_that_is_put_into_another_persons_device_proves_nothing(string sql)
    {
        var shop = await server.ClientAsync("shop");
        using var own = await server.TieAsync(shop);
        using var theirs = await server.TieAsync(shop);
        await server.Rows.ChangeAsync(
            sql, ("@own", StoredRows.IdOf(own.Key.DeviceId)), ("@theirs", StoredRows.IdOf(theirs.Key.DeviceId)));

        using var flow = await BeginAsync(shop, theirs.Number);
        var answer = await own.Key.ProveAsync(flow, device: theirs.Key.DeviceId);

        Assert.Equal(10006, (int?)answer.Json!["error"]?["code"]);
        Assert.Equal("pending", (await flow.ResultAsync()).Text("success"));
    }

    [Theory, MemberData(nameof(Moved))]
    public async Task A_device_that_is_given_another_person_does_not_prove_that_person(string sql)
    {
        var shop = await server.ClientAsync("shop");
        using var own = await server.TieAsync(shop);
        using var theirs = await server.TieAsync(shop);
        await server.Rows.ChangeAsync(
            sql, ("@own", StoredRows.IdOf(own.Key.DeviceId)), ("@theirs", StoredRows.IdOf(theirs.Key.DeviceId)));

        using var flow = await BeginAsync(shop, theirs.Number);
        await own.Key.ProveAsync(flow);

        Assert.Equal("pending", (await flow.ResultAsync()).Text("success"));
        using var still = await BeginAsync(shop, theirs.Number);
        await theirs.Key.ProveAsync(still);
        Assert.Equal(theirs.ProveId, (await still.ResultAsync()).TextOrNull("proveId"));
    }

    [Fact]
    public async Task A_revoked_device_is_not_brought_back()
    {
        var shop = await server.ClientAsync("shop");
        using var tied = await server.TieAsync(shop);
        await shop.PostAsync("/v3/device/revoke", new { clientRequestId = "request", deviceId = tied.Key.DeviceId });
        await server.Rows.ChangeAsync("UPDATE devices SET is_revoked = 0 WHERE id = @id", ("@id", StoredRows.IdOf(tied.Key.DeviceId)));

        using var flow = await BeginAsync(shop, tied.Number);
        var answer = await tied.Key.ProveAsync(flow);

        Assert.Equal(10006, (int?)answer.Json!["error"]?["code"]);
        Assert.Equal("pending", (await flow.ResultAsync()).Text("success"));
    }

    [Theory]
    [InlineData("UPDATE clients SET secret_hash = (SELECT secret_hash FROM clients WHERE id = @own) WHERE id = @theirs", false)]
    [InlineData(
        "UPDATE clients SET secret_hash = (SELECT secret_hash FROM clients WHERE id = @own), "
            + "seal = (SELECT seal FROM clients WHERE id = @own) WHERE id = @theirs", false)]
    [InlineData(
        "UPDATE clients SET former_secret_hash = (SELECT secret_hash FROM clients WHERE id = @own), "
            + "former_expires_at = 32503680000000 WHERE id = @theirs", false)]
    [InlineData(
        "UPDATE clients SET project_id = (SELECT project_id FROM clients WHERE id = @theirs) WHERE id = @own", true)]
    [InlineData(
        "UPDATE clients SET project_id = (SELECT project_id FROM clients WHERE id = @theirs), "
            + "seal = (SELECT seal FROM clients WHERE id = @theirs) WHERE id = @own", true)]
    public async Task A_client_with_anothers_secret_or_in_anothers_project_gets_no_token(string sql, bool asOwn)
    {
        var (own, secret) = await NewClientAsync("shop");
        var (theirs, _) = await NewClientAsync("bank");
        await server.Rows.ChangeAsync(sql, ("@own", own), ("@theirs", theirs));

        var refused = await (await BackEnd.OpenAsync(server, asOwn ? own : theirs, secret)).AskForTokenAsync();

        Assert.Equal(401, refused.Status);
        await server.ClientAsync("bank");
    }

    [Fact]
    public async Task Nor_does_one_that_was_put_there()
    {
        var (own, secret) = await NewClientAsync("shop");
        await server.Rows.ChangeAsync(
            "INSERT INTO clients (id, project_id, secret_hash, origin, created_at, seal) "
                + "SELECT @id, 'bank', secret_hash, origin, created_at, seal FROM clients WHERE id = @own",
            ("@own", own), ("@id", own.Replace("shop", "bank", StringComparison.Ordinal)));

        var client = await BackEnd.OpenAsync(server, own.Replace("shop", "bank", StringComparison.Ordinal), secret);

        Assert.Equal(401, (await client.AskForTokenAsync()).Status);
    }

    [Theory]
    [InlineData("UPDATE projects SET settings = (SELECT settings FROM projects WHERE id = @rich) WHERE id = @poor")]
    [InlineData(
        "UPDATE projects SET settings = (SELECT settings FROM projects WHERE id = @rich), "
            + "seal = (SELECT seal FROM projects WHERE id = @rich) WHERE id = @poor")]
    public async Task A_project_does_not_get_the_settings_of_another(string sql)
    {
        var rich = await server.ProjectAsync(new JsonObject { ["oneCall"] = new JsonArray("prefill"), ["disclosesSsn"] = true });
        var poor = server.NextName("project");
        await server.AdminAsync(
            HttpMethod.Post, "/admin/projects", new { id = poor, name = poor, linkConfirmation = "match" });
        var (client, secret) = await NewClientAsync(poor);
        await server.Rows.ChangeAsync(sql, ("@rich", rich.Project), ("@poor", poor));

        var thief = await BackEnd.OpenAsync(server, client, secret);
        var asked = await thief.PostAsync("/v3/verify", new { verificationType = "prefill", phoneNumber = ConfiguredServer.Known });

        Assert.True(asked.Status is 401 or 403, asked.ToString());
    }

    [Theory]
    [InlineData("UPDATE admin_keys SET scopes = (SELECT scopes FROM admin_keys WHERE name = @strong) WHERE name = @weak")]
    [InlineData("UPDATE admin_keys SET projects = NULL WHERE name = @weak AND @strong <> ''")]
    [InlineData(
        "UPDATE admin_keys SET scopes = (SELECT scopes FROM admin_keys WHERE name = @strong), projects = NULL, "
            + "seal = (SELECT seal FROM admin_keys WHERE name = @strong) WHERE name = @weak")]
    public async Task An_admin_key_does_not_get_the_scopes_or_projects_of_another(string sql)
    {
        var (weak, strong) = (server.NextName("weak"), server.NextName("strong"));
        var made = await server.AdminAsync(
            HttpMethod.Post, "/admin/keys", new { name = weak, scopes = new[] { "read" }, projects = new[] { "shop" } });
        await server.AdminAsync(HttpMethod.Post, "/admin/keys", new { name = strong, scopes = new[] { "read", "projects", "keys" } });
        await server.Rows.ChangeAsync(sql, ("@weak", weak), ("@strong", strong));

        var answer = await server.AdminAsync(HttpMethod.Get, "/admin/projects", key: made.Text("key"));

        Assert.Equal(401, answer.Status);
    }

    [Fact]
    public async Task An_admin_key_that_has_ended_is_not_brought_back()
    {
        var name = server.NextName("ended");
        var made = await server.AdminAsync(HttpMethod.Post, "/admin/keys", new { name, scopes = new[] { "read" } });
        Assert.Equal(204, (await server.AdminAsync(HttpMethod.Delete, $"/admin/keys/{name}")).Status);
        await server.Rows.ChangeAsync("UPDATE admin_keys SET ended_at = NULL WHERE name = @name", ("@name", name));

        var answer = await server.AdminAsync(HttpMethod.Get, "/admin/projects", key: made.Text("key"));

        Assert.Equal(401, answer.Status);
    }

    [Fact]
    public async Task An_older_state_of_a_flow_brings_no_entries_back()
    {
        var (shop, number) = (await server.ClientAsync("shop"), server.NextNumber());
        using var flow = await shop.VerifyAsync(number);
        await flow.AskForCodeAsync();
        var code = server.LastProof(number);
        (string, object) id = ("@id", StoredRows.IdOf(flow.Id));
        var early = await server.Rows.ReadAsync<byte[]>("SELECT state FROM flows WHERE id = @id", id);
        await flow.EnterAsync(PersonsBrowser.WrongFor(code));
        await server.Rows.ChangeAsync("UPDATE flows SET state = @early WHERE id = @id", id, ("@early", early));

        await flow.EnterAsync(code);

        Assert.NotEqual("success", (await flow.ResultAsync()).TextOrNull("possessionResult"));
    }

    [Fact]
    public async Task The_state_of_a_proven_flow_is_worth_nothing_in_another()
    {
        var (shop, number) = (await server.ClientAsync("shop"), server.NextNumber());
        using var proven = await BeginAsync(shop, number);
        await proven.AskForCodeAsync();
        await proven.EnterAsync(server.LastProof(number));
        using var flow = await BeginAsync(shop, server.NextNumber());
        await server.Rows.ChangeAsync(
            "UPDATE flows SET state = (SELECT state FROM flows WHERE id = @proven), "
                + "version = (SELECT version FROM flows WHERE id = @proven) WHERE id = @id",
            ("@proven", StoredRows.IdOf(proven.Id)), ("@id", StoredRows.IdOf(flow.Id)));

        var result = await flow.ResultAsync();

        Assert.NotEqual("true", result.TextOrNull("success"));
        Assert.DoesNotContain(number, result.Body, StringComparison.Ordinal);
        Assert.Equal("true", (await proven.ResultAsync()).Text("success"));
    }

    private static Task<PersonsBrowser> BeginAsync(BackEnd project, string phoneNumber) =>
        project.BeginAsync("/v3/unify", new { possessionType = "mobile", phoneNumber });

    /// <summary>A client that the server has not looked up yet.</summary>
    private async Task<(string Id, string Secret)> NewClientAsync(string project)
    {
        var made = await server.AdminAsync(HttpMethod.Post, $"/admin/projects/{project}/clients", new { id = server.NextName(project) });
        return (made.Text("id"), made.Text("secret"));
    }
}

[Collection<OnConfiguredSqlite>]
public sealed class StoredRowsOnSqlite(ConfiguredSqlite server) : StoredRowTests(server);

[Collection<OnConfiguredPostgres>]
[Trait("tier", "long")]
public sealed class StoredRowsOnPostgres(ConfiguredPostgres server) : StoredRowTests(server);
