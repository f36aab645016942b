using System.Security.Cryptography;
using System.Text;
using Countersign.Core.Keys;

namespace Countersign.Core.Tests.Keys;

public sealed class SealerTests
{
    private static readonly byte[] _clear = Encoding.UTF8.GetBytes("Lori Montgomery");
    private readonly Sealer _sealer = new MasterKey(new byte[MasterKey.Size]).CreateSealer();

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
    }

    [Fact]
    public void What_was_altered_does_not_open()
    {
        var sealedValue = _sealer.Seal(_clear, "flows.state:1");
        sealedValue[^1] ^= 1;

        Assert.ThrowsAny<CryptographicException>(() => _sealer.Open(sealedValue, "flows.state:1"));
    }

    [Fact]
    public void What_another_key_has_sealed_does_not_open()
    {
        var other = new MasterKey([.. Enumerable.Repeat((byte)1, MasterKey.Size)]).CreateSealer();

        Assert.ThrowsAny<CryptographicException>(() => _sealer.Open(other.Seal(_clear, "flows.state:1"), "flows.state:1"));
    }

    [Fact]
    public void Equal_values_look_different()
    {
        Assert.NotEqual(_sealer.Seal(_clear, "flows.state:1"), _sealer.Seal(_clear, "flows.state:1"));
    }
}
