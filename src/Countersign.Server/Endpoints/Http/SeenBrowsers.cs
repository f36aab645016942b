using System.Net;
using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Keys;

namespace Countersign.Server.Endpoints.Http;

/// <summary>
/// Which browser calls, by what it says of itself (User-Agent, and the client hints of Chromium's kind) and by its address. A browser may
/// say what it likes, so of its words only a few known ones get to a page.
/// </summary>
internal sealed class SeenBrowsers(SecretHasher hasher, ServerOptions server)
{
    private const string Purpose = "browser";
    private const int MaxCharacters = 1024;

    // The first that is found counts: most browsers name others after themselves, or before.
    private static readonly (string Word, BrowserFamily Family)[] _agents =
    [
        ("Edg/", BrowserFamily.Edge), ("EdgA/", BrowserFamily.Edge), ("EdgiOS/", BrowserFamily.Edge),
        ("OPR/", BrowserFamily.Opera), ("OPT/", BrowserFamily.Opera),
        ("SamsungBrowser/", BrowserFamily.SamsungInternet),
        ("Firefox/", BrowserFamily.Firefox), ("FxiOS/", BrowserFamily.Firefox),
        ("Chrome/", BrowserFamily.Chrome), ("CriOS/", BrowserFamily.Chrome),
        ("Version/", BrowserFamily.Safari),
    ];

    private static readonly (string Word, BrowserFamily Family)[] _brands =
    [
        ("\"Microsoft Edge\"", BrowserFamily.Edge), ("\"Opera\"", BrowserFamily.Opera),
        ("\"Samsung Internet\"", BrowserFamily.SamsungInternet), ("\"Google Chrome\"", BrowserFamily.Chrome),
    ];

    private static readonly (string Word, BrowserPlatform Platform)[] _platforms =
    [
        ("Windows", BrowserPlatform.Windows), ("CrOS", BrowserPlatform.ChromeOs), ("Chrome OS", BrowserPlatform.ChromeOs),
        ("Chromium OS", BrowserPlatform.ChromeOs), ("Android", BrowserPlatform.Android), ("iPad", BrowserPlatform.IPad),
        ("iPhone", BrowserPlatform.IPhone), ("macOS", BrowserPlatform.Mac), ("Macintosh", BrowserPlatform.Mac),
        ("Linux", BrowserPlatform.Linux),
    ];

    public SeenBrowser Of(HttpContext context)
    {
        var headers = context.Request.Headers;
        var agent = Short(headers.UserAgent);
        var (brands, platform) = (Short(headers["Sec-CH-UA"]), Short(headers["Sec-CH-UA-Platform"]));
        return new SeenBrowser(
            FamilyOf(agent, brands), PlatformOf(platform) is var hinted and not BrowserPlatform.Other ? hinted : PlatformOf(agent),
            AddressOf(context.Connection.RemoteIpAddress),
            agent.Length == 0 ? null : hasher.Hash(Purpose, new Secret($"{agent}\n{brands}\n{platform}")));
    }

    // Browsers of Chromium's kind call themselves Chrome in their User-Agent, and say who they are in their brands.
    private static BrowserFamily FamilyOf(string agent, string brands) => brands.Length > 0
        ? Array.Find(_brands, brand => brands.Contains(brand.Word, StringComparison.Ordinal)).Family
        : Array.Find(_agents, word => agent.Contains(word.Word, StringComparison.Ordinal)).Family;

    private static BrowserPlatform PlatformOf(string text) =>
        Array.Find(_platforms, word => text.Contains(word.Word, StringComparison.Ordinal)).Platform;

    /// <summary>A private address in Live may be that of a proxy that no setting names: then it is everybody's.</summary>
    private string? AddressOf(IPAddress? address) =>
        address is null || (server.Mode == Mode.Live && ClientAddress.IsPrivate(address)) ? null : $"{ClientAddress.Plain(address)}";

    private static string Short(string? text) => text is null ? "" : text[..Math.Min(text.Length, MaxCharacters)];
}
