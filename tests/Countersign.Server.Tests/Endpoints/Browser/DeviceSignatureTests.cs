using System.Text.Json.Nodes;
using Countersign.Core.Projects;
using Countersign.Storage;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Endpoints.Browser;

/// <summary>
/// Calls that a device signs: giving its key up, which needs no other credential, and reports inside a flow, which need no signature.
/// </summary>
public abstract class DeviceSignatureTests(ServerFixture fixture)
{
    private const string NotAuthorized = "401 8002 not authorized";
    private const string Unregister = "device/unregister";
    private const string Kept = """{"next":""}""";
    private const string NoDevice = """{"next":"","error":{"code":10006,"message":"the device is not known"}}""";

    private static int s_numbers = 2002400000;

    private readonly string _number = $"{Interlocked.Increment(ref s_numbers)}";

    private TestServer Server => fixture.Server;

    public static TheoryData<string> ReportPaths =>
        ["device/passive/error", "mobile/instant/error", "mobile/otp/error", "user/mobileactive", "user/mobileactive/error"];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_device_gets_something_to_sign_inside_a_flow_and_outside(bool isInFlow)
    {
        using var key = new DeviceKey();
        var page = await VisitAsync(key);

        var reply = await AskAsync(key.DeviceId, isInFlow ? page.AuthToken : null);

        Assert.Equal(200, reply.Status);
        Assert.Equal(("", key.DeviceId, 300), (reply.Text("next"), reply.Text("deviceId"), (int)reply.Json!["ttl"]!));
        Assert.NotEqual(reply.Text("challenge"), (await AskAsync(key.DeviceId)).Text("challenge"));
    }

    [Fact]
    public async Task An_unknown_a_revoked_and_another_projects_device_get_nothing_to_sign()
    {
        var shop = await Server.AddProjectAsync("challenge-shop");
        using var revoked = new DeviceKey();
        using var mine = new DeviceKey();
        await VisitAsync(revoked);
        await VisitAsync(mine);
        await Server.RevokeDeviceAsync(revoked.DeviceId);
        var theirs = await Server.BeginUnifyAsync("mobile", _number, credentials: shop);

        var replies = await Task.WhenAll(
            AskAsync("019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a"), AskAsync("no id"), AskAsync(revoked.DeviceId),
            AskAsync(mine.DeviceId, theirs.AuthToken));

        Assert.All(replies, reply => Assert.Equal((200, NoDevice), (reply.Status, reply.Body)));
    }

    [Fact]
    public async Task A_token_that_is_shown_must_live()
    {
        using var key = new DeviceKey();
        await VisitAsync(key);

        Assert.Equal(NotAuthorized, (await AskAsync(key.DeviceId, "a.b.c")).Fault);
    }

    [Fact]
    public async Task A_device_that_gave_its_key_up_proves_nothing_any_more()
    {
        using var key = new DeviceKey();
        await VisitAsync(key);
        var headers = await HeadersAsync(key, Unregister, BodyOf(key));

        var first = await CallAsync(Unregister, BodyOf(key), headers);
        var again = await CallAsync(Unregister, BodyOf(key), headers);

        Assert.Equal((Kept, Kept), (first.Body, again.Body));
        var flow = await Server.BeginUnifyAsync("mobile", _number);
        Assert.Equal(10006, (int)(await key.ProveAsync(Server.Browser(flow.AuthToken!)))["error"]!["code"]!);
        Assert.Equal("pending", (await Server.UnifyStatusAsync(flow.Id)).Text("success"));
    }

    [Fact]
    public async Task A_device_without_a_signature_is_not_given_up()
    {
        using var key = new DeviceKey();
        await VisitAsync(key);

        Assert.Equal(NotAuthorized, (await CallAsync(Unregister, BodyOf(key))).Fault);
        Assert.Equal(NotAuthorized, (await CallAsync("stepup/unregister", BodyOf(key))).Fault);
        Assert.True(await ProvesAsync(key));
    }

    public static TheoryData<string, int> AlteredHeaders => new()
    {
        { "PA-Sig-Version", 0 },
        { "PA-Challenge", 0 }, { "PA-Challenge", 1 }, { "PA-Challenge", 10 }, { "PA-Challenge", 25 }, { "PA-Challenge", 40 },
        { "PA-Challenge", 60 },
        { "PA-Challenge", -1 },
        { "PA-KID", 0 }, { "PA-KID", -1 },
        { "PA-Signature", 0 }, { "PA-Signature", 3 }, { "PA-Signature", 30 }, { "PA-Signature", -1 }, { "PA-Signature", -3 },
    };

