using System.Net;
using Countersign.Providers.Http;

namespace Countersign.Providers.Tests.Http;

public sealed class PublicAddressesTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("172.16.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("100.64.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("::10.0.0.1")]
    [InlineData("::8.8.8.8")]
    [InlineData("fc00::1")]
    [InlineData("fe80::1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("3fff::1")]
    [InlineData("3fff:fff:ffff::1")]
    [InlineData("5f00::1")]
    [InlineData("168.63.129.16")]
    [InlineData("::ffff:168.63.129.16")]
    public void An_address_of_no_public_machine_is_told(string address) => Assert.False(PublicAddresses.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("168.63.129.17")]
    [InlineData("2606:4700::1111")]
    [InlineData("3ffe::1")]
    [InlineData("5f01::1")]
    public void A_public_one_may_be_reached(string address) => Assert.True(PublicAddresses.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("8.8.8.8", "127.0.0.1")]
    public async Task A_name_that_leads_to_a_private_network_is_not_connected_to(params string[] addresses)
    {
        var connection = new ProviderConnection
        {
            ConnectTimeout = TimeSpan.FromSeconds(2),
            MaxBytes = 1024,
            Addresses = new PublicAddresses((_, _) => Task.FromResult(addresses.Select(IPAddress.Parse).ToArray())),
        };
        using var client = new ProviderClient(connection, TimeProvider.System);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://crm.example.com/");

        await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request, TestContext.Current.CancellationToken));
    }
}
