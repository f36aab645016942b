using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Countersign.Core.Projects;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Endpoints.Browser;

public abstract class InstantLinkTests(ServerFixture fixture)
{
    private const string Number = "2001009002";
    private const string WaitForSocket = """{"next":"","data":{}}""";
    private const string WaitWithRetry = """{"next":""}""";
    private const string Done = """{"next":"done"}""";
    private const string TooLate = """{"next":"done","error":{"code":10001,"message":"the time is over"}}""";
    private const string GivenUp = """{"next":"done","error":{"code":10004,"message":"the check was given up"}}""";
    private const string NumberFixed = """{"next":"","data":{"code":10002,"message":"the number cannot be changed in this flow"}}""";

    private const string Pending = "pending pending pending";
    private const string Succeeded = "true success success";
    private const string Failed = "false failed failed";

    // A project whose links are matched, once a test has begun a flow of it.
    private Credentials? _bank;

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task The_token_names_the_link_as_the_first_step_and_the_number_as_known()
    {
        var (page, id) = await BeginAsync();

        var auth = page.Claims["auth"]!;
        Assert.Equal("mobile/instantlink", (string?)auth["next"]);
        Assert.Equal("""{"mob":{"auths":{"inln":{"mnp":true}}}}""", auth["subs"]!.ToJsonString());
        Assert.Equal((id, Server.Origin), ((string?)auth["id"], (string?)auth["endp"]));
        Assert.Null(page.Claims["matchCode"]);
    }

    [Theory]
    [InlineData(false, "false", WaitForSocket)]
    [InlineData(true, "false", WaitWithRetry)]
    [InlineData(false, "true", WaitWithRetry)]
    [InlineData(true, "true", WaitWithRetry)]
    [InlineData(false, "null", WaitForSocket)]
    public async Task The_start_answers_as_the_kind_of_page_needs_it(bool retry, string isMobile, string expected)
    {
        var (page, _) = await BeginAsync(retry);

        Assert.Equal(
            expected, (await page.Post("mobile/instantlink/start", $$"""{"sourceIp":null,"isMobile":{{isMobile}}}""")).ToJsonString());
    }

    [Fact]
    [Trait("attack", "L04")]
    [Trait("attack", "L09")]
    public async Task A_confirmed_link_is_told_to_every_socket_of_the_flow_and_no_other()
    {
        var (page, id) = await BeginAsync();
        var (other, _) = await BeginAsync();
        await using var first = await page.ConnectSocketAsync();
        await using var second = await page.ConnectSocketAsync();
        await using var foreign = await other.ConnectSocketAsync();
        await page.Post("mobile/instantlink/start");

        await Server.ConfirmLinkAsync((await Server.LastMessageAsync(Number)).Link!);

        Assert.Equal(Done, await first.ReceiveAsync());
        Assert.Equal(Done, await second.ReceiveAsync());
        Assert.Equal(Succeeded, (await Server.StatusAsync(id)).Outcome);
        await foreign.SendAsync("ping");
        Assert.Equal("pong", await foreign.ReceiveAsync());
    }

    [Fact]
    public async Task A_socket_of_a_decided_flow_hears_the_result_at_once()
    {
        var (page, _) = await BeginAsync();
        await page.Post("mobile/instantlink/start");
        await Server.ConfirmLinkAsync((await Server.LastMessageAsync(Number)).Link!);

        await using var socket = await page.ConnectSocketAsync();

        Assert.Equal(Done, await socket.ReceiveAsync());
    }

    [Fact]
    public async Task A_socket_greets_nobody_answers_ping_with_pong_and_ignores_the_rest()
    {
        var (page, _) = await BeginAsync();
        await using var socket = await page.ConnectSocketAsync();

        await socket.SendAsync("hello");
        await socket.SendAsync(new string('x', 100_000));
        await socket.SendAsync("ping");
        await socket.SendAsync("ping");

        Assert.Equal("pong", await socket.ReceiveAsync());
        Assert.Equal("pong", await socket.ReceiveAsync());
    }

    [Fact]
    public async Task After_the_result_the_page_closes_and_so_does_the_server()
    {
        var (page, _) = await BeginAsync();
        await using var socket = await page.ConnectSocketAsync();
        await page.Post("mobile/instantlink/start");
        await Server.ConfirmLinkAsync((await Server.LastMessageAsync(Number)).Link!);
        await socket.ReceiveAsync();

        await socket.CloseAsync();

        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
    }