    [Theory]
    [MemberData(nameof(AlteredHeaders))]
    public async Task A_signed_call_with_one_altered_character_in_a_header_is_refused(string header, int at)
    {
        using var key = new DeviceKey();
        var page = await VisitAsync(key);
        var unregister = await HeadersAsync(key, Unregister, BodyOf(key));
        var report = await HeadersAsync(key, "mobile/otp/error", "{}");
        foreach (var headers in (Dictionary<string, string>[])[unregister, report])
        {
            headers[header] = DeviceKeyTests.Altered(headers[header], at);
        }

        Assert.Equal(NotAuthorized, (await CallAsync(Unregister, BodyOf(key), unregister)).Fault);
        Assert.Equal(NotAuthorized, (await page.SendAsync("mobile/otp/error", "{}", headers: report)).Fault);
        Assert.True(await ProvesAsync(key));
    }

    [Theory]
    [InlineData("PA-Sig-Version")]
    [InlineData("PA-Challenge")]
    [InlineData("PA-KID")]
    [InlineData("PA-Signature")]
    public async Task A_signed_call_that_lacks_a_header_is_refused(string header)
    {
        using var key = new DeviceKey();
        var page = await VisitAsync(key);
        var unregister = await HeadersAsync(key, Unregister, BodyOf(key));
        var report = await HeadersAsync(key, "mobile/otp/error", "{}");
        unregister.Remove(header);
        report.Remove(header);

        Assert.Equal(NotAuthorized, (await CallAsync(Unregister, BodyOf(key), unregister)).Fault);
        Assert.Equal(NotAuthorized, (await page.SendAsync("mobile/otp/error", "{}", headers: report)).Fault);
        Assert.True(await ProvesAsync(key));
    }

    [Fact]
    public async Task A_signature_is_good_for_its_body_its_path_and_its_query_alone()
    {
        using var key = new DeviceKey();
        await VisitAsync(key);
        var headers = await HeadersAsync(key, Unregister, BodyOf(key));

        Assert.Equal(NotAuthorized, (await CallAsync(Unregister, BodyOf(key) + " ", headers)).Fault);
        Assert.Equal(
            NotAuthorized, (await CallAsync(Unregister, BodyOf(key).Replace("\":", "\" :", StringComparison.Ordinal), headers)).Fault);
        Assert.Equal(NotAuthorized, (await CallAsync(Unregister, null, headers)).Fault);
        Assert.Equal(NotAuthorized, (await CallAsync("stepup/unregister", BodyOf(key), headers)).Fault);
        Assert.Equal(NotAuthorized, (await CallAsync("device/Unregister", BodyOf(key), headers)).Fault);
        Assert.Equal(NotAuthorized, (await CallAsync("device/unregister/", BodyOf(key), headers)).Fault);
        Assert.Equal(NotAuthorized, (await CallAsync("device/unregister?a=b", BodyOf(key), headers)).Fault);
        Assert.Equal(NotAuthorized, (await CallAsync("device/unregister??", BodyOf(key), headers)).Fault);
        Assert.True(await ProvesAsync(key));
    }

    [Fact]
    public async Task One_device_does_not_speak_for_another()
    {
        using var mine = new DeviceKey();
        using var theirs = new DeviceKey();
        await VisitAsync(mine);
        await VisitAsync(theirs);
        var ofTheirBody = await HeadersAsync(mine, Unregister, BodyOf(theirs));
        var theirChallenge = mine.SignatureHeaders(Unregister, BodyOf(theirs), (await AskAsync(theirs.DeviceId)).Text("challenge"));

        Assert.Equal(NotAuthorized, (await CallAsync(Unregister, BodyOf(theirs), ofTheirBody)).Fault);
        Assert.Equal(NotAuthorized, (await CallAsync(Unregister, BodyOf(theirs), theirChallenge)).Fault);
        Assert.True(await ProvesAsync(theirs));
    }

    [Fact]
    public async Task A_challenge_lives_for_five_minutes_on_every_node()
    {
        await using var server = await fixture.StartAsync();
        await using var node = await server.StartSecondNodeAsync();
        using var key = new DeviceKey();
        await VisitAsync(key, server);
        var headers = await HeadersAsync(key, Unregister, BodyOf(key), server);

        await server.AdvanceAsync(TimeSpan.FromSeconds(270));
        var inTime = await CallAsync(Unregister, BodyOf(key), headers, node);
        await server.AdvanceAsync(TimeSpan.FromSeconds(30));
        var late = await CallAsync(Unregister, BodyOf(key), headers, server);

        Assert.Equal((Kept, NotAuthorized), (inTime.Body, late.Fault));
    }

