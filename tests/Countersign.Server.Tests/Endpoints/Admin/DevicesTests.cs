using System.Text.Json.Nodes;
using Countersign.Core.Projects;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Endpoints.Admin;

/// <summary>Support lists the browsers that prove a person, and ends that.</summary>
public abstract class DevicesTests(ServerFixture fixture) : IAsyncLifetime
{
    private const string Origin = "https://login.shop.example";
    private const string BankKey = "key-of-bank-0123456789-abcdefghij-0123456789";
    private const string Number = "+12002300801";
    private const string OtherNumber = "+12002300802";

    private TestServer _server = null!;
    private Credentials _shop = null!;
    private Credentials _bank = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await fixture.StartAsync(new Dictionary<string, string?>
        {
            ["Countersign:Admin:Keys:bank"] = BankKey,
            ["Countersign:Admin:Scopes:bank"] = "support",
            ["Countersign:Admin:Projects:bank:0"] = "bank",
        });
        _shop = await _server.AddProjectAsync("shop", new ProjectSettings { Passkeys = Passkeys.Preferred });
        _bank = await _server.AddProjectAsync("bank");
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("number")]
    [InlineData("number as typed")]
    [InlineData("proveId")]
    public async Task A_persons_devices_are_listed_newest_first(string way)
    {
        using var first = new DeviceKey();
        using var second = new DeviceKey();
        var person = (await VisitAsync(first, Number, _shop)).Text("proveId");
        await _server.AdvanceAsync(TimeSpan.FromHours(30));
        await ShowAsync(first, Number, _shop);
        await VisitAsync(second, Number, _shop);
        using var others = new DeviceKey();
        await VisitAsync(others, OtherNumber, _shop);

        var listed = await ListAsync(way switch
        {
            "number" => new() { ["phoneNumber"] = Number },
            "number as typed" => new() { ["phoneNumber"] = "+1 (200) 230-0801", ["projectId"] = "shop" },
            _ => new() { ["proveId"] = person },
        });

        Assert.Equal([second.DeviceId, first.DeviceId], listed.Select(device => (string)device!["deviceId"]!));
        Assert.All(listed, device => Assert.Equal(
            ("shop", person, true, 0, "good"),
            ((string)device!["projectId"]!, (string)device["proveId"]!, (bool)device["hasKey"]!, (int)device["passkeys"]!,
                (string)device["state"]!)));
        Assert.Null(listed[0]!["lastUsedAt"]);
        Assert.InRange(
            (DateTimeOffset)listed[1]!["lastUsedAt"]! - (DateTimeOffset)listed[1]!["createdAt"]!, TimeSpan.FromHours(30),
            TimeSpan.FromHours(31));
    }

    [Fact]
    public async Task All_are_revoked_with_their_passkeys_and_prove_nothing_any_more()
    {
        using var key = new DeviceKey();
        using var authenticator = new VirtualAuthenticator(Origin);
        await VisitAsync(key, Number, _shop);
        await VisitAsync(authenticator);
        var before = await ListAsync(new() { ["phoneNumber"] = Number });

        var revoked = await RevokeAsync(new() { ["phoneNumber"] = Number });

        Assert.Equal([1, 0], before.Select(device => (int)device!["passkeys"]!));
        Assert.Equal(2, revoked.Count);
        Assert.All(revoked, device => Assert.Equal("revoked", (string?)device!["state"]));
        Assert.Equal(10006, (int?)(await ShowAsync(key, Number, _shop))["error"]!["code"]);
        var flow = await _server.BeginUnifyAsync("mobile", Number, credentials: _shop);
        Assert.Equal("device/passive/register", (string?)(await AskAsync(_server.Browser(flow.AuthToken!)))["next"]);
        Assert.Equal(["revoked", "revoked"], (await ListAsync(new() { ["phoneNumber"] = Number })).Select(device =>
            (string)device!["state"]!));
        Assert.Empty(await RevokeAsync(new() { ["phoneNumber"] = Number }));
        var lines = _server.Logs.All.Select(line => line.Text).Where(text => text.StartsWith("Device ", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, lines.Count(line => line.EndsWith("of project shop revoked by admin key test", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task One_is_revoked_and_the_others_stay()
    {
        using var lost = new DeviceKey();
        using var kept = new DeviceKey();
        using var others = new DeviceKey();
        await VisitAsync(lost, Number, _shop);
        await VisitAsync(kept, Number, _shop);
        await VisitAsync(others, OtherNumber, _shop);

        var foreign = await RevokeAsync(new() { ["phoneNumber"] = Number, ["deviceId"] = others.DeviceId });
        var revoked = await RevokeAsync(new() { ["phoneNumber"] = Number, ["deviceId"] = lost.DeviceId });

        Assert.Empty(foreign);
        Assert.Equal(lost.DeviceId, (string?)Assert.Single(revoked)!["deviceId"]);
        Assert.Equal("done", (string?)(await ShowAsync(kept, Number, _shop))["next"]);
        Assert.Equal("done", (string?)(await ShowAsync(others, OtherNumber, _shop))["next"]);
        Assert.Equal(10006, (int?)(await ShowAsync(lost, Number, _shop))["error"]!["code"]);
    }

    [Fact]
    public async Task A_key_that_keeps_to_a_project_sees_and_revokes_there_alone()
    {
        using var atShop = new DeviceKey();
        using var atBank = new DeviceKey();
        var person = (await VisitAsync(atShop, Number, _shop)).Text("proveId");
        await VisitAsync(atBank, Number, _bank);

        var all = await ListAsync(new() { ["phoneNumber"] = Number });
        var own = await ListAsync(new() { ["phoneNumber"] = Number }, BankKey);
        var foreign = await ListAsync(new() { ["proveId"] = person }, BankKey);
        JsonObject ofShop = new() { ["phoneNumber"] = Number, ["projectId"] = "shop" };
        var named = await _server.AdminAsync(HttpMethod.Post, "/admin/devices/list", ofShop.ToJsonString(), BankKey);
        var revoked = await RevokeAsync(new() { ["phoneNumber"] = Number }, BankKey);

        Assert.Equal((2, 1, 0), (all.Count, own.Count, foreign.Count));
        // As one that there is not.
        Assert.Equal("400 8001 field 'projectId' is invalid: there is no project 'shop'", named.Fault);
        Assert.Equal(atBank.DeviceId, (string?)Assert.Single(revoked)!["deviceId"]);
        Assert.Equal("done", (string?)(await ShowAsync(atShop, Number, _shop))["next"]);
    }

    [Theory]
    [InlineData("{}", "400 8001 field 'phoneNumber' is invalid: one of phoneNumber, proveId must be given, and no other")]
    [InlineData("""{"phoneNumber":"+12002300801","proveId":"019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a"}""",
        "400 8001 field 'phoneNumber' is invalid: one of phoneNumber, proveId must be given, and no other")]
    [InlineData("""{"phoneNumber":"Lori"}""", "400 8001 field 'phoneNumber' is invalid: must be a number with its country code")]
    [InlineData("""{"proveId":"Lori"}""", "400 8001 field 'proveId' is invalid: must be a UUID: 8-4-4-4-12 hexadecimal digits")]
    public async Task Bad_input_names_the_field(string body, string fault)
    {
        Assert.Equal(fault, (await _server.AdminAsync(HttpMethod.Post, "/admin/devices/list", body)).Fault);
        Assert.Equal(fault, (await _server.AdminAsync(HttpMethod.Post, "/admin/devices/revoke", body)).Fault);
    }

    [Fact]
    public async Task Who_is_not_known_has_none()
    {
        Assert.Empty(await ListAsync(new() { ["phoneNumber"] = "+12025550199" }));
        Assert.Empty(await RevokeAsync(new() { ["proveId"] = "019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a" }));
    }

    private async Task<JsonArray> ListAsync(JsonObject body, string? key = null)
    {
        var reply = await _server.AdminAsync(HttpMethod.Post, "/admin/devices/list", body.ToJsonString(), key);
        return reply.Status == 200 ? reply.Json!["devices"]!.AsArray() : throw new InvalidOperationException($"{reply}");
    }

    private async Task<JsonArray> RevokeAsync(JsonObject body, string? key = null)
    {
        var reply = await _server.AdminAsync(HttpMethod.Post, "/admin/devices/revoke", body.ToJsonString(), key);
        return reply.Status == 200 ? reply.Json!["revoked"]!.AsArray() : throw new InvalidOperationException($"{reply}");
    }

    private async Task<Reply> VisitAsync(DeviceKey key, string number, Credentials project)
    {
        var flow = await _server.BeginUnifyAsync("mobile", number, credentials: project);
        await key.RegisterAsync(_server.Browser(flow.AuthToken!));
        await _server.ProveByCodeAsync(flow);
        return await _server.UnifyStatusAsync(flow.Id, project);
    }

    private async Task VisitAsync(VirtualAuthenticator authenticator)
    {
        var flow = await _server.BeginUnifyAsync("mobile", Number, credentials: _shop);
        var page = _server.Browser(flow.AuthToken!);
        var asked = await AskAsync(page);
        await page.Post("device/fido2/register/finish", new JsonObject
        {
            ["registrations"] = new JsonArray(new JsonObject
            {
                ["webAuthnCredential"] = authenticator.Create(asked["data"]!["credCreateOptions"]!.ToJsonString()),
            }),
        }.ToJsonString());
        await _server.ProveByCodeAsync(flow);
    }

    private async Task<JsonNode> ShowAsync(DeviceKey key, string number, Credentials project)
    {
        var flow = await _server.BeginUnifyAsync("mobile", number, credentials: project);
        return await key.ProveAsync(_server.Browser(flow.AuthToken!));
    }

    private static async Task<JsonNode> AskAsync(Page page) => (await page.SendAsync(
        "device/fido2/start", """{"signals":{},"deviceId":null}""", headers: new Dictionary<string, string> { ["Origin"] = Origin })).Json!;
}

public sealed class DevicesOnSqlite(OnSqlite fixture) : DevicesTests(fixture), IClassFixture<OnSqlite>;

public sealed class DevicesOnPostgres(OnPostgres fixture) : DevicesTests(fixture), IClassFixture<OnPostgres>;
