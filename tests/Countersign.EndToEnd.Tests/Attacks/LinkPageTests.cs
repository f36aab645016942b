using Countersign.EndToEnd.Tests.Fixtures;

namespace Countersign.EndToEnd.Tests.Attacks;

/// <summary>Whoever starts a flow with another person's number is not let in by that person's press, nor by what opens links.</summary>
public abstract class LinkPageTests(ConfiguredServer server)
{
    private const string Desktop =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

    [Fact]
    [Trait("attack", "L01")]
    [Trait("attack", "L05")]
    public async Task The_page_says_who_began_and_whatever_opens_it_changes_nothing()
    {
        var (flow, link, _) = await SendAsync();
        using var begun = flow;

        var page = await link.CallAsync(HttpMethod.Get);
        foreach (var method in (string[])["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"])
        {
            for (var n = 0; n < 5; n++)
            {
                await link.CallAsync(new HttpMethod(method));
            }
        }

        Assert.Contains("Chrome on Windows", page.Body, StringComparison.Ordinal);
        Assert.Contains("Started just now", page.Body, StringComparison.Ordinal);
        Assert.Equal(("no-store", "no-referrer"), (page.Header("Cache-Control"), page.Header("Referrer-Policy")));
        Assert.Equal("pending", (await flow.ResultAsync()).Text("success"));
    }

    [Fact]
    [Trait("attack", "L02")]
    [Trait("attack", "L03")]
    public async Task A_press_without_the_digits_of_the_other_screen_proves_nothing()
    {
        var (flow, link, digits) = await SendAsync();
        using var begun = flow;

        foreach (var entered in (string?[])[null, "", "12345", "1234567", "abcdef"])
        {
            await link.PressAsync("confirm", entered);
        }
        var without = (await flow.ResultAsync()).Text("success");
        var confirmed = await link.PressAsync("confirm", digits);

        Assert.Equal("pending", without);
        Assert.Equal(303, confirmed.Status);
        Assert.StartsWith(ConfiguredServer.Target, confirmed.Header("Location"), StringComparison.Ordinal);
        Assert.Equal("true", (await flow.ResultAsync()).Text("success"));
        // It is used up.
        Assert.NotEqual(303, (await link.PressAsync("confirm", digits)).Status);
    }

    [Fact]
    [Trait("attack", "L05")]
    public async Task The_third_wrong_digits_end_the_flow_and_the_right_ones_come_too_late()
    {
        var (flow, link, digits) = await SendAsync();
        using var begun = flow;
        var wrong = PersonsBrowser.WrongFor(digits);

        var presses = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => link.PressAsync("confirm", wrong)));
        var late = await link.PressAsync("confirm", digits);

        Assert.DoesNotContain(303, presses.Append(late).Select(press => press.Status));
        var result = await flow.ResultAsync();
        Assert.Equal("false", result.Text("success"));
        Assert.Contains("\"9913\"", result.Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("attack", "L05")]
    public async Task Who_was_asked_without_having_begun_says_so_and_the_flow_has_failed()
    {
        var (flow, link, digits) = await SendAsync();
        using var begun = flow;

        await link.PressAsync("decline", digits: null);
        await link.PressAsync("confirm", digits);

        var result = await flow.ResultAsync();
        Assert.Equal("false", result.Text("success"));
        Assert.Contains("\"9912\"", result.Body, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("attack", "L11")]
    [InlineData("http://shop.example/verified")]
    [InlineData("https://shop.example.evil.com/verified")]
    [InlineData("https://shop.example:8443/verified")]
    [InlineData("https://shop.example/verifiedly")]
    [InlineData("https://shop.example/verified/../x")]
    [InlineData("https://evil.com/verified")]
    [InlineData("https://shop.example//verified")]
    public async Task A_phone_is_sent_nowhere_but_where_the_project_says(string target)
    {
        var shop = await server.ClientAsync("shop");
        object Body(string finalTargetUrl) => new { possessionType = "desktop", phoneNumber = server.NextNumber(), finalTargetUrl };

        var refused = await shop.PostAsync("/v3/unify", Body(target));

        Assert.Equal(400, refused.Status);
        Assert.Contains("field 'finalTargetUrl' is invalid", refused.Message, StringComparison.Ordinal);
        Assert.Equal(200, (await shop.PostAsync("/v3/unify", Body(ConfiguredServer.Target + "/step?x=1"))).Status);
    }

    private async Task<(PersonsBrowser Flow, LinkPage Link, string Digits)> SendAsync()
    {
        var number = server.NextNumber();
        var shop = await server.ClientAsync("shop");
        var flow = await shop.BeginAsync(
            "/v3/unify", new { possessionType = "desktop", phoneNumber = number, finalTargetUrl = ConfiguredServer.Target });
        var sent = await flow.PostAsync("mobile/instantlink/start", agent: Desktop);
        return (flow, new LinkPage(server.LastProof(number)), sent.Text("matchCode"));
    }
}

[Collection<OnConfiguredSqlite>]
public sealed class LinkPagesOnSqlite(ConfiguredSqlite server) : LinkPageTests(server);

[Collection<OnConfiguredPostgres>]
[Trait("tier", "long")]
public sealed class LinkPagesOnPostgres(ConfiguredPostgres server) : LinkPageTests(server);
