using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Enrolments;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests.Endpoints.RelyingParty.Unification;

/// <summary>A unify flow that begins with a proveId is about this person: whatever proves another one's number is no success.</summary>
public abstract class NamedPersonTests(ServerFixture fixture)
{
    private const string Fixed = """{"next":"","data":{"code":10002,"message":"the number cannot be changed in this flow"}}""";
    private const string NotThisPerson = """{"identification":{"result":"fail","failureReasons":{"9003":"identity not found"}}}""";

    private static int s_numbers = 2002700000;

    // Load users of this test alone.
    private readonly string _number = NewNumber();
    private readonly string _other = NewNumber();

    private TestServer Server => fixture.Server;

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"clientHumanId":"victim"}""")]
    [InlineData("""{"rebind":true,"clientHumanId":"victim"}""")]
    [InlineData("""{"phoneNumber":"own"}""")]
    public async Task Their_number_cannot_be_changed_and_nothing_is_sent(string members)
    {
        var id = await ProveAsync();
        var (mobile, desktop) = (await BeginAsync("mobile", id, members), await BeginAsync("desktop", id, members));
        var texts = (await Server.MessagesAsync(_number)).Count;
        var page = Server.Browser(mobile.AuthToken!);
        var change = new JsonObject { ["mobileNumber"] = _other }.ToJsonString();

        var byCode = await page.Post("mobile/otp/start", change);
        var byLink = await Server.Browser(desktop.AuthToken!).Post("mobile/instantlink/start", change);

        Assert.Equal((Fixed, Fixed), (byCode.ToJsonString(), byLink.ToJsonString()));
        Assert.Empty(await Server.MessagesAsync(_other));
        Assert.Equal(texts, (await Server.MessagesAsync(_number)).Count);

        // A challenge that is out stays, too.
        await page.Post("mobile/otp/start");
        Assert.Equal(Fixed, (await page.Post("mobile/otp/start", change)).ToJsonString());
        await page.Enter("1234");
        var status = await Server.UnifyStatusAsync(mobile.Id);
        Assert.Equal(("true", id), (status.Text("success"), status.Text("proveId")));
        Assert.Empty(await Server.MessagesAsync(_other));
    }

    [Fact]
    public async Task Their_own_number_in_another_spelling_is_no_change()
    {
        var id = await ProveAsync();
        var flow = await BeginAsync("mobile", id);

        var answer = await Server.Browser(flow.AuthToken!)
            .Post("mobile/otp/start", new JsonObject { ["mobileNumber"] = $"+1 {_number}" }.ToJsonString());

        Assert.Equal("""{"next":""}""", answer.ToJsonString());
        Assert.Equal("otp", (await Server.LastMessageAsync(_number)).Kind);
    }

    [Fact]
    public async Task Where_nobody_was_named_the_number_may_be_changed_as_before()
    {
        var flow = await Server.BeginUnifyAsync("mobile", _number, new JsonObject { ["clientHumanId"] = "somebody" });
        var page = Server.Browser(flow.AuthToken!);

        await page.Post("mobile/otp/start", new JsonObject { ["mobileNumber"] = _other }.ToJsonString());
        await page.Enter("1234");

        Assert.Equal(("true", _other),
            ((await Server.UnifyStatusAsync(flow.Id)).Text("success"), (await Server.UnifyStatusAsync(flow.Id)).Text("phoneNumber")));
    }

    [Theory]
    [InlineData("mobile")]
    [InlineData("desktop")]
    [InlineData("none")]
    public async Task Who_was_forgotten_meanwhile_is_not_found_again_under_another_id(string type)
    {
        var id = await EnrolAsync();
        var flow = await BeginAsync(type, id);
        await Server.CallAsync(HttpMethod.Delete, $"/v3/identity/{id}");

        await ProveAsync(type, flow);

        var status = await Server.UnifyStatusAsync(flow.Id);
        Assert.Equal(("false", null), (status.Text("success"), status.TextOrNull("proveId")));
        Assert.Equal(NotThisPerson, status.Json!["evaluation"]!.ToJsonString());
        // Their number was erased, and the flow does not bring it back.
        Assert.Null(await Server.Services.GetRequiredService<IIdentityStore>()
            .FindAsync(ProjectId.Parse("sandbox"), PhoneNumber.Parse($"+1{_number}"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Who_was_deactivated_meanwhile_is_still_the_same_person()
    {
        var id = await EnrolAsync();
        var flow = await BeginAsync("mobile", id);
        await Server.PostAsync($"/v3/identity/{id}/deactivate", "{}");

        await ProveAsync("mobile", flow);

        Assert.Equal(id, (await Server.UnifyStatusAsync(flow.Id)).Text("proveId"));
    }

    [Fact]
    public async Task An_own_check_of_another_number_is_refused()
    {
        var flow = await BeginAsync("none", await ProveAsync());

        var reply = await Server.UnifyBindAsync(flow.Id, _other);

        Assert.Equal((400, "field 'phoneNumber' is invalid: is not the number of this flow"), (reply.Status, reply.Text("message")));
        Assert.Equal("possession_required", (await Server.UnifyStatusAsync(flow.Id)).Text("success"));
    }

    [Fact]
    public async Task A_number_that_is_not_theirs_begins_nothing()
    {
        var id = await ProveAsync();

        var reply = await Server.UnifyAsync(UnifyCalls.UnifyBody("mobile", _other, new JsonObject { ["proveId"] = id }));

        Assert.Equal((400, "field 'phoneNumber' is invalid: is not the number of this proveId"), (reply.Status, reply.Text("message")));
    }

    [Fact]
    public async Task A_key_of_somebody_else_does_not_stand_for_them()
    {
        using var key = new DeviceKey();
        var visit = await Server.BeginUnifyAsync("mobile", _other);
        await key.RegisterAsync(Server.Browser(visit.AuthToken!));
        await Server.ProveByCodeAsync(visit);
        var flow = await BeginAsync("mobile", await ProveAsync());

        var answer = await key.ProveAsync(Server.Browser(flow.AuthToken!));

        Assert.Equal("mobile/instant", (string?)answer["next"]);
        Assert.Equal("pending", (await Server.UnifyStatusAsync(flow.Id)).Text("success"));
    }

    private static string NewNumber() => $"{Interlocked.Increment(ref s_numbers)}";

    private async Task<string> ProveAsync()
    {
        var flow = await Server.BeginUnifyAsync("mobile", _number);
        await Server.ProveByCodeAsync(flow);
        return (await Server.UnifyStatusAsync(flow.Id)).Text("proveId");
    }

    private async Task<string> EnrolAsync() =>
        (await Server.PostAsync("/v3/identity", $$"""{"phoneNumber":"{{_number}}"}""")).Text("proveId");

    private Task<Begun> BeginAsync(string type, string id, string members = "{}")
    {
        var more = JsonNode.Parse(members)!.AsObject();
        more["proveId"] = id;
        return Server.BeginUnifyAsync(type, more.ContainsKey("phoneNumber") ? _number : null, WithoutNumber(more));
    }

    private static JsonObject WithoutNumber(JsonObject more)
    {
        more.Remove("phoneNumber");
        return more;
    }

    private Task ProveAsync(string type, Begun flow) => type switch
    {
        "mobile" => Server.ProveByCodeAsync(flow),
        "desktop" => Server.ProveByLinkAsync(flow, _number),
        _ => Server.UnifyBindAsync(flow.Id, _number),
    };
}

public sealed class NamedPersonOnSqliteTests(OnSqlite fixture) : NamedPersonTests(fixture), IClassFixture<OnSqlite>;

public sealed class NamedPersonOnPostgresTests(OnPostgres fixture) : NamedPersonTests(fixture), IClassFixture<OnPostgres>;
