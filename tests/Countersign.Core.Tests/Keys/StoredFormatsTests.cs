using System.Security.Cryptography;
using Countersign.Core.Keys;
using Countersign.Core.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Core.Tests.Keys;

/// <summary>
/// What stands in stores: each value was made by another implementation of HKDF-SHA256, AES-256 and HMAC-SHA256 (OpenSSL's), from the key
/// of the bytes 0 to 31, on day 20455. A version that does not read it has lost what is stored.
/// </summary>
public sealed class StoredFormatsTests
{
    private static readonly MasterKey _key = new([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);
    private static readonly byte[] _clear = "Lori Montgomery"u8.ToArray();
    private static readonly byte[] _hash = SHA256.HashData("+12025550100"u8);
    private static readonly byte[] _secret = [.. Enumerable.Repeat((byte)9, 32)];
    private static readonly LineKey _line = Line(0x11, 5);
    private static readonly LineKey _project = Line(0x22, 6);

    private readonly KeyRing _ring;
    private readonly DayKeys _days;

    public StoredFormatsTests()
    {
        var first = MasterKey.New();
        var keys = new FakeKeyStore { Kept = KeySet.Of(first).With(new KeptKey(_key, DateTimeOffset.UnixEpoch)) };
        _ring = new KeyRing(keys, new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddDays(20455).AddHours(12)));
        _days = new DayKeys(_ring);
        _days.Put(DayKeys.Needed(_ring.Day).ToDictionary(name => name, _ => _secret));
    }

    [Fact]
    public void A_key_has_the_id_under_which_its_values_stand_and_the_hashes_that_were_made_with_it()
    {
        Assert.Equal("52ed5883", _key.Id.ToString());
        Assert.Equal(
            "02343646f30b3f954e496cb8a67dedb84c09d87db8b9f33c22afd503cfe2b938", Convert.ToHexStringLower(KeySet.Of(_key).HashKey));
    }

    [Theory]
    [InlineData("0252ed58834fe7000102030405060708090a0b0bd3c19faf772c0afc10250e69ca5c3d91da83985f1595469bff586423ae38",
        "identities.body:1", null)]
    [InlineData("0252ed58834fe7000102030405060708090a0bfbb1dcf4b8f3bd9063edb5263e8e956a91da83985f1595469bff586423ae38",
        "identities.body:1", 7)]
    // Of short life: with its day's secret.
    [InlineData("0352ed58834fe701000102030405060708090a0b0e8600a2b6910bc5c0e4c23319875a00216a14785c1286024b50212005be5f",
        "flows.state:1", null)]
    public void What_was_sealed_opens(string stored, string place, int? version)
    {
        using var sealer = new Sealer(_ring, days: _days);

        Assert.Equal(_clear, sealer.Open(Convert.FromHexString(stored), place, version));
    }

    [Theory]
    [InlineData("0452ed58834fe711111111111111111111111111111111000102030405060708090a0b1fa53bc27817993b9b1370e566c0e2857d65d81d0385009"
        + "04d32cda810eb6a")]
    [InlineData("0552ed58834fe71111111111111111111111111111111122222222222222222222222222222222000102030405060708090a0ba39e308478ff82bd"
        + "4004b8522b24e102cd867f72aa1483e69564e238838d64")]
    public void What_was_sealed_for_a_line_opens_with_the_keys_that_it_names(string stored)
    {
        using var sealer = new Sealer(_ring);
        var keys = new Dictionary<LineKeyId, LineKey> { [_line.Id] = _line, [_project.Id] = _project };

        Assert.Equal(_clear, sealer.Open(Convert.FromHexString(stored), "identities.body:1", keys));
    }

    [Fact]
    public void What_rows_are_found_by_is_the_same_in_every_version()
    {
        using var hashes = new HashSealer(_ring, _days);

        Assert.Equal(
            "0252ed588393221f5a78b8fb7e5bbf3d5ff45e5727131bfacc420cc71baf3f16f47436b380", Convert.ToHexStringLower(hashes.Seal(_hash)));
        Assert.Equal(
            "beb8841db361b91be4171bca53be9dab3693545d245f90f30590bc6f76fe2eac", Convert.ToHexStringLower(_line.Bind(_hash)));
        var ofDay = hashes.Seal("flows", _hash);
        Assert.Equal(
            "0352ed58834fe701f2d93271d71ccbd655601265fbf1c314c074e115718ee7ae164e35ffd443db75",
            Convert.ToHexStringLower(ofDay));
        Assert.Equal("a8c8fe6919c4d034", hashes.SealTag(ofDay, 0x1234_5678_9abc_def0).ToString("x16", null));
    }

    private static LineKey Line(byte id, byte secret) => new(
        LineKeyId.FromBytes([.. Enumerable.Repeat(id, LineKeyId.Size)]), [.. Enumerable.Repeat(secret, LineKey.Size)]);
}
