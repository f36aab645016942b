using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Endpoints.Browser;

public abstract class MobileAuthTests(ServerFixture fixture)
{
    private const string Passes = "2001009001";
    private const string OtherNumber = "2001009003";
    private const string NotAvailable = "2001009002";
    private const string OtpFollows = """{"next":"mobile/otp"}""";
    private const string NotConfirmed =
        """{"next":"mobile/otp","error":{"code":10001,"message":"the network did not confirm the number"}}""";
    private const string CannotBeAsked =
        """{"next":"mobile/otp","error":{"code":10001,"message":"the mobile network cannot be asked here"}}""";

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task The_token_names_mobile_auth_as_the_first_step()
    {
        var (page, _) = await BeginAsync(Passes);

        Assert.Equal("mobile/instant", (string?)page.Claims["auth"]!["next"]);
        Assert.Equal("""{"mob":{"auths":{"inst":{},"otp":{"mnp":true}}}}""", page.Claims["auth"]!["subs"]!.ToJsonString());
    }

    [Fact]
    public async Task A_confirmed_number_is_proof_and_no_text_is_sent()
    {
        var before = (await Server.MessagesAsync(Passes)).Count;
        var (page, id) = await BeginAsync(Passes);

        var address = await StartAsync(page);
        var answer = await page.Post("mobile/instant/finish", $$"""{"vfp":"{{ProofIn(address)}}"}""");

        Assert.Equal("""{"next":"done"}""", answer.ToJsonString());
        Assert.Equal("true success success", (await Server.StatusAsync(id)).Outcome);
        Assert.Equal(before, (await Server.MessagesAsync(Passes)).Count);
    }

    [Fact]
    public async Task The_start_answers_an_address_of_this_server_and_nothing_else()
    {
        var (page, _) = await BeginAsync(Passes);

        var answer = await page.Post("mobile/instant/start", """{"implementation":"fetch","cellularIp":null}""");

        Assert.Equal(["next", "data"], answer.AsObject().Select(member => member.Key));
        Assert.Equal("", (string?)answer["next"]);
        Assert.Matches($"^{Server.Origin}/sandbox/mobile-auth\\?testVfp=[0-9a-f]{{32}}$", (string?)answer["data"]!["redirectUrl"]);
    }

    [Theory]
    [Trait("attack", "T06")]
    [InlineData("0123456789abcdef0123456789abcdef")]
    [InlineData("")]
    public async Task A_proof_that_another_browser_brings_proves_nothing(string proof)
    {
        var (page, id) = await BeginAsync(Passes);
        await StartAsync(page);

        var answer = await page.Post("mobile/instant/finish", $$"""{"vfp":"{{proof}}"}""");

        Assert.Equal(NotConfirmed, answer.ToJsonString());
        Assert.Equal("pending pending pending", (await Server.StatusAsync(id)).Outcome);
    }

    [Fact]
    public async Task A_proof_of_another_flow_proves_nothing()
    {
        var (page, _) = await BeginAsync(Passes);
        var (other, _) = await BeginAsync(Passes);
        await StartAsync(page);

        var answer = await page.Post("mobile/instant/finish", $$"""{"vfp":"{{ProofIn(await StartAsync(other))}}"}""");

        Assert.Equal(NotConfirmed, answer.ToJsonString());
    }

    [Fact]
    public async Task Beginning_anew_kills_the_former_proof()
    {
        var (page, id) = await BeginAsync(Passes);
        var former = ProofIn(await StartAsync(page));
        var present = ProofIn(await StartAsync(page));

        Assert.NotEqual(former, present);
        Assert.Equal("""{"next":"done"}""", (await page.Post("mobile/instant/finish", $$"""{"vfp":"{{present}}"}""")).ToJsonString());
        Assert.Equal("true success success", (await Server.StatusAsync(id)).Outcome);
    }