    [Fact]
    public async Task Giving_up_the_passkeys_leaves_the_key()
    {
        using var key = new DeviceKey();
        await VisitAsync(key);
        await AddPasskeyAsync(key.DeviceId);
        await AddPasskeyAsync(Guid.NewGuid().ToString());
        var before = await Server.CountAsync("passkeys");

        var reply = await CallAsync("stepup/unregister", BodyOf(key), await HeadersAsync(key, "stepup/unregister", BodyOf(key)));

        Assert.Equal(Kept, reply.Body);
        Assert.Equal(before - 1, await Server.CountAsync("passkeys"));
        Assert.True(await ProvesAsync(key));
    }

    [Theory]
    [InlineData("{}", "400 8001 field 'deviceId' is missing")]
    [InlineData("""{"deviceId":1}""", "400 8001 field 'deviceId' is invalid: must be text")]
    [InlineData("[]", "400 8001 body must be a JSON object")]
    public async Task A_malformed_call_is_refused_as_everywhere(string body, string fault)
    {
        using var key = new DeviceKey();
        await VisitAsync(key);

        Assert.Equal(fault, (await CallAsync(Unregister, body, await HeadersAsync(key, Unregister, body))).Fault);
    }

    [Fact]
    public async Task A_page_of_another_origin_than_the_projects_may_not_call_for_its_devices()
    {
        var shop = await Server.AddProjectAsync("device-origins", new ProjectSettings { WebOrigins = ["https://shop.example"] });
        using var key = new DeviceKey();
        await VisitAsync(key, credentials: shop);
        var headers = await HeadersAsync(key, Unregister, BodyOf(key));

        Assert.Equal("403 8003 step not allowed", (await AskAsync(key.DeviceId, origin: "https://evil.example")).Fault);
        Assert.Equal(
            "403 8003 step not allowed", (await CallAsync(Unregister, BodyOf(key), headers, origin: "https://evil.example")).Fault);
        Assert.Equal(200, (await AskAsync(key.DeviceId, origin: "https://shop.example")).Status);
        Assert.Equal(Kept, (await CallAsync(Unregister, BodyOf(key), headers, origin: "https://shop.example")).Body);
    }

    [Theory]
    [MemberData(nameof(ReportPaths))]
    public async Task A_report_counts_signed_and_unsigned_and_not_with_a_false_signature(string path)
    {
        const string body = """{"message":"the page could not do it"}""";
        using var key = new DeviceKey();
        await VisitAsync(key);

        var unsigned = await (await PageAsync()).SendAsync(path, body);
        var signed = await (await PageAsync()).SendAsync(path, body, headers: await HeadersAsync(key, path, body));
        var page = await PageAsync();
        var altered = await page.SendAsync(path, body.Replace('p', 'q'), headers: await HeadersAsync(key, path, body));
        var ofOtherPath = await page.SendAsync(path, body, headers: await HeadersAsync(key, "device/universal/error", body));

        Assert.Equal(200, unsigned.Status);
        Assert.Equal(unsigned.Body, signed.Body);
        Assert.Equal((NotAuthorized, NotAuthorized), (altered.Fault, ofOtherPath.Fault));
        Assert.Equal("*", altered.Header("Access-Control-Allow-Origin"));
        // Nothing has happened: the key of this browser still passes.
        Assert.Equal("done", (string?)(await key.ProveAsync(page))["next"]);
    }

    [Fact]
    public async Task A_report_is_not_signed_by_a_revoked_device_or_another_projects()
    {
        var shop = await Server.AddProjectAsync("report-shop");
        using var revoked = new DeviceKey();
        using var theirs = new DeviceKey();
        await VisitAsync(revoked);
        await VisitAsync(theirs, credentials: shop);
        var byRevoked = await HeadersAsync(revoked, "mobile/otp/error", "{}");
        var byTheirs = await HeadersAsync(theirs, "mobile/otp/error", "{}");
        await Server.RevokeDeviceAsync(revoked.DeviceId);
        var page = await PageAsync();

        Assert.Equal(NotAuthorized, (await page.SendAsync("mobile/otp/error", "{}", headers: byRevoked)).Fault);
        Assert.Equal(NotAuthorized, (await page.SendAsync("mobile/otp/error", "{}", headers: byTheirs)).Fault);
    }

