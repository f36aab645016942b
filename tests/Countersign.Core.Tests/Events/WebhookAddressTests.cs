using Countersign.Core.Events;

namespace Countersign.Core.Tests.Events;

public sealed class WebhookAddressTests
{
    private const string Https = "must begin with https://";
    private const string HttpsOrHere = "must begin with https://, or with http:// for a receiver on this machine (localhost)";

    [Theory]
    [InlineData("https://shop.example/hook", null, null)]
    [InlineData("https://shop.example:8443/hook?a=b", null, null)]
    [InlineData("http://localhost:5000/hook", Https, null)]
    [InlineData("http://127.0.0.1/hook", Https, null)]
    [InlineData("http://shop.example/hook", Https, HttpsOrHere)]
    [InlineData("ftp://localhost/hook", Https, HttpsOrHere)]
    [InlineData("https://user@shop.example/hook", "must not hold a user or a password", "must not hold a user or a password")]
    [InlineData("https://shop.example/hook#a", "must not have a fragment (#)", "must not have a fragment (#)")]
    [InlineData("/hook", Https, HttpsOrHere)]
    public void An_address_is_https_or_of_this_machine_where_that_may_be(string text, string? inPublic, string? onThisMachine)
    {
        Assert.Equal(inPublic, WebhookAddress.ProblemOf(text, ReceiverAddresses.Public));
        Assert.Equal(onThisMachine, WebhookAddress.ProblemOf(text, ReceiverAddresses.Loopback));
    }

    [Theory]
    [InlineData("")]
    [InlineData("shop.example/hook")]
    public void Half_an_address_is_none(string text) => Assert.Equal(
        "must be a whole address, such as https://shop.example/webhooks", WebhookAddress.ProblemOf(text, ReceiverAddresses.Public));

    [Fact]
    public void An_address_has_at_most_512_characters()
    {
        var longest = "https://shop.example/".PadRight(512, 'a');

        Assert.Null(WebhookAddress.ProblemOf(longest, ReceiverAddresses.Public));
        Assert.Equal("must be at most 512 characters", WebhookAddress.ProblemOf(longest + "a", ReceiverAddresses.Public));
    }

    [Theory]
    [InlineData(Mode.Sandbox, null, ReceiverAddresses.Loopback)]
    [InlineData(Mode.Live, null, ReceiverAddresses.Public)]
    [InlineData(Mode.Sandbox, ReceiverAddresses.Public, ReceiverAddresses.Public)]
    [InlineData(Mode.Live, ReceiverAddresses.Loopback, ReceiverAddresses.Loopback)]
    public void Where_nothing_is_set_the_sandbox_alone_sends_to_this_machine(
        Mode mode, ReceiverAddresses? set, ReceiverAddresses allowed) =>
        Assert.Equal(allowed, new EventOptions { Receivers = set }.ReceiversIn(mode));
}
