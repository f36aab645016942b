using Countersign.Core;
using Countersign.Core.Limits;
using Countersign.Core.Money;
using Countersign.Core.Texts;
using Countersign.Server.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using static Countersign.Core.Texts.SmsResult;

namespace Countersign.Server.Tests.Whole.Texts;

/// <summary>What becomes of a text whose process dies at the worst moment.</summary>
public abstract class TextCrashTests(ServerFixture fixture)
{
    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("attack", "O01")]
    public async Task A_text_whose_process_died_before_a_gateway_was_asked_is_sent_within_five_seconds()
    {
        var stage = new TextStage(reportsHandover: false);
        await using var server = await stage.StartAsync(fixture);
        var flow = await DieBeforeSendingAsync(stage);

        await stage.AdvanceAsync(5);

        Assert.Single(stage.Alpha.Submissions);
        Assert.Equal(TextState.Sent, await stage.StateOfAsync(flow));
        Assert.Contains(server.Logs.All, line =>
            line.Text.Contains("was left Queued by its process and is taken up", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_text_whose_process_died_before_a_gateway_was_asked_is_not_sent_when_its_life_is_almost_over()
    {
        var stage = new TextStage();
        await using var server = await stage.StartAsync(fixture);
        var flow = await DieBeforeSendingAsync(stage);

        await stage.AdvanceAsync(101);

        Assert.Empty(stage.Alpha.Submissions);
        Assert.Equal(TextState.Expired, await stage.StateOfAsync(flow));
        Assert.Equal("false failed failed", await stage.OutcomeAsync(flow));
        Assert.Contains("possession failed: no text could be sent (too little time left)", await stage.TimelineAsync(flow));
    }

    [Fact]
    public async Task A_text_whose_process_died_while_a_gateway_was_asked_waits_ten_seconds_and_goes_once_to_the_next()
    {
        var stage = new TextStage();
        await using var server = await stage.StartAsync(fixture);
        var flow = await DieWhileSendingAsync(stage);

        await stage.AdvanceAsync(10);
        Assert.Equal(TextState.Unknown, await stage.StateOfAsync(flow));
        await stage.AdvanceAsync(9.9);
        Assert.Empty(stage.Beta.Submissions);
        await stage.AdvanceAsync(0.1);
        await stage.ReceiveAsync(stage.Beta, ReceiptState.Enroute);
        await stage.AdvanceAsync(60);

        Assert.Equal((1, 1), (stage.Alpha.Submissions.Count, stage.Beta.Submissions.Count));
        Assert.Equal(stage.Alpha.Submissions[0].Text.Proof, stage.Beta.Submissions[0].Text.Proof);
        Assert.Equal(["alpha did not answer", "beta has taken the text"], (await stage.TimelineAsync(flow)).TakeLast(2));
    }

    [Fact]
    public async Task A_text_whose_process_died_while_a_gateway_was_asked_goes_nowhere_when_a_receipt_comes()
    {
        var stage = new TextStage();
        await using var server = await stage.StartAsync(fixture);
        var flow = await DieWhileSendingAsync(stage);

        await stage.AdvanceAsync(10);
        await stage.ReceiveAsync(stage.Alpha, ReceiptState.Delivered);
        await stage.AdvanceAsync(60);

        Assert.Empty(stage.Beta.Submissions);
        Assert.Equal(TextState.Delivered, await stage.StateOfAsync(flow));
    }

    [Fact]
    [Trait("attack", "O01")]
    public async Task A_text_whose_process_died_while_its_only_gateway_was_asked_is_never_handed_to_it_again()
    {
        var stage = new TextStage();
        await using var server = await stage.StartAsync(fixture, "alpha");
        var flow = await DieWhileSendingAsync(stage);

        await stage.AdvanceAsync(10);
        await stage.AdvanceAsync(10);
        Assert.Equal("nobody knows whether the text was sent: alpha did not answer", (await stage.TimelineAsync(flow))[^1]);
        await stage.AdvanceAsync(100);

        Assert.Single(stage.Alpha.Submissions);
        Assert.Equal("false failed failed", await stage.OutcomeAsync(flow));
        Assert.Contains("possession failed: time is over", await stage.TimelineAsync(flow));
    }

    [Fact]
    public async Task What_a_process_could_not_tell_before_it_died_is_told_by_the_next()
    {
        var stage = new TextStage();
        await using var server = await stage.StartAsync(fixture, "alpha");
        stage.Alpha.Answers(new SmsResult.Unknown());
        var (flow, _) = await stage.SendCodeAsync();
        var id = (await stage.TextOfAsync(flow)).Text.Id;
        var dispatcher = server.Services.GetRequiredService<TextDispatcher>();
        var token = stage.Alpha.Submissions[0].ReceiptToken;

        await Assert.ThrowsAsync<IOException>(() =>
            dispatcher.ReceiveAsync(token, GatewayName.Parse("alpha"), ReceiptState.Undelivered, "027", new DyingOwner(),
                TestContext.Current.CancellationToken));
        Assert.Equal((id, TextState.Unknown), ((await stage.TextOfAsync(flow)).Text.Id, await stage.StateOfAsync(flow)));
        await stage.ReceiveAsync(stage.Alpha, ReceiptState.Undelivered, "027");

        Assert.Contains("alpha could not deliver the text (027)", await stage.TimelineAsync(flow));
    }

    [Fact]
    public async Task A_receipt_that_others_are_always_faster_than_is_refused_and_counts_when_it_comes_again()
    {
        var stage = new TextStage();
        await using var server = await stage.StartAsync(fixture);
        var (flow, _) = await stage.SendCodeAsync();
        var texts = new BeatenTexts(server.Services.GetRequiredService<ITextStore>());
        var dispatcher = ActivatorUtilities.CreateInstance<TextDispatcher>(server.Services, texts, new Turns(new HurriedTime()));

        await Assert.ThrowsAsync<UnavailableException>(() => dispatcher.ReceiveAsync(
            stage.Alpha.Submissions[0].ReceiptToken, GatewayName.Parse("alpha"), ReceiptState.Delivered, null, new SilentOwner(), Test));

        Assert.True(texts.Saves > 1);
        Assert.Equal(TextState.Sent, await stage.StateOfAsync(flow));
        await stage.ReceiveAsync(stage.Alpha, ReceiptState.Delivered);
        Assert.Equal(TextState.Delivered, await stage.StateOfAsync(flow));
    }

    /// <summary>Moves by what is waited for, and at once.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _ticks);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Add(ref _ticks, dueTime.Ticks);
            ThreadPool.QueueUserWorkItem(_ => callback(state));
            return new Over();
        }

        private sealed class Over : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => false;

            public void Dispose() { }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }

    /// <summary>Another node is always first.</summary>
    private sealed class BeatenTexts(ITextStore inner) : ITextStore
    {
        public int Saves { get; private set; }

        public Task<StoredText?> FindAsync(Guid id, CancellationToken cancellationToken) => inner.FindAsync(id, cancellationToken);

        public Task<StoredText?> FindLastAsync(CorrelationId flow, CancellationToken cancellationToken) =>
            inner.FindLastAsync(flow, cancellationToken);

        public Task<IReadOnlyList<StoredText>> ListAsync(CorrelationId flow, CancellationToken cancellationToken) =>
            inner.ListAsync(flow, cancellationToken);

        public Task<IReadOnlyList<StoredText>> ListAsync(PhoneNumber to, CancellationToken cancellationToken) =>
            inner.ListAsync(to, cancellationToken);

        public Task<IReadOnlyList<Guid>> FindDueAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
            inner.FindDueAsync(now, limit, cancellationToken);

        public Task<bool> TrySaveAsync(StoredText text, CancellationToken cancellationToken) => ++Saves < 10_000
            ? Task.FromResult(false)
            : throw new InvalidOperationException("It never gives up.");

        public Task<ClaimOutcome> TryClaimAsync(StoredText text, SpendingCharge charge, CancellationToken cancellationToken) =>
            inner.TryClaimAsync(text, charge, cancellationToken);

        public Task<bool> TrySaveAsync(StoredText text, SpendingCharge back, CancellationToken cancellationToken) =>
            TrySaveAsync(text, cancellationToken);

        public Task<int> RemoveAsync(DateTimeOffset createdBefore, int limit, CancellationToken cancellationToken) =>
            inner.RemoveAsync(createdBefore, limit, cancellationToken);
    }

    /// <summary>Wants the text, and keeps nothing of what it is told.</summary>
    private sealed class SilentOwner : ITextOwner
    {
        public Task<bool> WantsAsync(OutgoingText text, CancellationToken cancellationToken) => Task.FromResult(true);

        public Task TellAsync(
            OutgoingText text, IReadOnlyList<FlowEvent> news, string? unavailable, bool isUndelivered,
            CancellationToken cancellationToken) =>
            Task.CompletedTask;

        public Task TellAsync(OutgoingText text, IReadOnlyList<FlowEvent> news, Reached reached) => Task.CompletedTask;
    }

    /// <summary>The process dies before the flow is told anything.</summary>
    private sealed class DyingOwner : ITextOwner
    {
        public Task<bool> WantsAsync(OutgoingText text, CancellationToken cancellationToken) => Task.FromResult(true);

        public Task TellAsync(
            OutgoingText text, IReadOnlyList<FlowEvent> news, string? unavailable, bool isUndelivered,
            CancellationToken cancellationToken) =>
            throw new IOException("The process dies here.");

        public Task TellAsync(OutgoingText text, IReadOnlyList<FlowEvent> news, Reached reached) =>
            throw new IOException("The process dies here.");
    }

    [Fact]
    public async Task A_node_sends_what_the_node_beside_it_has_left()
    {
        var stage = new TextStage(reportsHandover: false);
        await using var server = await stage.StartAsync(fixture);
        var (flow, page) = await stage.BeginAsync();
        stage.Suppressions.Gate = new TaskCompletionSource();
        _ = page.SendAsync("mobile/otp/start");
        await stage.Suppressions.Asked.Task.WaitAsync(Test);
        var gate = stage.Suppressions.Gate;
        stage.Suppressions.Gate = null;
        await using var second = await server.StartSecondNodeAsync();

        // The first is not dead: it only took its time, and finds that somebody was first.
        await second.AdvanceAsync(TimeSpan.FromSeconds(5));
        gate.SetResult();
        await stage.AdvanceAsync(60);

        Assert.Single(stage.Alpha.Submissions);
        Assert.Empty(stage.Beta.Submissions);
        Assert.Equal(TextState.Sent, await stage.StateOfAsync(flow));
    }

    /// <summary>The text is stored and no gateway is named yet.</summary>
    private static async Task<string> DieBeforeSendingAsync(TextStage stage)
    {
        var (flow, page) = await stage.BeginAsync();
        stage.Suppressions.Gate = new TaskCompletionSource();
        var asked = page.SendAsync("mobile/otp/start");
        await stage.Suppressions.Asked.Task.WaitAsync(Test);
        stage.Suppressions.Gate = null;
        await DieAsync(stage, asked);
        Assert.Equal(TextState.Queued, await stage.StateOfAsync(flow));
        return flow;
    }

    /// <summary>The gateway is named, has the text, and nobody hears its answer.</summary>
    private static async Task<string> DieWhileSendingAsync(TextStage stage)
    {
        var (flow, page) = await stage.BeginAsync();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        stage.Alpha.Answer = (_, _) =>
        {
            entered.TrySetResult();
            return new TaskCompletionSource<SmsResult>().Task;
        };
        var asked = page.SendAsync("mobile/otp/start");
        await entered.Task.WaitAsync(Test);
        await DieAsync(stage, asked);
        stage.Alpha.Answers(new Accepted());
        Assert.Equal(TextState.Sending, await stage.StateOfAsync(flow));
        return flow;
    }

    private static async Task DieAsync(TextStage stage, Task<Reply> asked)
    {
        await stage.CrashAsync();
        // Whoever asked hears nothing.
        await Assert.ThrowsAnyAsync<Exception>(() => asked);
    }
}

public sealed class TextCrashOnSqlite(OnSqlite fixture) : TextCrashTests(fixture), IClassFixture<OnSqlite>;

public sealed class TextCrashOnPostgres(OnPostgres fixture) : TextCrashTests(fixture), IClassFixture<OnPostgres>;
