using System.Net;
using Countersign.Core.Possession.MobileAuth;

namespace Countersign.Core.Tests.Possession.MobileAuth;

public sealed class ClientNetworkTests
{
    [Theory]
    [InlineData("203.0.113.7", "4cb0071")]
    [InlineData("203.0.113.250", "4cb0071")]
    [InlineData("203.0.114.7", "4cb0072")]
    [InlineData("::ffff:203.0.113.7", "4cb0071")]
    [InlineData("2001:db8:1:2:3:4:5:6", "620010db800010002")]
    [InlineData("2001:db8:1:2::", "620010db800010002")]
    [InlineData("2001:db8:1:3::", "620010db800010003")]
    [InlineData(null, null)]
    public void Two_calls_of_one_browser_have_so_much_of_their_address_in_common(string? address, string? network) =>
        Assert.Equal(network, ClientNetwork.Of(address is null ? null : IPAddress.Parse(address)));

    [Theory]
    [InlineData("203.0.113.7", "4cb0071", "4cb0071", true)]
    [InlineData("203.0.113.7", "4cb0071", "4cb0072", false)]
    [InlineData("203.0.113.7", "4cb0072", "4cb0071", false)]
    [InlineData("203.0.113.7", null, "4cb0071", false)]
    [InlineData("203.0.113.7", "4cb0071", null, false)]
    [InlineData(null, null, null, false)]
    public void A_check_is_of_a_browser_when_all_of_it_came_from_its_network(string? address, string? began, string? returned, bool isOf) =>
        Assert.Equal(isOf, new BrowserPath(began, returned).IsOf(address is null ? null : IPAddress.Parse(address)));
}
