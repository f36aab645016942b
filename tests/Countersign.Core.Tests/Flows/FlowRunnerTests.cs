using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Limits;
using Countersign.Core.Money;
using Countersign.Core.Possession;
using Countersign.Core.Tests.Fakes;
using Countersign.Core.Texts;
using Countersign.Core.Unify;
using Countersign.Core.VerifiedUser;

namespace Countersign.Core.Tests.Flows;

public sealed class FlowRunnerTests
{
    private static readonly FlowEvent _one = new(Sample.Now, FlowEventCode.EntryWrong);
    private static readonly FlowEvent _two = new(Sample.Now, FlowEventCode.TextResent);

    private readonly Skipping _machine = new();
    private readonly FlowStage _stage;

    public FlowRunnerTests() => _stage = new FlowStage(machine: _machine);

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_flow_is_known_and_changed_until_its_life_is_over()
    {
        var flow = Keep(Sample.Flow());

        _stage.Clock.Now = flow.ExpiresAt.AddTicks(-1);
        Assert.Equal(flow, await _stage.Runner.FindAsync(flow.Id, Test));
        Assert.NotNull(await ChangeAsync(flow, _one));

        _stage.Clock.Now = flow.ExpiresAt;
        Assert.Null(await _stage.Runner.FindAsync(flow.Id, Test));
        Assert.Null(await ChangeAsync(flow, _two));
        Assert.Equal([_one], _stage.Flows.Kept[flow.Id].Timeline);
    }

    [Fact]
    public async Task A_flow_that_there_never_was_is_neither_known_nor_changed()
    {
        Assert.Null(await _stage.Runner.FindAsync(Sample.Flow().Id, Test));
        Assert.Null(await ChangeAsync(Sample.Flow(), _one));
        Assert.Null(await _stage.Runner.CatchUpAsync(Sample.Flow().Id, Test));
    }

    [Fact]
    public async Task However_a_flow_is_found_it_is_shown_as_it_stands_now()
    {
        var flow = Keep(Sample.Challenged(PossessionMethod.Otp));
        _stage.Clock.Now = Sample.Deadline;

        Flow?[] all =
        [
            await _stage.Runner.FindAsync(flow.Id, Test),
            await _stage.Runner.FindAsync(flow.Id, flow.ProjectId, flow.Product, Test),
            Assert.Single(await _stage.Runner.FindAsync(new FlowSearch.ByNumber(flow.Number), 10, Test)),
        ];

        Assert.All(all, found => Assert.Equal(new PossessionState.Failed(PossessionFailure.Expired), found?.Possession));
        Assert.Equal(flow, _stage.Flows.Kept[flow.Id]);
    }

    [Fact]
    public async Task The_journal_hears_what_is_new()
    {
        var flow = Keep(Sample.Flow().With(_one));

        await ChangeAsync(flow, _two);
        await _stage.Runner.ChangeAsync(flow.Id, (present, _) => present, Test);

        Assert.Equal([_two], _stage.Journal.News);
    }

    [Theory]
    [InlineData(FlowType.Desktop, true)]
    [InlineData(FlowType.Mobile, false)]
    public async Task Other_nodes_hear_of_the_end_where_a_desktop_may_wait_at_them(FlowType type, bool isTold)
    {
        var flow = Keep(Sample.Flow(type));

        await _stage.Runner.ChangeAsync(flow.Id, (present, now) => present.After(new PossessionEvent.GivenUp(), now), Test);

        Assert.Equal([flow.Id], _stage.WakeUps.Signalled);
        Assert.Equal(isTold ? [flow.Id] : [], _stage.WakeUps.SignalledEverywhere);
    }

    [Fact]
    public async Task Who_repeats_the_call_that_ended_a_flow_wakes_those_on_this_node()
    {
        var flow = Keep(Sample.Flow(FlowType.Desktop).After(new PossessionEvent.GivenUp(), Sample.Now));

        Assert.Equal(flow, await _stage.Runner.ChangeAsync(flow.Id, (present, _) => present, Test));

        Assert.Equal([flow.Id], _stage.WakeUps.Signalled);
        Assert.Empty(_stage.WakeUps.SignalledEverywhere);
    }

    [Fact]
    public async Task What_follows_from_a_proof_is_done_once_by_the_call_that_took_it()
    {
        var flow = Keep(Sample.Challenged(PossessionMethod.Otp));

        var done = await _stage.Runner.ChangeAsync(
            flow.Id, (present, now) => present.After(new PossessionEvent.ProofAccepted(), now), Test);

        Assert.Equal(IdentityMatch.Matched, Assert.IsType<VerifiedUserState.Done>(done?.Tail).Identity?.Match);
        Assert.Single(_stage.IdentityQuestions);
    }

