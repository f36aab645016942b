using System.Security.Cryptography;
using Countersign.Core.Keys;
using Countersign.Core.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Core.Tests.Keys;

public sealed class DayKeysTests
{
    private const string Flow = "flows.state:1";
    private static readonly byte[] _clear = "Lori Montgomery"u8.ToArray();
    private static readonly byte[] _hash = SHA256.HashData("+12025550100"u8);
    private static readonly DateTimeOffset _noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeKeyStore _keys = new();
    private readonly FakeTimeProvider _time = new(_noon);
    private readonly Dictionary<DayKeyName, byte[]> _kept = [];
    private readonly KeyRing _ring;
    private readonly DayKeys _days;
    private int _reads;
    private bool _isAway;

    public DayKeysTests()
    {
        _ring = new KeyRing(_keys, _time);
        _days = new DayKeys(_ring) { Read = TryRead };
    }

    [Fact]
    public void Without_the_secret_of_its_day_no_key_opens_a_row_of_short_life()
    {
        using var sealer = new Sealer(_ring, days: _days);
        using var other = new Sealer(_ring);
        var sealedValue = sealer.Seal(_clear, Flow, version: 1);

        Assert.Equal(_clear, sealer.Open(sealedValue, Flow, version: 1));
        Assert.Equal(_ring.Sealing.Id, Sealer.KeyOf(sealedValue));
        Assert.ThrowsAny<CryptographicException>(() => other.Open(sealedValue, Flow, version: 1));
        Destroy();
        Assert.ThrowsAny<CryptographicException>(() => sealer.Open(sealedValue, Flow, version: 1));
    }

