using System.Text.Json.Nodes;
using Countersign.Core.Projects;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Endpoints.Browser;

public abstract class OtpTests(ServerFixture fixture)
{
    private const string Number = "2001009002";
    private const string Sent = """{"next":""}""";
    private const string Done = """{"next":"done"}""";
    private const string WrongLast = """{"next":"done","error":{"code":10001,"message":"the code is wrong"}}""";
    private const string WrongAgain = """{"next":"mobile/otp","data":{"code":10001,"message":"the code is wrong"}}""";
    private const string NoEntryLeft = """{"next":"done","error":{"code":10005,"message":"no entry is left"}}""";
    private const string TooLate = """{"next":"done","error":{"code":10001,"message":"the time is over"}}""";
    private const string NotInThisFlow =
        """{"next":"mobile/instant","error":{"code":10003,"message":"this step is not part of the flow"}}""";
    private const string NumberFixed = """{"next":"","data":{"code":10002,"message":"the number cannot be changed in this flow"}}""";
    private const string GivenUp = """{"next":"done","error":{"code":10004,"message":"the check was given up"}}""";
    private const string AlreadyDecided = """{"next":"done","error":{"code":10003,"message":"the flow is already decided"}}""";

    private const string Pending = "pending pending pending";
    private const string Succeeded = "true success success";
    private const string Failed = "false failed failed";

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task The_right_code_proves_and_the_result_is_there_when_the_page_hears_of_it()
    {
        var (page, id) = await SendAsync();

        Assert.Equal(Done, (await page.Enter("1234")).ToJsonString());
        Assert.Equal(Succeeded, (await Server.StatusAsync(id)).Outcome);
    }

    [Fact]
    public async Task Without_retry_the_first_wrong_code_ends_the_flow()
    {
        var (page, id) = await SendAsync();

        Assert.Equal(WrongLast, (await page.Enter("0000")).ToJsonString());
        Assert.Equal(WrongLast, (await page.Enter("1234")).ToJsonString());
        Assert.Equal(Failed, (await Server.StatusAsync(id)).Outcome);
    }

    [Fact]
    public async Task With_retry_the_third_wrong_code_ends_the_flow()
    {
        var (page, id) = await SendAsync(retry: true);

        Assert.Equal(WrongAgain, (await page.Enter("0000")).ToJsonString());
        Assert.Equal(WrongAgain, (await page.Enter("0001")).ToJsonString());
        Assert.Equal(Pending, (await Server.StatusAsync(id)).Outcome);
        Assert.Equal(NoEntryLeft, (await page.Enter("0002")).ToJsonString());
        Assert.Equal(NoEntryLeft, (await page.Enter("1234")).ToJsonString());
        Assert.Equal(Failed, (await Server.StatusAsync(id)).Outcome);
    }

    [Fact]
    public async Task With_retry_the_third_entry_may_be_the_right_one()
    {
        var (page, id) = await SendAsync(retry: true);
        await page.Enter("0000");
        await page.Enter("0001");

        Assert.Equal(Done, (await page.Enter("1234")).ToJsonString());
        Assert.Equal(Succeeded, (await Server.StatusAsync(id)).Outcome);
    }

