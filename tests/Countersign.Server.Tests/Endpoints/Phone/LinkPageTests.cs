using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Endpoints.Phone;

public sealed class LinkPageTests(OnSqlite fixture) : IClassFixture<OnSqlite>
{
    private const string Pending = "pending pending pending";
    private const string Verified = "true success success";
    private const string Failed = "false failed failed";

    private TestServer Server => fixture.Server;

    [Theory]
    [Trait("attack", "L01")]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task Opening_a_link_fifty_times_changes_nothing(string method)
    {
        var link = await OpenedLink.SendAsync(Server);
        var before = await link.StateAsync();

        var opened = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => link.GetAsync(method: HttpMethod.Parse(method))));

        Assert.All(opened, reply => Assert.Equal(200, reply.Status));
        Assert.Equal(before, await link.StateAsync());
        Assert.Equal(303, (await link.PressAsync("confirm")).Status);
    }

    [Theory]
    [InlineData("https://shop.example/done", "https://shop.example/done?authId={0}&asc=true")]
    [InlineData("https://shop.example", "https://shop.example?authId={0}&asc=true")]
    [InlineData("https://shop.example/done?cart=7", "https://shop.example/done?cart=7&authId={0}&asc=true")]
    [InlineData("https://shop.example/done?", "https://shop.example/done?authId={0}&asc=true")]
    [InlineData("http://127.0.0.1:9/a?b=c", "http://127.0.0.1:9/a?b=c&authId={0}&asc=true")]
    public async Task Confirming_leads_to_the_landing_page_and_keeps_its_query(string target, string expected)
    {
        var link = await OpenedLink.SendAsync(Server, target);

        var reply = await link.PressAsync("confirm");

        Assert.Equal(303, reply.Status);
        Assert.Equal(string.Format(null, expected, link.FlowId), reply.Header("Location"));
    }

    [Fact]
    public async Task When_a_press_is_answered_its_result_is_final()
    {
        var link = await OpenedLink.SendAsync(Server);

        await link.PressAsync("confirm");

        Assert.Equal(Verified, await link.OutcomeAsync());
    }

    [Fact]
    public async Task This_was_not_me_ends_the_flow()
    {
        var link = await OpenedLink.SendAsync(Server);

        var reply = await link.PressAsync("decline");

        Assert.Equal((410, "declined"), (reply.Status, reply.Header("Countersign-Reason")));
        Assert.Equal(Failed, await link.OutcomeAsync());
        Assert.Equal("declined", (await link.PressAsync("confirm")).Header("Countersign-Reason"));
        Assert.Equal(Failed, await link.OutcomeAsync());
    }

    [Fact]
    [Trait("attack", "L10")]
    public async Task A_confirmed_link_leads_nowhere_any_more()
    {
        var link = await OpenedLink.SendAsync(Server);
        await link.PressAsync("confirm");

        Reply[] later = [await link.GetAsync(), await link.PressAsync("confirm"), await link.PressAsync("decline")];

        Assert.All(later, reply =>
            Assert.Equal((410, "confirmed", null), (reply.Status, reply.Header("Countersign-Reason"), reply.Header("Location"))));
        Assert.All(later, reply => Assert.DoesNotContain(link.FlowId, reply.Body, StringComparison.Ordinal));
        Assert.Equal(Verified, await link.OutcomeAsync());
    }

    [Fact]
    [Trait("attack", "L10")]
    public async Task Of_twenty_presses_at_once_one_is_led_on()
    {
        var link = await OpenedLink.SendAsync(Server);

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => link.PressAsync("confirm")));

        Assert.Single(replies, reply => reply.Status == 303);
        Assert.Equal(19, replies.Count(reply => reply.Status == 410));
    }

    [Fact]
    [Trait("attack", "L10")]
    public async Task A_link_that_is_too_old_says_so_and_confirms_nothing()
    {
        var link = await OpenedLink.SendAsync(Server);
        await Server.AdvanceAsync(TimeSpan.FromMinutes(3));

        Reply[] late = [await link.GetAsync(), await link.PressAsync("confirm")];

        Assert.All(late, reply => Assert.Equal((410, "expired"), (reply.Status, reply.Header("Countersign-Reason"))));
        Assert.Equal(Failed, await link.OutcomeAsync());
    }

    [Fact]
    public async Task Shortly_before_its_end_a_link_still_works()
    {
        var link = await OpenedLink.SendAsync(Server);
        await Server.AdvanceAsync(TimeSpan.FromSeconds(150));

        Assert.Equal(303, (await link.PressAsync("confirm")).Status);
    }

    [Fact]
    public async Task A_link_outlives_its_flow_as_unknown()
    {
        var link = await OpenedLink.SendAsync(Server);
        await link.PressAsync("confirm");
        await Server.AdvanceAsync(TimeSpan.FromMinutes(15));

        Assert.Equal((404, "unknown"), ((await link.GetAsync()).Status, (await link.GetAsync()).Header("Countersign-Reason")));
    }

    [Fact]
    [Trait("attack", "L06")]
    [Trait("attack", "L10")]
    public async Task A_newer_link_takes_the_former_ones_place()
    {
        var former = await OpenedLink.SendAsync(Server);
        var newer = await former.ResendAsync();

        var reply = await former.PressAsync("confirm");

        Assert.Equal(404, reply.Status);
        Assert.Equal(Pending, await former.OutcomeAsync());
        Assert.Equal(303, (await newer.PressAsync("confirm")).Status);
    }

    [Fact]
    [Trait("attack", "L10")]
    public async Task A_flow_given_up_at_the_desktop_says_so_on_the_phone()
    {
        var link = await OpenedLink.SendAsync(Server);
        await link.GiveUpAsync();

        var reply = await link.PressAsync("confirm");

        Assert.Equal((410, "given-up"), (reply.Status, reply.Header("Countersign-Reason")));
        Assert.Equal(Failed, await link.OutcomeAsync());
    }

    [Fact]
    [Trait("attack", "L07")]
    public async Task Unknown_tokens_are_one_answer()
    {
        var former = await OpenedLink.SendAsync(Server);
        await former.ResendAsync();
        string[] paths = ["/l/x", "/l/AAAAAAAAAAAAAAAAAAAAAA", "/l/" + new string('a', 4000), "/l/%2e%2e%2fhealth", "/l/%C3%BC",
            new Uri(former.Url).AbsolutePath];

        var replies = new List<Reply>();
        foreach (var path in paths)
        {
            using var get = new HttpRequestMessage(HttpMethod.Get, path);
            using var post = new HttpRequestMessage(
                HttpMethod.Post, path) { Content = new FormUrlEncodedContent([new("action", "confirm")]) };
            replies.Add(await Server.SendAsync(get));
            replies.Add(await Server.SendAsync(post));
        }

        Assert.All(replies, reply => Assert.Equal(404, reply.Status));
        Assert.Single(replies.Select(reply => reply.Body).Distinct(StringComparer.Ordinal));
    }

    public static TheoryData<string, string?, byte[]?> Garbage => new()
    {
        { "no body", null, null },
        { "an empty form", "application/x-www-form-urlencoded", [] },
        { "no action", "application/x-www-form-urlencoded", "digits=123456"u8.ToArray() },
        { "an unknown action", "application/x-www-form-urlencoded", "action=delete"u8.ToArray() },
        { "an action in capitals", "application/x-www-form-urlencoded", "action=CONFIRM"u8.ToArray() },
        { "two actions", "application/x-www-form-urlencoded", "action=confirm&action=x"u8.ToArray() },
        { "JSON", "application/json", "{\"action\":\"confirm\"}"u8.ToArray() },
        { "plain text", "text/plain", "action=confirm"u8.ToArray() },
        { "no type", null, "action=confirm"u8.ToArray() },
        { "a multipart form", "multipart/form-data; boundary=b",
            "--b\r\nContent-Disposition: form-data; name=\"action\"\r\n\r\nconfirm\r\n--b--\r\n"u8.ToArray() },
        { "a form that is too large", "application/x-www-form-urlencoded",
            Encoding.ASCII.GetBytes("action=confirm&x=" + new string('x', 4096)) },
        { "bytes that are no text", "application/x-www-form-urlencoded", [0xff, 0xfe, 0x00, 0x26, 0x3d, 0x26, 0x25] },
    };

    [Theory]
    [Trait("attack", "L03")]
    [MemberData(nameof(Garbage))]
    public async Task A_post_that_no_button_makes_changes_nothing(string name, string? type, byte[]? body)
    {
        var link = await OpenedLink.SendAsync(Server);
        var before = await link.StateAsync();
        var content = body is null ? null : new ByteArrayContent(body);
        if (content is not null && type is not null)
        {
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }

        var reply = await link.PostAsync(content);

        Assert.True(reply.Status == 400, name);
        Assert.Contains("role=\"alert\"", reply.Body, StringComparison.Ordinal);
        Assert.Equal(before, await link.StateAsync());
    }

    [Theory]
    [Trait("attack", "L02")]
    [InlineData("?action=confirm")]
    [InlineData("?confirm")]
    public async Task A_query_presses_nothing(string query)
    {
        var link = await OpenedLink.SendAsync(Server);
        using var get = new HttpRequestMessage(HttpMethod.Get, link.Url + query);
        using var post = new HttpRequestMessage(HttpMethod.Post, link.Url + query);

        Assert.Equal(200, (await Server.SendAsync(get)).Status);
        Assert.Equal(400, (await Server.SendAsync(post)).Status);
        Assert.Equal(Pending, await link.OutcomeAsync());
    }

    [Theory]
    [Trait("attack", "L01")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("PATCH")]
    public async Task Other_methods_change_nothing(string method)
    {
        var link = await OpenedLink.SendAsync(Server);

        var reply = await link.GetAsync(method: HttpMethod.Parse(method));

        Assert.Equal(405, reply.Status);
        Assert.Equal(Pending, await link.OutcomeAsync());
    }

    [Fact]
    public async Task The_first_button_confirms_and_the_second_declines()
    {
        var link = await OpenedLink.SendAsync(Server);

        var page = (await link.GetAsync()).Body;

        var forms = Regex.Matches(page, "<form method=\"post\">(.*?)</form>", RegexOptions.Singleline).Select(form => form.Groups[1].Value)
            .ToArray();
        Assert.Equal(2, forms.Length);
        Assert.Equal(2, Regex.Count(page, "<button"));
        Assert.Matches("value=\"confirm\".*<button>Yes, it is me", forms[0].ReplaceLineEndings(" "));
        Assert.Matches("value=\"decline\".*This was not me", forms[1].ReplaceLineEndings(" "));
    }

    [Fact]
    public async Task The_page_says_who_asks_and_warns()
    {
        var link = await OpenedLink.SendAsync(Server);

        var page = (await link.GetAsync()).Body;

        Assert.Contains("Countersign sandbox wants to make sure it is you", page, StringComparison.Ordinal);
        Assert.Contains("If you did not start this on your computer, do not continue", page, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("attack", "O04")]
    public async Task A_projects_name_is_text_on_the_page_and_no_markup()
    {
        const string Name = "<script>alert(1)</script>\"'><img src=x>";
        var created = await Server.AdminAsync(
            HttpMethod.Post, "/admin/projects", new JsonObject { ["id"] = "markup", ["name"] = Name }.ToJsonString());
        var client = await Server.AdminAsync(HttpMethod.Post, "/admin/projects/markup/clients");
        var shop = new Credentials(client.Text("id"), client.Text("secret"));
        var flow = await Server.BeginAsync("desktop", "2001009002", credentials: shop);
        await Server.Browser(flow.AuthToken!).Post("mobile/instantlink/start");
        using var get = new HttpRequestMessage(HttpMethod.Get, (await Server.LastMessageAsync("2001009002")).Link!);

        var page = await Server.SendAsync(get);

        Assert.Equal((201, 200), (created.Status, page.Status));
        Assert.Contains(WebUtility.HtmlEncode("<script>alert(1)"), page.Body, StringComparison.Ordinal);
        Assert.DoesNotMatch("<(?:script|img)", page.Body);
    }

    [Fact]
    [Trait("attack", "L02")]
    [Trait("attack", "L08")]
    [Trait("attack", "L14")]
    public async Task An_open_page_may_send_its_form_here_and_to_the_landing_page_and_do_nothing_else()
    {
        var link = await OpenedLink.SendAsync(Server, "https://shop.example:8443/done?x=1");

        var reply = await link.GetAsync();

        Assert.Matches(
            "^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]{44}'; form-action 'self' https://shop\\.example:8443; frame-ancestors "
                + "'none'; base-uri 'none'$",
            reply.Header("Content-Security-Policy"));
        AssertIsPrivate(reply);
        Assert.DoesNotContain("<script", reply.Body, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch("(?:src|href)=|url\\(", reply.Body);
    }

    [Fact]
    public async Task The_style_of_a_page_is_the_one_its_policy_names()
    {
        var reply = await (await OpenedLink.SendAsync(Server)).GetAsync();

        var style = Regex.Match(reply.Body, "<style>(.*?)</style>", RegexOptions.Singleline).Groups[1].Value;
        var hash = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(style)));
        Assert.Contains($"'sha256-{hash}'", reply.Header("Content-Security-Policy"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("attack", "L04")]
    [Trait("attack", "L08")]
    public async Task Answers_of_every_kind_are_private()
    {
        var confirmed = await OpenedLink.SendAsync(Server);
        var declined = await OpenedLink.SendAsync(Server);
        using var unknown = new HttpRequestMessage(HttpMethod.Get, "/l/unknown");

        Reply[] replies =
        [
            await confirmed.GetAsync(), await confirmed.GetAsync(method: HttpMethod.Head), await confirmed.PressAsync("none"),
            await confirmed.PressAsync("confirm"), await confirmed.GetAsync(), await declined.PressAsync("decline"),
            await Server.SendAsync(unknown),
        ];

        Assert.Equal([200, 200, 400, 303, 410, 410, 404], replies.Select(reply => reply.Status));
        Assert.All(replies, AssertIsPrivate);
        Assert.All(replies, reply => Assert.DoesNotContain(OpenedLink.Number, reply.ToString(), StringComparison.Ordinal));
        Assert.All(replies, reply => Assert.DoesNotMatch("Lori|Montgomery|9002", reply.Body));
    }

    [Theory]
    [InlineData(null, "en")]
    [InlineData("", "en")]
    [InlineData("de", "de")]
    [InlineData("de-AT, en;q=0.9", "de")]
    [InlineData("ES-mx", "es")]
    [InlineData("fr-CA,fr;q=0.8,en;q=0.6", "fr")]
    [InlineData("en;q=0.2, fr;q=0.7", "fr")]
    [InlineData("it, pl;q=0.9", "en")]
    [InlineData("it, de;q=0.1", "de")]
    [InlineData("de;q=0, es;q=0.5", "es")]
    [InlineData("*", "en")]
    [InlineData("<script>, ;;q=9", "en")]
    public async Task The_page_speaks_the_language_its_reader_likes(string? header, string expected)
    {
        var link = await OpenedLink.SendAsync(Server);

        var page = (await link.GetAsync(header)).Body;

        Assert.Contains($"<html lang=\"{expected}\">", page, StringComparison.Ordinal);
        var title = expected switch { "de" => "Sind Sie das?", "es" => "¿Es usted?", "fr" => "Est-ce bien vous ?", _ => "Is this you?" };
        Assert.Contains($"<h1>{title}</h1>", page, StringComparison.Ordinal);
    }

    private static void AssertIsPrivate(Reply reply)
    {
        Assert.Equal("no-store", reply.Header("Cache-Control"));
        Assert.Equal("no-referrer", reply.Header("Referrer-Policy"));
        Assert.Equal("noindex", reply.Header("X-Robots-Tag"));
        Assert.Equal("nosniff", reply.Header("X-Content-Type-Options"));
        Assert.Contains("frame-ancestors 'none'", reply.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Null(reply.Header("Set-Cookie"));
    }
}
