using Countersign.Core.Administration;
using Countersign.Core.Keys;
using Countersign.Core.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Core.Tests.Administration;

public sealed class EncryptionKeysTests
{
    private readonly FakeKeyStore _store = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly KeyRing _ring;
    private readonly Use _use = new();
    private readonly EncryptionKeys _keys;

    public EncryptionKeysTests()
    {
        _ring = new KeyRing(_store, _time);
        _keys = new EncryptionKeys(_ring, _use);
    }

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_key_seals_when_its_moment_has_come()
    {
        var first = _ring.Sealing.Id;

        var made = Assert.IsType<EncryptionKeyOutcome.Made>(_keys.Rotate(TimeSpan.FromMinutes(15)));

        Assert.Equal(first, _ring.Sealing.Id);
        _time.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(made.Id, _ring.Sealing.Id);
        Assert.Equal([(first, false), (made.Id, true)], (await _keys.ListAsync(Test)).Keys.Select(key => (key.Id, key.Seals)));
    }

    [Fact]
    public void While_one_is_to_come_none_is_made_until_it_has_begun()
    {
        var made = Assert.IsType<EncryptionKeyOutcome.Made>(_keys.Rotate(TimeSpan.FromMinutes(15)));

        Assert.Equal(new EncryptionKeyOutcome.Waits(made.Id, made.SealsFrom), _keys.Rotate(TimeSpan.Zero));
        _time.SetUtcNow(made.SealsFrom);
        Assert.IsType<EncryptionKeyOutcome.Made>(_keys.Rotate(TimeSpan.Zero));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    public async Task While_there_are_three_none_is_made_and_the_oldest_goes_an_hour_after_the_second_began(int minutes)
    {
        var first = _ring.Sealing.Id;
        var second = Assert.IsType<EncryptionKeyOutcome.Made>(_keys.Rotate(TimeSpan.Zero));
        _time.Advance(TimeSpan.FromMinutes(1));
        _keys.Rotate(TimeSpan.FromMinutes(minutes));

        var refused = Assert.IsType<EncryptionKeyOutcome.TooMany>(_keys.Rotate(TimeSpan.Zero));

        Assert.Equal(new EncryptionKeyOutcome.TooMany(first, second.SealsFrom + EncryptionKeys.MinOverlap), refused);
        Assert.Equal(3, _store.Kept.Keys.Count);
        _time.SetUtcNow(refused.From);
        Assert.IsType<EncryptionKeyOutcome.Retired>(await _keys.RetireAsync(first.ToString(), Test));
        Assert.IsType<EncryptionKeyOutcome.Made>(_keys.Rotate(TimeSpan.Zero));
    }

    [Fact]
    public async Task Each_key_but_the_last_says_from_when_it_can_go()
    {
        var second = Assert.IsType<EncryptionKeyOutcome.Made>(_keys.Rotate(TimeSpan.Zero));
        var third = Assert.IsType<EncryptionKeyOutcome.Made>(_keys.Rotate(TimeSpan.FromDays(1)));

        var listed = await _keys.ListAsync(Test);

        Assert.Equal(
            [second.SealsFrom + EncryptionKeys.MinOverlap, third.SealsFrom + EncryptionKeys.MinOverlap, null],
            listed.Keys.Select(key => key.RetirableFrom));
        // The first began with the installation.
        Assert.Equal([null, second.SealsFrom, third.SealsFrom], listed.Keys.Select(key => key.SealsFrom));
    }

    [Fact]
    public async Task A_key_goes_an_hour_after_the_next_began_when_it_opens_nothing()
    {
        var first = _ring.Sealing.Id;
        Assert.IsType<EncryptionKeyOutcome.Seals>(await _keys.RetireAsync(first.ToString(), Test));
        Assert.IsType<EncryptionKeyOutcome.Unknown>(await _keys.RetireAsync("nothing", Test));
        _keys.Rotate(TimeSpan.Zero);

        Assert.IsType<EncryptionKeyOutcome.TooSoon>(await _keys.RetireAsync(first.ToString(), Test));
        _time.Advance(EncryptionKeys.MinOverlap);
        _use.Counts[first] = 5;
        Assert.Equal(new EncryptionKeyOutcome.StillOpens(5), await _keys.RetireAsync(first.ToString(), Test));
        Assert.Equal(first, _store.Kept.First);
        _use.Counts.Clear();
        Assert.IsType<EncryptionKeyOutcome.Retired>(await _keys.RetireAsync(first.ToString(), Test));
        Assert.Null(_store.Kept.First);
        Assert.Single(_store.Kept.Keys);
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(15, false)]
    [InlineData(1, false)]
    public async Task A_key_is_taken_back_while_everybody_can_hear_of_it_before_it_begins(int seconds, bool goes)
    {
        var made = Assert.IsType<EncryptionKeyOutcome.Made>(_keys.Rotate(TimeSpan.FromSeconds(seconds)));
        // Going through all tables takes its time.
        _use.OnCount = () => _time.Advance(TimeSpan.FromMinutes(1));

        var outcome = await _keys.RetireAsync(made.Id.ToString(), Test);

        Assert.Equal(goes ? new EncryptionKeyOutcome.Retired() : new EncryptionKeyOutcome.Begins(made.SealsFrom), outcome);
        Assert.Equal(goes ? 1 : 2, _store.Kept.Keys.Count);
        Assert.True(_ring.Now < made.SealsFrom);
    }

    [Fact]
    public async Task A_key_that_begins_while_it_is_taken_back_stays()
    {
        var made = Assert.IsType<EncryptionKeyOutcome.Made>(_keys.Rotate(TimeSpan.FromSeconds(20)));
        var reads = _store.Reads;
        _store.OnRead = read => _time.Advance(TimeSpan.FromSeconds(read == reads + 2 ? 20 : 0));

        Assert.IsType<EncryptionKeyOutcome.Seals>(await _keys.RetireAsync(made.Id.ToString(), Test));

        Assert.Equal(made.Id, _ring.Sealing.Id);
        Assert.Equal(2, _store.Kept.Keys.Count);
    }

    [Fact]
    public async Task The_last_key_stays_whatever_became_of_the_others_meanwhile()
    {
        var first = _ring.Sealing.Id;
        _keys.Rotate(TimeSpan.Zero);
        _time.Advance(EncryptionKeys.MinOverlap);
        _use.OnCount = () => _store.Kept = _store.Kept with { Keys = [_store.Kept.Keys[0]] };

        await Assert.ThrowsAsync<KeyStoreException>(() => _keys.RetireAsync(first.ToString(), Test));

        Assert.Single(_store.Kept.Keys);
    }

    [Fact]
    public async Task What_is_under_no_known_key_is_counted_apart()
    {
        _use.Counts[_ring.Sealing.Id] = 7;
        _use.Counts[MasterKey.New().Id] = 2;
        _use.Counts[KeyId.None] = 3;

        var listed = await _keys.ListAsync(Test);

        Assert.Equal((7, 5), (Assert.Single(listed.Keys).Values, listed.ValuesUnderNone));
    }

    private sealed class Use : IKeyUse
    {
        public Dictionary<KeyId, long> Counts { get; } = [];

        public Action OnCount { get; set; } = () => { };

        public Task<IReadOnlyDictionary<KeyId, long>> CountAsync(CancellationToken cancellationToken)
        {
            OnCount();
            return Task.FromResult<IReadOnlyDictionary<KeyId, long>>(Counts);
        }
    }
}
