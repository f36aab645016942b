using System.Text.Json.Nodes;
using Countersign.EndToEnd.Tests.Fixtures;

namespace Countersign.EndToEnd.Tests.Attacks;

/// <summary>A browser that one relayed code has tied is told to the phone, found and untied; a key proves what it was tied for.</summary>
public abstract class DeviceKeyTests(ConfiguredServer server)
{
    [Fact]
    public async Task The_phone_is_told_of_a_remembered_browser_and_support_lists_and_revokes_it()
    {
        var shop = await server.ClientAsync("shop");
        using var tied = await server.TieAsync(shop);
        var (key, number, proveId) = tied;

        var notice = await ConfiguredServer.WaitForAsync(
            () => server.Texts(number).SingleOrDefault(text => (string?)text["kind"] == "notice"));
        var again = await ProveAsync(shop, number, key);
        var listed = await server.DoneAsync("devices", "list", "--prove-id", proveId, "--json");
        await server.DoneAsync("devices", "revoke", "--prove-id", proveId);
        var revoked = await ProveAsync(shop, number, key);

        Assert.Contains("a browser was remembered", (string?)notice["text"], StringComparison.Ordinal);
        Assert.Equal(("done", "true", proveId), again);
        Assert.Equal(key.DeviceId, (string?)JsonNode.Parse(listed)!["devices"]![0]!["deviceId"]);
        Assert.Equal(("10006", "pending", null), revoked);
    }

    [Fact]
    public async Task A_key_proves_nothing_for_another_number_another_project_another_flow_or_before_it_was_tied()
    {
        var other = server.NextNumber();
        var (shop, bank) = (await server.ClientAsync("shop"), await server.ClientAsync("bank"));
        using var tied = await server.TieAsync(shop);
        var (key, number, _) = tied;
        using var untied = new BrowserKey();
        using (var never = await BeginAsync(shop, number))
        {
            await untied.RegisterAsync(never);
        }
        using var earlier = await BeginAsync(shop, number);
        using var flow = await BeginAsync(shop, number);

        var outcomes = new[]
        {
            await ProveAsync(shop, other, key), await ProveAsync(bank, number, key), await ProveAsync(shop, number, untied),
            await OutcomeAsync(flow, await key.ProveAsync(flow, earlier.Challenge)),
        };

        Assert.All(outcomes, outcome => Assert.Equal(("pending", null), (outcome.Success, outcome.ProveId)));
        Assert.Equal("true", (await ProveAsync(shop, number, key)).Success);
    }

    [Fact]
    public async Task A_key_that_proved_nothing_for_half_a_year_is_unknown_and_the_browser_makes_another_in_the_same_flow()
    {
        var shop = await server.ClientAsync("shop");
        using var tied = await server.TieAsync(shop);
        var (old, number, proveId) = tied;
        await server.Rows.ChangeAsync(
            "UPDATE devices SET last_used_at = @day WHERE id = @id",
            ("@day", DateTimeOffset.UtcNow.AddDays(-182).ToUnixTimeMilliseconds()), ("@id", StoredRows.IdOf(old.DeviceId)));

        using var flow = await BeginAsync(shop, number);
        var refused = await old.ProveAsync(flow);
        using var next = new BrowserKey();
        await next.RegisterAsync(flow);
        await flow.AskForCodeAsync();
        await flow.EnterAsync(server.LastProof(number));

        Assert.Equal(10006, (int?)refused.Json!["error"]?["code"]);
        var result = await flow.ResultAsync();
        Assert.Equal((proveId, next.DeviceId), (result.TextOrNull("proveId"), result.TextOrNull("deviceId")));
        Assert.Equal(("done", "true", proveId), await ProveAsync(shop, number, next));
    }

    [Fact]
    public async Task A_link_that_a_phone_confirms_ties_no_key_of_the_browser_that_waits()
    {
        var (shop, number) = (await server.ClientAsync("shop"), server.NextNumber());
        using var key = new BrowserKey();
        using var flow = await shop.BeginAsync(
            "/v3/unify", new { possessionType = "desktop", phoneNumber = number, finalTargetUrl = ConfiguredServer.Target });
        await key.RegisterAsync(flow);
        var sent = await flow.PostAsync("mobile/instantlink/start");

        await new LinkPage(server.LastProof(number)).PressAsync("confirm", sent.Text("matchCode"));

        var result = await flow.ResultAsync();
        Assert.Equal(("true", null), (result.Text("success"), result.TextOrNull("deviceId")));
        Assert.Equal("pending", (await ProveAsync(shop, number, key)).Success);
    }

    [Fact]
    public async Task Another_project_neither_revokes_a_device_nor_learns_that_it_is_there()
    {
        var (shop, bank) = (await server.ClientAsync("shop"), await server.ClientAsync("bank"));
        using var tied = await server.TieAsync(shop);
        var (key, number, _) = tied;

        var theirs = await RevokeAsync(bank, key.DeviceId);
        var nobodys = await RevokeAsync(bank, "01a228e7-0000-7000-8000-000000000000");

        Assert.Equal((404, nobodys.Body), (theirs.Status, theirs.Body));
        Assert.Equal("true", (await ProveAsync(shop, number, key)).Success);
        await RevokeAsync(shop, key.DeviceId);
        Assert.Equal("pending", (await ProveAsync(shop, number, key)).Success);
    }

    private static Task<Reply> RevokeAsync(BackEnd project, string deviceId) =>
        project.PostAsync("/v3/device/revoke", new { clientRequestId = "request", deviceId });

    private static Task<PersonsBrowser> BeginAsync(BackEnd project, string phoneNumber) =>
        project.BeginAsync("/v3/unify", new { possessionType = "mobile", phoneNumber });

    private static async Task<(string Next, string Success, string? ProveId)> ProveAsync(BackEnd project, string number, BrowserKey key)
    {
        using var flow = await BeginAsync(project, number);
        return await OutcomeAsync(flow, await key.ProveAsync(flow));
    }

    /// <summary>The code of a refusal or the next step; and the result.</summary>
    private static async Task<(string Next, string Success, string? ProveId)> OutcomeAsync(PersonsBrowser flow, Reply answer)
    {
        var result = await flow.ResultAsync();
        var next = answer.Json!["error"]?["code"]?.ToJsonString() ?? answer.Text("next");
        return (next, result.Text("success"), result.TextOrNull("proveId"));
    }
}

[Collection<OnConfiguredSqlite>]
public sealed class DeviceKeysOnSqlite(ConfiguredSqlite server) : DeviceKeyTests(server);

[Collection<OnConfiguredPostgres>]
[Trait("tier", "long")]
public sealed class DeviceKeysOnPostgres(ConfiguredPostgres server) : DeviceKeyTests(server);
