using System.Text.Json;
using Countersign.Core;
using Countersign.Core.History;

namespace Countersign.Storage.Tests;

public sealed class PackedJsonTests
{
    [Fact]
    public void What_is_packed_comes_out_as_it_was_and_is_smaller()
    {
        var outcome = Sample();
        var plain = JsonSerializer.SerializeToUtf8Bytes(outcome, StoredJson.Default.Outcome);

        var packed = PackedJson.Pack(outcome, StoredJson.Default.Outcome);

        Assert.Equal(plain, JsonSerializer.SerializeToUtf8Bytes(Unpack(packed), StoredJson.Default.Outcome));
        Assert.InRange(packed.Length, 1, plain.Length * 2 / 3);
    }

    [Fact]
    public void What_was_stored_before_it_was_packed_is_read()
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(Sample(), StoredJson.Default.Outcome);

        Assert.Equal(plain, JsonSerializer.SerializeToUtf8Bytes(Unpack(plain), StoredJson.Default.Outcome));
    }

    [Fact]
    public void What_is_cut_off_or_was_changed_is_an_error_and_nothing_else()
    {
        var packed = PackedJson.Pack(Sample(), StoredJson.Default.Outcome);

        Assert.All(Enumerable.Range(0, packed.Length), length => Assert.ThrowsAny<JsonException>(() => Unpack(packed[..length])));
        Assert.ThrowsAny<JsonException>(() => Unpack([.. packed[..^1], (byte)(packed[^1] ^ 0xff)]));
        // A length that no content has.
        Assert.ThrowsAny<JsonException>(() => Unpack([1, 0xff, 0xff, 0xff, 0x7f, .. packed[5..]]));
        Assert.ThrowsAny<JsonException>(() => Unpack([1, 0xff, 0xff, 0xff, 0xff, .. packed[5..]]));
    }

    private static Outcome Sample() => Outcome.Of(Tests.Sample.Flow(), [], "US", null) with
    {
        Facts =
        [
            new(Tests.Sample.Now, FlowEventCode.OtpBegun),
            new(Tests.Sample.Now.AddSeconds(1), FlowEventCode.TextAccepted),
            new(Tests.Sample.Now.AddSeconds(3), FlowEventCode.TextDelivered),
            new(Tests.Sample.Now.AddSeconds(20), FlowEventCode.EntryWrong),
            new(Tests.Sample.Now.AddSeconds(31), FlowEventCode.PossessionProven) { Method = "otp" },
        ],
    };

    private static Outcome Unpack(byte[] packed) => PackedJson.Unpack(packed, StoredJson.Default.Outcome);
}