    [Fact]
    public async Task A_node_that_stops_says_goodbye_and_the_next_one_tells_the_result()
    {
        await using var server = await fixture.StartAsync();
        var flow = await server.BeginAsync("desktop", Number);
        var page = server.Browser(flow.AuthToken!);
        await using var socket = await page.ConnectSocketAsync();
        await page.Post("mobile/instantlink/start");
        var link = (await server.LastMessageAsync(Number)).Link!;

        var stopping = server.StopAsync();
        Assert.Null(await socket.ReceiveAsync());
        await socket.CloseAsync();
        await stopping;
        await server.StartAsync();
        await using var next = await page.ConnectSocketAsync();
        await server.ConfirmLinkAsync(link);

        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus);
        Assert.Equal(Done, await next.ReceiveAsync());
    }

    [Fact]
    public async Task At_its_deadline_the_waiting_desktop_is_told_so()
    {
        var (page, id) = await BeginAsync();
        await using var socket = await page.ConnectSocketAsync();
        await page.Post("mobile/instantlink/start");
        var link = (await Server.LastMessageAsync(Number)).Link!;

        await Server.AdvanceAsync(TimeSpan.FromMinutes(3));

        Assert.Equal(TooLate, await socket.ReceiveAsync());
        Assert.Equal(Failed, (await Server.StatusAsync(id)).Outcome);
        await Server.ConfirmLinkAsync(link);
        Assert.Equal(Failed, (await Server.StatusAsync(id)).Outcome);
    }

    [Fact]
    public async Task Shortly_before_its_deadline_a_link_is_still_good()
    {
        var (page, id) = await BeginAsync();
        await page.Post("mobile/instantlink/start");
        await Server.AdvanceAsync(TimeSpan.FromSeconds(160));

        await Server.ConfirmLinkAsync((await Server.LastMessageAsync(Number)).Link!);

        Assert.Equal(Succeeded, (await Server.StatusAsync(id)).Outcome);
    }

    [Fact]
    public async Task A_browser_that_never_begins_leaves_the_flow_pending_until_nobody_knows_it()
    {
        var (page, id) = await BeginAsync();
        await using var socket = await page.ConnectSocketAsync();

        await Server.AdvanceAsync(TimeSpan.FromSeconds(880));
        Assert.Equal(Pending, (await Server.StatusAsync(id)).Outcome);
        await Server.AdvanceAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(8008, (await Server.StatusAsync(id)).Code);
        Assert.Contains("the time is over", await socket.ReceiveAsync(), StringComparison.Ordinal);
        Assert.Equal("401 8002 not authorized", (await page.SendAsync("mobile/instantlink/start")).Fault);
    }

    [Fact]
    public async Task A_page_that_comes_back_finds_the_link_that_is_out()
    {
        var (page, id) = await BeginAsync("2002000201");
        await page.Post("mobile/instantlink/start");

        Assert.Equal(WaitForSocket, (await page.Post("mobile/instantlink/start")).ToJsonString());

        var message = Assert.Single(await Server.MessagesAsync("2002000201"));
        await Server.ConfirmLinkAsync(message.Link!);
        Assert.Equal(Succeeded, (await Server.StatusAsync(id)).Outcome);
    }

    [Fact]
    public async Task A_resent_link_replaces_the_former()
    {
        var (page, id) = await BeginAsync("2002000202", retry: true);
        await page.Post("mobile/instantlink/start");
        Assert.Equal(WaitWithRetry, (await page.Post("mobile/instantlink/start", """{"mobileNumber":""}""")).ToJsonString());
        var messages = await Server.MessagesAsync("2002000202");

        await Server.ConfirmLinkAsync(messages[0].Link!);
        Assert.Equal(Pending, (await Server.StatusAsync(id)).Outcome);
        await Server.ConfirmLinkAsync(messages[1].Link!);

        Assert.Equal(Succeeded, (await Server.StatusAsync(id)).Outcome);
    }

    [Fact]
    public async Task A_link_is_sent_again_three_times_and_the_last_one_stays_good()
    {
        var (page, id) = await BeginAsync("2002000203", retry: true);
        await page.Post("mobile/instantlink/start");

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(WaitWithRetry, (await page.Post("mobile/instantlink/start", """{"mobileNumber":""}""")).ToJsonString());
        }

        var messages = await Server.MessagesAsync("2002000203");
        Assert.Equal(4, messages.Select(message => message.Link).Distinct().Count());
        await Server.ConfirmLinkAsync(messages[^1].Link!);
        Assert.Equal(Succeeded, (await Server.StatusAsync(id)).Outcome);
    }

    [Fact]
    public async Task A_resend_restarts_the_deadline_and_the_fourth_does_not()
    {
        var (page, id) = await BeginAsync(retry: true);
        await page.Post("mobile/instantlink/start");
        await Server.AdvanceAsync(TimeSpan.FromSeconds(150));
        await page.Post("mobile/instantlink/start", """{"mobileNumber":""}""");
        await page.Post("mobile/instantlink/start", """{"mobileNumber":""}""");
        await page.Post("mobile/instantlink/start", """{"mobileNumber":""}""");
        await Server.AdvanceAsync(TimeSpan.FromSeconds(150));
        Assert.Equal(Pending, (await Server.StatusAsync(id)).Outcome);

        await page.Post("mobile/instantlink/start", """{"mobileNumber":""}""");
        await Server.AdvanceAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(Failed, (await Server.StatusAsync(id)).Outcome);
    }

    [Fact]
    public async Task A_start_of_a_decided_flow_sends_nothing_and_answers_as_before()
    {
        var (page, _) = await BeginAsync("2002000204");
        await page.Post("mobile/instantlink/start");
        await Server.ConfirmLinkAsync((await Server.LastMessageAsync("2002000204")).Link!);

        Assert.Equal(WaitForSocket, (await page.Post("mobile/instantlink/start")).ToJsonString());
        Assert.Equal(WaitForSocket, (await page.Post("mobile/instantlink/start", """{"mobileNumber":""}""")).ToJsonString());
        Assert.Equal(Done, (await page.Post("mobile/instantlink/start", """{"isMobile":true}""")).ToJsonString());
        Assert.Single(await Server.MessagesAsync("2002000204"));
    }

    [Fact]
    public async Task Another_number_is_refused_and_nothing_is_sent()
    {
        var (page, _) = await BeginAsync("2002000205");

        Assert.Equal(NumberFixed, (await page.Post("mobile/instantlink/start", """{"mobileNumber":"2002000206"}""")).ToJsonString());

        Assert.Empty(await Server.MessagesAsync("2002000205"));
        Assert.Empty(await Server.MessagesAsync("2002000206"));
    }

    [Theory]
    [InlineData("Failed to receive secondary authentication with status code 1006. ", "mobile/instantlink", Pending)]
    [InlineData("Failed to receive secondary authentication with status code 1001. Going away", "mobile/instantlink", Pending)]
    [InlineData("Failed to receive secondary authentication with status code 1000. ", "mobile/instantlink", Pending)]
    [InlineData("Channel communication stalled", "mobile/instantlink", Pending)]
    [InlineData("Failed to receive secondary authentication with status code 1005. ", "done", Failed)]
    [InlineData("Failed to start instant link: cancelled by user", "done", Failed)]
    [InlineData("", "done", Failed)]
    public async Task A_lost_connection_is_begun_again_and_a_page_that_stopped_has_failed(string message, string next, string outcome)
    {
        var (page, id) = await BeginAsync("2002000207");
        await page.Post("mobile/instantlink/start");
        var texts = (await Server.MessagesAsync("2002000207")).Count;

        var answer = await page.Post("mobile/instantlink/error", new JsonObject { ["message"] = message }.ToJsonString());
        var again = await page.Post("mobile/instantlink/error", new JsonObject { ["message"] = message }.ToJsonString());
        await page.Post("mobile/instantlink/start");

        Assert.Equal($$"""{"next":"{{next}}"}""", answer.ToJsonString());
        Assert.Equal(answer.ToJsonString(), again.ToJsonString());
        Assert.Equal(outcome, (await Server.StatusAsync(id)).Outcome);
        Assert.Equal(texts, (await Server.MessagesAsync("2002000207")).Count);
    }

    [Fact]
    [Trait("attack", "T06")]
    public async Task A_report_after_the_result_changes_nothing()
    {
        var (page, id) = await BeginAsync();
        await page.Post("mobile/instantlink/start");
        await Server.ConfirmLinkAsync((await Server.LastMessageAsync(Number)).Link!);

        Assert.Equal(Done, (await page.Post("mobile/instantlink/error", """{"message":"status code 1006"}""")).ToJsonString());
        Assert.Equal(Done, (await page.Post("mobile/instantlink/error", """{"message":"status code 1005"}""")).ToJsonString());
        Assert.Equal(Succeeded, (await Server.StatusAsync(id)).Outcome);
    }

    [Fact]
    public async Task A_page_that_gave_up_is_told_so_on_its_other_socket()
    {
        var (page, _) = await BeginAsync();
        await using var socket = await page.ConnectSocketAsync();
        await page.Post("mobile/instantlink/start");

        await page.Post("mobile/instantlink/error", """{"message":"status code 1005"}""");

        Assert.Equal(GivenUp, await socket.ReceiveAsync());
    }

    [Fact]
    public async Task A_declined_link_is_told_to_the_waiting_desktop()
    {
        var (page, id) = await BeginAsync("2001009009");
        await using var socket = await page.ConnectSocketAsync();

        await page.Post("mobile/instantlink/start");

        Assert.Equal("""{"next":"done","error":{"code":10001,"message":"the phone's holder declined"}}""", await socket.ReceiveAsync());
        Assert.Equal(Failed, (await Server.StatusAsync(id)).Outcome);
    }

    [Fact]
    public async Task A_link_is_no_step_of_a_mobile_flow()
    {
        var flow = await Server.BeginAsync("mobile", "2002000208");
        var page = Server.Browser(flow.AuthToken!);

        Assert.Equal(
            """{"next":"mobile/instant","error":{"code":10003,"message":"this step is not part of the flow"}}""",
            (await page.Post("mobile/instantlink/start")).ToJsonString());
        Assert.Empty(await Server.MessagesAsync("2002000208"));
    }

    [Theory]
    [InlineData("Confirm ####, please", "Confirm LINK , please")]
    [InlineData("Go####go", "Go LINK go")]
    [InlineData("(####)", "( LINK )")]
    [InlineData("Finish your verification. If this was not you, do not tap: ####",
        "Finish your verification. If this was not you, do not tap: LINK")]
    public async Task The_text_holds_the_link_between_white_space(string wording, string expected)
    {
        var flow = await Server.BeginAsync("desktop", Number, new JsonObject { ["smsMessage"] = wording });
        await Server.Browser(flow.AuthToken!).Post("mobile/instantlink/start");

        var message = await Server.LastMessageAsync(Number);

        Assert.Matches($"^{Server.Origin}/l/[A-Za-z0-9_-]{{22}}$", message.Link);
        Assert.Equal(expected.Replace("LINK", message.Link, StringComparison.Ordinal), message.Text);
        Assert.Equal(("link", null), (message.Kind, message.Code));
    }

    [Fact]
    public async Task A_matched_flow_shows_digits_that_the_phone_must_repeat()
    {
        var (page, id) = await BeginMatchedAsync();

        var answer = await page.Post("mobile/instantlink/start");
        var digits = (string?)answer["matchCode"];
        await Server.ConfirmLinkAsync((await Server.LastMessageAsync(Number)).Link!, digits!);

        Assert.Matches("^[0-9]{6}$", digits);
        Assert.Equal(digits, (string?)page.Claims["matchCode"]);
        Assert.Equal($$$"""{"next":"","data":{},"matchCode":"{{{digits}}}"}""", answer.ToJsonString());
        Assert.Equal(Succeeded, (await Server.StatusAsync(id, _bank)).Outcome);
    }

    [Fact]
    public async Task The_digits_stay_over_a_resend_and_the_third_wrong_entry_in_the_flow_fails()
    {
        var (page, id) = await BeginMatchedAsync();
        await using var socket = await page.ConnectSocketAsync();
        var digits = (string?)(await page.Post("mobile/instantlink/start"))["matchCode"];
        await Server.ConfirmLinkAsync((await Server.LastMessageAsync(Number)).Link!, Other(digits!));
        await Server.ConfirmLinkAsync((await Server.LastMessageAsync(Number)).Link!, Other(digits!));

        var again = (string?)(await page.Post("mobile/instantlink/start", """{"mobileNumber":""}"""))["matchCode"];
        Assert.Equal(Pending, (await Server.StatusAsync(id, _bank)).Outcome);
        await Server.ConfirmLinkAsync((await Server.LastMessageAsync(Number)).Link!, Other(digits!));

        Assert.Equal(digits, again);
        Assert.Equal("""{"next":"done","error":{"code":10005,"message":"no entry is left"}}""", await socket.ReceiveAsync());
        Assert.Equal(Failed, (await Server.StatusAsync(id, _bank)).Outcome);
    }

    [Fact]
    [Trait("attack", "L09")]
    public async Task The_digits_of_one_flow_are_worth_nothing_in_another()
    {
        var (first, firstId) = await BeginMatchedAsync();
        var digits = (string?)(await first.Post("mobile/instantlink/start"))["matchCode"];
        var (second, secondId) = await BeginMatchedAsync();
        var other = (string?)(await second.Post("mobile/instantlink/start"))["matchCode"];
        var link = (await Server.LastMessageAsync(Number)).Link!;

        await Server.ConfirmLinkAsync(link, digits == other ? Other(digits!) : digits!);

        Assert.Equal(Pending, (await Server.StatusAsync(firstId, _bank)).Outcome);
        Assert.Equal(Pending, (await Server.StatusAsync(secondId, _bank)).Outcome);
    }

    [Theory]
    [InlineData(800, 101)]
    [InlineData(0, 901)]
    public async Task A_link_that_ends_with_its_flow_tells_the_waiting_desktop(int sentAfter, int wait)
    {
        await using var server = await fixture.StartAsync();
        var flow = await server.BeginAsync("desktop", "2001009002");
        await server.AdvanceAsync(TimeSpan.FromSeconds(sentAfter));
        var page = server.Browser(flow.AuthToken!);
        await using var socket = await page.ConnectSocketAsync();
        await page.Post("mobile/instantlink/start");

        await server.AdvanceAsync(TimeSpan.FromSeconds(wait));

        var told = JsonNode.Parse((await socket.ReceiveAsync())!)!;
        Assert.Equal("done", (string?)told["next"]);
        Assert.Equal(10001, (int?)told["error"]!["code"]);
    }

    [Fact]
    public async Task A_null_number_finds_the_link_that_is_out_and_an_empty_one_sends_another()
    {
        await using var server = await fixture.StartAsync();
        var flow = await server.BeginAsync("desktop", "2001009002");
        var page = server.Browser(flow.AuthToken!);

        await page.Post("mobile/instantlink/start");
        await page.Post("mobile/instantlink/start", """{"mobileNumber":null}""");
        var afterNull = (await server.MessagesAsync("2001009002")).Count;
        await page.Post("mobile/instantlink/start", """{"mobileNumber":""}""");

        Assert.Equal((1, 2), (afterNull, (await server.MessagesAsync("2001009002")).Count));
    }

    private static string Other(string digits) => digits == "000000" ? "000001" : "000000";

    private Task<(Page Page, string Id)> BeginAsync(bool retry = false) => BeginAsync(Number, retry);

    private async Task<(Page Page, string Id)> BeginAsync(string number, bool retry = false)
    {
        var flow = await Server.BeginAsync("desktop", number, new JsonObject { ["allowOTPRetry"] = retry });
        return (Server.Browser(flow.AuthToken!), flow.Id);
    }

    private async Task<(Page Page, string Id)> BeginMatchedAsync()
    {
        _bank = await Server.AddProjectAsync("bank", new ProjectSettings { LinkConfirmation = LinkConfirmation.Match });
        var flow = await Server.BeginAsync("desktop", Number, credentials: _bank);
        return (Server.Browser(flow.AuthToken!), flow.Id);
    }
}

public sealed class InstantLinkOnSqlite(OnSqlite fixture) : InstantLinkTests(fixture), IClassFixture<OnSqlite>;

public sealed class InstantLinkOnPostgres(OnPostgres fixture) : InstantLinkTests(fixture), IClassFixture<OnPostgres>;
