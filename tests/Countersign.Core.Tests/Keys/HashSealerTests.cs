using System.Security.Cryptography;
using Countersign.Core.Keys;
using Countersign.Core.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Core.Tests.Keys;

public sealed class HashSealerTests
{
    private static readonly byte[] _hash = SHA256.HashData("+12025550100"u8);
    private readonly FakeKeyStore _keys = new();

    [Fact]
    public void Under_the_first_key_a_hash_stands_as_it_is()
    {
        var hashes = Hashes();

        Assert.Equal(_hash, hashes.Seal(_hash));
        Assert.All(hashes.AllOf(_hash), one => Assert.Equal(_hash, one));
        Assert.Equal(_hash, hashes.Open(_hash));
        Assert.Null(HashSealer.KeyOf(_hash));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    public void Under_a_later_key_equal_hashes_stand_as_equal_bytes_that_name_it(int size)
    {
        var next = Rotate();
        var hash = _hash[..size];

        var stored = Hashes().Seal(hash);

        Assert.Equal(stored, Hashes().Seal(hash));
        Assert.Equal(next.Id, HashSealer.KeyOf(stored));
        Assert.Equal(size + 5, stored.Length);
        Assert.Equal(-1, stored.AsSpan().IndexOf(hash));
        Assert.Equal(hash, Hashes().Open(stored));
    }

    [Fact]
    public void A_row_is_looked_up_under_every_key()
    {
        var first = Hashes().Seal(_hash);
        Rotate();
        var second = Hashes().Seal(_hash);
        Rotate();
        var third = Hashes().Seal(_hash);

        Assert.Equal([third, first, second], Hashes().AllOf(_hash));
    }

    [Fact]
    public void Without_the_first_key_a_hash_is_looked_up_as_it_is_while_there_is_room()
    {
        var late = Hashes();
        Rotate();
        _keys.Kept = _keys.Kept.Without(_keys.Kept.Keys[0].Key.Id);
        var hashes = Hashes();

        Assert.Equal([hashes.Seal(_hash), late.Seal(_hash), hashes.Seal(_hash)], hashes.AllOf(_hash));
        Rotate();
        Assert.Equal(_hash, Hashes().AllOf(_hash)[2]);
        Rotate();
        Assert.DoesNotContain(_hash, Hashes().AllOf(_hash));
    }

    [Fact]
    public void Without_a_key_that_others_seal_with_nothing_is_looked_up()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var ring = new KeyRing(_keys, time);
        var hashes = new HashSealer(ring);
        var next = MasterKey.New();
        ring.Need([ring.Sealing.Id, next.Id]);

        Assert.Equal(next.Id, ring.Missing);
        Assert.Throws<UnavailableException>(() => hashes.AllOf(_hash));
        Assert.Throws<UnavailableException>(() => hashes.Seal(_hash));
        _keys.Kept = _keys.Kept.With(new KeptKey(next, DateTimeOffset.UnixEpoch));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(ring.Missing);
        Assert.Equal(next.Id, HashSealer.KeyOf(hashes.Seal(_hash)));
    }

    [Fact]
    public void A_key_seals_hashes_when_every_server_knows_it_or_knows_that_it_lacks_it()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var hashes = new HashSealer(new KeyRing(_keys, time));
        var next = MasterKey.New();
        var former = hashes.Seal(_hash);
        Assert.False(hashes.IsChanging);
        _keys.Kept = _keys.Kept.With(new KeptKey(next, time.GetUtcNow()));
        hashes.Ring.Reload();

        Assert.Equal(next.Id, hashes.Ring.Sealing.Id);
        Assert.Equal(former, hashes.Seal(_hash));
        time.Advance(HashSealer.Lag - TimeSpan.FromSeconds(5));
        Assert.Equal((former, true), (hashes.Seal(_hash), hashes.IsChanging));
        time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(next.Id, HashSealer.KeyOf(hashes.Seal(_hash)));
        Assert.True(hashes.IsChanging);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.False(hashes.IsChanging);
    }

    [Fact]
    public void What_a_hash_is_made_with_stays_when_the_first_key_goes()
    {
        var before = new SecretHasher(_keys.Kept.HashKey).Hash("phone-alias", new Secret("+12025550100"));
        Rotate();
        _keys.Kept = _keys.Kept.Without(_keys.Kept.Keys[0].Key.Id);

        Assert.Equal(before, new SecretHasher(_keys.Kept.HashKey).Hash("phone-alias", new Secret("+12025550100")));
    }

    private HashSealer Hashes() => new(new KeyRing(_keys, TimeProvider.System));

    private MasterKey Rotate()
    {
        var next = MasterKey.New();
        _keys.Kept = _keys.Kept.With(new KeptKey(next, TimeProvider.System.GetUtcNow() - HashSealer.Lag));
        return next;
    }
}