    [Fact]
    public async Task A_change_beside_somebody_elses_work_does_none_of_it()
    {
        var flow = Keep(Matching());

        var changed = await ChangeAsync(flow, _one);
        var looked = await _stage.Runner.ChangeAsync(flow.Id, (present, _) => present, Test);

        Assert.Equal(flow.Tail, changed?.Tail);
        Assert.Equal(changed, looked);
        Assert.Empty(_stage.IdentityQuestions);
    }

    [Theory]
    [InlineData("device-key", BindingObstacle.KeyProvesNothing)]
    [InlineData("otp", null)]
    public async Task Where_the_proof_was_a_key_nobody_is_made_behind_the_number(string method, BindingObstacle? obstacle)
    {
        var flow = _stage.BeginUnify(begun => begun with
        {
            Possession = new PossessionState.Succeeded(new PossessionMethod(method)),
            Tail = new UnifyProgress(new UnifyState.Binding(Sample.Now), KeyHolder: Guid.NewGuid()),
        });

        var bound = await _stage.Runner.CatchUpAsync(flow.Id, Test);

        var done = Assert.IsType<UnifyState.Done>(Assert.IsType<UnifyProgress>(bound?.Tail).State);
        Assert.Equal((obstacle, obstacle is null), (done.Obstacle, done.Identity is not null));
    }

    [Fact]
    public async Task A_flow_that_waits_for_somebodys_word_asks_nobody_when_it_begins()
    {
        var flow = Sample.Flow(FlowType.None) with { Tail = new UnifyProgress(new UnifyState.AwaitingOwnCheck()) };

        Assert.Equal(flow, await _stage.Runner.SettleUnstoredAsync(flow, Test));

        Assert.Empty(_stage.IdentityQuestions);
        Assert.Empty(_stage.RiskQuestions);
    }

    [Fact]
    public async Task Who_was_silent_too_long_is_taken_over_from()
    {
        var flow = Keep(Matching());
        Assert.Equal(flow, await _stage.Runner.CatchUpAsync(flow.Id, Test));

        _stage.Clock.Now += VerifiedUserMachine.MatchTime;
        var done = await _stage.Runner.CatchUpAsync(flow.Id, Test);

        Assert.Equal(IdentityMatch.Matched, Assert.IsType<VerifiedUserState.Done>(done?.Tail).Identity?.Match);
        Assert.Single(_stage.IdentityQuestions);
    }

    [Fact]
    public async Task When_a_flow_ends_before_its_answer_nobody_is_asked_any_more()
    {
        var matching = Keep(Matching() with { ExpiresAt = Sample.Now.AddSeconds(5) });
        var binding = _stage.BeginUnify(begun => begun with
        {
            ExpiresAt = Sample.Now.AddSeconds(5),
            Tail = new UnifyProgress(new UnifyState.Binding(Sample.Now.AddSeconds(10))),
        });
        _stage.Clock.Now = Sample.Now.AddSeconds(5);

        var asked = await _stage.Runner.CatchUpAsync(matching.Id, Test);
        var bound = await _stage.Runner.CatchUpAsync(binding.Id, Test);

        Assert.Equal(new VerifiedUserState.Done(IdentityAnswer.SourceDown, PhoneRisk.Unknown), asked?.Tail);
        Assert.Equal(new UnifyProgress(new UnifyState.Done(null)), bound?.Tail);
        Assert.Equal(FlowEventCode.BindingExpired, bound?.Timeline[^1].Code);
        Assert.Empty(_stage.IdentityQuestions);
        Assert.Empty(_stage.RiskQuestions);
    }

    [Fact]
    public async Task A_challenge_that_ends_with_its_flow_is_ended_and_told_all_the_same()
    {
        var flow = Keep(Sample.Challenged(PossessionMethod.Otp) with { ExpiresAt = Sample.Deadline });
        _stage.Clock.Now = Sample.Deadline.AddDays(1);

        await _stage.Runner.CatchUpAsync(flow.Id, Test);

        Assert.Equal(new PossessionState.Failed(PossessionFailure.Expired), _stage.Flows.Kept[flow.Id].Possession);
        Assert.Contains(_stage.Journal.News, fact => fact is { Code: FlowEventCode.PossessionFailed, Reason: FlowReason.Expired });
    }

