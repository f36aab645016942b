using Countersign.Core.Audit;
using Countersign.Core.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Core.Tests.Audit;

public sealed class AuditWriterTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly MemoryAudit _store = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_could_not_be_written_was_not_done_and_its_number_says_so_when_the_store_is_back()
    {
        var writer = new AuditWriter(_store, _time, _store);
        _store.IsAway = true;
        await Assert.ThrowsAsync<UnavailableException>(() => writer.AddAsync(Act("disclose")));
        await Assert.ThrowsAsync<UnavailableException>(() => writer.BeginAsync(Act("createProject")));
        _store.IsAway = false;
        await writer.AddAsync(Act("disclose"));

        await writer.ConfirmAsync(Test);
        Assert.Equal([3], _store.Waiting.Keys);
        _time.Advance(TimeSpan.FromSeconds(15));
        await writer.ConfirmAsync(Test);

        Assert.Equal(
            [(1, AuditOutcome.Failed), (2, AuditOutcome.Failed), (3, AuditOutcome.Done)],
            _store.Waiting.Values.Select(entry => (entry.Number, entry.Act.Outcome)));
        // Nobody took anything away.
        Assert.Equal(0, _store.Again);
    }

    [Fact]
    public async Task How_an_act_ended_is_written_later_when_the_store_was_away_at_that_moment()
    {
        var writer = new AuditWriter(_store, _time, _store);
        var begun = await writer.BeginAsync(Act("createProject"));
        Assert.Equal(AuditOutcome.Open, _store.Waiting[1].Act.Outcome);
        _store.IsAway = true;
        await Assert.ThrowsAsync<UnavailableException>(() => writer.EndAsync(begun, Act("createProject") with { Status = 201 }));
        _store.IsAway = false;

        _time.Advance(TimeSpan.FromSeconds(15));
        await writer.ConfirmAsync(Test);

        Assert.Equal((AuditOutcome.Done, 201), (_store.Waiting[1].Act.Outcome, _store.Waiting[1].Act.Status));
        Assert.Equal(0, _store.Again);
    }

    [Fact]
    public async Task An_act_that_ends_has_one_entry()
    {
        var writer = new AuditWriter(_store, _time, _store);
        var begun = await writer.BeginAsync(Act("createProject"));

        await writer.EndAsync(begun, Act("createProject") with { Status = 201 });

        Assert.Equal(201, Assert.Single(_store.Waiting.Values).Act.Status);
        Assert.Matches("^[0-9a-f]{16}$", writer.Id);
    }

    [Fact]
    public async Task How_an_act_ended_that_was_linked_meanwhile_has_an_entry_of_its_own()
    {
        var writer = new AuditWriter(_store, _time, _store);
        var begun = await writer.BeginAsync(Act("createProject"));
        _store.Waiting.Clear();
        _store.Linked.Add(1);

        await writer.EndAsync(begun, Act("createProject") with { Asked = [new AuditValue("name", "Shop")], Status = 201 });

        var ended = Assert.Single(_store.Waiting.Values);
        Assert.Equal((2, 201), (ended.Number, ended.Act.Status));
        Assert.Equal([new AuditValue("name", "Shop"), new AuditValue("endOf", $"{writer.Id}:1")], ended.Act.Asked);
    }

    [Fact]
    public async Task What_was_taken_away_before_it_was_linked_is_written_again_each_time_and_told()
    {
        var writer = new AuditWriter(_store, _time, _store);
        await writer.AddAsync(Act("one"));
        await writer.EndAsync(await writer.BeginAsync(Act("two")), Act("two"));

        foreach (var told in (int[])[2, 4])
        {
            _store.Waiting.Clear();
            _time.Advance(TimeSpan.FromSeconds(15));
            await writer.ConfirmAsync(Test);

            Assert.Equal([(1, "one"), (2, "two")], _store.Waiting.Values.Select(entry => (entry.Number, entry.Act.Act)));
            Assert.Equal(told, _store.Again);
        }
    }

    [Fact]
    public async Task What_was_first_written_late_is_told_when_it_is_taken_away()
    {
        var writer = new AuditWriter(_store, _time, _store);
        // Another write was to store it, and did not.
        writer.New(Act("start"));
        _time.Advance(TimeSpan.FromSeconds(15));
        await writer.ConfirmAsync(Test);
        Assert.Equal(0, _store.Again);
        _store.Waiting.Clear();
        _time.Advance(TimeSpan.FromSeconds(15));

        await writer.ConfirmAsync(Test);

        Assert.Equal(1, _store.Again);
    }

    [Theory]
    [InlineData(299, 0)]
    [InlineData(300, 1)]
    public async Task What_waits_for_five_minutes_is_written_again_for_somebody_may_have_changed_it(int seconds, int again)
    {
        var writer = new AuditWriter(_store, _time, _store);
        await writer.AddAsync(Act("one"));

        _time.Advance(TimeSpan.FromSeconds(seconds));
        await writer.ConfirmAsync(Test);

        Assert.Equal(again, _store.Again);
    }

    [Fact]
    public async Task However_many_wait_all_are_found()
    {
        var writer = new AuditWriter(_store, _time, _store);
        await writer.AddAsync([.. Enumerable.Repeat(Act("one"), 2001)]);

        _time.Advance(TimeSpan.FromSeconds(15));
        await writer.ConfirmAsync(Test);

        Assert.Equal(0, _store.Again);
    }

    [Fact]
    public async Task Who_has_nothing_to_write_needs_no_store()
    {
        var writer = new AuditWriter(_store, _time, _store);
        _store.IsAway = true;

        await writer.AddAsync();
        await writer.ConfirmAsync(Test);

        Assert.Empty(_store.Waiting);
    }

    [Fact]
    public async Task What_is_linked_is_forgotten_and_what_is_open_is_left_alone()
    {
        var writer = new AuditWriter(_store, _time, _store);
        await writer.AddAsync(Act("one"));
        await writer.BeginAsync(Act("two"));
        _store.Waiting.Remove(1);
        _store.Linked.Add(1);

        _time.Advance(TimeSpan.FromMinutes(10));
        await writer.ConfirmAsync(Test);
        _store.Linked.Clear();
        await writer.ConfirmAsync(Test);

        Assert.Equal([2], _store.Waiting.Keys);
        Assert.Equal(AuditOutcome.Open, _store.Waiting[2].Act.Outcome);
    }

    private static AuditAct Act(string act) => new(AuditKind.Admin, "admin-key:ops", act);
}
