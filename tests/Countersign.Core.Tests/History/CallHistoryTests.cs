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

        await Assert.ThrowsAsync<IOException>(_history.WrittenAsync);
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

        Assert.Equal(7, await _history.Calls.FlushAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, await _history.Calls.FlushAsync(TestContext.Current.CancellationToken));
        Assert.Equal(CallHistory.MaxWaiting, _history.Kept.Count);
    }

    [Fact]
    public async Task What_was_answered_is_told_when_its_outcome_is_stored()
    {
        var write = _history.Held = new TaskCompletionSource();
        var call = Answered();

        var telling = _history.Calls.AddAsync(call);

        Assert.False(telling.IsCompleted);
        write.SetResult();
        await telling;
        Assert.Equal(call.Id, Assert.Single(_history.Kept).Id);
    }

    [Fact]
    public async Task Answers_that_come_during_a_write_share_the_next()
    {
        var write = _history.Held = new TaskCompletionSource();
        var telling = Enumerable.Range(0, 100).Select(_ => _history.Calls.AddAsync(Answered())).ToList();

        write.SetResult();
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
        var write = _history.Held = new TaskCompletionSource();
        var telling = Enumerable.Range(0, 100).Select(_ => _history.Calls.AddAsync(Answered())).ToList();

        write.SetResult();
        await Task.WhenAll(telling);

        Assert.Equal(100, (await _history.WrittenAsync()).Select(outcome => outcome.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_store_that_hangs_is_not_waited_for_longer_than_any()
    {
        var write = _history.Held = new TaskCompletionSource();
        Task[] telling = [_history.Calls.AddAsync(Answered()), _history.Calls.AddAsync(Answered())];

        _history.Machine.Advance(Turns.CallTimeout - TimeSpan.FromMilliseconds(1));
        Assert.DoesNotContain(telling, one => one.IsCompleted);
        _history.Machine.Advance(TimeSpan.FromMilliseconds(1));
        await Task.WhenAll(telling);

        Assert.Empty(_history.Kept);
        write.SetResult();
        Assert.Equal(2, (await _history.WrittenAsync()).Count);
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
        var write = _history.Held = new TaskCompletionSource();

        var telling = Enumerable.Range(0, 1 + Max + 7).Select(_ => _history.Calls.AddAsync(Answered())).ToList();

        Assert.Equal(7, telling.Count(one => one.IsCompleted));
        write.SetResult();
        await Task.WhenAll(telling);
        Assert.Equal(7, await _history.Calls.FlushAsync(TestContext.Current.CancellationToken));
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

    private static AnsweredCall Answered() => new(
        CorrelationId.New(Sample.Now), Sample.Flow().ProjectId, Product.OneCall, FlowType.None, "+12025550142", FlowEnd.Answered, null,
        Sample.Now);

    private static RefusedCall Call(string? number = "+12025550142") =>
        new(Sample.Flow().ProjectId, Product.Unify, FlowType.Mobile, number, Sample.Now);
}