    [Fact]
    public async Task Another_number_leads_to_a_code_and_the_code_proves()
    {
        var (page, id) = await BeginAsync(OtherNumber);

        var answer = await page.Post("mobile/instant/finish", $$"""{"vfp":"{{ProofIn(await StartAsync(page))}}"}""");
        await page.Post("mobile/otp/start");
        await page.Enter("1234");

        Assert.Equal(NotConfirmed, answer.ToJsonString());
        Assert.Equal("true success success", (await Server.StatusAsync(id)).Outcome);
    }

    [Fact]
    public async Task A_network_that_cannot_be_asked_leads_to_a_code_however_often_it_is_asked()
    {
        var (page, _) = await BeginAsync(NotAvailable);

        Assert.Equal(CannotBeAsked, (await page.Post("mobile/instant/start")).ToJsonString());
        Assert.Equal(CannotBeAsked, (await page.Post("mobile/instant/start")).ToJsonString());
        Assert.Equal(NotConfirmed, (await page.Post("mobile/instant/finish", """{"vfp":"x"}""")).ToJsonString());
    }

    [Fact]
    public async Task A_browser_that_could_not_do_it_is_led_to_a_code_and_may_say_so_twice()
    {
        var (page, _) = await BeginAsync(Passes);
        await StartAsync(page);
        const string report = """{"code":10002,"message":"(stepCode=AUTHENTICATION, errorCode=7)"}""";

        Assert.Equal(OtpFollows, (await page.Post("mobile/instant/error", report)).ToJsonString());
        Assert.Equal(OtpFollows, (await page.Post("mobile/instant/error", report)).ToJsonString());
    }

    [Fact]
    public async Task A_late_report_of_failure_does_not_undo_a_proof()
    {
        var (page, id) = await BeginAsync(Passes);
        await page.Post("mobile/instant/finish", $$"""{"vfp":"{{ProofIn(await StartAsync(page))}}"}""");

        Assert.Equal("""{"next":"done"}""", (await page.Post("mobile/instant/error", """{"message":"x"}""")).ToJsonString());
        Assert.Equal("""{"next":"done"}""", (await page.Post("mobile/instant/start")).ToJsonString());
        Assert.Equal("""{"next":"done"}""", (await page.Post("mobile/instant/finish", """{"vfp":"wrong"}""")).ToJsonString());
        Assert.Equal("true success success", (await Server.StatusAsync(id)).Outcome);
    }

    [Fact]
    public async Task A_network_that_takes_too_long_is_not_waited_for()
    {
        var (page, id) = await BeginAsync(Passes);
        var proof = ProofIn(await StartAsync(page));

        await Server.AdvanceAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(NotConfirmed, (await page.Post("mobile/instant/finish", $$"""{"vfp":"{{proof}}"}""")).ToJsonString());
        Assert.Equal("pending pending pending", (await Server.StatusAsync(id)).Outcome);
        Assert.Equal("""{"next":""}""", (await page.Post("mobile/otp/start")).ToJsonString());
    }

    [Fact]
    public async Task A_code_may_be_asked_for_without_saying_that_the_network_failed()
    {
        var (page, id) = await BeginAsync(Passes);

        Assert.Equal("""{"next":""}""", (await page.Post("mobile/otp/start")).ToJsonString());
        Assert.Equal("""{"next":"done"}""", (await page.Enter("1234")).ToJsonString());
        Assert.Equal("true success success", (await Server.StatusAsync(id)).Outcome);
    }

    private async Task<(Page Page, string Id)> BeginAsync(string number)
    {
        var flow = await Server.BeginAsync("mobile", number);
        return (Server.Browser(flow.AuthToken!), flow.Id);
    }

    private static async Task<string> StartAsync(Page page) =>
        (string)(await page.Post("mobile/instant/start"))["data"]!["redirectUrl"]!;

    private static string ProofIn(string address) => address.Split("testVfp=")[1];
}

public sealed class MobileAuthOnSqlite(OnSqlite fixture) : MobileAuthTests(fixture), IClassFixture<OnSqlite>;

public sealed class MobileAuthOnPostgres(OnPostgres fixture) : MobileAuthTests(fixture), IClassFixture<OnPostgres>;
