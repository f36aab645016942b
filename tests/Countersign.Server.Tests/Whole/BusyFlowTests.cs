using System.Text.Json.Nodes;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Possession.MobileAuth;
using Countersign.Core.Texts;
using Countersign.Server.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Server.Tests.Whole;

/// <summary>Many calls on one flow wait for each other, and none of them for long.</summary>
public abstract class BusyFlowTests(ServerFixture fixture)
{
    private const int Many = 200;
    private const string Number = "2001009002";

    [Theory]
    [InlineData("mobile/otp/start", "{}")]
    [InlineData("mobile/otp/finish", """{"otp":"0000"}""")]
    [InlineData("mobile/otp/finish", """{"otp":"1234"}""")]
    [InlineData("mobile/otp/error", """{"message":"x"}""")]
    public async Task Of_many_parallel_calls_of_a_page_none_is_refused_and_no_save_is_in_vain(string step, string body)
    {
        var saves = new CountedSaves();
        await using var server = await fixture.StartAsync(substitute: saves.Into);
        var flow = await server.BeginAsync("mobile", Number, new JsonObject { ["allowOTPRetry"] = true });
        var page = server.Browser(flow.AuthToken!);
        await page.Post("mobile/otp/start");

        var replies = await AtOnceAsync(() => page.SendAsync(step, body));

        Assert.All(replies, reply => Assert.Equal(200, reply.Status));
        Assert.Equal(0, saves.InVain);
        Assert.Equal(0, server.Services.GetRequiredService<FlowGates>().Count);
    }

    [Fact]
    public async Task Of_many_parallel_calls_on_a_link_a_unify_and_a_pre_fill_flow_no_save_is_in_vain()
    {
        var saves = new CountedSaves();
        await using var server = await fixture.StartAsync(substitute: saves.Into);
        var desktop = await server.BeginAsync("desktop", Number);
        await server.Browser(desktop.AuthToken!).Post("mobile/instantlink/start");
        var link = (await server.LastMessageAsync(Number)).Link!;
        var unify = await server.BeginUnifyAsync("none", "2001009302");
        var preFill = await server.ReadyAsync(PreFillSteps.Milo);

        var confirmed = await AtOnceAsync(() => server.ConfirmLinkAsync(link));
        var bound = await AtOnceAsync(() => server.UnifyBindAsync(unify.Id, "2001009302"));
        var validated = await AtOnceAsync(() => server.ValidateAsync(preFill));
        var challenged = await AtOnceAsync(() => server.ChallengeAsync(preFill, new() { ["dob"] = "1990-01-01" }));

        Assert.Single(confirmed, reply => reply.Status == 303);
        Assert.All(confirmed.Concat(bound).Concat(validated).Concat(challenged), reply => Assert.InRange(reply.Status, 200, 499));
        Assert.Equal(0, saves.InVain);
    }

    [Fact]
    public async Task A_call_waits_five_seconds_for_others_on_its_flow_and_is_then_told_to_come_again()
    {
        var time = new FakeTimeProvider();
        var gates = new FlowGates(time);
        await using var server = await fixture.StartAsync(substitute: builder => builder.Services.AddSingleton(gates));
        var flow = await server.BeginAsync("mobile", Number);
        var page = server.Browser(flow.AuthToken!);
        await page.Post("mobile/otp/start");
        using var held = await gates.EnterAsync(
            CorrelationId.Parse(flow.Id), gates.Turns.Begin(Turns.CallTimeout), TestContext.Current.CancellationToken);

        var waiting = page.SendAsync("mobile/otp/finish", """{"otp":"1234"}""");
        await AdvanceUntilAsync(time, waiting);

        var reply = await waiting;
        Assert.Equal("503 8000 not available at the moment, try again later", reply.Fault);
        Assert.Equal("1", reply.Header("Retry-After"));
        Assert.Equal("*", reply.Header("Access-Control-Allow-Origin"));
        Assert.Equal("pending pending pending", (await server.StatusAsync(flow.Id)).Outcome);
    }

    [Fact]
    public async Task A_call_that_other_nodes_are_always_faster_than_gives_up()
    {
        var time = new FakeTimeProvider();
        var saves = new CountedSaves();
        await using var server = await fixture.StartAsync(substitute: builder =>
        {
            saves.Into(builder);
            builder.Services.AddSingleton(new FlowGates(time));
        });
        var flow = await server.BeginAsync("mobile", Number);
        var page = server.Browser(flow.AuthToken!);
        await page.Post("mobile/otp/start");
        saves.OthersAreFirst = true;

        var trying = page.SendAsync("mobile/otp/finish", """{"otp":"1234"}""");
        await AdvanceUntilAsync(time, trying);

        Assert.Equal("503 8000 not available at the moment, try again later", (await trying).Fault);
        Assert.True(saves.InVain > 0);
        saves.OthersAreFirst = false;
        await page.Enter("1234");
        Assert.Equal("true success success", (await server.StatusAsync(flow.Id)).Outcome);
    }

    [Fact]
    public async Task A_slow_operator_does_not_keep_the_pages_other_calls_waiting()
    {
        var network = new SlowNetwork();
        await using var server = await fixture.StartAsync(substitute: builder => builder.Services.AddSingleton<INumberVerifier>(network));
        var flow = await server.BeginAsync("mobile", Number);
        var page = server.Browser(flow.AuthToken!);
        await page.Post("mobile/instant/start");

        var finishing = page.SendAsync("mobile/instant/finish", $$"""{"vfp":"{{network.Proof}}"}""");
        await network.Asked;
        var start = await page.Post("mobile/otp/start");
        network.Answer();

        Assert.Equal("""{"next":""}""", start.ToJsonString());
        Assert.Equal(200, (await finishing).Status);
        await page.Enter("1234");
        Assert.Equal("true success success", (await server.StatusAsync(flow.Id)).Outcome);
    }

