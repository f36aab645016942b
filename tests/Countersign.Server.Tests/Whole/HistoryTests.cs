using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.History;
using Countersign.Core.Texts;
using Countersign.Server.Hosting;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Countersign.Server.Tests.Whole;

/// <summary>Of each flow whose life is over one outcome stays, which says how it ended and not whom it was about.</summary>
public abstract class HistoryTests(ServerFixture fixture) : IAsyncLifetime
{
    private const string Number = "2001009002";

    private TestServer? _server;

    private TestServer Server => _server!;

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
    public async Task A_flow_that_went_well_leaves_one_outcome_without_a_person_in_it()
    {
        await StartAsync();
        var flow = await Server.BeginAsync("mobile", Number, new JsonObject
        {
            ["smsMessage"] = "Kittiwake ####", ["clientRequestId"] = "order-4711", ["clientCustomerId"] = "customer-0815",
            ["firstName"] = "Bram", ["lastName"] = "Okafor",
        });
        var code = await ProveAsync(flow);
        Assert.Equal("true", (await Server.StatusAsync(flow.Id)).Text("success"));

        await EndAsync();

        var outcome = await OutcomeAsync(flow.Id);
        Assert.Equal(
            (FlowEnd.Matched, PossessionVerdict.Proven, "otp", "+1200100", Product.VerifiedUsers, FlowType.Mobile),
            (outcome.End, outcome.Possession, outcome.Method, outcome.Prefix, outcome.Product, outcome.Type));
        Assert.Equal(("order-4711", null), (outcome.ClientRequestId, outcome.ClientCustomerId));
        Assert.True(outcome.EndedAt < outcome.ExpiresAt);
        var text = Assert.Single(outcome.Texts);
        Assert.Equal((TextKind.Otp, TextState.Delivered, 1), (text.Kind, text.State, text.Segments));
        Assert.Equal(FlowEventCode.IdentityMatched, outcome.Facts[^1].Code);
        var opened = JsonSerializer.Serialize(outcome);
        Assert.All(
            (string[])[Number, "Bram", "Okafor", $"\"{code}\"", "Kittiwake", flow.AuthToken!],
            personal => Assert.DoesNotContain(personal, opened, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task What_has_no_flow_leaves_an_outcome_too()
    {
        await StartAsync();
        var answer = await Server.VerifyAsync(
            """
            {"verificationType":"humanAssurance","phoneNumber":"2001004051","clientRequestId":"order-1"}
            """);
        var answered = await OutcomeAsync(answer.Text("correlationId")!);
        var refused = await RefuseAsync();
        await Server.Services.GetRequiredService<CallHistory>().FlushAsync(TestContext.Current.CancellationToken);

        Assert.Equal((200, 400), (answer.Status, refused.Status));
        Assert.Equal((FlowEnd.Answered, Product.OneCall, "order-1"), (answered.End, answered.Product, answered.ClientRequestId));
        Assert.Equal(2, await Server.CountAsync("outcomes"));
    }

    [Fact]
    public async Task What_waits_is_stored_at_a_stop_whose_time_is_over()
    {
        await StartAsync();
        await RefuseAsync();
        var writer = Server.Services.GetServices<IHostedService>().OfType<CallHistoryWriter>().Single();

        await writer.StopAsync(new CancellationToken(canceled: true));

        Assert.Equal(1, await Server.CountAsync("outcomes"));
    }

    [Fact]
    public async Task However_a_flow_ends_its_outcome_says_so()
    {
        await StartAsync();
        var never = await Server.BeginAsync("mobile", Number);
        var late = await Server.BeginAsync("desktop", Number);
        await Server.Browser(late.AuthToken!).Post("mobile/instantlink/start");
        var wrong = await Server.BeginAsync("mobile", "2001009003");
        await EnterAsync(wrong, "9999");
        var refused = await Server.BeginAsync("mobile", "2001009005");
        await Server.Browser(refused.AuthToken!).Post("mobile/instant/error", """{"message":"x"}""");
        await Server.Browser(refused.AuthToken!).SendAsync("mobile/otp/start");
        var differs = await Server.BeginAsync("none", "2001009007", new JsonObject { ["firstName"] = "Juan", ["lastName"] = "Alvarez" });
        var down = await Server.BeginAsync("none", "2001009006");

        await EndAsync();

        Assert.Equal(
            [
                FlowEnd.RanOutReady, FlowEnd.Expired, FlowEnd.WrongEntries, FlowEnd.Unavailable, FlowEnd.Differs, FlowEnd.SourceUnavailable,
            ],
            await EndsAsync(never, late, wrong, refused, differs, down));
        Assert.Equal((0, 6), (await Server.CountAsync("flows"), await Server.CountAsync("outcomes")));
        Assert.Equal("instant-link", (await OutcomeAsync(late.Id)).Method);
        Assert.Equal(FlowReason.BlockedDestination, (await OutcomeAsync(refused.Id)).Reason);
    }

    [Fact]
    public async Task A_pre_fill_ends_where_its_last_call_left_it()
    {
        await StartAsync();
        var complete = await Server.ReadyToCompleteAsync(PreFillSteps.Milo);
        Assert.Equal(200, (await Server.CompleteAsync(complete)).Status);
        var challenged = await Server.ReadyToCompleteAsync(PreFillSteps.Milo);
        var validated = await Server.ReadyAsync(PreFillSteps.Milo);
        var proven = await Server.BeginPreFillAsync(PreFillSteps.Milo);

        await EndAsync();

        Assert.Equal(
            [FlowEnd.Completed, FlowEnd.RanOutAwaitingComplete, FlowEnd.RanOutAwaitingChallenge, FlowEnd.RanOutProven],
            [
                (await OutcomeAsync(complete)).End, (await OutcomeAsync(challenged)).End, (await OutcomeAsync(validated)).End,
                (await OutcomeAsync(proven.Id)).End,
            ]);
        Assert.Equal(4, await Server.CountAsync("outcomes"));
    }

    [Fact]
    public async Task A_unify_is_bound_or_waited_for()
    {
        await StartAsync();
        var bound = await Server.BeginUnifyAsync("mobile", "2001004014");
        await Server.ProveByCodeAsync(bound);
        var own = await Server.BeginUnifyAsync("none", "2001004014");

        await EndAsync();

        Assert.Equal([FlowEnd.Bound, FlowEnd.RanOutAwaitingOwnCheck], await EndsAsync(bound, own));
        Assert.Equal((PossessionVerdict.Open, 2), ((await OutcomeAsync(own.Id)).Possession, (int)await Server.CountAsync("outcomes")));
    }

    [Fact]
    public async Task What_is_over_has_its_outcome_at_once_and_what_lives_has_none()
    {
        await StartAsync();
        var flow = await Server.BeginAsync("mobile", Number);
        await ProveAsync(flow);

        var before = await FindAsync(flow.Id);
        await Server.AdvanceAsync(TimeSpan.FromMinutes(16));
        var unwritten = await FindAsync(flow.Id);
        await CleanAsync();
        var written = await FindAsync(flow.Id);

        Assert.Null(before);
        Assert.Equal(JsonSerializer.Serialize(unwritten), JsonSerializer.Serialize(written));
    }

    [Fact]
    public async Task An_outcome_goes_after_its_time()
    {
        await StartAsync(("Countersign:History:Retention", "2"));
        var flow = await Server.BeginAsync("mobile", Number);
        await EndAsync();

        await Server.AdvanceAsync(TimeSpan.FromDays(2) - TimeSpan.FromMinutes(2));
        await CleanAsync();
        var inTime = await FindAsync(flow.Id);
        await Server.AdvanceAsync(TimeSpan.FromMinutes(2));
        var late = await FindAsync(flow.Id);
        var left = await Server.CountAsync("outcomes");
        // Where rows go by days, with the day of the flow's beginning.
        await Server.AdvanceAsync(TimeSpan.FromDays(2));
        await CleanAsync();

        Assert.NotNull(inTime);
        Assert.Null(late);
        Assert.Equal((1, 0), (left, await Server.CountAsync("outcomes")));
    }

    [Fact]
    public async Task Without_a_history_a_flow_leaves_nothing()
    {
        await StartAsync(("Countersign:History:Mode", "Off"));
        var flow = await Server.BeginAsync("mobile", Number);

        await Server.AdvanceAsync(TimeSpan.FromMinutes(16));
        var unwritten = await FindAsync(flow.Id);
        await CleanAsync();

        Assert.Null(unwritten);
        Assert.Equal((0, 0), (await Server.CountAsync("flows"), await Server.CountAsync("outcomes")));
    }

    [Fact]
    public async Task A_flow_that_cannot_be_read_goes_an_hour_later_without_an_outcome()
    {
        await StartAsync();
        await Server.BeginAsync("mobile", Number);
        await Server.ExecuteAsync("UPDATE flows SET version = version + 5");
        var flow = await Server.BeginAsync("mobile", Number);

        await EndAsync();
        var (flows, outcomes) = (await Server.CountAsync("flows"), await Server.CountAsync("outcomes"));
        await Server.AdvanceAsync(FlowHistory.Patience);
        await CleanAsync();

        Assert.Equal((1, 1), (flows, outcomes));
        Assert.Equal((0, 1), (await Server.CountAsync("flows"), await Server.CountAsync("outcomes")));
        Assert.NotNull(await FindAsync(flow.Id));
    }

    private async Task StartAsync(params (string Name, string Value)[] settings) =>
        _server = await fixture.StartAsync(settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value));

    private Task<Reply> RefuseAsync() => Server.VerifyAsync(
        """
        {"possessionType":"none","phoneNumber":"2025550199","firstName":"Lori","lastName":"Montgomery","clientRequestId":"order-2"}
        """);

    private async Task<string> ProveAsync(Begun flow)
    {
        var page = await Server.AskForTextAsync(flow);
        var code = (await Server.LastMessageAsync(Number)).Code!;
        await page.Enter(code);
        return code;
    }

    private async Task EnterAsync(Begun flow, string code)
    {
        var page = await Server.AskForTextAsync(flow);
        await page.Enter(code);
    }

    /// <summary>Until every flow's life is over and the clean-up has run.</summary>
    private async Task EndAsync()
    {
        await Server.AdvanceAsync(TimeSpan.FromMinutes(16));
        await CleanAsync();
    }

    private async Task CleanAsync() => await Server.Services.GetRequiredService<FlowUpkeep>().TryCleanAsync(
        async (_, remove) => await remove(256), Now, default);

    private DateTimeOffset Now => Server.Services.GetRequiredService<TimeProvider>().GetUtcNow();

    private Task<Outcome?> FindAsync(string id) =>
        Server.Services.GetRequiredService<FlowHistory>().FindAsync(CorrelationId.Parse(id), Now, default);

    private async Task<Outcome> OutcomeAsync(string id) => Assert.IsType<Outcome>(await FindAsync(id));

    private async Task<List<string>> EndsAsync(params Begun[] flows)
    {
        var ends = new List<string>();
        foreach (var flow in flows)
        {
            ends.Add((await OutcomeAsync(flow.Id)).End);
        }
        return ends;
    }
}

public sealed class HistoryOnSqlite(OnSqlite fixture) : HistoryTests(fixture), IClassFixture<OnSqlite>;

[Trait("tier", "long")]
public sealed class HistoryOnPostgres(OnPostgres fixture) : HistoryTests(fixture), IClassFixture<OnPostgres>;
