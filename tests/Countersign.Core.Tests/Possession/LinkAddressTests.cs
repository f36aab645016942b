using Countersign.Core.Possession;

namespace Countersign.Core.Tests.Possession;

public sealed class LinkAddressTests
{
    private const string Token = "AZaz09-_bcdefghijklmno";

    [Theory]
    [InlineData(Token, true)]
    [InlineData(Token + "&fbclid=1", true)]
    [InlineData(Token + "/x", true)]
    [InlineData(Token + ".", true)]
    [InlineData(Token + ")", true)]
    [InlineData(Token + "_", true)]
    [InlineData(Token + "-_", true)]
    [InlineData(Token + "-_)", true)]
    [InlineData(Token + "é", true)]
    [InlineData(Token + "x", false)]
    [InlineData(Token + "0", false)]
    [InlineData(Token + "-x", false)]
    [InlineData("AZaz09-_bcdefghijklmn", false)]
    [InlineData("AZaz09-_bcdefghijklm+o", false)]
    [InlineData("AZaz09-_bcdefghijklmé0", false)]
    [InlineData(".Zaz09-_bcdefghijklmno", false)]
    [InlineData("", false)]
    public void The_token_is_what_an_address_begins_with(string text, bool isThere) =>
        Assert.Equal(isThere ? Token : null, LinkAddress.TokenIn(text));

    [Fact]
    public void A_link_is_as_long_as_its_parts() =>
        Assert.Equal($"https://id.example/l/{Token}".Length, LinkAddress.LengthOf("https://id.example"));
}
