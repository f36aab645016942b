using Countersign.Core.Keys;
using Countersign.Core.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Core.Tests.Keys;

public sealed class KeyRingTests
{
    private readonly FakeKeyStore _store = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly KeyRing _ring;

    public KeyRingTests() => _ring = new KeyRing(_store, _time);

    [Fact]
    public void An_older_set_does_not_take_the_place_of_one_that_seals()
    {
        var older = _store.Kept;
        _store.Kept = older.With(new KeptKey(MasterKey.New(), _ring.Now));
        _ring.Reload();
        var sealing = _ring.Sealing.Id;

        _store.Kept = older;

        Assert.Throws<KeyStoreException>(_ring.Reload);
        Assert.Throws<KeyStoreException>(() => _ring.Change(keys => keys.With(new KeptKey(MasterKey.New(), _ring.Now))));
        Assert.Equal(sealing, _ring.Sealing.Id);
        Assert.Same(older, _store.Kept);
    }

    [Fact]
    public void What_is_changed_is_written_and_gone_on_with_and_what_is_not_is_not_written()
    {
        var next = new KeptKey(MasterKey.New(), _ring.Now);
        var first = _store.Kept;

        _ring.Change(keys => keys);
        Assert.Equal(0, _store.Writes);
        _ring.Change(keys => keys.With(next));

        Assert.Equal((1, next.Key.Id), (_store.Writes, _store.Kept.Keys[^1].Key.Id));
        Assert.Equal(next.Key.Id, _ring.Sealing.Id);
        Assert.Equal(2, _ring.Keys.Keys.Count);
        Assert.Single(first.Keys);
    }

    [Fact]
    public void While_the_keys_cannot_be_read_those_that_were_read_are_found_and_no_other()
    {
        _store.OnRead = _ => throw new KeyStoreException("The file is away.");
        _time.Advance(TimeSpan.FromSeconds(1));
        var reads = _store.Reads;

        Assert.Null(_ring.Find(MasterKey.New().Id));

        Assert.Equal(reads + 1, _store.Reads);
        Assert.Equal(_store.Kept.Keys[0].Key.Id, _ring.Find(_store.Kept.Keys[0].Key.Id)?.Id);
    }

    [Fact]
    public void A_key_that_has_not_begun_may_be_taken_back_and_one_taken_away_put_back()
    {
        var first = _store.Kept;
        _store.Kept = first.With(new KeptKey(MasterKey.New(), _ring.Now.AddHours(1)));
        _ring.Reload();
        _store.Kept = first;
        _ring.Reload();
        Assert.Single(_ring.Keys.Keys);

        var both = first.With(new KeptKey(MasterKey.New(), _ring.Now));
        _store.Kept = both.Without(first.Keys[0].Key.Id);
        _ring.Reload();
        _store.Kept = both;
        _ring.Reload();
        Assert.Equal(2, _ring.Keys.Keys.Count);
    }
}
