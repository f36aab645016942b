using System.Buffers.Binary;
using System.IO.Compression;
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
        Assert.InRange(packed.Length, 1, plain.Length / 3);
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

        // All but the mark at the end of the stream, which says nothing of its own.
        Assert.All(Enumerable.Range(0, packed.Length - 1), length => Assert.ThrowsAny<JsonException>(() => Unpack(packed[..length])));
        Assert.All(Enumerable.Range(8, packed.Length - 16), at =>
            Assert.NotEqual(packed, PackAgain([.. packed[..at], (byte)(packed[at] ^ 0xff), .. packed[(at + 1)..]])));
        // A length that no content has.
        Assert.ThrowsAny<JsonException>(() => Unpack([2, 0xff, 0xff, 0xff, 0x7f, .. packed[5..]]));
        Assert.ThrowsAny<JsonException>(() => Unpack([1, 0xff, 0xff, 0xff, 0xff, .. packed[5..]]));
    }

    [Fact]
    public void What_was_packed_once_is_read_for_ever()
    {
        var packed = Convert.FromBase64String(
            "Ao8FAADN1ksOgyAQBuATSYYRyuMA7Q26R9E0aRobvX/SqPWFCLVx4R5+khnmg5EpZbK0hAQAIBEWTaKyC0vSUhaYC2qBG0ewzPSsD4o1j+o9fIjb0f8BtYhh"
            + "qCnTyCJ+oaZcg9q2a1yHykk7gWcIyDkHv2tVbYu6awlAt8Sn3LJYRFKcXfaD9VucxQlLpycjoqKzU0z9imL57IcrkCcJUuoN9FMaSeQapJu2E9mNu7kf3rx+"
            + "7bI30KE/NP4WKjygnDB2CNI01NMV2yDUXO6WnzPqvcY4x2tjb/enj+MP");

        var outcome = Unpack(packed);

        Assert.Equal(("order-00000001", "identity.matched", 6, "+120255501"),
            (outcome.ClientRequestId, outcome.End, outcome.Facts.Count, outcome.Prefix));
        Assert.Equal(0.0079m, outcome.Texts[0].Attempts[0].Cost!.Amount);
    }

    [Fact]
    public void What_was_compressed_by_itself_is_read()
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(Sample(), StoredJson.Default.Outcome);
        var packed = new byte[plain.Length + 100];
        packed[0] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(packed.AsSpan(1), plain.Length);
        Assert.True(BrotliEncoder.TryCompress(plain, packed.AsSpan(5), out var written));

        Assert.Equal(plain, JsonSerializer.SerializeToUtf8Bytes(Unpack(packed[..(5 + written)]), StoredJson.Default.Outcome));
        Assert.ThrowsAny<JsonException>(() => Unpack(packed[..(3 + written)]));
    }

    /// <summary>Null for what cannot be read.</summary>
    private static byte[]? PackAgain(byte[] packed)
    {
        try
        {
            return PackedJson.Pack(Unpack(packed), StoredJson.Default.Outcome);
        }
        catch (Exception unreadable) when (unreadable is JsonException or FormatException)
        {
            return null;
        }
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