    [Fact]
    public void Another_days_secret_or_another_head_opens_nothing()
    {
        using var sealer = new Sealer(_ring, days: _days);
        var sealedValue = sealer.Seal(_clear, Flow);

        for (var i = 0; i < 8; i++)
        {
            var altered = sealedValue.ToArray();
            altered[i] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => sealer.Open(altered, Flow));
        }
    }

    [Theory]
    [InlineData("identities.body:1")]
    [InlineData("outcomes.body:1")]
    [InlineData("person_records.body:1")]
    [InlineData("day_keys.secret:1:20455")]
    public void What_may_live_long_needs_no_secret(string place)
    {
        using var sealer = new Sealer(_ring, days: _days);
        using var other = new Sealer(_ring);

        Assert.Equal(_clear, other.Open(sealer.Seal(_clear, place), place));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    public void Without_the_secret_of_its_day_no_hash_is_compared(int size)
    {
        using var hashes = new HashSealer(_ring, _days);
        using var other = new HashSealer(_ring);
        var hash = _hash[..size];
        var stored = hashes.Seal("flows", hash);

        Assert.Equal(stored, hashes.Seal("flows", hash));
        Assert.Equal(-1, stored.AsSpan().IndexOf(hash.AsSpan(0, 16)));
        Assert.Equal(hash, hashes.Open(stored));
        Assert.Equal(_ring.Sealing.Id, HashSealer.KeyOf(stored));
        Assert.ThrowsAny<CryptographicException>(() => other.Open(stored));
        Destroy();
        Assert.ThrowsAny<CryptographicException>(() => hashes.Open(stored));
        Assert.DoesNotContain(stored, hashes.AllOf("flows", hash));
    }

    [Fact]
    public void A_row_is_looked_up_under_every_key_of_yesterday_and_today_and_as_it_was_stored_before()
    {
        using var hashes = new HashSealer(_ring, _days);
        var plain = hashes.Seal(_hash);
        var yesterday = hashes.Seal("flows", _hash);
        _time.Advance(TimeSpan.FromDays(1));
        var today = hashes.Seal("flows", _hash);
        _keys.Kept = _keys.Kept.With(new KeptKey(MasterKey.New(), _time.GetUtcNow() - HashSealer.Lag));
        _ring.Reload();

        var all = hashes.AllOf("flows", _hash);

        Assert.Equal(HashSealer.MaxValues, all.Length);
        Assert.Equal(hashes.Seal("flows", _hash), all[0]);
        Assert.Contains(today, all);
        Assert.Contains(yesterday, all);
        Assert.Contains(plain, all);
        Assert.Equal(6, all.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public void Around_midnight_what_another_has_of_tomorrow_is_looked_up_too()
    {
        using var hashes = new HashSealer(_ring, _days);
        _time.SetUtcNow(new DateTimeOffset(2026, 1, 3, 0, 0, 1, TimeSpan.Zero));
        var tomorrow = hashes.Seal("flows", _hash);
        Assert.True(hashes.IsTurning);
        var late = new KeyRing(_keys, new FakeTimeProvider(_time.GetUtcNow().AddSeconds(-2)));
        var days = new DayKeys(late);
        days.Put(_days.All);
        using var behind = new HashSealer(late, days);

        Assert.NotEqual(tomorrow, behind.Seal("flows", _hash));
        Assert.Contains(tomorrow, behind.AllOf("flows", _hash));
        Assert.Contains(behind.Seal("flows", _hash), hashes.AllOf("flows", _hash));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.False(hashes.IsTurning);
    }

    [Fact]
    public void With_three_keys_on_three_days_no_value_is_left_out()
    {
        _keys.Kept = _keys.Kept.With(new KeptKey(MasterKey.New(), _noon)).With(new KeptKey(MasterKey.New(), _noon));
        _ring.Reload();
        using var hashes = new HashSealer(_ring, _days);
        _time.SetUtcNow(new DateTimeOffset(2026, 1, 2, 23, 59, 59, TimeSpan.Zero));

        var all = hashes.AllOf("flows", _hash);

        Assert.Equal(HashSealer.MaxValues, all.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public void Tags_come_back_and_are_told_apart_only_with_the_secret()
    {
        using var hashes = new HashSealer(_ring, _days);
        var (stored, plain) = (hashes.Seal("text_traffic", _hash), hashes.Seal(_hash));
        long[] tags = [0, 1, -1, long.MinValue, long.MaxValue, 0x1234_5678_9abc_def0];

        Assert.All(tags, tag => Assert.Equal(tag, hashes.OpenTag(stored, hashes.SealTag(stored, tag))));
        Assert.All(tags, tag => Assert.NotEqual(tag, hashes.SealTag(stored, tag)));
        Assert.All(tags, tag => Assert.Equal(tag, hashes.SealTag(plain, tag)));
        Assert.Equal(tags.Length, tags.Select(tag => hashes.SealTag(stored, tag)).Distinct().Count());
        Destroy();
        Assert.ThrowsAny<CryptographicException>(() => hashes.OpenTag(stored, 1));
    }

    [Fact]
    public void What_is_in_memory_is_not_read_again_and_what_is_not_at_most_once_a_second()
    {
        using var sealer = new Sealer(_ring, days: _days);
        sealer.Seal(_clear, Flow);
        sealer.Seal(_clear, Flow);
        Assert.Equal(1, _reads);

        _isAway = true;
        _time.Advance(TimeSpan.FromDays(3));
        Assert.Throws<UnavailableException>(() => sealer.Seal(_clear, Flow));
        Assert.Throws<UnavailableException>(() => sealer.Seal(_clear, Flow));
        Assert.Throws<UnavailableException>(_days.RefuseWithoutToday);
        Assert.Equal(2, _reads);
        _isAway = false;
        _time.Advance(TimeSpan.FromSeconds(1));
        sealer.Seal(_clear, Flow);
        _days.RefuseWithoutToday();
    }

    [Fact]
    public void An_entry_of_the_audit_is_sealed_also_where_no_secret_can_be_had()
    {
        _isAway = true;
        using var sealer = new Sealer(_ring, days: _days);
        using var other = new Sealer(_ring);

        Assert.Equal(_clear, other.Open(sealer.Seal(_clear, "audit_waiting.body:1"), "audit_waiting.body:1"));
    }

    [Fact]
    public void Who_reads_no_secrets_can_seal_nothing_of_short_life()
    {
        using var sealer = new Sealer(_ring, days: new DayKeys(_ring));

        var away = Assert.Throws<UnavailableException>(() => sealer.Seal(_clear, Flow));

        Assert.Contains("Countersign:Keys:Store", away.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(5), away.RetryAfter);
    }

    [Fact]
    public void A_hash_opens_with_the_key_alone_that_it_names()
    {
        var elsewhere = new FakeKeyStore { Kept = KeySet.Of(MasterKey.New()).With(new KeptKey(MasterKey.New(), DateTimeOffset.UnixEpoch)) };
        using var other = new HashSealer(new KeyRing(elsewhere, _time), _days);
        using var hashes = new HashSealer(_ring, _days);

        Assert.Throws<CryptographicException>(() => hashes.Open(other.Seal(_hash)));
        Assert.Throws<CryptographicException>(() => hashes.Open(other.Seal("flows", _hash)));
    }

    [Fact]
    public void Texts_that_stay_for_ever_are_not_of_short_life()
    {
        var days = new DayKeys(_ring) { KeepsTexts = true };

        Assert.Null(days.NameOf("texts", _ring.Day));
        Assert.NotNull(days.NameOf("flows", _ring.Day));
        Assert.NotNull(_days.NameOf("texts", _ring.Day));
    }

    [Fact]
    public void Nothing_is_over_on_the_day_after_its_own()
    {
        var name = _days.NameOf("flows", 100)!.Value;

        Assert.False(name.IsOver(100));
        Assert.False(name.IsOver(101));
        Assert.True(name.IsOver(102));
        Assert.All(DayKeys.Needed(100), needed => Assert.False(needed.IsOver(100)));
    }

    private bool TryRead()
    {
        _reads++;
        if (_isAway)
        {
            _days.Fail();
            return false;
        }
        foreach (var name in DayKeys.Needed(_ring.Day))
        {
            _kept.TryAdd(name, RandomNumberGenerator.GetBytes(32));
        }
        _days.Put(_kept);
        return true;
    }

    private void Destroy()
    {
        _time.Advance(TimeSpan.FromDays(2));
        foreach (var name in _kept.Keys.Where(name => name.IsOver(_ring.Day)).ToList())
        {
            _kept.Remove(name);
        }
        Assert.True(TryRead());
    }
}
