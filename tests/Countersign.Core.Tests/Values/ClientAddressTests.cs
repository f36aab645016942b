using System.Net;

namespace Countersign.Core.Tests.Values;

public sealed class ClientAddressTests
{
    [Theory]
    [InlineData("10.0.0.1", true)]
    [InlineData("11.0.0.1", false)]
    [InlineData("172.15.255.255", false)]
    [InlineData("172.16.0.0", true)]
    [InlineData("172.31.255.255", true)]
    [InlineData("172.32.0.0", false)]
    [InlineData("192.168.255.1", true)]
    [InlineData("192.169.0.1", false)]
    // What lies behind a carrier's own translation of addresses (RFC 6598).
    [InlineData("100.64.0.1", true)]
    [InlineData("100.128.0.1", false)]
    [InlineData("169.254.1.1", true)]
    [InlineData("127.8.8.8", true)]
    [InlineData("198.51.100.7", false)]
    [InlineData("fc00::1", true)]
    [InlineData("fdff::1", true)]
    [InlineData("fe80::1", true)]
    [InlineData("fec0::1", false)]
    [InlineData("::1", true)]
    [InlineData("::2", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("::ffff:198.51.100.7", false)]
    public void A_private_address_is_not_of_the_internet_however_it_is_written(string address, bool isPrivate) =>
        Assert.Equal(isPrivate, ClientAddress.IsPrivate(IPAddress.Parse(address)));

    [Theory]
    [InlineData("::ffff:198.51.100.7", "198.51.100.7")]
    [InlineData("198.51.100.7", "198.51.100.7")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    public void An_address_of_IPv4_is_one_also_where_it_is_written_as_IPv6(string address, string plain) =>
        Assert.Equal(IPAddress.Parse(plain), ClientAddress.Plain(IPAddress.Parse(address)));
}
