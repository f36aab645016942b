using System.Globalization;
using System.Text.Json.Nodes;
using Countersign.EndToEnd.Tests.Fixtures;

namespace Countersign.EndToEnd.Tests.Attacks;

/// <summary>
/// Of two persons who have a number one after the other, neither is taken for the other: whoever had it and keeps a key of that time, and
/// whoever has it now and reads its texts.
/// </summary>
public abstract class RecycledNumberTests(ConnectedServer server)
{
    private const string Told = """{"risk":{"result":"fail","failureReasons":{"9163":"number recycled"}}}""";
    private const string Refused =
        """{"authentication":{"result":"fail","failureReasons":{"9163":"number recycled"}}"""
            + ""","risk":{"result":"fail","failureReasons":{"9163":"number recycled"}}}""";
    private const string NotThisPerson =
        """{"identification":{"result":"fail","failureReasons":{"9003":"identity not found"}}"""
            + ""","risk":{"result":"fail","failureReasons":{"9163":"number recycled"}}}""";

    [Fact]
    public async Task Where_it_is_refused_key_code_and_link_fail_alike_however_often_and_the_day_stays()
    {
        using var key = new BrowserKey();
        var (shop, number, _) = await ProveAsync(key, "recycled=refuse");
        await RecycleAsync(shop, number);
        var day = await LastVerifiedAsync(shop);

        Reply[] results =
        [
            await ByKeyAsync(shop, number, key), await ByCodeAsync(shop, number), await ByLinkAsync(shop, number),
            await ByKeyAsync(shop, number, key), await ByCodeAsync(shop, number),
        ];

        Assert.All(results, result =>
            Assert.Equal(("false", Refused, null, null), (result.Text("success"), EvaluationOf(result), result.TextOrNull("proveId"),
                result.TextOrNull("deviceId"))));
        Assert.Equal(day, await LastVerifiedAsync(shop));
    }

