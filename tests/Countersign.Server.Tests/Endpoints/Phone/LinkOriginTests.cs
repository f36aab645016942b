using Countersign.Server.Tests.Fixtures;
using Countersign.Testing;

namespace Countersign.Server.Tests.Endpoints.Phone;

/// <summary>What the page behind a link says of who asked for it, and what the relying party hears of it.</summary>
public abstract class LinkOriginTests(ServerFixture fixture) : IAsyncLifetime
{
    private const string Number = "2001009002";
    private const string ChromeOnWindows =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
    private const string SafariOnIPhone =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 "
            + "Safari/604.1";
    private const string Berlin = "203.0.113.7";
    private const string Nowhere = "198.51.100.9";

    private readonly TemporaryFolder _folder = new();
    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        MmdbFile.Write(_folder.File("countries.mmdb"), ("203.0.113.0/24", new Dictionary<string, object>
        {
            ["country"] = new Dictionary<string, object>
            {
                ["iso_code"] = "DE",
                ["names"] = new Dictionary<string, object> { ["en"] = "Germany", ["de"] = "Deutschland", ["fr"] = "Allemagne" },
            },
        }));
        _server = await fixture.StartAsync(new Dictionary<string, string?>
        {
            ["Countersign:GeoTable"] = _folder.File("countries.mmdb"),
            // The address is what the test says.
            ["Countersign:TrustedProxies:0"] = "127.0.0.1",
        });
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [Trait("attack", "L05")]
    [InlineData("en", Berlin, 0, "Started just now", "Chrome on Windows, Germany")]
    [InlineData("en", Nowhere, 1, "Started 1 minute ago", "Chrome on Windows")]
    [InlineData("de", Berlin, 2, "Vor 2 Minuten begonnen", "Chrome auf Windows, Deutschland")]
    [InlineData("es", Berlin, 2, "Iniciado hace 2 minutos", "Chrome en Windows, Germany")]
    [InlineData("fr", Berlin, 2, "Commencé il y a 2 minutes", "Chrome sur Windows, Allemagne")]
    public async Task The_page_says_when_in_which_browser_and_where_it_began(
        string language, string address, int minutes, string when, string where)
    {
        var (_, link) = await SendAsync(ChromeOnWindows, address);
        if (minutes > 0)
        {
            await _server.AdvanceAsync(TimeSpan.FromMinutes(minutes));
        }

        var page = await GetAsync(link, SafariOnIPhone, Nowhere, language);

        Assert.Equal(200, page.Status);
        Assert.Contains($"<p class=\"origin\">{when}<br><b>{where}</b></p>", page.Body, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("attack", "L15")]
    [InlineData(ChromeOnWindows, Berlin, true)]
    [InlineData(ChromeOnWindows, Nowhere, false)]
    [InlineData(SafariOnIPhone, Berlin, false)]
    public async Task A_link_opened_where_it_was_asked_for_says_so_and_so_does_the_result(string agent, string address, bool isSame)
    {
        var (flow, link) = await SendAsync(ChromeOnWindows, Berlin);

        var page = await GetAsync(link, agent, address);
        var before = await _server.StatusAsync(flow.Id);
        var pressed = await PressAsync(link, agent, address);

        Assert.Equal(isSame, page.Body.Contains("This browser, on this device, Germany", StringComparison.Ordinal));
        // There is no other screen to speak of.
        Assert.Equal(!isSame, page.Body.Contains("at the other screen", StringComparison.Ordinal));
        Assert.Equal(!isSame, page.Body.Contains("did not start this on your computer", StringComparison.Ordinal));
        Assert.Null(before.Json!["assurance"]);
        Assert.Equal(303, pressed.Status);
        Assert.Equal(isSame ? """{"sameDevice":true}""" : null, (await _server.StatusAsync(flow.Id)).Json!["assurance"]?.ToJsonString());
    }

    [Fact]
    public async Task Pre_fill_and_unify_tell_it_too()
    {
        var filling = await _server.BeginPreFillAsync("2001004009", "desktop");
        var unifying = await _server.BeginUnifyAsync("desktop", "2001009302");
        foreach (var (flow, number) in ((Begun, string)[])[(filling, "2001004009"), (unifying, "2001009302")])
        {
            await PressAsync(await LinkOfAsync(flow.AuthToken!, number, ChromeOnWindows, Berlin), ChromeOnWindows, Berlin);
        }

        var validated = await _server.ValidateAsync(filling.Id);
        var unified = await _server.UnifyStatusAsync(unifying.Id);

        Assert.All([validated, unified], reply => Assert.Equal("""{"sameDevice":true}""", reply.Json!["assurance"]?.ToJsonString()));
    }

    [Fact]
    public async Task A_browser_that_says_nothing_of_itself_is_no_browser_in_particular()
    {
        var (flow, link) = await SendAsync(agent: null, Nowhere);

        var page = await GetAsync(link, agent: null, Nowhere);
        await PressAsync(link, agent: null, Nowhere);

        Assert.Contains("<b>A browser</b>", page.Body, StringComparison.Ordinal);
        Assert.Null((await _server.StatusAsync(flow.Id)).Json!["assurance"]);
    }

    [Fact]
    public async Task Nothing_that_a_browser_says_gets_to_the_page_but_known_words()
    {
        var (_, link) = await SendAsync("Mozilla/5.0 (Your bank; call 0900) Evil/1.0 <b>", Nowhere);

        var page = await GetAsync(link, SafariOnIPhone, Berlin);

        Assert.Contains("<b>A browser</b>", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Evil", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("bank", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_and_browser_are_nowhere_in_clear()
    {
        await SendAsync(ChromeOnWindows, Berlin);

        var stored = await Sinks.ReadStoreAsync(_server.Store);

        Assert.DoesNotContain(Berlin, stored, StringComparison.Ordinal);
        Assert.DoesNotContain("Chrome", stored, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(_server.Logs.All, line => line.Text.Contains(Berlin, StringComparison.Ordinal));
    }

    private async Task<(Begun Flow, string Link)> SendAsync(string? agent, string address)
    {
        var flow = await _server.BeginAsync("desktop", Number);
        return (flow, await LinkOfAsync(flow.AuthToken!, Number, agent, address));
    }

    private async Task<string> LinkOfAsync(string authToken, string number, string? agent, string address)
    {
        await _server.Browser(authToken).SendAsync("mobile/instantlink/start", headers: HeadersOf(agent, address));
        return (await _server.LastMessageAsync(number)).Link!;
    }

    private async Task<Reply> GetAsync(string link, string? agent, string address, string language = "en")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, link);
        request.Headers.TryAddWithoutValidation("Accept-Language", language);
        return await SendAsync(request, agent, address);
    }

    private async Task<Reply> PressAsync(string link, string? agent, string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, link)
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["action"] = "confirm" }),
        };
        return await SendAsync(request, agent, address);
    }

    private Task<Reply> SendAsync(HttpRequestMessage request, string? agent, string address)
    {
        foreach (var (name, value) in HeadersOf(agent, address))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        return _server.SendAsync(request);
    }

    private static Dictionary<string, string> HeadersOf(string? agent, string address)
    {
        var headers = new Dictionary<string, string> { ["X-Forwarded-For"] = address };
        if (agent is not null)
        {
            headers["User-Agent"] = agent;
        }
        return headers;
    }
}

public sealed class LinkOriginsOnSqlite(OnSqlite fixture) : LinkOriginTests(fixture), IClassFixture<OnSqlite>;

public sealed class LinkOriginsOnPostgres(OnPostgres fixture) : LinkOriginTests(fixture), IClassFixture<OnPostgres>;
