using Countersign.Core.Possession.MobileAuth;
using Countersign.Core.Projects;

namespace Countersign.Core.Tests.Possession.MobileAuth;

public sealed class ReturnAddressTests
{
    private const string Own = "https://id.example";

    [Theory]
    [InlineData("https://shop.example", true)]
    [InlineData("https://shop.example/back?a=1&b=2", true)]
    [InlineData("https://shop.example/back?a_b=c-d", true)]
    [InlineData("HTTPS://SHOP.EXAMPLE/back", true)]
    [InlineData("https://shop.example:443/back", true)]
    [InlineData("https://id.example/handset", true)]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("/back", false)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("http://shop.example/back", false)]
    [InlineData("https://shop.example:8443/back", false)]
    [InlineData("https://shop.example.elsewhere.example/", false)]
    [InlineData("https://elsewhere.example/", false)]
    [InlineData("https://shop.example@elsewhere.example/", false)]
    [InlineData("https://elsewhere.example@shop.example/", false)]
    // A fragment outlives a redirect, and an address in the query may be where the page sends people on to.
    [InlineData("https://shop.example/back#https://elsewhere.example", false)]
    [InlineData("https://shop.example/back?to=https://elsewhere.example", false)]
    [InlineData("https://shop.example/back?to=%2f%2felsewhere.example", false)]
    public void A_page_comes_back_to_an_origin_of_its_project_or_to_this_server(string? text, bool isTaken) =>
        Assert.Equal(isTaken, ReturnAddress.TryRead(text, new ProjectSettings { WebOrigins = ["https://shop.example"] }, Own, out _));

    [Theory]
    [InlineData("https://shop.example/app/back", true)]
    [InlineData("https://shop.example/desk", true)]
    [InlineData("https://shop.example/apple", false)]
    [InlineData("https://shop.example/", false)]
    [InlineData("https://id.example/handset", true)]
    public void Where_a_project_lists_its_pages_it_is_one_of_them(string text, bool isTaken) =>
        Assert.Equal(isTaken, ReturnAddress.TryRead(
            text,
            new ProjectSettings
            {
                WebOrigins = ["https://shop.example"],
                TargetUrls = ["https://shop.example/app", "https://shop.example/desk"],
            },
            Own, out _));

    [Theory]
    [InlineData(512, true)]
    [InlineData(513, false)]
    public void It_is_of_bounded_length(int characters, bool isTaken) =>
        Assert.Equal(isTaken, ReturnAddress.TryRead(
            $"{Own}/".PadRight(characters, 'a'), new ProjectSettings(), Own, out _));

    [Fact]
    public void Without_origins_of_its_own_a_project_has_this_servers_alone() =>
        Assert.False(ReturnAddress.TryRead("https://shop.example/", new ProjectSettings(), Own, out _));
}