    [Fact]
    public async Task No_name_and_no_record_of_the_former_holder_is_told_to_the_new_one_where_it_is_refused()
    {
        using var key = new BrowserKey();
        var (shop, number, _) = await ProveAsync(key, "recycled=refuse");
        await server.ImportAsync(
            shop.Project, server.NextName("recycled"), $"{number},Lori,Montgomery,1980-02-03,123456789,,,,,,lori@example.com");
        await RecycleAsync(shop, number);

        using var verify = await shop.BeginAsync(
            "/v3/verify", new { flowType = "mobile", phoneNumber = number, firstName = "Lori", lastName = "Montgomery" });
        await EnterCodeAsync(verify, number);
        using var start = await shop.BeginAsync("/v3/start", new { flowType = "mobile", phoneNumber = number });
        await EnterCodeAsync(start, number);
        var challenge = await shop.PostAsync("/v3/challenge", new { correlationId = start.Id, dob = "1980-02-03" });
        var complete = await shop.PostAsync(
            "/v3/complete",
            new { correlationId = start.Id, individual = new { firstName = "Lori", lastName = "Montgomery", ssn = "6789" } });

        var verified = await verify.ResultAsync();
        Assert.Equal(("false failed failed", Refused), (verified.Outcome, EvaluationOf(verified)));
        Assert.All((Reply[])[challenge, complete], answer =>
            Assert.NotEqual((200, true), (answer.Status, (bool?)answer.Json!["success"] ?? false)));
        Assert.DoesNotContain("example.com", challenge.Body + complete.Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("attack", "I05")]
    public async Task A_key_of_the_former_holder_does_not_wash_the_signal_off_and_leads_to_nobody_once_the_new_one_has_come()
    {
        using var key = new BrowserKey();
        var (shop, number, former) = await ProveAsync(key);
        await RecycleAsync(shop, number);
        var day = await LastVerifiedAsync(shop);

        var byKey = await ByKeyAsync(shop, number, key);
        var byCode = await ByCodeAsync(shop, number);
        var late = await TryKeyAsync(shop, number, key);
        var again = await ByCodeAsync(shop, number);

        Assert.Equal(("true", former, Told), (byKey.Text("success"), byKey.Text("proveId"), EvaluationOf(byKey)));
        Assert.NotEqual(former, byCode.Text("proveId"));
        Assert.Equal(("mobile/instant", "pending"), late);
        Assert.All((Reply[])[byCode, again], result =>
            Assert.Equal(("true", byCode.Text("proveId"), Told), (result.Text("success"), result.Text("proveId"), EvaluationOf(result))));
        Assert.Equal(day, await LastVerifiedAsync(shop));
        await AssertUntiedAsync(key);
    }

    [Theory]
    [InlineData("code")]
    [InlineData("link")]
    [InlineData("network")]
    [InlineData("own check")]
    public async Task Whatever_shows_who_has_the_number_today_begins_a_new_person_whose_browser_is_known_from_then_on(string method)
    {
        using var key = new BrowserKey();
        var (shop, number, former) = await ProveAsync(key);
        await RecycleAsync(shop, number);

        var proven = method switch
        {
            "code" => await ByCodeAsync(shop, number),
            "link" => await ByLinkAsync(shop, number),
            "network" => await ByNetworkAsync(shop, number),
            _ => await ByOwnCheckAsync(shop, number),
        };

        Assert.Equal(("true", Told), (proven.Text("success"), EvaluationOf(proven)));
        Assert.NotEqual(former, proven.Text("proveId"));
        await AssertUntiedAsync(key);
        Assert.Equal(("mobile/instant", "pending"), await TryKeyAsync(shop, number, key));
        using var next = new BrowserKey();
        Assert.Equal(proven.Text("proveId"), (await ByCodeAsync(shop, number, next)).Text("proveId"));
        Assert.Equal(proven.Text("proveId"), (await ByKeyAsync(shop, number, next)).Text("proveId"));
    }

    [Fact]
    public async Task While_the_operator_does_not_know_the_day_stays_and_the_signal_is_there_when_it_knows()
    {
        using var key = new BrowserKey();
        var (shop, number, former) = await ProveAsync(key);
        await RecycleAsync(shop, number);
        await server.SetSubscriberAsync(number, null);
        var day = await LastVerifiedAsync(shop);

        var byKey = await ByKeyAsync(shop, number, key);
        var byCode = await ByCodeAsync(shop, number);
        await server.SetSubscriberAsync(number, Recycled());
        var known = await ByCodeAsync(shop, number);

        Assert.Equal((former, former), (byKey.Text("proveId"), byCode.Text("proveId")));
        Assert.Equal(("true", Told), (known.Text("success"), EvaluationOf(known)));
        Assert.NotEqual(former, known.Text("proveId"));
        Assert.Equal(day, await LastVerifiedAsync(shop));
    }

    [Fact]
    public async Task Where_unknown_is_refused_too_neither_key_nor_code_passes_while_the_operator_does_not_know()
    {
        using var key = new BrowserKey();
        var (shop, number, _) = await ProveAsync(key);
        await RecycleAsync(shop, number);
        await server.SetSubscriberAsync(number, null);
        await SetRiskAsync(shop, "recycled=refuse", "refusesUnknown=true");

        foreach (var result in (Reply[])[await ByKeyAsync(shop, number, key), await ByCodeAsync(shop, number)])
        {
            Assert.Equal(("false", null), (result.Text("success"), result.TextOrNull("proveId")));
        }
    }

    [Fact]
    public async Task A_flow_that_asks_for_the_former_person_does_not_end_with_the_new_holder()
    {
        using var key = new BrowserKey();
        var (shop, number, former) = await ProveAsync(key);
        await RecycleAsync(shop, number);
        using var flow = await shop.BeginAsync("/v3/unify", new { possessionType = "mobile", proveId = former, clientHumanId = "former" });

        await EnterCodeAsync(flow, number);

        var result = await flow.ResultAsync();
        Assert.Equal(("false", NotThisPerson, null), (result.Text("success"), EvaluationOf(result), result.TextOrNull("proveId")));
        Assert.Equal(400, (await shop.PostAsync("/v3/unify", new { possessionType = "mobile", proveId = former })).Status);
    }

    [Theory]
    [InlineData("recycled=report")]
    [InlineData("recycled=refuse")]
    public async Task Who_has_kept_the_number_goes_on_by_key_and_by_code_and_the_day_moves(string risk)
    {
        using var key = new BrowserKey();
        var (shop, number, person) = await ProveAsync(key, risk);
        await PassAsync(shop);
        await server.SetSubscriberAsync(number, []);
        var before = await LastVerifiedAsync(shop);

        var byKey = await ByKeyAsync(shop, number, key);
        var after = await LastVerifiedAsync(shop);
        var byCode = await ByCodeAsync(shop, number);

        Assert.All((Reply[])[byKey, byCode], result =>
            Assert.Equal(("true", person, null), (result.Text("success"), result.Text("proveId"), EvaluationOf(result))));
        Assert.True(after > before);
    }

    private static string? EvaluationOf(Reply reply) => reply.Json!["evaluation"]?.ToJsonString();

    /// <summary>A first visit to a project of its own: the browser keeps a key, and a code proves the number.</summary>
    private async Task<(BackEnd Shop, string Number, string ProveId)> ProveAsync(BrowserKey key, string risk = "recycled=report")
    {
        var (number, _) = await server.NextPhoneAsync();
        var shop = await server.ProjectAsync();
        await SetRiskAsync(shop, risk);
        var proven = await ByCodeAsync(shop, number, key);
        Assert.Equal(("true", key.DeviceId), (proven.Text("success"), proven.TextOrNull("deviceId")));
        return (shop, number, proven.Text("proveId"));
    }

    private async Task SetRiskAsync(BackEnd shop, params string[] rules) =>
        await server.DoneAsync(["project", "set", shop.Project, .. rules.SelectMany(rule => (string[])["--risk", rule])]);

    /// <summary>Sixty days pass, and twenty days before their end the number goes to somebody else.</summary>
    private async Task RecycleAsync(BackEnd shop, string number)
    {
        await PassAsync(shop);
        await server.SetSubscriberAsync(number, Recycled());
    }

    /// <summary>Sixty days pass for what the project has on file: a server that runs has no other clock than the machine's.</summary>
    private async Task PassAsync(BackEnd shop)
    {
        (string, object)[] values = [("@past", (long)TimeSpan.FromDays(60).TotalMilliseconds), ("@project", shop.Project)];
        await server.Rows.ChangeAsync("UPDATE verified_numbers SET verified_at = verified_at - @past WHERE project_id = @project", values);
        await server.Rows.ChangeAsync("UPDATE identities SET created_at = created_at - @past WHERE project_id = @project", values);
    }

    private static JsonObject Recycled() => new()
    {
        ["recycledAt"] = DateTimeOffset.UtcNow.AddDays(-20).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
    };

    /// <summary>The day since which the operator is asked, of the only number of a project.</summary>
    private Task<long> LastVerifiedAsync(BackEnd shop) => server.Rows.ReadAsync<long>(
        "SELECT verified_at FROM verified_numbers WHERE project_id = @project AND left_at IS NULL", ("@project", shop.Project));

    private async Task AssertUntiedAsync(BrowserKey key) => Assert.Equal(1, await server.Rows.ReadAsync<long>(
        "SELECT count(*) FROM devices WHERE id = @id AND identity_id IS NULL AND tie_seal IS NULL",
        ("@id", StoredRows.IdOf(key.DeviceId))));

    private static Task<PersonsBrowser> BeginAsync(BackEnd shop, string phoneNumber, string from = "127.0.0.1") =>
        shop.BeginAsync("/v3/unify", new { possessionType = "mobile", phoneNumber }, from);

    private static async Task<Reply> ByKeyAsync(BackEnd shop, string number, BrowserKey key)
    {
        using var flow = await BeginAsync(shop, number);
        Assert.Equal("done", (await key.ProveAsync(flow)).Text("next"));
        return await flow.ResultAsync();
    }

    private static async Task<(string Next, string Success)> TryKeyAsync(BackEnd shop, string number, BrowserKey key)
    {
        using var flow = await BeginAsync(shop, number);
        var next = (await key.ProveAsync(flow)).Text("next");
        return (next, (await flow.ResultAsync()).Text("success"));
    }

    /// <param name="key">The key of the browser, which it registers; null for a browser without one.</param>
    private async Task<Reply> ByCodeAsync(BackEnd shop, string number, BrowserKey? key = null)
    {
        using var flow = await BeginAsync(shop, number);
        await (key?.RegisterAsync(flow) ?? Task.CompletedTask);
        await EnterCodeAsync(flow, number);
        return await flow.ResultAsync();
    }

    private async Task EnterCodeAsync(PersonsBrowser flow, string number)
    {
        await flow.PostAsync("mobile/otp/start");
        await flow.EnterAsync(server.LastProof(number));
    }

    private async Task<Reply> ByLinkAsync(BackEnd shop, string number)
    {
        using var flow = await shop.BeginAsync(
            "/v3/unify", new { possessionType = "desktop", phoneNumber = number, finalTargetUrl = ConfiguredServer.Target });
        var sent = await flow.PostAsync("mobile/instantlink/start");
        await new LinkPage(server.LastProof(number)).PressAsync("confirm", sent.Text("matchCode"));
        return await flow.ResultAsync();
    }

    /// <summary>By a phone that has the number now.</summary>
    private async Task<Reply> ByNetworkAsync(BackEnd shop, string number)
    {
        var address = await server.AttachAsync(number);
        using var flow = await BeginAsync(shop, number, from: address);
        var begun = await flow.PostAsync("mobile/instant/start", new { implementation = "fetch" });
        await flow.PostAsync("mobile/instant/finish", new { vfp = await ConnectedServer.VisitAsync(begun, address) });
        return await flow.ResultAsync();
    }

    private static async Task<Reply> ByOwnCheckAsync(BackEnd shop, string phoneNumber)
    {
        using var flow = await shop.BeginAsync("/v3/unify", new { possessionType = "none", phoneNumber });
        return await shop.PostAsync("/v3/unify-bind", new { correlationId = flow.Id, phoneNumber });
    }
}

[Collection<OnConnectedSqlite>]
public sealed class RecycledNumbersOnSqlite(ConnectedSqlite server) : RecycledNumberTests(server);

[Collection<OnConnectedPostgres>]
[Trait("tier", "long")]
public sealed class RecycledNumbersOnPostgres(ConnectedPostgres server) : RecycledNumberTests(server);
