using System.Security.Cryptography;
using System.Text;
using Countersign.Core.Keys;
using Countersign.Core.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Core.Tests.Keys;

public sealed class SealerTests : IDisposable
{
    private static readonly byte[] _clear = Encoding.UTF8.GetBytes("Lori Montgomery");
    private static readonly DateTimeOffset _noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeKeyStore _keys = new();
    private readonly FakeTimeProvider _time = new(_noon);
    private readonly Sealer _sealer;

    public SealerTests() => _sealer = new Sealer(new KeyRing(_keys, _time));

    public void Dispose() => _sealer.Dispose();

    [Fact]
    public void Many_threads_may_seal_and_open_with_one_sealer()
    {
        Parallel.For(0, 20_000, i =>
        {
            var clear = BitConverter.GetBytes((long)i);

            var sealedValue = _sealer.Seal(clear, $"place:{i}");

            Assert.Equal(clear, _sealer.Open(sealedValue, $"place:{i}"));
        });
    }

    [Fact]
    public void What_was_sealed_for_one_place_does_not_open_in_another()
    {
        var sealedValue = _sealer.Seal(_clear, "flows.state:1");

        Assert.ThrowsAny<CryptographicException>(() => _sealer.Open(sealedValue, "flows.state:2"));
        Assert.ThrowsAny<CryptographicException>(() => _sealer.Open(sealedValue, "texts.state:1"));
    }

    [Fact]
    public void What_was_sealed_for_one_version_does_not_open_as_another()
    {
        var sealedValue = _sealer.Seal(_clear, "flows.state:1", version: 4);

        Assert.Equal(_clear, _sealer.Open(sealedValue, "flows.state:1", version: 4));
        Assert.ThrowsAny<CryptographicException>(() => _sealer.Open(sealedValue, "flows.state:1", version: 5));
        Assert.ThrowsAny<CryptographicException>(() => _sealer.Open(sealedValue, "flows.state:1"));
    }

    [Fact]
    public void What_was_altered_does_not_open()
    {
        var sealedValue = _sealer.Seal(_clear, "flows.state:1");
        for (var i = 0; i < sealedValue.Length; i++)
        {
            byte[] altered = [.. sealedValue];
            altered[i] ^= 1;

            Assert.ThrowsAny<CryptographicException>(() => _sealer.Open(altered, "flows.state:1"));
        }
    }

    [Fact]
    public void What_another_key_has_sealed_does_not_open()
    {
        var other = new Sealer(KeyRing.Of(MasterKey.New(), _time));

        Assert.ThrowsAny<CryptographicException>(() => _sealer.Open(other.Seal(_clear, "flows.state:1"), "flows.state:1"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("01")]
    [InlineData("02")]
    [InlineData("03")]
    [InlineData("04")]
    [InlineData("05")]
    [InlineData("06000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f")]
    public void What_is_no_sealed_value_does_not_open_and_names_no_key(string value)
    {
        Assert.Throws<CryptographicException>(() => _sealer.Open(Convert.FromHexString(value), "flows.state:1"));
        Assert.Null(Sealer.KeyOf(Convert.FromHexString(value)));
        Assert.Empty(Sealer.KeysOfLine(Convert.FromHexString(value)));
    }

    [Fact]
    public void Nothing_at_all_can_be_sealed_too()
    {
        Assert.Equal([], _sealer.Open(_sealer.Seal([], "flows.state:1"), "flows.state:1"));
        Assert.Equal(Sealer.Overhead, _sealer.Seal([], "flows.state:1").Length);
    }

    [Fact]
    public void Equal_values_look_different()
    {
        Assert.NotEqual(_sealer.Seal(_clear, "flows.state:1"), _sealer.Seal(_clear, "flows.state:1"));
    }

    /// <summary>Written by the former format: AES-256-GCM with HKDF(key of zeros, "countersign:seal"), nonce 0 to 11.</summary>
    [Fact]
    public void What_was_sealed_before_keys_had_ids_opens_as_long_as_its_key_is_there()
    {
        _keys.Kept = KeySet.Of(new MasterKey(new byte[MasterKey.Size]));
        var sealer = new Sealer(new KeyRing(_keys, _time));
        var former = Convert.FromHexString(
            "01000102030405060708090A0B0F676B1A6C9BB97B0CE853B12DB8F2F8449CAA6B0C3B53DCE98865A675791B");

        Assert.Equal(_clear, sealer.Open(former, "flows.state:1", version: 7));
        Assert.ThrowsAny<CryptographicException>(() => sealer.Open(former, "flows.state:2"));
        Assert.Null(Sealer.KeyOf(former));
        _keys.Kept = _keys.Kept.With(new KeptKey(MasterKey.New(), _noon)).Without(_keys.Kept.Keys[0].Key.Id);
        Assert.ThrowsAny<CryptographicException>(() => new Sealer(new KeyRing(_keys, _time)).Open(former, "flows.state:1"));
    }

    [Fact]
    public void The_newest_key_that_has_begun_seals_and_every_one_opens()
    {
        var (first, second) = (_keys.Kept.Keys[0].Key, MasterKey.New());
        _keys.Kept = _keys.Kept.With(new KeptKey(second, _noon.AddMinutes(10)));
        var sealer = new Sealer(new KeyRing(_keys, _time));
        var before = sealer.Seal(_clear, "flows.state:1");
        _time.Advance(TimeSpan.FromMinutes(10));

        var after = sealer.Seal(_clear, "flows.state:1");

        Assert.Equal(first.Id, Sealer.KeyOf(before));
        Assert.Equal(second.Id, Sealer.KeyOf(after));
        Assert.Equal(_clear, sealer.Open(before, "flows.state:1"));
        Assert.Equal(_clear, sealer.Open(after, "flows.state:1"));
    }

    [Fact]
    public void A_key_that_came_since_is_read_when_it_is_first_met()
    {
        var next = MasterKey.New();
        var elsewhere = new Sealer(new KeyRing(new FakeKeyStore { Kept = _keys.Kept.With(new KeptKey(next, _noon)) }, _time));
        var sealedValue = elsewhere.Seal(_clear, "flows.state:1");
        Assert.ThrowsAny<CryptographicException>(() => _sealer.Open(sealedValue, "flows.state:1"));

        _keys.Kept = _keys.Kept.With(new KeptKey(next, _noon));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(_clear, _sealer.Open(sealedValue, "flows.state:1"));
        var after = MasterKey.New();
        _keys.Kept = _keys.Kept.With(new KeptKey(after, _noon));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(_clear, _sealer.Open(new Sealer(new KeyRing(_keys, _time)).Seal(_clear, "flows.state:1"), "flows.state:1"));
    }

    [Fact]
    public void Keys_that_are_not_there_do_not_have_the_store_read_for_each()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        var before = _keys.Reads;

        for (var i = 0; i < 100; i++)
        {
            var other = new Sealer(KeyRing.Of(MasterKey.New(), _time));
            Assert.ThrowsAny<CryptographicException>(() => _sealer.Open(other.Seal(_clear, "flows.state:1"), "flows.state:1"));
        }

        Assert.Equal(before + 1, _keys.Reads);
    }

    [Fact]
    public void What_was_sealed_on_many_days_opens()
    {
        var sealedValues = new List<byte[]>();
        for (var day = 0; day < 200; day++)
        {
            sealedValues.Add(_sealer.Seal(_clear, "flows.state:1"));
            _time.Advance(TimeSpan.FromDays(1));
        }

        Assert.All(sealedValues, value => Assert.Equal(_clear, _sealer.Open(value, "flows.state:1")));
    }
}
