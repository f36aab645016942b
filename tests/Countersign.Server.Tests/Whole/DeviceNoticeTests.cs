using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Devices;
using Countersign.Core.Enrolments;
using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Projects;
using Countersign.Core.Texts;
using Countersign.Server.Hosting;
using Countersign.Server.Tests.Fixtures;
using Countersign.Server.Timeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Server.Tests.Whole;

/// <summary>A phone is told that a browser needs no code for it any more: beside the flow, which it neither fails nor delays.</summary>
public abstract class DeviceNoticeTests(ServerFixture fixture) : IAsyncLifetime
{
    private const string Number = "+12025550142";
    private const string Told = "shop: a browser was remembered and needs no code for this number any more. Not you? Tell shop.";

    private TestServer? _server;
    private Credentials _shop = null!;
    private Begun _flow = null!;

    private TestServer Server => _server!;

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Whose_code_has_tied_a_browser_is_told_once_and_not_of_visits_by_its_key()
    {
        await StartAsync();
        using var key = new DeviceKey();

        var status = await VisitAsync(key);
        var before = Notices();
        await PassAsync();
        var after = Notices();
        var flow = await Server.BeginUnifyAsync("mobile", Number, credentials: _shop);
        var proven = await key.ProveAsync(Server.Browser(flow.AuthToken!));
        await PassAsync();

        // The flow has its result before anybody is told.
        Assert.Equal(("true", key.DeviceId), (status.Text("success"), status.Text("deviceId")));
        Assert.Empty(before);
        var notice = Assert.Single(after);
        Assert.Equal((Told, Number), (notice.Text.Text.Reveal(), notice.Text.To.E164));
        Assert.Equal("done", (string?)proven["next"]);
        Assert.Single(Notices());
    }

