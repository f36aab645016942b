using System.Globalization;
using Countersign.Core.Audit;
using Countersign.Core.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Core.Tests.Audit;

public sealed class AuditChainerTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly MemoryAudit _store = new();
    private readonly AuditWriter _writer;
    private readonly AuditChainer _chainer;

    public AuditChainerTests()
    {
        _writer = new AuditWriter(_store, _time, _store);
        _chainer = new AuditChainer(_store, _writer, new AuditOptions { CheckpointEvery = 3 }, _time, _store);
    }

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_waits_is_linked_and_signed_and_the_chain_tells_of_its_checkpoint()
    {
        await _writer.AddAsync(Act("one"), Act("two"), Act("three"));

        await _chainer.RoundAsync(Test);
        await _chainer.RoundAsync(Test);
        await _chainer.RoundAsync(Test);

        var signed = Assert.Single(_store.Checkpoints);
        Assert.Equal((3, _time.GetUtcNow()), (signed.Position, signed.At));
        Assert.Equal(["signed 3"], _store.Said);
        Assert.Equal(
            [
                ("admin-key:ops", "one", null), ("admin-key:ops", "two", null), ("admin-key:ops", "three", null),
                ("server", "checkpoint", $"entry:3:{Convert.ToHexStringLower(_store.Chain[2].Hash)}"),
            ],
            _store.Acts.Select(act => (act.Actor, act.Act, act.Target)));
        Assert.Equal(AuditKind.Audit, _store.Acts.Last().Kind);
        await AssertHoldsAsync(signed: 3);
    }

    [Fact]
    public async Task Nothing_is_signed_of_an_empty_chain()
    {
        await _chainer.RoundAsync(Test);

        Assert.Empty(_store.Checkpoints);
        Assert.Empty(_store.Said);
    }

    [Theory]
    [InlineData(2, 599, false)]
    [InlineData(2, 600, true)]
    [InlineData(3, 0, true)]
    [InlineData(0, 600, false)]
    public async Task The_end_is_signed_again_after_so_many_entries_or_so_long(int entries, int seconds, bool signs)
    {
        await AddAsync(3);
        await _chainer.RoundAsync(Test);
        await AddAsync(entries);

        _time.Advance(TimeSpan.FromSeconds(seconds));
        await _chainer.RoundAsync(Test);

        Assert.Equal(signs ? [3, 4 + entries] : [3L], _store.Checkpoints.Select(one => one.Position));
    }

    [Fact]
    public async Task A_node_signs_nothing_that_another_has_signed()
    {
        await AddAsync(3);
        await _chainer.RoundAsync(Test);
        using var other = new AuditChainer(_store, _writer, new AuditOptions { CheckpointEvery = 3 }, _time, _store);

        await other.RoundAsync(Test);

        Assert.Equal(["signed 3"], _store.Said);
        Assert.Equal(4, _store.Chain.Count);
    }

    [Fact]
    public async Task What_nobody_has_ended_is_linked_as_such_after_a_quarter_of_an_hour()
    {
        await _writer.BeginAsync(Act("createProject"));
        _time.Advance(TimeSpan.FromMinutes(15));

        await _chainer.RoundAsync(Test);
        Assert.Empty(_store.Chain);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await _chainer.RoundAsync(Test);

        Assert.Equal([("createProject", AuditOutcome.Unknown)], _store.Acts.Select(act => (act.Act, act.Outcome)));
    }

    [Fact]
    public async Task One_round_links_all_that_waits()
    {
        await AddAsync(250);

        await _chainer.RoundAsync(Test);

        Assert.Equal(Enumerable.Range(1, 250).Select(i => (long)i), _store.Chain.Select(link => link.Position));
        Assert.Equal([250], _store.Checkpoints.Select(one => one.Position));
        await AssertHoldsAsync(signed: 250);
    }

    [Fact]
    public async Task Where_another_node_links_this_one_leaves_it_to_it()
    {
        await AddAsync(100);
        _store.LosesRaces = true;

        await _chainer.RoundAsync(Test);
        Assert.Empty(_store.Chain);
        _store.LosesRaces = false;
        await _chainer.RoundAsync(Test);

        Assert.Equal(100, _store.Chain.Count);
    }

    [Theory]
    [InlineData("cut off")]
    [InlineData("changed")]
    public async Task A_chain_that_does_not_hold_what_it_held_tells_of_it_once(string how)
    {
        await AddAsync(2);
        await _chainer.RoundAsync(Test);
        var seen = _store.Chain[1];
        _store.Chain.RemoveAt(1);
        if (how == "changed")
        {
            _store.Chain.Add(seen with { Hash = AuditLink.Genesis });
        }

        await _chainer.RoundAsync(Test);
        await _chainer.RoundAsync(Test);

        Assert.Equal(["signed 2", "cut 2"], _store.Said.Take(2));
        Assert.DoesNotContain("cut", string.Join(' ', _store.Said.Skip(2)), StringComparison.Ordinal);
        var told = Assert.Single(_store.Acts, act => act.Act == "chain-cut");
        Assert.Equal(
            (AuditKind.Audit, "server", $"entry:2:{Convert.ToHexStringLower(seen.Hash)}"), (told.Kind, told.Actor, told.Target));
    }

    [Fact]
    public async Task Behind_the_last_place_there_is_nothing_is_linked_and_the_next_round_goes_on()
    {
        await AddAsync(1);
        _store.Chain.Add(AuditLink.Of(long.MaxValue, AuditLink.Genesis, []));

        await Assert.ThrowsAsync<OverflowException>(() => _chainer.RoundAsync(Test));
        _store.Chain.Clear();
        await _chainer.RoundAsync(Test);

        Assert.Equal([1], _store.Chain.Select(link => link.Position));
    }

    [Fact]
    public async Task What_a_round_has_linked_the_writer_forgets()
    {
        await AddAsync(1);
        await _chainer.RoundAsync(Test);
        _store.Linked.Clear();
        _time.Advance(TimeSpan.FromSeconds(15));

        await _writer.ConfirmAsync(Test);

        Assert.Equal(0, _store.Again);
    }

    [Fact]
    public async Task What_is_too_old_goes_up_to_a_checkpoint_and_a_signed_word_of_it_stays()
    {
        await AddAsync(3);
        await _chainer.RoundAsync(Test);
        _time.Advance(TimeSpan.FromDays(1));
        await AddAsync(1);
        await _chainer.RoundAsync(Test);
        Assert.Equal([3, 5], _store.Checkpoints.Select(one => one.Position));

        var before = _time.GetUtcNow();
        var counts = new[] { await PruneAsync(2), await PruneAsync(2), await PruneAsync(2) };

        Assert.Equal([2, 1, 0], counts);
        Assert.Equal([4, 5], _store.Chain.Select(link => link.Position));
        var word = Assert.Single(_store.Checkpoints, one => one.Kind == AuditCheckpointKind.Pruned);
        Assert.Equal((3, _store.Checkpoints[0].Hash, _time.GetUtcNow()), (word.Position, word.Hash, word.At));
        Assert.Equal(["signed 3", "signed 5", "pruned 3"], _store.Said);
        await AssertHoldsAsync(signed: 5);

        Task<int> PruneAsync(int limit) => _chainer.PruneAsync(before, limit, Test);
    }

    [Fact]
    public async Task The_last_entry_stays_however_old_it_is()
    {
        await AddAsync(3);
        await _chainer.RoundAsync(Test);
        _time.Advance(TimeSpan.FromDays(1));

        Assert.Equal(0, await _chainer.PruneAsync(_time.GetUtcNow(), limit: 10, Test));
        Assert.Equal(3, _store.Chain.Count);
        _store.Checkpoints.Clear();
        Assert.Equal(0, await _chainer.PruneAsync(_time.GetUtcNow(), limit: 10, Test));
        Assert.Equal(["signed 3"], _store.Said);
    }

    [Fact]
    public async Task The_key_is_the_installations_and_signs_no_more_when_its_server_has_ended()
    {
        using var other = new AuditChainer(_store, _writer, new AuditOptions(), _time, _store);
        var key = await _chainer.KeyAsync(Test);

        Assert.Same(key, await _chainer.KeyAsync(Test));
        Assert.Equal(key.Id, (await other.KeyAsync(Test)).Id);
        _chainer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.Sign([1]));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _chainer.RoundAsync(Test));
    }

    public void Dispose() => _chainer.Dispose();

    private Task AddAsync(int count) =>
        _writer.AddAsync([.. Enumerable.Range(1, count).Select(i => Act(i.ToString(CultureInfo.InvariantCulture)))]);

    private async Task AssertHoldsAsync(long signed)
    {
        var verifier = new AuditVerifier(
            [(await _chainer.KeyAsync(Test)).Public], _store.Checkpoints, [], _time.GetUtcNow().AddHours(1));
        foreach (var link in _store.Chain)
        {
            verifier.Take(link);
        }
        Assert.Empty(verifier.End());
        Assert.Equal(signed, verifier.LastSigned?.Position);
    }

    private static AuditAct Act(string act) => new(AuditKind.Admin, "admin-key:ops", act);
}
