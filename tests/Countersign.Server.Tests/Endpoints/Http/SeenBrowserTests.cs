using System.Net;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Keys;
using Countersign.Server.Endpoints.Http;
using Microsoft.AspNetCore.Http;

namespace Countersign.Server.Tests.Endpoints.Http;

public sealed class SeenBrowserTests
{
    private const string Chromium = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

    [Theory]
    [InlineData(BrowserFamily.Chrome, BrowserPlatform.Linux, Chromium)]
    [InlineData(BrowserFamily.Edge, BrowserPlatform.Windows,
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0")]
    [InlineData(BrowserFamily.Opera, BrowserPlatform.Mac,
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) "
            + "Chrome/141.0.0.0 Safari/537.36 OPR/125.0.0.0")]
    [InlineData(BrowserFamily.Firefox, BrowserPlatform.Windows,
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0")]
    [InlineData(BrowserFamily.Firefox, BrowserPlatform.IPhone,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            + "FxiOS/145.0 Mobile/15E148 Safari/605.1.15")]
    [InlineData(BrowserFamily.Chrome, BrowserPlatform.IPad,
        "Mozilla/5.0 (iPad; CPU OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            + "CriOS/142.0.0.0 Mobile/15E148 Safari/604.1")]
    [InlineData(BrowserFamily.Safari, BrowserPlatform.Mac,
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15")]
    [InlineData(BrowserFamily.SamsungInternet, BrowserPlatform.Android,
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/29.0 "
            + "Chrome/136.0.0.0 Mobile Safari/537.36")]
    [InlineData(BrowserFamily.Chrome, BrowserPlatform.ChromeOs,
        "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36")]
    [InlineData(BrowserFamily.Other, BrowserPlatform.Other, "curl/8.5.0")]
    [InlineData(BrowserFamily.Other, BrowserPlatform.Other, "")]
    public void Browsers_are_known_by_their_user_agent(BrowserFamily family, BrowserPlatform platform, string agent)
    {
        var seen = Of(agent);

        Assert.Equal((family, platform), (seen.Family, seen.Platform));
        Assert.Equal(agent.Length == 0, seen.Agent is null);
    }

    [Theory]
    [InlineData(BrowserFamily.Chrome, BrowserPlatform.Windows, "\"Google Chrome\";v=\"142\", \"Not A;Brand\";v=\"8\"", "\"Windows\"")]
    [InlineData(BrowserFamily.Edge, BrowserPlatform.Mac, "\"Chromium\";v=\"142\", \"Microsoft Edge\";v=\"142\"", "\"macOS\"")]
    [InlineData(BrowserFamily.Other, BrowserPlatform.Linux, "\"Chromium\";v=\"142\", \"Brave\";v=\"142\"", "\"Something new\"")]
    public void Client_hints_say_it_better(BrowserFamily family, BrowserPlatform platform, string brands, string hint)
    {
        var seen = Of(Chromium, brands, hint);

        Assert.Equal((family, platform), (seen.Family, seen.Platform));
        Assert.NotEqual(seen.Agent, Of(Chromium).Agent);
    }

    [Theory]
    [InlineData(Mode.Live, "203.0.113.7", "203.0.113.7")]
    [InlineData(Mode.Live, "::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData(Mode.Live, "2001:db8::7", "2001:db8::7")]
    [InlineData(Mode.Live, "10.0.0.7", null)]
    [InlineData(Mode.Live, "127.0.0.1", null)]
    [InlineData(Mode.Sandbox, "127.0.0.1", "127.0.0.1")]
    public void A_private_address_says_nothing_in_live(Mode mode, string address, string? kept) =>
        Assert.Equal(kept, Of(Chromium, mode: mode, address: address).Address);

    private static SeenBrowser Of(
        string agent, string brands = "", string platform = "", Mode mode = Mode.Sandbox, string address = "203.0.113.7")
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(address);
        context.Request.Headers.UserAgent = agent;
        context.Request.Headers["Sec-CH-UA"] = brands;
        context.Request.Headers["Sec-CH-UA-Platform"] = platform;
        return new SeenBrowsers(new SecretHasher(new byte[32]), new ServerOptions { Mode = mode }).Of(context);
    }
}
