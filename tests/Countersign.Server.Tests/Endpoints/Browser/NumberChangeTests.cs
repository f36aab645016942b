using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Texts;
using Countersign.Providers.Sandbox;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Countersign.Server.Tests.Endpoints.Browser;

/// <summary>The person gives another number in the browser: in flows that match no name with it.</summary>
public abstract class NumberChangeTests(ServerFixture fixture) : IAsyncLifetime
{
    private const string Sent = """{"next":""}""";
    private const string Done = """{"next":"done"}""";
    private const string WrongAgain = """{"next":"mobile/otp","data":{"code":10001,"message":"the code is wrong"}}""";
    private const string NoEntryLeft = """{"next":"done","error":{"code":10005,"message":"no entry is left"}}""";
    private const string UnknownUser = """{"next":"","data":{"code":8007,"message":"no test user found matching the phone number"}}""";
    private const string OtherProduct = """{"next":"","data":{"code":8009,"message":"test user belongs to another product"}}""";
    private const string NoneLeft = """{"next":"","data":{"code":10003,"message":"the number cannot be changed again in this flow"}}""";
    private const string AlreadyDecided = """{"next":"done","error":{"code":10003,"message":"the flow is already decided"}}""";

    private readonly CountingCodes _codes = new();
    private TestServer _server = null!;

    // Load numbers are test users of every product.
    private int _lastNumber = 2002600000;

    private TestServer Server => _server;

    public async ValueTask InitializeAsync() =>
        _server = await fixture.StartAsync(substitute: builder => builder.Services.AddSingleton<ICodeGenerator>(_codes));

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task The_former_code_is_dead_and_the_new_one_proves_the_new_number()
    {
        var (former, other) = (NewNumber(), NewNumber());
        var (page, id) = await SendCodeAsync(former, retry: true);
        var old = await CodeOfAsync(former);

        Assert.Equal(Sent, (await ChangeCodeAsync(page, other)).ToJsonString());
        var present = await CodeOfAsync(other);

        Assert.NotEqual(old, present);
        Assert.Equal(WrongAgain, (await page.Enter(old)).ToJsonString());
        Assert.Equal(Done, (await page.Enter(present)).ToJsonString());
        Assert.Single(await Server.MessagesAsync(former));
        Assert.Single(await Server.MessagesAsync(other));
        var status = await Server.UnifyStatusAsync(id);
        Assert.Equal(("true", other), (status.Text("success"), status.Text("phoneNumber")));
        Assert.Equal(await IdentityOfAsync(other), status.Text("proveId"));
    }

    [Fact]
    public async Task The_former_link_is_dead_and_the_new_one_proves_the_new_number()
    {
        var (former, other) = (NewNumber(), NewNumber());
        var (page, id) = await SendLinkAsync(former);
        var old = (await Server.LastMessageAsync(former)).Link!;

        var answer = await ChangeLinkAsync(page, other);
        var present = (await Server.LastMessageAsync(other)).Link!;

        Assert.Equal("""{"next":"","data":{}}""", answer.ToJsonString());
        Assert.Equal(404, (await Server.ConfirmLinkAsync(old)).Status);
        Assert.Equal("pending", (await Server.UnifyStatusAsync(id)).Text("success"));
        Assert.Equal(303, (await Server.ConfirmLinkAsync(present)).Status);
        var status = await Server.UnifyStatusAsync(id);
        Assert.Equal(("true", other), (status.Text("success"), status.Text("phoneNumber")));
        Assert.Equal(await IdentityOfAsync(other), status.Text("proveId"));
    }

    [Fact]
    public async Task A_number_may_be_changed_before_anything_was_sent()
    {
        var (former, other) = (NewNumber(), NewNumber());
        var flow = await Server.BeginUnifyAsync("mobile", former);
        var page = Server.Browser(flow.AuthToken!);

        Assert.Equal(Sent, (await ChangeCodeAsync(page, other)).ToJsonString());
        Assert.Equal(Done, (await page.Enter(await CodeOfAsync(other))).ToJsonString());

        Assert.Empty(await Server.MessagesAsync(former));
        Assert.Equal(other, (await Server.UnifyStatusAsync(flow.Id)).Text("phoneNumber"));
    }

