using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Projects;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Server.Tests.Whole;

/// <summary>How old a key may become, and how long it may go unused: Live, on a clock that the test moves.</summary>
public abstract class KeyLifetimeTests(ServerFixture fixture) : IAsyncLifetime
{
    private const string Number = "+12025550142";
    private const string Origin = "https://login.shop.example";
    private const string NoDevice = """{"next":"device/passive","error":{"code":10006,"message":"the device is not known"}}""";
    private const string Done = """{"next":"done"}""";

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));
    private TestServer _server = null!;
    private Credentials _shop = null!;

    public async ValueTask InitializeAsync() => await StartAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_key_that_is_used_often_grows_too_old_all_the_same_and_makes_place_for_another_in_the_same_flow()
    {
        using var key = new DeviceKey();
        using var next = new DeviceKey();
        var first = await VisitAsync(key);
        for (var days = 100; days < 400; days += 100)
        {
            await PassAsync(TimeSpan.FromDays(100));
            Assert.Equal(Done, (await TryKeyAsync(key)).ToJsonString());
        }
        await PassAsync(TimeSpan.FromDays(100) - TimeSpan.FromMinutes(20));
        Assert.Equal(Done, (await TryKeyAsync(key)).ToJsonString());
        await PassAsync(TimeSpan.FromMinutes(21));

        var (page, flow) = await BeginAsync();
        var refused = await key.ProveAsync(page);
        var registered = await next.RegisterAsync(page);
        await EnterCodeAsync(page, flow);

        var status = await StatusAsync(flow);
        Assert.Equal((NoDevice, "mobile/instant"), (refused.ToJsonString(), (string?)registered["next"]));
        Assert.Equal(("true", first.Text("proveId")), (status.Text("success"), status.Text("proveId")));
        Assert.Equal(next.DeviceId, status.Text("deviceId"));
        Assert.Equal(Done, (await TryKeyAsync(next)).ToJsonString());
        Assert.Equal(NoDevice, (await TryKeyAsync(key)).ToJsonString());
    }

    [Fact]
    public async Task A_key_that_goes_unused_proves_nothing_and_each_use_counts_anew()
    {
        using var key = new DeviceKey();
        await VisitAsync(key);
        await PassAsync(TimeSpan.FromDays(179));
        var used = (await TryKeyAsync(key)).ToJsonString();
        await PassAsync(TimeSpan.FromDays(179));
        var again = (await TryKeyAsync(key)).ToJsonString();
        await PassAsync(TimeSpan.FromDays(181));

        Assert.Equal((Done, Done, NoDevice), (used, again, (await TryKeyAsync(key)).ToJsonString()));
    }

    [Fact]
    public async Task A_key_is_good_for_all_of_the_idle_time_after_its_last_use()
    {
        using var key = new DeviceKey();
        await VisitAsync(key);
        await PassAsync(TimeSpan.FromHours(23));
        // Too soon after it was made to be kept.
        var used = (await TryKeyAsync(key)).ToJsonString();
        await PassAsync(TimeSpan.FromDays(180) - TimeSpan.FromSeconds(1));
        var again = (await TryKeyAsync(key)).ToJsonString();

        Assert.Equal((Done, Done), (used, again));
    }

    [Fact]
    public async Task What_is_configured_counts_on_every_start()
    {
        using var key = new DeviceKey();
        await VisitAsync(key);
        await PassAsync(TimeSpan.FromDays(2));
        var before = (await TryKeyAsync(key)).ToJsonString();
        await using var strict = await _server.StartSecondNodeAsync(("Countersign:DeviceKeys:MaxIdle", "1.00:00:00"));
        await PassAsync(TimeSpan.FromDays(2) + TimeSpan.FromSeconds(1));

        var flow = await strict.BeginUnifyAsync("mobile", Number, credentials: _shop);
        var after = await key.ProveAsync(strict.Browser(flow.AuthToken!));

        Assert.Equal((Done, NoDevice), (before, after.ToJsonString()));
        Assert.Equal(Done, (await TryKeyAsync(key)).ToJsonString());
    }

    [Fact]
    public async Task A_passkey_that_is_too_old_is_not_asked_for_and_another_is_made()
    {
        await AskForPasskeysAsync();
        using var authenticator = new VirtualAuthenticator(Origin);
        var first = await VisitAsync(authenticator);
        for (var uses = 0; uses < 3; uses++)
        {
            await PassAsync(TimeSpan.FromDays(133));
            Assert.Equal("done", (string?)(await ShowAsync(authenticator))["next"]);
        }
        await PassAsync(TimeSpan.FromDays(1) - TimeSpan.FromMinutes(5));
        var (page, _) = await BeginAsync();
        // While it was good.
        var stillGood = await AskAsync(page);
        await PassAsync(TimeSpan.FromMinutes(6));

        var refused = await VerifyAsync(page, authenticator.Get(OptionsOf(stillGood)));
        var (nextPage, next) = await BeginAsync();
        var asked = await AskAsync(nextPage);
        authenticator.CredentialId = [9, .. authenticator.CredentialId[1..]];
        await RegisterAsync(nextPage, authenticator.Create(OptionsOf(asked)));
        await EnterCodeAsync(nextPage, next);

        Assert.Equal("device/passive/verify", (string?)stillGood["next"]);
        Assert.Equal(10001, (int?)refused["error"]!["code"]);
        Assert.Equal("device/passive/register", (string?)asked["next"]);
        Assert.Equal(first.Text("proveId"), (await StatusAsync(next)).Text("proveId"));
    }

    [Fact]
    public async Task A_key_that_a_passkey_brought_in_is_no_younger_than_the_passkey()
    {
        await AskForPasskeysAsync();
        using var authenticator = new VirtualAuthenticator(Origin);
        using var key = new DeviceKey();
        await VisitAsync(authenticator);
        await PassAsync(TimeSpan.FromDays(170));
        Assert.Equal("done", (string?)(await ShowAsync(authenticator))["next"]);
        await PassAsync(TimeSpan.FromDays(170));
        authenticator.Counter++;
        var (page, flow) = await BeginAsync();
        var brought = await VerifyAsync(page, authenticator.Get(OptionsOf(await AskAsync(page))), key);
        var device = (string)brought["data"]!["deviceId"]!;
        Assert.Equal(device, (await StatusAsync(flow)).Text("deviceId"));

        await PassAsync(TimeSpan.FromDays(59));
        var good = await ProveAsync(key, device);
        await PassAsync(TimeSpan.FromDays(2));

        Assert.Equal("done", (string?)good["next"]);
        Assert.Equal(10006, (int?)(await ProveAsync(key, device))["error"]!["code"]);
    }

    [Fact]
    public async Task A_key_of_before_the_upgrade_has_been_idle_since_the_upgrade()
    {
        using var key = new DeviceKey();
        await VisitAsync(key);
        await PassAsync(TimeSpan.FromDays(300));
        Assert.Equal(NoDevice, (await TryKeyAsync(key)).ToJsonString());

        // As the migration writes it.
        await _server.ExecuteAsync($"UPDATE devices SET last_used_at = {_clock.GetUtcNow().ToUnixTimeMilliseconds()}");

        Assert.Equal(Done, (await TryKeyAsync(key)).ToJsonString());
        await PassAsync(TimeSpan.FromDays(101));
        Assert.Equal(NoDevice, (await TryKeyAsync(key)).ToJsonString());
    }

    [Theory]
    [InlineData("MaxAge", "0.23:59:59")]
    [InlineData("MaxAge", "3650.00:00:01")]
    [InlineData("MaxIdle", "00:00:00")]
    public async Task A_lifetime_out_of_bounds_is_named_at_start(string setting, string value)
    {
        var failure = await Assert.ThrowsAsync<ConfigurationException>(() => fixture.StartAsync(
            new Dictionary<string, string?> { [$"Countersign:DeviceKeys:{setting}"] = value }));

        Assert.Contains($"Countersign:DeviceKeys:{setting} must be 1.00:00:00 to 3650.00:00:00", failure.Message, StringComparison.Ordinal);
    }

    private async Task StartAsync()
    {
        _server = await fixture.StartAsync(
            new Dictionary<string, string?>(TestServer.Live) { ["Countersign:Countries"] = "US" }, liveClock: _clock);
        _shop = await _server.AddProjectAsync("shop");
    }

    private async Task AskForPasskeysAsync() =>
        _shop = await _server.AddProjectAsync("shop", new ProjectSettings { Passkeys = Passkeys.Preferred });

    /// <summary>Time passes and no timer is awoken: a second's timer would be, millions of times.</summary>
    private Task PassAsync(TimeSpan time)
    {
        _clock.AdjustTime(_clock.GetUtcNow() + time);
        return _server.AdvanceAsync(TimeSpan.Zero);
    }

    private async Task<(Page Page, Begun Flow)> BeginAsync()
    {
        var flow = await _server.BeginUnifyAsync("mobile", Number, credentials: _shop);
        return (_server.Browser(flow.AuthToken!), flow);
    }

    private async Task<Reply> VisitAsync(DeviceKey key)
    {
        var (page, flow) = await BeginAsync();
        await key.RegisterAsync(page);
        await EnterCodeAsync(page, flow);
        return await StatusAsync(flow);
    }

    private async Task<Reply> VisitAsync(VirtualAuthenticator authenticator)
    {
        var (page, flow) = await BeginAsync();
        await RegisterAsync(page, authenticator.Create(OptionsOf(await AskAsync(page))));
        await EnterCodeAsync(page, flow);
        return await StatusAsync(flow);
    }

    private async Task EnterCodeAsync(Page page, Begun flow)
    {
        await page.Post("mobile/otp/start");
        await page.Enter(_server.Gateway.Submissions.Last(submission => submission.Text.Flow.ToString() == flow.Id).Text.Proof.Reveal());
    }

    private async Task<JsonNode> TryKeyAsync(DeviceKey key) => await key.ProveAsync((await BeginAsync()).Page);

    private async Task<JsonNode> ProveAsync(DeviceKey key, string device)
    {
        var (page, _) = await BeginAsync();
        return await page.Post("device/passive/verify", new JsonObject
        {
            ["deviceId"] = device, ["keyId"] = key.KeyId, ["signature"] = key.Sign($"{device}:{page.Challenge}"),
        }.ToJsonString());
    }

    private async Task<JsonNode> ShowAsync(VirtualAuthenticator authenticator)
    {
        authenticator.Counter++;
        var (page, _) = await BeginAsync();
        return await VerifyAsync(page, authenticator.Get(OptionsOf(await AskAsync(page))));
    }

    private Task<Reply> StatusAsync(Begun flow) => _server.UnifyStatusAsync(flow.Id, _shop);

    private static async Task<JsonNode> AskAsync(Page page) => (await page.SendAsync(
        "device/fido2/start", """{"signals":{},"deviceId":null}""", headers: new Dictionary<string, string> { ["Origin"] = Origin })).Json!;

    private static string OptionsOf(JsonNode asked) =>
        (asked["data"]!["credCreateOptions"] ?? asked["data"]!["credRequestOptions"])!.ToJsonString();

    private static Task<JsonNode> RegisterAsync(Page page, JsonObject credential) => page.Post(
        "device/fido2/register/finish",
        new JsonObject { ["registrations"] = new JsonArray(new JsonObject { ["webAuthnCredential"] = credential }) }.ToJsonString());

    private static Task<JsonNode> VerifyAsync(Page page, JsonObject credential, DeviceKey? key = null)
    {
        var body = new JsonObject { ["webAuthnAssertion"] = credential };
        if (key is not null)
        {
            body["registrations"] = new JsonArray(key.Registration(page)["registrations"]![0]!.DeepClone());
        }
        return page.Post("device/fido2/verify/finish", body.ToJsonString());
    }
}

public sealed class KeyLifetimeOnSqliteTests(OnSqlite fixture) : KeyLifetimeTests(fixture), IClassFixture<OnSqlite>;

[Trait("tier", "long")]
public sealed class KeyLifetimeOnPostgresTests(OnPostgres fixture) : KeyLifetimeTests(fixture), IClassFixture<OnPostgres>;