    [Fact]
    public async Task A_call_that_has_waited_goes_on_from_what_the_one_before_it_saved()
    {
        var flow = Keep(Sample.Flow());
        var held = new TaskCompletionSource();
        var first = ChangeAsync(flow, _one, held.Task);
        var second = ChangeAsync(flow, _two);

        held.SetResult();

        Assert.Equal([_one], (await first)?.Timeline);
        Assert.Equal([_one, _two], (await second)?.Timeline);
        Assert.Equal((1, 2), (_stage.Flows.Reads, _stage.Flows.Kept[flow.Id].Version));
    }

    [Fact]
    public async Task What_was_looked_at_in_vain_is_looked_at_no_more_by_those_who_had_come_by_then()
    {
        var flow = Keep(Sample.Flow());
        var held = new TaskCompletionSource();
        var all = Enumerable.Range(0, 4).Select(_ => _stage.Runner.ChangeAsync(
            flow.Id, async (present, _) =>
            {
                await held.Task;
                return new Decision(present);
            }, Test)).ToArray();

        held.SetResult();

        Assert.All(await Task.WhenAll(all), found => Assert.Equal(flow, found));
        // The first one looked before the others had come; the second looked for all.
        Assert.Equal(2, _stage.Flows.Reads);
    }

    [Fact]
    public async Task Who_asks_an_operator_and_others_do_not_wait_for_each_other()
    {
        var flow = Keep(Sample.Flow());
        var held = new TaskCompletionSource();
        var first = ChangeAsync(flow, _one, held.Task);

        var asking = AskAsync(flow, _two);

        Assert.True(asking.IsCompleted);
        Assert.Equal([_two], (await asking)?.Timeline);
        held.SetResult();
        Assert.Equal([_two, _one], (await first)?.Timeline);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_that_meets_others_again_and_again_gives_up_in_time(bool isSlow)
    {
        var flow = Keep(Sample.Flow());
        LoseThreeTimes();

        await Assert.ThrowsAsync<UnavailableException>(() => isSlow ? AskAsync(flow, _one) : ChangeAsync(flow, _one));

        Assert.Empty(_stage.Flows.Kept[flow.Id].Timeline);
    }

    [Fact]
    public async Task What_follows_from_a_change_that_has_counted_waits_longer()
    {
        var flow = Keep(Sample.Flow());
        LoseThreeTimes();

        var finished = await _stage.Runner.FinishAsync(flow.Id, (present, _) => present.With(_one));

        Assert.Equal([_one], finished?.Timeline);
    }

    [Fact]
    public async Task What_a_proof_has_brought_is_kept_however_many_others_change_the_flow()
    {
        var flow = Keep(Sample.Challenged(PossessionMethod.Otp));
        LoseThreeTimes(saving => saving.Tail is VerifiedUserState.Done);

        var done = await _stage.Runner.ChangeAsync(
            flow.Id, (present, now) => present.After(new PossessionEvent.ProofAccepted(), now), Test);

        Assert.IsType<VerifiedUserState.Done>(done?.Tail);
        Assert.Single(_stage.IdentityQuestions);
    }

    [Theory]
    [InlineData(true, FlowReason.BudgetSpent)]
    [InlineData(false, FlowReason.OptedOut)]
    public async Task What_has_become_of_a_text_is_written_however_many_others_change_its_flow(bool isCapped, string reason)
    {
        var flow = Keep(Sample.Challenged(PossessionMethod.Otp));
        var notice = new OutgoingText(
            Guid.CreateVersion7(Sample.Now), flow.Id, flow.Number, TextKind.DeviceNotice, new Secret("Remembered."), new Secret(""),
            Sample.Now, Sample.Now.AddMinutes(15)) { Project = flow.ProjectId };
        _stage.Texts.Kept.Add(new StoredText(notice, TextFate.Queued(notice)));
        _stage.Gateway.IsStopped = !isCapped;
        if (isCapped)
        {
            _stage.Caps.OfProjects[flow.ProjectId] = new Caps(PerDay: 1, PerMonth: null, "USD");
        }
        LoseThreeTimes();

        await _stage.Runner.CatchUpTextAsync(notice.Id, Test);

        Assert.Equal(reason, Assert.Single(
            _stage.Flows.Kept[flow.Id].Timeline, fact => fact.Code == FlowEventCode.DeviceNoticeUnsent).Reason);
    }

    [Fact]
    public async Task Who_runs_the_server_hears_of_too_many_wrong_codes_of_a_project()
    {
        var stage = new FlowStage(budget: new BudgetOptions { WrongCodesPerProject = 1, WrongCodes = LimitMode.Shadow });
        foreach (var isWrong in new[] { true, false, true })
        {
            var flow = Sample.Flow();
            stage.Flows.Kept[flow.Id] = flow;
            await stage.Runner.ChangeAsync(
                flow.Id, (present, _) => ValueTask.FromResult(new Decision(present.With(_one)) { IsWrongEntry = isWrong }), Test);
        }

        var told = Assert.Single(stage.Journal.WrongCodes);
        Assert.Equal((LimitRule.EntriesOfProject, 1L, LimitMode.Shadow), (told.Reached.Rule, told.Reached.Count, told.Mode));
    }

    [Fact]
    public async Task Who_is_told_that_all_is_done_finds_it_done()
    {
        var flow = Keep(Matching());
        _stage.WakeUps.WhileWaiting.Enqueue(() => { });
        // Another node's signal may be lost: after a while this one looks by itself.
        _stage.WakeUps.WhileWaiting.Enqueue(() => throw new OperationCanceledException());
        _stage.WakeUps.WhileWaiting.Enqueue(() => Keep(Answered(flow)));

        var settled = await _stage.Runner.SettleAsync(flow, Test);

        Assert.Equal(Answered(flow).Tail, settled?.Tail);
        Assert.Empty(_stage.WakeUps.WhileWaiting);
    }

    [Fact]
    public async Task Who_goes_away_waits_no_longer()
    {
        using var leaving = new CancellationTokenSource();
        var flow = Keep(Matching());
        _stage.WakeUps.WhileWaiting.Enqueue(() =>
        {
            leaving.Cancel();
            throw new OperationCanceledException();
        });

        await Assert.ThrowsAsync<OperationCanceledException>(() => _stage.Runner.SettleAsync(flow, leaving.Token));
    }

    [Fact]
    public async Task A_flow_that_ends_while_its_caller_waits_is_told_as_it_was()
    {
        var flow = Keep(Matching());
        _stage.WakeUps.WhileWaiting.Enqueue(_stage.Flows.Kept.Clear);

        var told = await _stage.Runner.ChangeAndSettleAsync(flow, (present, _) => ValueTask.FromResult(new Decision(present)), Test);

        Assert.Equal(flow, told);
    }

    private static Flow Matching() => Sample.Challenged(PossessionMethod.Otp).After(new PossessionEvent.ProofAccepted(), Sample.Now);

    private static Flow Answered(Flow flow) =>
        flow.After(new VerifiedUserEvent.IdentityAnswered(new IdentityAnswer(IdentityMatch.Matched), PhoneRisk.Unknown), Sample.Now);

    private Flow Keep(Flow flow) => _stage.Flows.Kept[flow.Id] = flow;

    /// <summary>Adds a fact, once a decision may be made.</summary>
    private Task<Flow?> ChangeAsync(Flow flow, FlowEvent fact, Task? decides = null) => _stage.Runner.ChangeAsync(
        flow.Id, async (present, _) =>
        {
            await (decides ?? Task.CompletedTask);
            return new Decision(present.With(fact));
        }, Test);

    /// <summary>The same by asking an operator.</summary>
    private Task<Flow?> AskAsync(Flow flow, FlowEvent fact) =>
        _stage.Runner.ChangeByAskingAsync(flow.Id, (present, _) => ValueTask.FromResult(new Decision(present.With(fact))), Test);

    /// <summary>Another node is first, three times, and each time it takes three seconds to notice.</summary>
    private void LoseThreeTimes(Predicate<Flow>? loses = null)
    {
        var times = 3;
        _stage.Flows.BeforeSave = flow =>
        {
            if (loses?.Invoke(flow) != false && times-- > 0)
            {
                _machine.Skipped += TimeSpan.FromSeconds(3);
                _stage.Flows.Kept[flow.Id] = _stage.Flows.Kept[flow.Id] with { Version = flow.Version + 1 };
            }
        };
    }

    /// <summary>The machine's time, of which some may be skipped.</summary>
    private sealed class Skipping : TimeProvider
    {
        public TimeSpan Skipped { get; set; }

        public override long GetTimestamp() => base.GetTimestamp() + (long)(Skipped.TotalSeconds * TimestampFrequency);
    }
}