    [Theory]
    [InlineData("(200) 260-{0}")]
    [InlineData("+1 200.260.{0}")]
    [InlineData("1-200-260-{0}")]
    public async Task The_new_number_is_answered_as_it_was_typed_without_punctuation(string spelling)
    {
        var (former, other) = (NewNumber(), NewNumber());
        var typed = spelling.Replace("{0}", other[6..], StringComparison.Ordinal);
        var (page, id) = await SendCodeAsync(former);

        await ChangeCodeAsync(page, typed);
        await page.Enter(await CodeOfAsync(other));

        var status = await Server.UnifyStatusAsync(id);
        Assert.Equal("true", status.Text("success"));
        Assert.Equal(string.Concat(typed.Where(c => char.IsAsciiDigit(c) || c == '+')), status.Text("phoneNumber"));
    }

    [Theory]
    [InlineData("2001009999", UnknownUser)]
    [InlineData("nonsense", UnknownUser)]
    [InlineData("+2002600001", UnknownUser)]
    [InlineData("2002699999                       ", UnknownUser)]
    [InlineData("2001009002", OtherProduct)]
    [InlineData("2001001695", OtherProduct)]
    public async Task A_number_that_may_not_be_used_changes_nothing(string other, string expected)
    {
        var former = NewNumber();
        var (page, id) = await SendCodeAsync(former);
        var (desktop, _) = await SendLinkAsync(former);

        Assert.Equal(expected, (await ChangeCodeAsync(page, other)).ToJsonString());
        Assert.Equal(expected, (await ChangeLinkAsync(desktop, other)).ToJsonString());

        Assert.Equal(Done, (await page.Enter(_codes.Of(former)[^1])).ToJsonString());
        Assert.Equal(former, (await Server.UnifyStatusAsync(id)).Text("phoneNumber"));
        Assert.Equal(2, (await Server.MessagesAsync(former)).Count);
    }

    [Fact]
    public async Task The_fourth_change_is_refused_and_the_third_number_stays()
    {
        var (page, id) = await SendCodeAsync(NewNumber());
        var others = new[] { NewNumber(), NewNumber(), NewNumber(), NewNumber() };
        var (desktop, _) = await SendLinkAsync(NewNumber());

        var byCode = new List<string>();
        var byLink = new List<string>();
        foreach (var other in others)
        {
            byCode.Add((await ChangeCodeAsync(page, other)).ToJsonString());
            byLink.Add((await ChangeLinkAsync(desktop, other)).ToJsonString());
        }

        Assert.Equal([Sent, Sent, Sent, NoneLeft], byCode);
        Assert.Equal(NoneLeft, byLink[^1]);
        Assert.Equal(NoneLeft, (await ChangeCodeAsync(page, "nonsense")).ToJsonString());
        Assert.Empty(await Server.MessagesAsync(others[3]));
        Assert.Equal(Done, (await page.Enter(_codes.Of(others[2])[^1])).ToJsonString());
        Assert.Equal(others[2], (await Server.UnifyStatusAsync(id)).Text("phoneNumber"));
    }

    [Fact]
    public async Task The_own_number_in_any_spelling_is_no_change()
    {
        var own = NewNumber();
        var (page, id) = await SendCodeAsync(own);

        foreach (var spelling in (string[])[own, "+1" + own, $"({own[..3]}) {own[3..6]}-{own[6..]}"])
        {
            Assert.Equal(Sent, (await ChangeCodeAsync(page, spelling)).ToJsonString());
        }

        // Each was a resend of the one code; the changes are all left.
        Assert.Equal(4, (await Server.MessagesAsync(own)).Count);
        Assert.Single(_codes.Of(own));
        foreach (var other in (string[])[NewNumber(), NewNumber(), NewNumber()])
        {
            Assert.Equal(Sent, (await ChangeCodeAsync(page, other)).ToJsonString());
        }
        Assert.Equal("pending", (await Server.UnifyStatusAsync(id)).Text("success"));
    }

