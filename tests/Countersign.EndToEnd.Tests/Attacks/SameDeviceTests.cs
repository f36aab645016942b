using Countersign.EndToEnd.Tests.Fixtures;

namespace Countersign.EndToEnd.Tests.Attacks;

/// <summary>Who opens the link in the very browser that began shows no second device, and the relying party is told.</summary>
public abstract class SameDeviceTests(ConnectedServer server)
{
    private const string Browser =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
    private const string Phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X)";
    private const string Here = "198.51.100.7";

    [Theory]
    [Trait("attack", "L15")]
    [InlineData(Browser, Here, ConnectedServer.Proxy, true)]
    [InlineData(Phone, Here, ConnectedServer.Proxy, false)]
    [InlineData(Browser, "198.51.100.8", ConnectedServer.Proxy, false)]
    // Who is no proxy says in vain where they are.
    [InlineData(Browser, Here, "127.0.0.1", false)]
    public async Task The_browser_that_began_is_told_from_a_second_one(string agent, string address, string from, bool isSame)
    {
        var (shop, number) = (await server.ClientAsync("shop"), server.NextNumber());
        using var flow = await shop.BeginAsync(
            "/v3/unify", new { possessionType = "desktop", phoneNumber = number, finalTargetUrl = ConfiguredServer.Target },
            ConnectedServer.Proxy);
        flow.ForwardedFor = Here;
        var sent = await flow.PostAsync("mobile/instantlink/start", agent: Browser);
        var link = new LinkPage(new Uri(server.LastProof(number)), agent, from, address);

        var page = await link.CallAsync(HttpMethod.Get);
        await link.PressAsync("confirm", sent.Text("matchCode"));

        var result = await flow.ResultAsync();
        Assert.Equal(("true", isSame ? true : null), (result.Text("success"), (bool?)result.Json!["assurance"]?["sameDevice"]));
        Assert.Equal(isSame, page.Body.Contains("This browser, on this device", StringComparison.Ordinal));
    }
}

[Collection<OnConnectedSqlite>]
public sealed class SameDevicesOnSqlite(ConnectedSqlite server) : SameDeviceTests(server);

[Collection<OnConnectedPostgres>]
[Trait("tier", "long")]
public sealed class SameDevicesOnPostgres(ConnectedPostgres server) : SameDeviceTests(server);
