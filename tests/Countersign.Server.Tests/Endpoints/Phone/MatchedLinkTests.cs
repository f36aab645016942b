using Countersign.Server.Tests.Fixtures;

namespace Countersign.Server.Tests.Endpoints.Phone;

public sealed class MatchedLinkTests(MatchedLinkTests.Matched fixture) : IClassFixture<MatchedLinkTests.Matched>
{
    private TestServer Server => fixture.Server;

    [Fact]
    public async Task The_digits_of_the_desktop_confirm()
    {
        var link = await OpenedLink.SendAsync(Server);

        var reply = await link.PressAsync("confirm", link.Digits);

        Assert.Equal(303, reply.Status);
        Assert.Equal("true success success", await link.OutcomeAsync());
    }

    [Fact]
    public async Task Digits_may_be_typed_with_spaces()
    {
        var link = await OpenedLink.SendAsync(Server);

        Assert.Equal(303, (await link.PressAsync("confirm", $" {link.Digits[..3]} {link.Digits[3..]}")).Status);
    }

    [Theory]
    [InlineData(0x0660, "")]
    [InlineData(0x0966, " ")]
    [InlineData(0xFF10, "\u30FC")]
    [InlineData(0x1D7D8, "\u2013")]
    [InlineData('0', "\u200E")]
    public async Task Digits_may_be_typed_on_any_keyboard(int zero, string between)
    {
        var link = await OpenedLink.SendAsync(Server);

        var typed = string.Join(between, link.Digits.Select(digit => char.ConvertFromUtf32(zero + digit - '0')));

        Assert.Equal(303, (await link.PressAsync("confirm", typed)).Status);
    }

    [Fact]
    public async Task The_page_asks_for_six_digits_and_does_not_show_them()
    {
        var link = await OpenedLink.SendAsync(Server);

        var page = (await link.GetAsync()).Body;

        Assert.Contains("<label for=\"digits\">", page, StringComparison.Ordinal);
        Assert.Contains("inputmode=\"numeric\" maxlength=\"32\" autocomplete=\"off\" required", page, StringComparison.Ordinal);
        Assert.DoesNotContain(link.Digits, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_two_wrong_entries_the_right_one_still_confirms()
    {
        var link = await OpenedLink.SendAsync(Server);

        var first = await link.PressAsync("confirm", link.WrongDigits);
        var second = await link.PressAsync("confirm", link.WrongDigits);

        Assert.Contains("role=\"alert\">These are not the digits on your computer. Tries left: 2.", first.Body, StringComparison.Ordinal);
        Assert.Contains("Tries left: 1.", second.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(link.WrongDigits, second.Body, StringComparison.Ordinal);
        Assert.Equal(303, (await link.PressAsync("confirm", link.Digits)).Status);
    }

    [Fact]
    public async Task The_third_wrong_entry_ends_the_flow()
    {
        var link = await OpenedLink.SendAsync(Server);
        await link.PressAsync("confirm", link.WrongDigits);
        await link.PressAsync("confirm", link.WrongDigits);

        var third = await link.PressAsync("confirm", link.WrongDigits);

        Assert.Equal((410, "wrong-entries"), (third.Status, third.Header("Countersign-Reason")));
        Assert.Equal("wrong-entries", (await link.PressAsync("confirm", link.Digits)).Header("Countersign-Reason"));
        Assert.Equal("false failed failed", await link.OutcomeAsync());
    }

    [Fact]
    public async Task Of_ten_wrong_entries_at_once_three_count()
    {
        var link = await OpenedLink.SendAsync(Server);

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => link.PressAsync("confirm", link.WrongDigits)));

        Assert.Equal("wrong-entries", (await link.GetAsync()).Header("Countersign-Reason"));
        Assert.Equal("false failed failed", await link.OutcomeAsync());
    }

    [Theory]
    [Trait("attack", "L03")]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("1234567")]
    [InlineData("12345a")]
    [InlineData("①②③④⑤⑥")]
    [InlineData("1-2-3-4-5")]
    [InlineData("\uD835123456")]
    [InlineData("hello")]
    public async Task What_cannot_be_the_digits_is_no_try(string? typed)
    {
        var link = await OpenedLink.SendAsync(Server);
        var before = await link.StateAsync();

        var reply = await link.PressAsync("confirm", typed);

        Assert.Equal(400, reply.Status);
        Assert.Contains("Please type all six digits", reply.Body, StringComparison.Ordinal);
        Assert.Equal(before, await link.StateAsync());
    }

    [Fact]
    public async Task Declining_needs_no_digits()
    {
        var link = await OpenedLink.SendAsync(Server);

        Assert.Equal("declined", (await link.PressAsync("decline")).Header("Countersign-Reason"));
    }

    [Fact]
    public async Task A_resend_keeps_the_digits_and_the_wrong_entries()
    {
        var former = await OpenedLink.SendAsync(Server);
        await former.PressAsync("confirm", former.WrongDigits);
        var newer = await former.ResendAsync();

        Assert.Equal(404, (await former.PressAsync("confirm", former.Digits)).Status);
        Assert.Contains("Tries left: 1.", (await newer.PressAsync("confirm", newer.WrongDigits)).Body, StringComparison.Ordinal);
        Assert.Equal(303, (await newer.PressAsync("confirm", former.Digits)).Status);
    }

    /// <summary>A server whose sandbox asks for the desktop's digits.</summary>
    public sealed class Matched : IAsyncLifetime
    {
        private TestServer? _server;

        public TestServer Server => _server!;

        public async ValueTask InitializeAsync() =>
            _server = await TestServer.StartAsync(
                settings: new Dictionary<string, string?> { ["Countersign:Sandbox:LinkConfirmation"] = "Match" });

        public async ValueTask DisposeAsync() => await Server.DisposeAsync();
    }
}
