using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Endpoints.Phone;

/// <summary>What chat programs and trackers make of a link, and what other sites' pages send to it.</summary>
public sealed class LinkEdgeTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    private TestServer Server => fixture.Server;

    public static TheoryData<string> Appended =>
    [
        "&fbclid=abc", "?fbclid=abc", "&utm_source=sms&utm_medium=text", ";jsessionid=1", "%20", "%20and%20more", "%0A", "%C2%A0",
        "%E2%80%8B", ".", ",", "!", ")", "%5D", "*", "'", "%22", "%3E", "%E2%80%A6", "/", "=", "%26fbclid%3Dabc",
        "&next=https://elsewhere.example/landing", "&igsh=a1/b2==", "/&gclid=1", "/more/and/more", "//elsewhere.example",
        "%26u=https://elsewhere.example", "/?fbclid=1", "%2F%2Felsewhere.example", ")/", "_", "-", "__", "--", "_*", "_&fbclid=abc", "-/x",
        "_?utm_source=sms",
    ];

    [Theory]
    [MemberData(nameof(Appended))]
    public async Task What_is_appended_to_a_link_does_not_matter(string appended)
    {
        var link = await OpenedLink.SendAsync(Server);

        var page = await GetAsync(link.Url + appended);
        var pressed = await PressAsync(link.Url + appended, "confirm");

        Assert.Equal((200, 303), (page.Status, pressed.Status));
        Assert.DoesNotContain("elsewhere", page.Body + pressed.Body + pressed.Header("Location"), StringComparison.Ordinal);
        Assert.Equal("success", (await Server.StatusAsync(link.FlowId)).Text("possessionResult"));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("7")]
    [InlineData("-a")]
    [InlineData("_7&fbclid=abc")]
    [InlineData("a/b")]
    [InlineData("%41")]
    public async Task What_could_be_a_part_of_a_token_makes_it_another_one(string appended)
    {
        var link = await OpenedLink.SendAsync(Server);

        Assert.Equal(404, (await GetAsync(link.Url + appended)).Status);
        Assert.Equal(404, (await PressAsync(link.Url + appended, "confirm")).Status);
        Assert.Equal(200, (await GetAsync(link.Url)).Status);
    }

    [Fact]
    public async Task A_link_that_was_cut_short_is_unknown()
    {
        var link = await OpenedLink.SendAsync(Server);

        Assert.Equal(404, (await GetAsync(link.Url[..^1])).Status);
        Assert.Equal(404, (await GetAsync(link.Url[..^1] + "&fbclid=abcdef")).Status);
        Assert.Equal(404, (await GetAsync(link.Url[..^1] + "/abcdef/abcdef")).Status);
        Assert.Equal(404, (await GetAsync(link.Url[..(link.Url.LastIndexOf('/') + 1)])).Status);
    }

    public static TheoryData<string, string?, string?> OtherSites => new()
    {
        { "confirm", "cross-site", "https://evil.example" },
        { "confirm", "cross-site", "null" },
        { "confirm", "cross-site", null },
        { "confirm", "same-site", "https://sibling.example" },
        { "confirm", null, "https://evil.example" },
        { "confirm", null, "http://127.0.0.1:1" },
        { "confirm", null, "file://" },
        { "confirm", null, "file:///home/lori/page.html" },
        { "confirm", null, "about:blank" },
        { "confirm", null, "http://" },
        { "confirm", null, "http://lori@{own}" },
        { "confirm", null, "https://lori:secret@{own}" },
        { "confirm", null, "ftp://{own}" },
        { "confirm", null, "chrome-extension://{own}" },
        { "confirm", null, "http://{own}, http://evil.example" },
        { "confirm", "same-origin", "https://evil.example" },
        { "decline", "cross-site", "https://evil.example" },
        { "decline", null, "https://evil.example" },
    };

    [Theory]
    [Trait("attack", "L14")]
    [MemberData(nameof(OtherSites))]
    public async Task A_form_of_another_site_changes_nothing(string action, string? site, string? origin)
    {
        var link = await OpenedLink.SendAsync(Server);

        var reply = await PressAsync(
            link.Url, action, site, origin?.Replace("{own}", new Uri(link.Url).Authority, StringComparison.Ordinal));

        Assert.Equal(403, reply.Status);
        Assert.Contains("Nothing has changed", reply.Body, StringComparison.Ordinal);
        Assert.Equal("pending", (await Server.StatusAsync(link.FlowId)).Text("possessionResult"));
        Assert.Equal(303, (await PressAsync(link.Url, "confirm", "same-origin", "null")).Status);
    }

    [Fact]
    public async Task Another_sites_digits_use_up_no_entry()
    {
        await using var server = await fixture.StartAsync(
            new Dictionary<string, string?> { ["Countersign:Sandbox:LinkConfirmation"] = "Match" });
        var link = await OpenedLink.SendAsync(server);

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(
                403, (await PressAsync(link.Url, "confirm", "cross-site", "https://evil.example", link.WrongDigits, server)).Status);
        }

        Assert.Equal(303, (await PressAsync(link.Url, "confirm", "same-origin", null, link.Digits, server)).Status);
    }

    public static TheoryData<string?, string?> OwnPages => new()
    {
        { null, null },
        { null, "null" },
        { "same-origin", "null" },
        { "same-origin", "own" },
        { "none", null },
        { null, "own" },
    };

    [Theory]
    [MemberData(nameof(OwnPages))]
    public async Task The_pages_own_form_and_browsers_that_say_nothing_go_on(string? site, string? origin)
    {
        var link = await OpenedLink.SendAsync(Server);

        var reply = await PressAsync(link.Url, "confirm", site, origin == "own" ? Server.Origin : origin);

        Assert.Equal(303, reply.Status);
    }

    [Fact]
    public async Task The_page_may_be_opened_by_another_name_of_the_server()
    {
        var link = await OpenedLink.SendAsync(Server);
        var elsewhere = link.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

        var reply = await PressAsync(elsewhere, "confirm", null, new Uri(elsewhere).GetLeftPart(UriPartial.Authority));

        Assert.Equal(303, reply.Status);
    }

    private async Task<Reply> GetAsync(string url)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get, new Uri(url, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        return await Server.SendAsync(request);
    }

    private async Task<Reply> PressAsync(
        string url, string action, string? site = null, string? origin = null, string? digits = null, TestServer? server = null)
    {
        var fields = new Dictionary<string, string> { ["action"] = action };
        if (digits is not null)
        {
            fields["digits"] = digits;
        }
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri(url, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }))
        {
            Content = new FormUrlEncodedContent(fields),
        };
        foreach (var (name, value) in new[] { ("Sec-Fetch-Site", site), ("Origin", origin) })
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }
        return await (server ?? Server).SendAsync(request);
    }
}