    [Theory]
    [Trait("attack", "S12")]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("12345")]
    [InlineData("01234")]
    [InlineData("１２３５")]
    [InlineData("①②③④")]
    [InlineData("1234\u0000")]
    [InlineData("' OR 1=1 --")]
    [InlineData("\u200B - \uFEFF")]
    public async Task Whatever_is_entered_is_an_entry(string entry)
    {
        var (page, id) = await SendAsync();

        Assert.Equal(WrongLast, (await page.Enter(entry)).ToJsonString());
        Assert.Equal(Failed, (await Server.StatusAsync(id)).Outcome);
    }

    [Theory]
    [Trait("attack", "S12")]
    [InlineData(" 1234\t")]
    [InlineData("12 34")]
    [InlineData("12-34")]
    [InlineData("12\u201134\u00A0")]
    [InlineData("١٢٣٤")]
    [InlineData("۱۲۳۴")]
    [InlineData("१२३४")]
    [InlineData("１２ー３４")]
    [InlineData("\u202A1\u200B2\u2060-\u00AD34\u202C\uFEFF")]
    [InlineData("𝟏𝟐𝟑𝟒")]
    public async Task A_code_is_read_as_people_type_it(string typed)
    {
        var (page, id) = await SendAsync();

        Assert.Equal(Done, (await page.Enter(typed)).ToJsonString());
        Assert.Equal(Succeeded, (await Server.StatusAsync(id)).Outcome);
    }

    [Fact]
    public async Task A_code_is_sent_again_three_times_and_is_always_the_same()
    {
        var number = "2002000101";
        var (page, _) = await SendAsync(number: number);

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(Sent, (await page.Post("mobile/otp/start")).ToJsonString());
        }

        var messages = await Server.MessagesAsync(number);
        Assert.Equal(4, messages.Count);
        Assert.All(messages, message => Assert.Equal(("1234", messages[0].Text, "otp"), (message.Code, message.Text, message.Kind)));
        Assert.Equal(4, messages.Select(message => message.Id).Distinct().Count());
    }

    [Fact]
    [Trait("attack", "S09")]
    public async Task A_code_lives_two_minutes()
    {
        var (page, id) = await SendAsync();

        await Server.AdvanceAsync(TimeSpan.FromSeconds(100));
        Assert.Equal(Pending, (await Server.StatusAsync(id)).Outcome);
        await Server.AdvanceAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(Failed, (await Server.StatusAsync(id)).Outcome);
        Assert.Equal(TooLate, (await page.Enter("1234")).ToJsonString());
    }

    [Fact]
    public async Task A_code_sent_again_lives_anew()
    {
        var (page, _) = await SendAsync();

        await Server.AdvanceAsync(TimeSpan.FromSeconds(90));
        await page.Post("mobile/otp/start");
        await Server.AdvanceAsync(TimeSpan.FromSeconds(90));

        Assert.Equal(Done, (await page.Enter("1234")).ToJsonString());
    }

    [Fact]
    public async Task The_fourth_resend_moves_no_deadline()
    {
        var (page, _) = await SendAsync();
        for (var i = 0; i < 3; i++)
        {
            await page.Post("mobile/otp/start");
        }

        await Server.AdvanceAsync(TimeSpan.FromSeconds(90));
        Assert.Equal(Sent, (await page.Post("mobile/otp/start")).ToJsonString());
        await Server.AdvanceAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(TooLate, (await page.Enter("1234")).ToJsonString());
    }

    [Fact]
    public async Task No_resend_outlives_the_flow()
    {
        var (page, id) = await SendAsync();
        for (var i = 0; i < 3; i++)
        {
            await Server.AdvanceAsync(TimeSpan.FromSeconds(115));
            await page.Post("mobile/otp/start");
        }
        await Server.AdvanceAsync(TimeSpan.FromMinutes(15) - (3 * TimeSpan.FromSeconds(115)));

        Assert.Equal(401, (await page.SendAsync("mobile/otp/finish", """{"otp":"1234"}""")).Status);
        Assert.Equal(8008, (await Server.StatusAsync(id)).Code);
    }

    [Fact]
    [Trait("attack", "S02")]
    public async Task A_resend_does_not_forget_wrong_entries()
    {
        var (page, _) = await SendAsync(retry: true);
        await page.Enter("0000");
        await page.Post("mobile/otp/start");
        await page.Enter("0000");
        await page.Post("mobile/otp/start");

        Assert.Equal(NoEntryLeft, (await page.Enter("0000")).ToJsonString());
    }

    [Fact]
    public async Task A_code_before_any_was_sent_is_led_back_to_its_step_and_counts_as_nothing()
    {
        var flow = await Server.BeginAsync("mobile", Number);
        var page = Server.Browser(flow.AuthToken!);

        Assert.Equal(NotInThisFlow, (await page.Enter("1234")).ToJsonString());
        await page.Post("mobile/otp/start");
        Assert.Equal(Done, (await page.Enter("1234")).ToJsonString());
    }

    [Fact]
    [Trait("attack", "S05")]
    public async Task A_code_of_one_flow_is_worth_nothing_in_another()
    {
        // Both codes are 1234 in the sandbox: only one flow has asked for it.
        var (_, first) = await SendAsync();
        var second = await Server.BeginAsync("mobile", Number);
        var page = Server.Browser(second.AuthToken!);

        await page.Enter("1234");

        Assert.Equal(Pending, (await Server.StatusAsync(first)).Outcome);
        Assert.Equal(Pending, (await Server.StatusAsync(second.Id)).Outcome);
    }

    [Fact]
    public async Task A_second_flow_of_a_number_does_not_disturb_the_first()
    {
        var (first, firstId) = await SendAsync();
        var (second, secondId) = await SendAsync();

        await second.Enter("0000");
        await first.Enter("1234");

        Assert.Equal(Succeeded, (await Server.StatusAsync(firstId)).Outcome);
        Assert.Equal(Failed, (await Server.StatusAsync(secondId)).Outcome);
    }

    [Fact]
    [Trait("attack", "S05")]
    [Trait("attack", "T02")]
    [Trait("attack", "T06")]
    public async Task After_success_nothing_a_page_says_changes_the_result()
    {
        var (page, id) = await SendAsync();
        await page.Enter("1234");
        var texts = (await Server.MessagesAsync(Number)).Count;

        Assert.Equal(Done, (await page.Enter("0000")).ToJsonString());
        Assert.Equal(Done, (await page.Enter("1234")).ToJsonString());
        Assert.Equal(Done, (await page.Post("mobile/otp/error", """{"message":"Failed to obtain OTP"}""")).ToJsonString());
        Assert.Equal(AlreadyDecided, (await page.Post("mobile/otp/start")).ToJsonString());
        await Server.AdvanceAsync(TimeSpan.FromMinutes(5));

        Assert.Equal(Succeeded, (await Server.StatusAsync(id)).Outcome);
        Assert.Equal(texts, (await Server.MessagesAsync(Number)).Count);
    }

    [Fact]
    public async Task Who_gives_up_has_failed()
    {
        var (page, id) = await SendAsync();

        Assert.Equal(Done,
            (await page.Post("mobile/otp/error", """{"message":"Failed to obtain OTP for verification: cancelled"}""")).ToJsonString());
        Assert.Equal(Done,
            (await page.Post("mobile/otp/error", """{"message":"Failed to obtain OTP for verification: cancelled"}""")).ToJsonString());

        Assert.Equal(Failed, (await Server.StatusAsync(id)).Outcome);
        Assert.Equal(GivenUp, (await page.Enter("1234")).ToJsonString());
        Assert.Equal(GivenUp, (await page.Post("mobile/otp/start")).ToJsonString());
    }

    [Theory]
    [InlineData("""{"message":5,"code":{}}""")]
    [InlineData("""{"message":"\ud800"}""")]
    [InlineData("{}")]
    [InlineData(null)]
    public async Task A_report_of_any_shape_is_taken(string? report)
    {
        var (page, _) = await SendAsync();

        Assert.Equal((200, Done), await page.SendAsync("mobile/otp/error", report) is var reply ? (reply.Status, reply.Body) : default);
    }

    [Fact]
    public async Task Another_number_is_refused_and_nothing_is_sent()
    {
        var flow = await Server.BeginAsync("mobile", "2002000102");
        var page = Server.Browser(flow.AuthToken!);

        Assert.Equal(NumberFixed, (await page.Post("mobile/otp/start", """{"mobileNumber":"2002000103"}""")).ToJsonString());
        Assert.Equal(NumberFixed, (await page.Post("mobile/otp/start", """{"mobileNumber":"nonsense"}""")).ToJsonString());
        Assert.Equal(NumberFixed, (await page.Post("mobile/otp/start", """{"mobileNumber":"+2002000102"}""")).ToJsonString());

        Assert.Empty(await Server.MessagesAsync("2002000102"));
        Assert.Empty(await Server.MessagesAsync("2002000103"));
    }

    [Theory]
    [InlineData("\"2002000104\"")]
    [InlineData("\"+12002000104\"")]
    [InlineData("\"12002000104\"")]
    [InlineData("\"\"")]
    [InlineData("null")]
    public async Task The_flows_own_number_in_any_spelling_is_no_change(string number)
    {
        var flow = await Server.BeginAsync("mobile", "2002000104");
        var page = Server.Browser(flow.AuthToken!);
        var before = (await Server.MessagesAsync("2002000104")).Count;

        Assert.Equal(Sent, (await page.Post("mobile/otp/start", $$"""{"mobileNumber":{{number}}}""")).ToJsonString());
        Assert.Equal(before + 1, (await Server.MessagesAsync("2002000104")).Count);
    }

    [Theory]
    [InlineData("#### is it", "1234 is it")]
    [InlineData("Code: #####.", "Code: 12345.")]
    [InlineData("Grüße, ######!", "Grüße, 123456!")]
    [InlineData("#### is your temporary code. Do not share it.", "1234 is your temporary code. Do not share it.")]
    public async Task The_relying_partys_wording_says_how_long_the_code_is(string wording, string expected)
    {
        var flow = await Server.BeginAsync("mobile", Number, new JsonObject { ["smsMessage"] = wording });
        var page = Server.Browser(flow.AuthToken!);
        await page.Post("mobile/otp/start");

        var message = await Server.LastMessageAsync(Number);
        Assert.Equal(expected, message.Text);
        Assert.Equal(Done, (await page.Enter(message.Code!)).ToJsonString());
    }

    [Fact]
    [Trait("attack", "S11")]
    public async Task A_project_with_a_web_host_binds_the_code_to_it()
    {
        var shop = await Server.AddProjectAsync("webotp", new ProjectSettings { WebOtpHost = "www.shop.example" });
        var flow = await Server.BeginAsync("mobile", Number, credentials: shop);

        await Server.Browser(flow.AuthToken!).Post("mobile/otp/start");

        Assert.EndsWith("\n\n@www.shop.example #1234", (await Server.LastMessageAsync(Number)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_no_gateway_takes_fails_possession_at_once()
    {
        var flow = await Server.BeginAsync("mobile", "2001009005");
        var page = Server.Browser(flow.AuthToken!);

        Assert.Equal("""{"next":"done","error":{"code":10001,"message":"no text could be sent"}}""",
            (await page.Post("mobile/otp/start")).ToJsonString());
        Assert.Equal(Failed, (await Server.StatusAsync(flow.Id)).Outcome);
        Assert.Equal("refused", (await Server.LastMessageAsync("2001009005")).State);
    }

    [Fact]
    public async Task A_code_is_no_step_of_a_desktop_flow()
    {
        var flow = await Server.BeginAsync("desktop", "2002000105");
        var page = Server.Browser(flow.AuthToken!);
        const string expected = """{"next":"mobile/instantlink","error":{"code":10003,"message":"this step is not part of the flow"}}""";

        Assert.Equal(expected, (await page.Post("mobile/otp/start")).ToJsonString());
        Assert.Equal(expected, (await page.Enter("1234")).ToJsonString());
        Assert.Equal(expected, (await page.Post("mobile/instant/start")).ToJsonString());
        Assert.Equal(expected, (await page.Post("mobile/instant/finish", """{"vfp":"x"}""")).ToJsonString());
        Assert.Empty(await Server.MessagesAsync("2002000105"));
    }

    [Fact]
    public async Task Steps_need_no_body_where_nothing_in_it_is_needed()
    {
        var flow = await Server.BeginAsync("mobile", Number);
        var page = Server.Browser(flow.AuthToken!);

        Assert.Equal(Sent, (await page.SendAsync("mobile/otp/start", json: null)).Body);
    }

    [Fact]
    public async Task Asking_for_the_status_changes_nothing()
    {
        var (page, id) = await SendAsync();

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(Pending, (await Server.StatusAsync(id)).Outcome);
        }

        Assert.Equal(Done, (await page.Enter("1234")).ToJsonString());
    }

    [Theory]
    [InlineData("+1 (200) 100-9002", null)]
    [InlineData("1.200.100.9002", null)]
    [InlineData("2001009003", 10002)]
    [InlineData("nobody's number!", 10002)]
    public async Task A_number_in_any_spelling_is_an_answer_and_never_a_refusal(string spelling, int? code)
    {
        var flow = await fixture.Server.BeginAsync("mobile", "2001009002");
        var page = fixture.Server.Browser(flow.AuthToken!);
        await page.Post("mobile/instant/start");

        var answer = await page.Post("mobile/otp/start", new JsonObject { ["mobileNumber"] = spelling }.ToJsonString());

        Assert.Equal("", (string?)answer["next"]);
        Assert.Equal(code, (int?)answer["data"]?["code"]);
    }

    [Fact]
    public async Task A_text_with_its_web_otp_line_stays_within_two_segments()
    {
        var credentials = await fixture.Server.AddProjectAsync("web-otp", new ProjectSettings { WebOtpHost = "login.example.com" });

        var reply = await fixture.Server.VerifyAsync(
            TestServer.VerifyBody("mobile", "2001009002", new JsonObject { ["smsMessage"] = "####" + new string('Ж', 130) }), credentials);

        Assert.Equal("400 8001 field 'smsMessage' is invalid: longer than 2 text segments when filled", reply.Fault);
    }

    private async Task<(Page Page, string Id)> SendAsync(bool retry = false, string number = Number)
    {
        var flow = await Server.BeginAsync("mobile", number, new JsonObject { ["allowOTPRetry"] = retry });
        var page = Server.Browser(flow.AuthToken!);
        await page.Post("mobile/instant/start");
        Assert.Equal(Sent, (await page.Post("mobile/otp/start")).ToJsonString());
        return (page, flow.Id);
    }
}

public sealed class OtpOnSqlite(OnSqlite fixture) : OtpTests(fixture), IClassFixture<OnSqlite>;

public sealed class OtpOnPostgres(OnPostgres fixture) : OtpTests(fixture), IClassFixture<OnPostgres>;