    [Fact]
    [Trait("attack", "S02")]
    public async Task A_change_forgets_no_wrong_entries()
    {
        var (page, id) = await SendCodeAsync(NewNumber(), retry: true);
        await page.Enter("wrong");
        await ChangeCodeAsync(page, NewNumber());
        await page.Enter("wrong");
        await ChangeCodeAsync(page, NewNumber());

        Assert.Equal(NoEntryLeft, (await page.Enter("wrong")).ToJsonString());
        Assert.Equal("false", (await Server.UnifyStatusAsync(id)).Text("success"));
    }

    [Fact]
    public async Task A_change_uses_up_no_resend_and_a_resend_goes_to_the_new_number()
    {
        var (former, other) = (NewNumber(), NewNumber());
        var (page, _) = await SendCodeAsync(former);
        await page.Post("mobile/otp/start");
        await ChangeCodeAsync(page, other);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(Sent, (await page.Post("mobile/otp/start")).ToJsonString());
        }

        Assert.Equal(2, (await Server.MessagesAsync(former)).Count);
        var messages = await Server.MessagesAsync(other);
        Assert.Equal(3, messages.Count);
        Assert.Single(messages.Select(message => message.Code).Distinct());
    }

    [Fact]
    public async Task A_change_begins_a_new_life_of_the_challenge()
    {
        var (page, id) = await SendCodeAsync(NewNumber());
        var (desktop, linkId) = await SendLinkAsync(NewNumber());
        var other = NewNumber();

        await Server.AdvanceAsync(TimeSpan.FromSeconds(100));
        await ChangeCodeAsync(page, other);
        await ChangeLinkAsync(desktop, other);
        await Server.AdvanceAsync(TimeSpan.FromSeconds(100));

        Assert.Equal("pending", (await Server.UnifyStatusAsync(id)).Text("success"));
        await Server.ConfirmLinkAsync((await Server.LastMessageAsync(other)).Link!);
        Assert.Equal("true", (await Server.UnifyStatusAsync(linkId)).Text("success"));
        await Server.AdvanceAsync(TimeSpan.FromSeconds(20));
        Assert.Equal("false", (await Server.UnifyStatusAsync(id)).Text("success"));
    }

    [Fact]
    public async Task A_decided_flow_keeps_its_number()
    {
        var (former, other) = (NewNumber(), NewNumber());
        var (page, id) = await SendCodeAsync(former);
        await page.Enter(_codes.Of(former)[^1]);

        Assert.Equal(AlreadyDecided, (await ChangeCodeAsync(page, other)).ToJsonString());

        Assert.Equal(former, (await Server.UnifyStatusAsync(id)).Text("phoneNumber"));
        Assert.Empty(await Server.MessagesAsync(other));
    }

    [Fact]
    public async Task A_desktop_that_waits_hears_of_the_new_numbers_link()
    {
        var flow = await Server.BeginUnifyAsync("desktop", NewNumber(), new JsonObject { ["allowOTPRetry"] = true });
        var page = Server.Browser(flow.AuthToken!);
        var other = NewNumber();
        await using var socket = await page.ConnectSocketAsync();
        await page.Post("mobile/instantlink/start");

        Assert.Equal(Sent, (await ChangeLinkAsync(page, other)).ToJsonString());
        await Server.ConfirmLinkAsync((await Server.LastMessageAsync(other)).Link!);

        Assert.Equal(Done, await socket.ReceiveAsync());
    }

    [Fact]
    public async Task A_new_number_that_no_gateway_takes_fails_possession_at_once()
    {
        var (page, id) = await SendCodeAsync(NewNumber());

        var answer = await ChangeCodeAsync(page, "2001009303");

        Assert.Equal("""{"next":"done","error":{"code":10001,"message":"no text could be sent"}}""", answer.ToJsonString());
        Assert.Equal("false", (await Server.UnifyStatusAsync(id)).Text("success"));
    }

    [Fact]
    public async Task The_role_of_the_new_number_counts()
    {
        await using var server = await fixture.StartAsync();
        var flow = await server.BeginUnifyAsync("mobile", NewNumber());
        var page = server.Browser(flow.AuthToken!);
        await page.Post("mobile/otp/start");
        await page.Post("mobile/otp/start", """{"mobileNumber":"2001009304"}""");

        await page.Enter("1234");

        Assert.NotNull((await server.UnifyStatusAsync(flow.Id)).Json!["evaluation"]!["risk"]);
    }

    [Fact]
    public async Task Matched_digits_stay_and_so_does_the_count_of_wrong_ones()
    {
        var bank = await Server.AddProjectAsync(
            "bank", new Core.Projects.ProjectSettings { LinkConfirmation = Core.Projects.LinkConfirmation.Match });
        var flow = await Server.BeginUnifyAsync("desktop", NewNumber(), credentials: bank);
        var page = Server.Browser(flow.AuthToken!);
        var (second, third) = (NewNumber(), NewNumber());
        var digits = (string)(await page.Post("mobile/instantlink/start"))["matchCode"]!;
        var wrong = digits == "000000" ? "111111" : "000000";

        var changed = await ChangeLinkAsync(page, second);
        await Server.ConfirmLinkAsync((await Server.LastMessageAsync(second)).Link!, wrong);
        await Server.ConfirmLinkAsync((await Server.LastMessageAsync(second)).Link!, wrong);
        await ChangeLinkAsync(page, third);
        await Server.ConfirmLinkAsync((await Server.LastMessageAsync(third)).Link!, wrong);

        Assert.Equal(digits, (string?)changed["matchCode"]);
        Assert.Equal("false", (await Server.UnifyStatusAsync(flow.Id, bank)).Text("success"));
    }

    [Theory]
    [InlineData("2001004009", "2001001693", "v3-challenge")]
    [InlineData("2001001693", "2001004009", "v3-complete")]
    public async Task A_pre_fill_flow_answers_the_new_number_and_takes_its_shape(string number, string other, string next)
    {
        var flow = await Server.BeginPreFillAsync(number);
        var page = Server.Browser(flow.AuthToken!);
        await page.Post("mobile/otp/start");

        Assert.Equal(OtherProduct, (await ChangeCodeAsync(page, "2001009302")).ToJsonString());
        Assert.Equal(Sent, (await ChangeCodeAsync(page, other)).ToJsonString());
        Assert.Equal(Done, (await page.Enter(await CodeOfAsync(other))).ToJsonString());

        var reply = await Server.ValidateAsync(flow.Id);
        Assert.Equal((true, other), ((bool)reply.Json!["success"]!, reply.Text("phoneNumber")));
        Assert.Equal([next], reply.Json["next"]!.AsObject().Select(member => member.Key));
    }

    [Theory]
    [InlineData("""{"dob":"1990-01-01"}""")]
    [InlineData("""{"ssn":"1234"}""")]
    [InlineData("""{"dob":"1990-01","ssn":"123456789"}""")]
    public async Task What_was_given_for_the_former_number_is_asked_for_again(string given)
    {
        var (former, other) = (NewNumber(), NewNumber());
        var flow = await Server.BeginPreFillAsync(former, more: JsonNode.Parse(given)!.AsObject());
        var page = Server.Browser(flow.AuthToken!);
        await page.Post("mobile/otp/start");
        await ChangeCodeAsync(page, other);
        await page.Enter(await CodeOfAsync(other));

        var validated = await Server.ValidateAsync(flow.Id);
        var without = await Server.ChallengeAsync(flow.Id, []);
        var with = await Server.ChallengeAsync(flow.Id, new() { ["dob"] = "1980-05-05" });

        Assert.Equal((true, true), ((bool)validated.Json!["success"]!, (bool)validated.Json["challengeMissing"]!));
        Assert.Equal(400, without.Status);
        Assert.True((bool)with.Json!["success"]!);
    }

    [Fact]
    public async Task A_number_that_stays_keeps_what_was_given_for_it()
    {
        var number = NewNumber();
        var flow = await Server.BeginPreFillAsync(number, more: new() { ["dob"] = "1990-01-01" });
        var page = Server.Browser(flow.AuthToken!);
        await page.Post("mobile/otp/start");
        await ChangeCodeAsync(page, "+1" + number);
        await page.Enter(_codes.Of(number)[^1]);

        var validated = await Server.ValidateAsync(flow.Id);

        Assert.False((bool)validated.Json!["challengeMissing"]!);
        Assert.True((bool)(await Server.ChallengeAsync(flow.Id, [])).Json!["success"]!);
    }

    [Fact]
    public async Task A_text_to_the_former_number_that_is_refused_late_disturbs_nothing()
    {
        var (former, other) = (NewNumber(), NewNumber());
        var gateway = new SlowGateway(PhoneNumber.Parse(former));
        await using var server = await fixture.StartAsync(substitute: builder =>
            builder.Services.Replace(ServiceDescriptor.Singleton<ISmsGateway>(gateway)));
        var flow = await server.BeginUnifyAsync("mobile", former);
        var page = server.Browser(flow.AuthToken!);

        var first = page.Post("mobile/otp/start");
        await gateway.Entered.Task.WaitAsync(Socket.Timeout, TestContext.Current.CancellationToken);
        var changed = await ChangeCodeAsync(page, other);
        gateway.Refuses.SetResult();
        await first;

        Assert.Equal(Sent, changed.ToJsonString());
        Assert.Equal(Done, (await page.Enter("1234")).ToJsonString());
        Assert.Equal("true", (await server.UnifyStatusAsync(flow.Id)).Text("success"));
    }

    [Fact]
    public async Task Who_would_have_declined_the_former_link_declines_nothing_any_more()
    {
        var (former, other) = (NewNumber(), NewNumber());
        var (page, id) = await SendLinkAsync(former);
        await ChangeLinkAsync(page, other);
        var (witness, _) = await SendLinkAsync(former);
        await using var socket = await witness.ConnectSocketAsync();
        var handset = Server.Services.GetRequiredService<SandboxHandset>();

        // One after the other: what the witness hears comes after what the first flow would have heard.
        handset.DeclineSoon(CorrelationId.Parse(id), PhoneNumber.Parse(former));
        handset.DeclineSoon(CorrelationId.Parse((string)witness.Claims["auth"]!["id"]!), PhoneNumber.Parse(former));

        Assert.Contains("declined", await socket.ReceiveAsync(), StringComparison.Ordinal);
        Assert.Equal("pending", (await Server.UnifyStatusAsync(id)).Text("success"));
    }

    [Fact]
    [Trait("attack", "T08")]
    public async Task In_verify_the_number_stays_fixed()
    {
        var flow = await Server.BeginAsync("mobile", NewNumber());
        var page = Server.Browser(flow.AuthToken!);
        var other = NewNumber();

        var answer = await ChangeCodeAsync(page, other);

        Assert.Equal("""{"next":"","data":{"code":10002,"message":"the number cannot be changed in this flow"}}""", answer.ToJsonString());
        Assert.Empty(await Server.MessagesAsync(other));
    }

    [Fact]
    public async Task Where_no_change_is_permitted_none_is_made()
    {
        await using var server = await fixture.StartAsync(
            new Dictionary<string, string?> { ["Countersign:Possession:NumberChanges"] = "0" });
        var flow = await server.BeginUnifyAsync("mobile", NewNumber());

        var answer = await server.Browser(flow.AuthToken!).Post("mobile/otp/start", $$"""{"mobileNumber":"{{NewNumber()}}"}""");

        Assert.Equal(NoneLeft, answer.ToJsonString());
    }

    [Fact]
    public async Task Of_a_hundred_parallel_changes_to_as_many_numbers_three_send()
    {
        var (page, _) = await SendCodeAsync(NewNumber());
        var others = Enumerable.Range(0, 100).Select(_ => NewNumber()).ToArray();

        var answers = await Task.WhenAll(others.Select(async other => (await ChangeCodeAsync(page, other)).ToJsonString()));

        Assert.Equal(3, answers.Count(answer => answer == Sent));
        Assert.Equal(97, answers.Count(answer => answer == NoneLeft));
        var texts = await Task.WhenAll(others.Select(async other => (await Server.MessagesAsync(other)).Count));
        Assert.Equal(3, texts.Sum());
    }

    [Fact]
    public async Task A_right_code_and_a_change_at_once_leave_one_result_for_one_number()
    {
        for (var round = 0; round < 5; round++)
        {
            var (former, other) = (NewNumber(), NewNumber());
            var (page, id) = await SendCodeAsync(former);
            var code = _codes.Of(former)[^1];

            await Task.WhenAll(page.Enter(code), ChangeCodeAsync(page, other));

            // Either the code was first and the number stays, or it came too late and was a wrong entry for the new number.
            var status = await Server.UnifyStatusAsync(id);
            Assert.Contains(
                (status.Text("success"), status.Text("phoneNumber")), (IEnumerable<(string, string)>)[("true", former), ("false", other)]);
        }
    }

    private string NewNumber() => Interlocked.Increment(ref _lastNumber).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private async Task<(Page Page, string Id)> SendCodeAsync(string number, bool retry = false)
    {
        var flow = await Server.BeginUnifyAsync("mobile", number, new JsonObject { ["allowOTPRetry"] = retry });
        var page = Server.Browser(flow.AuthToken!);
        Assert.Equal(Sent, (await page.Post("mobile/otp/start")).ToJsonString());
        return (page, flow.Id);
    }

    private async Task<(Page Page, string Id)> SendLinkAsync(string number)
    {
        var flow = await Server.BeginUnifyAsync("desktop", number);
        var page = Server.Browser(flow.AuthToken!);
        await page.Post("mobile/instantlink/start");
        return (page, flow.Id);
    }

    private static Task<JsonNode> ChangeCodeAsync(Page page, string number) =>
        page.Post("mobile/otp/start", new JsonObject { ["mobileNumber"] = number }.ToJsonString());

    private static Task<JsonNode> ChangeLinkAsync(Page page, string number) =>
        page.Post("mobile/instantlink/start", new JsonObject { ["mobileNumber"] = number, ["isMobile"] = false }.ToJsonString());

    private async Task<string> CodeOfAsync(string number) => (await Server.LastMessageAsync(number)).Code!;

    private async Task<string> IdentityOfAsync(string number) =>
        (await Server.Services.GetRequiredService<Core.Enrolments.IIdentityStore>()
            .FindAsync(ProjectId.Parse("sandbox"), PhoneNumber.Parse(number), TestContext.Current.CancellationToken))!.Id.ToString();

    /// <summary>Takes its time with one number and then refuses it; takes every other.</summary>
    private sealed class SlowGateway(PhoneNumber slow) : ISmsGateway
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Refuses { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public GatewayName Name { get; } = GatewayName.Parse("slow");

        public bool ReportsHandover => false;

        public async Task<SmsResult> SubmitAsync(SmsSubmission submission, CancellationToken cancellationToken)
        {
            if (submission.Text.To != slow)
            {
                return new SmsResult.Accepted();
            }
            Entered.TrySetResult();
            await Refuses.Task;
            return new SmsResult.Rejected(SmsRefusal.Other);
        }
    }

    /// <summary>Another code each time: the sandbox's own is always the same, and could not be told from a dead one.</summary>
    private sealed class CountingCodes : ICodeGenerator
    {
        private readonly List<(PhoneNumber To, string Code)> _made = [];

        public OneTimeCode NewCode(PhoneNumber to, int length)
        {
            lock (_made)
            {
                var code = (1000 + _made.Count).ToString(System.Globalization.CultureInfo.InvariantCulture);
                _made.Add((to, code));
                return new OneTimeCode(new Secret(code));
            }
        }

        public string[] Of(string number)
        {
            lock (_made)
            {
                return [.. _made.Where(made => made.To == PhoneNumber.Parse(number)).Select(made => made.Code)];
            }
        }
    }
}

public sealed class NumberChangeOnSqlite(OnSqlite fixture) : NumberChangeTests(fixture), IClassFixture<OnSqlite>;

[Trait("tier", "long")]
public sealed class NumberChangeOnPostgres(OnPostgres fixture) : NumberChangeTests(fixture), IClassFixture<OnPostgres>;
