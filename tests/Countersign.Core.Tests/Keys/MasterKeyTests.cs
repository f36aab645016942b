using Countersign.Core.Keys;

namespace Countersign.Core.Tests.Keys;

public sealed class MasterKeyTests
{
    [Fact]
    public void A_key_is_read_as_it_was_written()
    {
        var key = MasterKey.New();

        Assert.Equal(key.Id, MasterKey.Parse(key.ToBase64())?.Id);
        Assert.NotEqual(key.Id, MasterKey.New().Id);
        Assert.Equal("***", key.ToString());
    }

    [Theory]
    [InlineData(32, true)]
    [InlineData(31, false)]
    [InlineData(33, false)]
    [InlineData(48, false)]
    [InlineData(49, false)]
    [InlineData(64, false)]
    [InlineData(0, false)]
    public void A_key_is_base64_of_32_bytes_and_of_no_other_number(int bytes, bool isKey) =>
        Assert.Equal(isKey, MasterKey.Parse(Convert.ToBase64String(new byte[bytes])) is not null);

    [Theory]
    [InlineData(null)]
    [InlineData("not base64, though it has as many characters.")]
    public void What_is_no_base64_is_no_key(string? text) => Assert.Null(MasterKey.Parse(text));

    [Fact]
    public void The_newest_key_that_has_begun_seals_from_its_moment_on()
    {
        var (first, second, third) = (MasterKey.New(), MasterKey.New(), MasterKey.New());
        var keys = KeySet.Of(first).With(new KeptKey(second, Sample.Now)).With(new KeptKey(third, Sample.Now.AddHours(1)));

        Assert.Equal(
            [first.Id, second.Id, second.Id, third.Id],
            new[] { Sample.Now.AddTicks(-1), Sample.Now, Sample.Now.AddHours(1).AddTicks(-1), Sample.Now.AddHours(1) }
                .Select(moment => keys.SealingAt(moment).Id));
        Assert.Equal(second.Id, keys.Find(second.Id)?.Id);
        Assert.Null(keys.Find(KeyId.None));
        Assert.Equal(first.Id, keys.SealingAt(DateTimeOffset.MinValue).Id);
    }

    [Fact]
    public void What_names_no_key_stands_under_the_first_as_long_as_that_is_there()
    {
        var (first, second) = (MasterKey.New(), MasterKey.New());
        var both = KeySet.Of(first).With(new KeptKey(second, Sample.Now));

        Assert.Equal(first.Id, both.First);
        Assert.Equal(first.Id, both.Without(second.Id).First);
        Assert.Equal((null, second.Id), (both.Without(first.Id).First, both.Without(first.Id).Keys.Single().Key.Id));
        Assert.Equal(first.DeriveHashKey(), both.Without(first.Id).HashKey);
    }

    [Fact]
    public void A_key_of_the_configuration_cannot_be_replaced_and_it_is_said_what_would_keep_another()
    {
        var key = MasterKey.New();
        var store = new ConfiguredKeyStore(key);

        Assert.Equal(key.Id, Assert.Single(store.Read().Keys).Key.Id);
        Assert.Contains(
            "Countersign:Keys:File", Assert.Throws<KeyStoreException>(() => store.Write(store.Read())).Message, StringComparison.Ordinal);
    }
}
