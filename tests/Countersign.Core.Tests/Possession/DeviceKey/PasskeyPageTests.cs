using Countersign.Core.Possession.DeviceKey;
using Countersign.Core.Tests.Fakes;

namespace Countersign.Core.Tests.Possession.DeviceKey;

public sealed class PasskeyPageTests
{
    [Theory]
    [InlineData("https://shop.example", "shop.example")]
    [InlineData("https://shop.example:8443", "shop.example")]
    [InlineData("http://localhost:5000", "localhost")]
    [InlineData("http://shop.localhost", "shop.localhost")]
    [InlineData("http://shop.example", null)]
    [InlineData("http://mylocalhost", null)]
    [InlineData("http://localhost.example", null)]
    [InlineData("https://192.0.2.1", null)]
    [InlineData("https://[2001:db8::1]", null)]
    [InlineData("https://user@shop.example", null)]
    [InlineData("https://shop.example/", null)]
    [InlineData("https://shop.example/page", null)]
    [InlineData("HTTPS://SHOP.EXAMPLE", null)]
    [InlineData("https://shop.example:443", null)]
    [InlineData("wss://shop.example", null)]
    [InlineData("ftp://localhost", null)]
    [InlineData("shop.example", null)]
    [InlineData("", null)]
    [InlineData("null", null)]
    public void A_passkey_is_bound_to_the_host_of_a_secure_page_as_browsers_write_it(string origin, string? domain) =>
        Assert.Equal(domain is null ? null : new PasskeyPage(origin, domain), PasskeyPage.Of(origin));

    [Fact]
    public void Its_relying_party_is_the_host_under_the_projects_name()
    {
        var page = PasskeyPage.OfKept("https://shop.example:8443");

        var party = page.RelyingPartyOf(FlowStage.Shop);

        Assert.Equal(("shop.example", "Shop", "https://shop.example:8443"), (party.Id, party.Name, Assert.Single(party.Origins)));
        Assert.Equal(PasskeyPage.Of("https://shop.example:8443"), page);
    }
}