    [Fact]
    public async Task Whose_code_was_taken_in_the_flows_last_moment_is_told_all_the_same()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));
        _server = await fixture.StartAsync(
            new Dictionary<string, string?>(TestServer.Live) { ["Countersign:Countries"] = "US" },
            builder => builder.Services.AddSingleton<IPhoneRiskSource>(new SlowRisk(clock, TimeSpan.FromMinutes(15))), clock);
        _shop = await Server.AddProjectAsync("shop");
        using var key = new DeviceKey();

        var status = await VisitAsync(key);
        await PassAsync();

        Assert.Equal(400, status.Status);
        Assert.Single(Notices());
        var number = PhoneNumber.Parse(Number);
        var person = await Server.Services.GetRequiredService<IIdentityStore>().FindAsync(ProjectId.Parse("shop"), number, Test);
        Assert.Single(await Server.Services.GetRequiredService<IDeviceStore>().OfIdentityAsync(person!.Id, 10, Test));
    }

    [Fact]
    public async Task Support_sees_the_notice_among_the_texts_of_the_flow()
    {
        await StartAsync();
        using var key = new DeviceKey();
        await VisitAsync(key);
        await PassAsync();

        var found = await Server.AdminAsync(HttpMethod.Post, "/admin/flows/find", $$"""{"phoneNumber":"{{Number}}"}""");

        Assert.Equal(
            [("otp", "sent"), ("notice", "sent")],
            found.Json!["flows"]![0]!["texts"]!.AsArray().Select(text => ((string)text!["kind"]!, (string)text["state"]!)));
        Assert.DoesNotContain("was remembered", found.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("code without a key")]
    [InlineData("own check")]
    [InlineData("verify")]
    public async Task Who_has_no_browser_remembered_by_a_code_is_told_nothing(string way)
    {
        await StartAsync();
        using var key = new DeviceKey();
        switch (way)
        {
            case "own check":
                var checkedFlow = await Server.BeginUnifyAsync("none", Number, credentials: _shop);
                await key.RegisterAsync(Server.Browser(checkedFlow.AuthToken!));
                Assert.Equal(key.DeviceId, (await Server.UnifyBindAsync(checkedFlow.Id, Number, _shop)).Text("deviceId"));
                break;
            case "verify":
                await EnterCodeAsync(await Server.BeginAsync("mobile", Number, credentials: _shop));
                break;
            default:
                await EnterCodeAsync(await Server.BeginUnifyAsync("mobile", Number, credentials: _shop));
                break;
        }
        await PassAsync();

        Assert.Empty(Notices());
    }

    [Fact]
    public async Task Who_wrote_STOP_hears_nothing_and_the_flow_stays_as_it_is()
    {
        await StartAsync();
        using var key = new DeviceKey();
        await VisitAsync(key);
        await Server.Services.GetRequiredService<ISuppressionList>().SuppressAsync(
            PhoneNumber.Parse(Number), null, Server.Services.GetRequiredService<TimeProvider>().GetUtcNow(), Test);
        await PassAsync();

        Assert.Empty(Notices());
        Assert.Equal("the person was not told of the device: the person wants no texts", (await TimelineAsync())[^1]);
        Assert.Equal("true", (await StatusAsync()).Text("success"));
    }

    [Fact]
    public async Task A_notice_that_no_gateway_takes_or_that_does_not_arrive_changes_nothing()
    {
        await StartAsync();
        using var key = new DeviceKey();
        Server.Gateway.Answer = (submission, _) => Task.FromResult<SmsResult>(submission.Text.Kind == TextKind.DeviceNotice
            ? new SmsResult.Rejected(SmsRefusal.BlockedDestination)
            : new SmsResult.Accepted());
        await VisitAsync(key);
        await PassAsync();

        Assert.Equal("the person was not told of the device: the number is blocked", (await TimelineAsync())[^1]);
        Assert.Equal(("true", key.DeviceId), ((await StatusAsync()).Text("success"), (await StatusAsync()).Text("deviceId")));

        Server.Gateway.Answer = (submission, _) => Task.FromResult<SmsResult>(new SmsResult.Accepted(
            submission.Text.Kind == TextKind.DeviceNotice ? ReceiptState.Undelivered : ReceiptState.Delivered));
        using var other = new DeviceKey();
        await VisitAsync(other);
        await PassAsync();
        Assert.Equal("true", (await StatusAsync()).Text("success"));
        Assert.Equal(2, Notices().Count);
    }

    [Fact]
    public async Task A_gateway_that_keeps_silent_delays_no_flow()
    {
        await StartAsync();
        using var key = new DeviceKey();
        var asked = new TaskCompletionSource();
        Server.Gateway.Answer = async (submission, cancellationToken) =>
        {
            if (submission.Text.Kind == TextKind.DeviceNotice)
            {
                asked.TrySetResult();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            return new SmsResult.Accepted();
        };

        // The notice is not even handed over while the page waits.
        var status = await VisitAsync(key);

        Assert.Equal("true", status.Text("success"));
        Assert.False(asked.Task.IsCompleted);
        Server.Gateway.Answers(new SmsResult.Accepted());
    }

    [Fact]
    public async Task A_notice_does_not_count_among_the_texts_of_the_line()
    {
        await StartAsync(
            ("Countersign:TextLimits:PerHour", "2"), ("Countersign:TextLimits:PerDay", "2"), ("Countersign:TextLimits:PerClient", "2"));
        using var first = new DeviceKey();
        using var second = new DeviceKey();

        await VisitAsync(first);
        await PassAsync();
        var again = await VisitAsync(second);
        await PassAsync();

        Assert.Equal("true", again.Text("success"));
        Assert.Equal(2, Notices().Count);
    }

    [Theory]
    [InlineData(DeviceNotice.Server, null, true)]
    [InlineData(DeviceNotice.Server, "false", false)]
    [InlineData(DeviceNotice.On, "false", true)]
    [InlineData(DeviceNotice.Off, null, false)]
    public async Task The_project_decides_and_where_it_says_nothing_the_server(DeviceNotice project, string? server, bool isTold)
    {
        await StartAsync(("Countersign:DeviceKeys:Notice", server));
        _shop = await Server.AddProjectAsync("shop", new ProjectSettings { DeviceNotice = project });
        using var key = new DeviceKey();

        await VisitAsync(key);
        await PassAsync();

        Assert.Equal(isTold ? 1 : 0, Notices().Count);
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData("true", 1)]
    public async Task The_sandbox_tells_only_where_it_is_set_to(string? setting, int notices)
    {
        _server = await fixture.StartAsync(new Dictionary<string, string?> { ["Countersign:DeviceKeys:Notice"] = setting });
        using var key = new DeviceKey();
        var flow = await Server.BeginUnifyAsync("mobile", "2002300999");
        var page = Server.Browser(flow.AuthToken!);
        await key.RegisterAsync(page);
        await page.Post("mobile/otp/start");
        await page.Enter("1234");

        await Server.Services.GetRequiredService<DueTexts>().CatchUpAsync(Test);

        var told = (await Server.MessagesAsync("2002300999")).Where(message => message.Kind == "notice").ToList();
        Assert.Equal(notices, told.Count);
        Assert.All(told, message => Assert.Equal((null, null, "delivered"), (message.Code, message.Link, message.State)));
    }

    private async Task StartAsync(params (string Name, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?>(TestServer.Live) { ["Countersign:Countries"] = "US" };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }
        _server = await fixture.StartAsync(all);
        _shop = await _server.AddProjectAsync("shop");
    }

    private async Task<Reply> VisitAsync(DeviceKey key)
    {
        _flow = await Server.BeginUnifyAsync("mobile", Number, credentials: _shop);
        await key.RegisterAsync(Server.Browser(_flow.AuthToken!));
        await EnterCodeAsync(_flow);
        return await StatusAsync();
    }

    private async Task EnterCodeAsync(Begun flow)
    {
        var page = Server.Browser(flow.AuthToken!);
        await page.Post("mobile/otp/start");
        await page.Enter(Server.Gateway.Submissions.Last(submission => submission.Text.Kind == TextKind.Otp).Text.Proof.Reveal());
    }

    /// <summary>Long enough for whoever looks after texts.</summary>
    private Task PassAsync() => Server.AdvanceAsync(TimeSpan.FromSeconds(1));

    private IReadOnlyList<SmsSubmission> Notices() =>
        [.. Server.Gateway.Submissions.Where(submission => submission.Text.Kind == TextKind.DeviceNotice)];

    private Task<Reply> StatusAsync() => Server.UnifyStatusAsync(_flow.Id, _shop);

    private async Task<IReadOnlyList<string>> TimelineAsync() =>
    [
        .. (await Server.Services.GetRequiredService<FlowRunner>().FindAsync(CorrelationId.Parse(_flow.Id), Test))!.Timeline
            .Select(FlowSentences.Of),
    ];
}

/// <summary>Takes its time, once.</summary>
internal sealed class SlowRisk(FakeTimeProvider clock, TimeSpan takes) : IPhoneRiskSource
{
    private bool _hasAnswered;

    public Task<PhoneRisk> AssessAsync(RiskQuestion question, CancellationToken cancellationToken)
    {
        clock.Advance(_hasAnswered ? TimeSpan.Zero : takes);
        _hasAnswered = true;
        return Task.FromResult(PhoneRisk.Unknown);
    }
}

public sealed class DeviceNoticesOnSqlite(OnSqlite fixture) : DeviceNoticeTests(fixture), IClassFixture<OnSqlite>;

[Trait("tier", "long")]
public sealed class DeviceNoticesOnPostgres(OnPostgres fixture) : DeviceNoticeTests(fixture), IClassFixture<OnPostgres>;
