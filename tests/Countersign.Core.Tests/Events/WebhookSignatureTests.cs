using System.Text;
using Countersign.Core.Events;

namespace Countersign.Core.Tests.Events;

public sealed class WebhookSignatureTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private static readonly DateTimeOffset _at = DateTimeOffset.FromUnixTimeSeconds(1614265330);

    /// <summary>The vector of the libraries of Standard Webhooks.</summary>
    [Fact]
    public void A_delivery_is_signed_as_the_standards_libraries_sign_it()
    {
        var signature = WebhookSignature.Of([WebhookSecret.Parse(Secret)], Id, _at, "{\"test\": 2432232314}"u8);

        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", signature);
        Assert.Equal("1614265330", WebhookSignature.TimestampOf(_at));
    }

    [Fact]
    public void While_two_secrets_live_each_signs()
    {
        var (first, second) = (WebhookSecret.New(), WebhookSecret.New());

        var signatures = WebhookSignature.Of([first, second], Id, _at, "{}"u8).Split(' ');

        Assert.Equal([.. Sign(first), .. Sign(second)], signatures);
        Assert.NotEqual(signatures[0], signatures[1]);

        static string[] Sign(WebhookSecret secret) =>
            [$"v1,{Convert.ToBase64String(secret.Sign(Encoding.UTF8.GetBytes($"{Id}.1614265330.{{}}")))}"];
    }

    [Fact]
    public void The_secret_before_signs_until_its_end_and_not_at_it()
    {
        var (present, former) = (WebhookSecret.New(), WebhookSecret.New());
        var webhook = new Webhook(
            WebhookId.New(), ProjectId.Parse("shop"), new Uri("https://shop.example/hook"), [], IsOn: true, present, _at)
        {
            Former = new FormerWebhookSecret(former, _at.AddHours(1)),
        };

        Assert.Equal([present, former], webhook.SecretsAt(_at.AddMinutes(59)));
        Assert.Equal([present], webhook.SecretsAt(_at.AddHours(1)));
    }

    [Fact]
    public void A_secret_is_read_as_it_was_shown_and_prints_nothing_of_itself()
    {
        var secret = WebhookSecret.New();

        Assert.StartsWith("whsec_", secret.Reveal(), StringComparison.Ordinal);
        Assert.Equal(secret.Sign("x"u8), WebhookSecret.Parse(secret.Reveal()).Sign("x"u8));
        Assert.Equal("***", $"{secret}");
    }

    [Theory]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8=")]
    [InlineData("whsec_not base64")]
    public void What_is_no_secret_is_not_taken_for_one(string text) => Assert.Throws<FormatException>(() => WebhookSecret.Parse(text));

    [Theory]
    [InlineData(23, false)]
    [InlineData(24, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void A_secret_has_as_many_bytes_as_the_standard_says(int size, bool isOne)
    {
        var text = "whsec_" + Convert.ToBase64String(new byte[size]);

        var failure = Record.Exception(() => WebhookSecret.Parse(text));

        Assert.Equal(isOne ? null : "Not a secret of a webhook: whsec_ and the base64 of 24 to 64 bytes.", failure?.Message);
    }

    [Theory]
    [InlineData("wh_abcdefghjkmn", true)]
    [InlineData("wh_abcdefghjkm", false)]
    [InlineData("wh_Obcdefghjkmn", false)]
    [InlineData("wh_abcdefghjkmO", false)]
    [InlineData("xx_abcdefghjkmn", false)]
    [InlineData(null, false)]
    public void An_id_is_what_this_server_makes(string? text, bool isOne)
    {
        Assert.Equal(isOne, WebhookId.TryParse(text, out var id));
        Assert.Equal(isOne ? text : "", id.ToString());
        Assert.True(WebhookId.TryParse(WebhookId.New().ToString(), out _));
    }

    [Fact]
    public void What_is_no_id_is_refused_with_how_one_looks()
    {
        Assert.Equal("wh_abcdefghjkmn", WebhookId.Parse("wh_abcdefghjkmn").ToString());
        Assert.Equal(
            "Not the id of a webhook: wh_ and twelve letters and digits.",
            Assert.Throws<FormatException>(() => WebhookId.Parse("wh_")).Message);
    }
}
