using Countersign.Core.Audit;
using Countersign.Core.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Core.Tests.Audit;

public sealed class AuditWriterTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly WaitingAudit _store = new();

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
