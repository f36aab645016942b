using System.Security.Cryptography;
using Countersign.Core.Keys;

namespace Countersign.Core.Tests.Keys;

public sealed class LineKeyTests : IDisposable
{
    private const string Place = "identities.body:1";

    private static readonly MasterKey _master = MasterKey.New();

    private readonly Sealer _sealer = new(KeyRing.Of(_master, TimeProvider.System));
    private readonly LineKey _line = LineKey.New();

    public void Dispose() => _sealer.Dispose();

    [Fact]
    public void What_is_sealed_for_a_line_names_its_key_and_the_encryption_key_and_opens_with_both()
    {
        var value = _sealer.Seal([1, 2, 3], Place, _line);

        Assert.Equal((_line.Id, _master.Id), (Sealer.LineOf(value), Sealer.KeyOf(value)));
        Assert.Equal([1, 2, 3], _sealer.Open(value, Place, Known(_line)));
    }

    [Fact]
    public void Nothing_opens_it_without_the_line_s_key_or_for_another_place_or_under_another_id()
    {
        var value = _sealer.Seal([1, 2, 3], Place, _line);
        var renamed = new LineKey(LineKeyId.New(), _line.ToBytes());
        byte[] altered = [.. value[..7], .. renamed.Id.ToBytes(), .. value[23..]];
        using var other = new Sealer(KeyRing.Of(MasterKey.New(), TimeProvider.System));

        Assert.ThrowsAny<CryptographicException>(() => _sealer.Open(value, Place));
        Assert.ThrowsAny<CryptographicException>(() => _sealer.Open(value, Place, Known()));
        Assert.ThrowsAny<CryptographicException>(() => _sealer.Open(value, Place, Known(new LineKey(_line.Id, LineKey.New().ToBytes()))));
        Assert.ThrowsAny<CryptographicException>(() => _sealer.Open(value, "identities.body:2", Known(_line)));
        Assert.ThrowsAny<CryptographicException>(() => _sealer.Open(altered, Place, Known(renamed)));
        Assert.ThrowsAny<CryptographicException>(() => other.Open(value, Place, Known(_line)));
    }

    [Fact]
    public void What_was_sealed_for_no_line_opens_as_before_whatever_keys_of_lines_are_at_hand()
    {
        var value = _sealer.Seal([1, 2, 3], Place);

        Assert.Null(Sealer.LineOf(value));
        Assert.Equal([1, 2, 3], _sealer.Open(value, Place, Known(_line)));
    }

    [Fact]
    public void What_is_sealed_for_a_line_within_a_project_names_both_keys_and_opens_with_both_alone()
    {
        var (project, other) = (LineKey.New(), LineKey.New());
        var value = _sealer.Seal([1, 2, 3], Place, _line.Within(project));
        byte[] renamed = [.. value[..23], .. other.Id.ToBytes(), .. value[39..]];

        Assert.Equal((_line.Id, _master.Id), (Sealer.LineOf(value), Sealer.KeyOf(value)));
        Assert.Equal([_line.Id, project.Id], Sealer.KeysOfLine(value));
        Assert.Equal([1, 2, 3], _sealer.Open(value, Place, Known(_line, project)));
        Assert.ThrowsAny<CryptographicException>(() => _sealer.Open(value, Place));
        Assert.ThrowsAny<CryptographicException>(() => _sealer.Open(value, Place, Known(_line)));
        Assert.ThrowsAny<CryptographicException>(() => _sealer.Open(value, Place, Known(project)));
        Assert.ThrowsAny<CryptographicException>(() => _sealer.Open(renamed, Place, Known(_line, other)));
        Assert.ThrowsAny<CryptographicException>(() => _sealer.Open(value.AsSpan(..66), Place, Known(_line, project)));
        Assert.ThrowsAny<CryptographicException>(() => Sealer.LineKeyOf(_sealer.Seal([1], Place), Known(_line)));
    }

    [Fact]
    public void A_line_has_another_key_in_each_project_and_those_from_before_after_it()
    {
        var (hash, twin) = (RandomNumberGenerator.GetBytes(32), LineKey.New());
        var line = new LineKey(_line.Id, _line.ToBytes(), twin);
        var (shop, bank) = (new LineKey(LineKeyId.New(), LineKey.New().ToBytes(), LineKey.New()), LineKey.New());

        List<LineKey> inShop = [.. line.Within(shop).All];

        Assert.Equal([line.Id, twin.Id, line.Id, twin.Id, line.Id, twin.Id], inShop.Select(key => key.Id));
        Assert.Equal(
            [shop.Id, shop.Id, shop.Twin!.Id, shop.Twin.Id, (LineKeyId?)null, null], inShop.Select(key => key.Project));
        Assert.Equal(6, inShop.Select(key => Convert.ToHexString(key.Bind(hash))).Distinct().Count());
        Assert.Equal(_line.Within(bank).Bind(hash), line.Within(bank).Bind(hash));
        Assert.NotEqual(line.Within(shop).Bind(hash), line.Within(bank).Bind(hash));
        Assert.NotEqual(bank.Within(line).Bind(hash), line.Within(bank).Bind(hash));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    public void A_hash_keeps_its_length_and_is_another_for_each_line(int size)
    {
        var hash = RandomNumberGenerator.GetBytes(size);

        Assert.Equal(size, _line.Bind(hash).Length);
        Assert.Equal(_line.Bind(hash), _line.Bind(hash));
        Assert.NotEqual(hash, _line.Bind(hash));
        Assert.NotEqual(LineKey.New().Bind(hash), _line.Bind(hash));
    }

    [Fact]
    public void A_secret_of_another_length_is_none_and_no_key_prints_itself()
    {
        Assert.Throws<CryptographicException>(() => new LineKey(LineKeyId.New(), new byte[31]));
        Assert.Throws<FormatException>(() => LineKeyId.FromBytes(new byte[15]));
        Assert.Equal("***", $"{_line}");
    }

    private static Dictionary<LineKeyId, LineKey> Known(params LineKey[] lines) => lines.ToDictionary(line => line.Id);
}