    [Fact]
    public async Task What_an_operator_takes_is_not_taken_from_the_time_that_a_call_waits_for_others()
    {
        var (time, saves, network) = (new ShiftedTime(), new CountedSaves(), new SlowNetwork());
        await using var server = await fixture.StartAsync(substitute: builder =>
        {
            saves.Into(builder);
            builder.Services.AddSingleton(new FlowGates(time)).AddSingleton<INumberVerifier>(network);
        });
        var flow = await server.BeginAsync("mobile", Number);
        var page = server.Browser(flow.AuthToken!);
        await page.Post("mobile/instant/start");

        var finishing = page.SendAsync("mobile/instant/finish", $$"""{"vfp":"{{network.Proof}}"}""");
        await network.Asked;
        time.Shift = 2 * Turns.CallTimeout;
        saves.ToLose = 2;
        network.Answer();

        Assert.Equal((200, """{"next":"done"}"""), ((await finishing).Status, (await finishing).Body));
        Assert.Equal(2, saves.InVain);
        Assert.Equal("true success success", (await server.StatusAsync(flow.Id)).Outcome);
    }

    // The call reaches its timer when it does: time goes on until then.
    private static async Task AdvanceUntilAsync(FakeTimeProvider time, Task done)
    {
        while (!done.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
    }

    private static async Task<Reply[]> AtOnceAsync(Func<Task<Reply>> call)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var calls = Enumerable.Range(0, Many).Select(async _ =>
        {
            await start.Task;
            return await call();
        }).ToArray();
        start.SetResult();
        return await Task.WhenAll(calls);
    }

    /// <summary>Counts saves that were refused because others were first.</summary>
    private sealed class CountedSaves
    {
        private int _inVain;

        public int InVain => Volatile.Read(ref _inVain);

        public bool OthersAreFirst { get; set; }

        /// <summary>For how many saves others are first.</summary>
        public int ToLose { get; set; }

        public void Into(WebApplicationBuilder builder)
        {
            var store = builder.Services.Last(service => service.ServiceType == typeof(IFlowStore));
            builder.Services.AddSingleton<IFlowStore>(services => new Store((IFlowStore)store.ImplementationFactory!(services), this));
        }

        private sealed class Store(IFlowStore inner, CountedSaves saves) : IFlowStore
        {
            public Task AddAsync(Flow flow, CancellationToken cancellationToken) => inner.AddAsync(flow, cancellationToken);

            public Task<Remembered?> AddAsync(Flow flow, KeyedAnswer answer, CancellationToken cancellationToken) =>
                inner.AddAsync(flow, answer, cancellationToken);

            public Task<Flow?> FindAsync(CorrelationId id, CancellationToken cancellationToken) => inner.FindAsync(id, cancellationToken);

            public Task<Flow?> FindAsync(
                CorrelationId id, ProjectId projectId, Product product, DateTimeOffset now, CancellationToken cancellationToken) =>
                inner.FindAsync(id, projectId, product, now, cancellationToken);

            public Task<Flow?> FindByLinkAsync(SecretHash link, CancellationToken cancellationToken) =>
                inner.FindByLinkAsync(link, cancellationToken);

            public Task<IReadOnlyList<Flow>> FindAsync(
                FlowSearch search, DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
                inner.FindAsync(search, now, limit, cancellationToken);

            public async Task<bool> TrySaveAsync(Decision decision, CancellationToken cancellationToken)
            {
                var isSaved = !saves.OthersAreFirst && saves.ToLose-- <= 0 && await inner.TrySaveAsync(decision, cancellationToken);
                if (!isSaved)
                {
                    Interlocked.Increment(ref saves._inVain);
                }
                return isSaved;
            }

            public Task<IReadOnlyList<CorrelationId>> FindDueAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
                inner.FindDueAsync(now, limit, cancellationToken);

            public Task<int> RemoveExpiredAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
                inner.RemoveExpiredAsync(before, limit, cancellationToken);
        }
    }

    /// <summary>The system's, with a timer that may be put forward.</summary>
    private sealed class ShiftedTime : TimeProvider
    {
        public TimeSpan Shift { get; set; }

        public override long GetTimestamp() => System.GetTimestamp() + (long)(Shift.TotalSeconds * TimestampFrequency);
    }

    /// <summary>A mobile network that answers when the test says so.</summary>
    private sealed class SlowNetwork : INumberVerifier
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Proof { get; private set; } = "";

        public Task Asked => _asked.Task;

        public bool MayVerify(PhoneNumber number) => true;

        public void Answer() => _answer.SetResult();

        public Task<NumberCheck> BeginAsync(Flow flow, Secret proof, BrowserConnection browser, CancellationToken cancellationToken)
        {
            Proof = proof.Reveal();
            return Task.FromResult<NumberCheck>(new NumberCheck.Open("https://network.example/check"));
        }

        public Secret? ReadProof(Flow flow, Secret returned) => returned;

        public async Task<NumberAnswer> CompleteAsync(Flow flow, Secret returned, CancellationToken cancellationToken)
        {
            _asked.TrySetResult();
            await _answer.Task.WaitAsync(cancellationToken);
            return new NumberAnswer.SameNumber();
        }
    }
}

public sealed class BusyFlowsOnSqlite(OnSqlite fixture) : BusyFlowTests(fixture), IClassFixture<OnSqlite>;

public sealed class BusyFlowsOnPostgres(OnPostgres fixture) : BusyFlowTests(fixture), IClassFixture<OnPostgres>;