    [Fact]
    public async Task A_page_of_a_foreign_origin_is_refused_with_its_projects_codes()
    {
        await using var server = await fixture.StartAsync(TestServer.Live);
        var shop = await server.AddProjectAsync(
            "shop", new ProjectSettings { ErrorCodes = ErrorCodes.Legacy, WebOrigins = ["https://shop.example"] });
        using var key = new DeviceKey();
        var page = server.Browser((await server.BeginUnifyAsync("mobile", "+12025550142", credentials: shop)).AuthToken!);
        await key.RegisterAsync(page);
        const string Foreign = "https://foreign.example";
        var headers = await HeadersAsync(key, Unregister, BodyOf(key), server);
        var passkeys = await HeadersAsync(key, "stepup/unregister", BodyOf(key), server);

        Reply[] replies =
        [
            await page.SendAsync("mobile/otp/start", origin: Foreign),
            await CallAsync("challenge", BodyOf(key), new Dictionary<string, string> { ["Authorization"] = "Bearer " + page.AuthToken },
                server, Foreign),
            await AskAsync(key.DeviceId, origin: Foreign, server: server),
            await CallAsync(Unregister, BodyOf(key), headers, server, Foreign),
            await CallAsync("stepup/unregister", BodyOf(key), passkeys, server, Foreign),
        ];

        Assert.All(replies, reply => Assert.Equal((403, 1003), (reply.Status, reply.Code)));
        // What is wrong with a call of a known device is told in its project's codes, too.
        Assert.Equal(1001, (await CallAsync(Unregister, "{}", await HeadersAsync(key, Unregister, "{}", server), server)).Code);
    }

    [Fact]
    public async Task A_refusal_says_whether_the_call_was_signed()
    {
        using var key = new DeviceKey();
        var page = await VisitAsync(key);
        var ofAnother = await HeadersAsync(key, Unregister, """{"deviceId":"019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a"}""");
        var forReport = await HeadersAsync(key, "mobile/otp/error", "{}");

        Reply[] signed =
        [
            await CallAsync(Unregister, BodyOf(key), ofAnother),
            await CallAsync(Unregister, """{"deviceId":"019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a"}""", ofAnother),
            await page.SendAsync("mobile/otp/error", """{"a":1}""", headers: forReport),
        ];
        var unsigned = await CallAsync(Unregister, BodyOf(key));

        Assert.All(signed, reply =>
            Assert.Equal((NotAuthorized, "Bearer error=\"invalid_token\""), (reply.Fault, reply.Header("WWW-Authenticate"))));
        Assert.Equal((NotAuthorized, "Bearer"), (unsigned.Fault, unsigned.Header("WWW-Authenticate")));
    }

    private static string BodyOf(DeviceKey key) => $$"""{"deviceId":"{{key.DeviceId}}"}""";

    private async Task<Page> PageAsync() => Server.Browser((await Server.BeginUnifyAsync("mobile", _number)).AuthToken!);

    /// <summary>A first visit, to its end.</summary>
    private async Task<Page> VisitAsync(DeviceKey key, TestServer? server = null, Credentials? credentials = null)
    {
        server ??= Server;
        var flow = await server.BeginUnifyAsync("mobile", _number, credentials: credentials);
        var page = server.Browser(flow.AuthToken!);
        await key.RegisterAsync(page);
        await server.ProveByCodeAsync(flow);
        return page;
    }

    private async Task<bool> ProvesAsync(DeviceKey key) =>
        (await key.ProveAsync(await PageAsync())).ToJsonString() == """{"next":"done"}""";

    private async Task<Dictionary<string, string>> HeadersAsync(DeviceKey key, string path, string body, TestServer? server = null) =>
        key.SignatureHeaders(path, body, (await AskAsync(key.DeviceId, server: server)).Text("challenge"));

    private Task<Reply> AskAsync(string deviceId, string? authToken = null, string? origin = null, TestServer? server = null) => CallAsync(
        "challenge", new JsonObject { ["deviceId"] = deviceId }.ToJsonString(),
        authToken is null ? [] : new Dictionary<string, string> { ["Authorization"] = "Bearer " + authToken }, server, origin);

    /// <summary>A call without an auth token.</summary>
    private async Task<Reply> CallAsync(
        string path, string? body, IReadOnlyDictionary<string, string>? headers = null, TestServer? server = null, string? origin = null)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, "/v1/client/" + path) { Content = body is null ? null : TestServer.Json(body) };
        foreach (var (name, value) in headers ?? new Dictionary<string, string>())
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }
        return await (server ?? Server).SendAsync(request);
    }

    private async Task AddPasskeyAsync(string deviceId) => await Server.Services.GetRequiredService<IDatabase>().WriteAsync(
        [
            new Statement(
                """
                INSERT INTO passkeys (credential_id, project_id, device_id, rp_id, sign_count, created_at, body)
                VALUES (@credential_id, 'sandbox', @device_id, 'shop.example', 0, 0, @body)
                """,
                ("@credential_id", Guid.NewGuid().ToByteArray()), ("@device_id", Guid.Parse(deviceId).ToByteArray(bigEndian: true)),
                ("@body", new byte[1])),
        ],
        TestContext.Current.CancellationToken);
}

public sealed class DeviceSignaturesOnSqlite(OnSqlite fixture) : DeviceSignatureTests(fixture), IClassFixture<OnSqlite>;

public sealed class DeviceSignaturesOnPostgres(OnPostgres fixture) : DeviceSignatureTests(fixture), IClassFixture<OnPostgres>;
