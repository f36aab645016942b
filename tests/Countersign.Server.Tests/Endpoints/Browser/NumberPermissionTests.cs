using System.Text;
using System.Text.Json.Nodes;
using Countersign.Core.Projects;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Endpoints.Browser;

/// <summary>In Live a page gives another number where the project and the call permit it, and the answers then say so.</summary>
public abstract class NumberPermissionTests(ServerFixture fixture) : IAsyncLifetime
{
    private const string Asked = "+12025550142";
    private const string Other = "+12025550143";
    private const string Refused = """{"next":"","data":{"code":10002,"message":"the number cannot be changed in this flow"}}""";

    private TestServer _server = null!;

    public async ValueTask InitializeAsync() =>
        _server = await fixture.StartAsync(new Dictionary<string, string?>(TestServer.Live) { ["Countersign:Countries"] = "US" });

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(NumberChangeRule.Off, null, false)]
    [InlineData(NumberChangeRule.Off, false, false)]
    [InlineData(NumberChangeRule.Off, true, false)]
    [InlineData(NumberChangeRule.On, null, true)]
    [InlineData(NumberChangeRule.On, true, true)]
    [InlineData(NumberChangeRule.On, false, false)]
    public async Task A_call_may_narrow_what_its_project_permits(NumberChangeRule rule, bool? call, bool isTaken)
    {
        var shop = await _server.AddProjectAsync("shop", new ProjectSettings { NumberChange = rule });
        foreach (var (path, step) in (((string, string)[])[("/v3/start", "mobile/otp/start"), ("/v3/unify", "mobile/otp/start"),
            ("/v3/start", "mobile/instantlink/start"), ("/v3/unify", "mobile/instantlink/start")]))
        {
            var begun = await BeginAsync(path, shop, call, isDesktop: step.Contains("link", StringComparison.Ordinal));
            var page = _server.Browser(begun.Text("authToken"));
            await page.Post("mobile/instant/start");
            var sent = _server.Gateway.Submissions.Count;

            var answers = new[] { await ChangeAsync(page, step), await ChangeAsync(page, step) };

            Assert.Equal(isTaken ? 1 : 0, _server.Gateway.Submissions.Count - sent);
            Assert.Equal(isTaken, OffersAnother(begun.Text("authToken")));
            if (!isTaken)
            {
                Assert.All(answers, answer => Assert.Equal(Refused, answer.ToJsonString()));
            }
            var shown = (await _server.AdminAsync(HttpMethod.Get, $"/admin/flows/{begun.Text("correlationId")}")).Body;
            var facts = shown.Split("the project may not do this").Length - 1;
            Assert.Equal(rule == NumberChangeRule.Off ? 1 : 0, facts);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_answers_of_a_pre_fill_flow_say_that_the_number_was_changed(bool isChanged)
    {
        var shop = await _server.AddProjectAsync("shop", TestServer.Permissive);
        var begun = await BeginAsync("/v3/start", shop);
        var id = begun.Text("correlationId");
        await ProveAsync(begun, isChanged);

        Reply[] answers =
        [
            await _server.PostAsync("/v3/validate", $$"""{"correlationId":"{{id}}"}""", shop),
            await _server.PostAsync("/v3/challenge", $$"""{"correlationId":"{{id}}","dob":"1980-02-03"}""", shop),
            await _server.PostAsync(
                "/v3/complete", $$$"""{"correlationId":"{{{id}}}","individual":{"firstName":"Lori","lastName":"Ray"}}""", shop),
        ];

        Assert.All(answers, answer => Assert.Equal((200, isChanged ? "true" : null),
            (answer.Status, answer.Json!["numberChanged"]?.ToJsonString())));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_answers_of_a_unify_flow_say_that_the_number_was_changed(bool isChanged)
    {
        var shop = await _server.AddProjectAsync("shop", TestServer.Permissive);
        var begun = await BeginAsync("/v3/unify", shop);
        var before = await StatusAsync(begun, shop);

        await ProveAsync(begun, isChanged);

        var after = await StatusAsync(begun, shop);
        Assert.Equal(("pending", null), (before.Text("success"), before.Json!["numberChanged"]));
        Assert.Equal(("true", isChanged ? "true" : null), (after.Text("success"), after.Json!["numberChanged"]?.ToJsonString()));
    }

    [Theory]
    [InlineData("/v3/start")]
    [InlineData("/v3/unify")]
    public async Task What_is_no_truth_value_is_named(string path)
    {
        var shop = await _server.AddProjectAsync("shop");

        var reply = await _server.PostAsync(path, $$"""{"flowType":"mobile","phoneNumber":"{{Asked}}","numberChange":"no"}""", shop);

        Assert.Equal("400 8001 field 'numberChange' is invalid: must be true or false", reply.Fault);
    }

    private Task<Reply> BeginAsync(string path, Credentials project, bool? numberChange = null, bool isDesktop = false)
    {
        var body = new JsonObject { ["flowType"] = isDesktop ? "desktop" : "mobile", ["phoneNumber"] = Asked };
        if (isDesktop)
        {
            body["finalTargetUrl"] = "https://shop.example/a";
        }
        if (numberChange is { } given)
        {
            body["numberChange"] = given;
        }
        return _server.PostAsync(path, body.ToJsonString(), project);
    }

    private async Task ProveAsync(Reply begun, bool isChanged)
    {
        var page = _server.Browser(begun.Text("authToken"));
        await page.Post("mobile/instant/start");
        await page.Post("mobile/otp/start");
        if (isChanged)
        {
            await ChangeAsync(page, "mobile/otp/start");
        }
        var code = string.Concat(_server.Gateway.Submissions[^1].Text.Text.Reveal().TakeWhile(char.IsAsciiDigit));
        Assert.Equal("""{"next":"done"}""", (await page.Enter(code)).ToJsonString());
    }

    private Task<Reply> StatusAsync(Reply begun, Credentials project) =>
        _server.PostAsync("/v3/unify-status", $$"""{"correlationId":"{{begun.Text("correlationId")}}"}""", project);

    private static Task<JsonNode> ChangeAsync(Page page, string step) =>
        page.Post(step, new JsonObject { ["mobileNumber"] = Other }.ToJsonString());

    /// <summary>What the token tells the page.</summary>
    private static bool OffersAnother(string token)
    {
        var payload = token.Split('.')[1].Replace('-', '+').Replace('_', '/');
        var json = Convert.FromBase64String(payload.PadRight((payload.Length + 3) / 4 * 4, '='));
        return Encoding.UTF8.GetString(json).Contains("\"amnrp\":true", StringComparison.Ordinal);
    }
}

public sealed class NumberPermissionsOnSqlite(OnSqlite fixture) : NumberPermissionTests(fixture), IClassFixture<OnSqlite>;

[Trait("tier", "long")]
public sealed class NumberPermissionsOnPostgres(OnPostgres fixture) : NumberPermissionTests(fixture), IClassFixture<OnPostgres>;
