using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.Limits;
using Countersign.Core.Numbers;
using Countersign.Core.Possession;
using Countersign.Core.Tests.Fakes;

namespace Countersign.Core.Tests.History;

public sealed class CallHistoryTests
{
    private static readonly LimitReached _limit = new("line.texts.hour", 6, 6, TimeSpan.FromHours(1), Sample.Now.AddHours(1));
    private readonly MemoryHistory _history = new();

    public static TheoryData<Admission, string> Refusals => new()
    {
        { new Admission.Refused("no such line"), FlowEnd.RefusedNumber },
        { new Admission.UnknownTestUser(), FlowEnd.RefusedUnknownTestUser },
        { new Admission.OtherProduct(), FlowEnd.RefusedOtherProduct },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_number_that_may_not_be_used_leaves_an_outcome_that_says_why(Admission why, string end)
    {
        _history.Calls.Add(Call() with { Admission = why });

        var outcome = Assert.Single(await _history.WrittenAsync());

        Assert.Equal(
            (end, null, Product.Unify, FlowType.Mobile, PossessionVerdict.NotAsked),
            (outcome.End, outcome.Reason, outcome.Product, outcome.Type, outcome.Possession));
        Assert.Equal((Sample.Now, Sample.Now), (outcome.BegunAt, outcome.EndedAt));
    }

    [Fact]
    public async Task A_limit_leaves_its_rule()
    {
        _history.Calls.Add(Call() with { Reached = _limit, ClientRequestId = "request", ClientCustomerId = "customer" });

        var outcome = Assert.Single(await _history.WrittenAsync());

        Assert.Equal((FlowEnd.RefusedLimit, "line.texts.hour"), (outcome.End, outcome.Reason));
        Assert.Equal(("request", "customer", "+1202555"), (outcome.ClientRequestId, outcome.ClientCustomerId, outcome.Prefix));
        Assert.Equal(await _history.FindAsync(PhoneNumber.Parse("+12025550142"), TestContext.Current.CancellationToken), outcome.Line);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("not a number")]
    public async Task What_is_no_number_has_neither_prefix_nor_line(string? number)
    {
        _history.Calls.Add(Call(number) with { Admission = new Admission.Refused("no such line") });

        var outcome = Assert.Single(await _history.WrittenAsync());

        Assert.Equal(("", null, null), (outcome.Prefix, outcome.Country, outcome.Line));
    }

    [Fact]
    public async Task What_cannot_be_written_is_written_the_next_time_and_once()
    {
        for (var i = 0; i < 100; i++)
        {
            _history.Calls.Add(Call() with { Reached = _limit });
        }
        _history.Failing = 1;

        var first = await FlushAsync();

        Assert.IsType<IOException>(first.Failure);
        Assert.Empty(_history.Kept);

        Assert.Equal(100, (await _history.WrittenAsync()).Select(outcome => outcome.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_flood_is_bounded_and_counted()
    {
        for (var i = 0; i < CallHistory.MaxWaiting + 7; i++)
        {
            _history.Calls.Add(Call() with { Reached = _limit });
        }

        Assert.Equal(new FlushedCalls(7, null), await FlushAsync());
        Assert.Equal(new FlushedCalls(0, null), await FlushAsync());
        Assert.Equal(CallHistory.MaxWaiting, _history.Kept.Count);
    }

    [Fact]
    public async Task How_many_were_dropped_is_told_while_the_store_is_away()
    {
        for (var i = 0; i < CallHistory.MaxWaiting + 7; i++)
        {
            _history.Calls.Add(Call() with { Reached = _limit });
        }
        _history.Failing = 1;

        var (dropped, failure) = await FlushAsync();

        Assert.Equal(7, dropped);
        Assert.IsType<IOException>(failure);
    }

    [Fact]
    public async Task A_flush_ends_although_more_comes_with_each_write()
    {
        _history.Meanwhile = () => _history.Calls.Add(Call() with { Reached = _limit });
        for (var i = 0; i < 65; i++)
        {
            _history.Calls.Add(Call() with { Reached = _limit });
        }

        await FlushAsync();

        Assert.Equal([64, 1], _history.Writes);
    }

    [Fact]
    public async Task A_flush_that_is_given_up_behind_another_write_loses_nothing()
    {
        using var stop = new CancellationTokenSource();
        var write = _history.HoldNext();
        var telling = _history.Calls.AddAsync(Answered());
        await write.Begun.Task;
        _history.Calls.Add(Call() with { Reached = _limit });
        var flush = _history.Calls.FlushAsync(stop.Token);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => flush);
        write.End.SetResult();
        await telling;

        Assert.Equal(2, (await _history.WrittenAsync()).Count);
        Assert.Equal([1, 1], _history.Writes);
    }

    [Fact]
    public async Task A_write_that_has_begun_is_finished_when_the_server_stops()
    {
        using var stop = new CancellationTokenSource();
        var write = _history.HoldNext();
        _history.Calls.Add(Call() with { Reached = _limit });
        var flush = _history.Calls.FlushAsync(stop.Token);
        await write.Begun.Task;

        await stop.CancelAsync();
        write.End.SetResult();
        await flush;

        Assert.Single(_history.Kept);
    }

    [Fact]
    public async Task The_last_flush_waits_for_what_another_is_writing()
    {
        var write = _history.HoldNext();
        var telling = _history.Calls.AddAsync(Answered());
        await write.Begun.Task;

        var flush = FlushAsync();
        Assert.False(flush.IsCompleted);
        _history.Failing = 1;
        write.End.SetResult();
        await Task.WhenAll(telling, flush);

        Assert.Single(_history.Kept);
    }

    [Fact]
    public async Task What_was_answered_is_told_when_its_outcome_is_stored()
    {
        var write = _history.HoldNext();
        var call = Answered();

        var telling = _history.Calls.AddAsync(call);

        await write.Begun.Task;
        Assert.False(telling.IsCompleted);
        write.End.SetResult();
        await telling;
        Assert.Equal(call.Id, Assert.Single(_history.Kept).Id);
    }

    [Fact]
    public async Task Answers_that_come_during_a_write_share_the_next_and_each_is_told_with_its_own()
    {
        var (first, second) = (_history.HoldNext(), _history.HoldNext());
        var telling = await TellManyAsync(first);

        first.End.SetResult();
        await second.Begun.Task;
        await telling[0];
        Assert.DoesNotContain(telling[1..], one => one.IsCompleted);
        var third = _history.HoldNext();
        second.End.SetResult();
        await third.Begun.Task;
        await Task.WhenAll(telling[1..65]);
        Assert.DoesNotContain(telling[65..], one => one.IsCompleted);
        third.End.SetResult();
        await Task.WhenAll(telling);

        Assert.Equal([1, 64, 35], _history.Writes);
        Assert.Equal(100, _history.Kept.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_store_that_is_away_fails_no_answer_and_has_its_outcome_later(int failing)
    {
        _history.Failing = failing;
        var write = _history.HoldNext();
        var telling = await TellManyAsync(write);

        write.End.SetResult();
        await Task.WhenAll(telling);

        Assert.Equal(100, (await _history.WrittenAsync()).Select(outcome => outcome.Id).Distinct().Count());
    }

    [Fact]
    public async Task Why_an_answer_was_not_stored_before_it_was_given_is_told_once()
    {
        _history.Failing = 2;
        await _history.Calls.AddAsync(Answered());
        await _history.Calls.AddAsync(Answered());

        var (first, second) = (await FlushAsync(), await FlushAsync());

        Assert.IsType<IOException>(first.Failure);
        Assert.Null(second.Failure);
        Assert.Equal(2, _history.Kept.Count);
    }

    [Fact]
    public async Task A_store_that_hangs_is_not_waited_for_longer_than_any()
    {
        var write = _history.HoldNext();
        Task[] telling = [_history.Calls.AddAsync(Answered()), _history.Calls.AddAsync(Answered())];
        await write.Begun.Task;

        _history.Machine.Advance(Turns.CallTimeout - TimeSpan.FromMilliseconds(1));
        Assert.DoesNotContain(telling, one => one.IsCompleted);
        _history.Machine.Advance(TimeSpan.FromMilliseconds(1));
        await Task.WhenAll(telling);

        Assert.Empty(_history.Kept);
        write.End.SetResult();
        Assert.Equal(2, (await _history.WrittenAsync()).Count);
    }

    [Fact]
    public async Task While_a_write_takes_long_and_after_one_that_did_no_answer_waits()
    {
        var (slow, next) = (_history.HoldNext(), _history.HoldNext());
        var first = _history.Calls.AddAsync(Answered());
        await slow.Begun.Task;
        _history.Machine.Advance(CallHistory.Patience);

        await _history.Calls.AddAsync(Answered());
        Assert.False(first.IsCompleted);
        slow.End.SetResult();
        await first;
        await next.Begun.Task;
        await _history.Calls.AddAsync(Answered());

        Assert.Single(_history.Kept);
        next.End.SetResult();
        Assert.Equal(3, (await _history.WrittenAsync()).Count);
    }

    [Fact]
    public async Task After_a_write_that_was_quick_again_answers_wait_again()
    {
        var slow = _history.HoldNext();
        var first = _history.Calls.AddAsync(Answered());
        await slow.Begun.Task;
        _history.Machine.Advance(CallHistory.Patience);
        slow.End.SetResult();
        await first;
        await _history.Calls.AddAsync(Answered());
        await FlushAsync();
        var quick = _history.HoldNext();

        var telling = _history.Calls.AddAsync(Answered());

        await quick.Begun.Task;
        Assert.False(telling.IsCompleted);
        quick.End.SetResult();
        await telling;
        Assert.Equal(3, _history.Kept.Count);
    }

    [Fact]
    public async Task A_flood_of_refused_calls_takes_no_place_of_an_answered_one()
    {
        for (var i = 0; i < CallHistory.MaxWaiting; i++)
        {
            _history.Calls.Add(Call() with { Reached = _limit });
        }

        await _history.Calls.AddAsync(Answered());

        Assert.Equal(FlowEnd.Answered, Assert.Single(_history.Kept).End);
    }

    [Fact]
    public async Task Answers_that_wait_for_a_store_are_bounded_and_counted()
    {
        const int Max = 2 * CallHistory.MaxWaiting;
        var write = _history.HoldNext();

        var telling = await TellManyAsync(write, 1 + Max + 7);

        Assert.Equal(7, telling.Count(one => one.IsCompleted));
        write.End.SetResult();
        await Task.WhenAll(telling);
        Assert.Equal(7, (await FlushAsync()).Dropped);
        Assert.Equal(1 + Max, _history.Kept.Count);
    }

    [Fact]
    public async Task Where_history_is_off_nothing_is_kept()
    {
        _history.Options.Mode = HistoryMode.Off;

        _history.Calls.Add(Call() with { Reached = _limit });
        await _history.Calls.AddAsync(Answered());

        Assert.Empty(await _history.WrittenAsync());
    }

    [Fact]
    public void Neither_call_prints_its_number()
    {
        Assert.DoesNotContain("555", $"{Call()}", StringComparison.Ordinal);
        Assert.DoesNotContain("5550142", $"{Answered()}", StringComparison.Ordinal);
    }

    private Task<FlushedCalls> FlushAsync() => _history.Calls.FlushAsync(TestContext.Current.CancellationToken);

    /// <summary>One that is being written, and the others while it is.</summary>
    private async Task<Task[]> TellManyAsync(HeldWrite first, int count = 100)
    {
        var one = _history.Calls.AddAsync(Answered());
        await first.Begun.Task;
        return [one, .. Enumerable.Range(1, count - 1).Select(_ => _history.Calls.AddAsync(Answered()))];
    }

    private static AnsweredCall Answered() => new(
        CorrelationId.New(Sample.Now), Sample.Flow().ProjectId, Product.OneCall, FlowType.None, "+12025550142", FlowEnd.Answered, null,
        Sample.Now);

    private static RefusedCall Call(string? number = "+12025550142") =>
        new(Sample.Flow().ProjectId, Product.Unify, FlowType.Mobile, number, Sample.Now);
}
