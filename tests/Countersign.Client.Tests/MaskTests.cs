using Countersign.Client.Testing;
using Countersign.Client.Tests.Support;

namespace Countersign.Client.Tests;

public sealed class MaskTests
{
    private static readonly VerifyRequest Request = Some.VerifyRequest with
    {
        EmailAddress = "person@example.com",
        SmsMessage = "marker-text ####",
        ClientCustomerId = "marker-customer",
        FinalTargetUrl = "https://example.com/marker",
    };

    public static TheoryData<object> Printable { get; } =
    [
        Request,
        new FakeCall { Method = "VerifyAsync", Request = Request, Options = new RequestOptions { IdempotencyKey = "marker-key" } },
        new RequestOptions { IdempotencyKey = "marker-key" },
        new VerifyResponse { AuthToken = "marker-token", CorrelationId = Some.CorrelationId, Outcome = VerificationOutcome.Pending },
        new CountersignClientOptions { ClientId = "project", ClientSecret = Some.Secret, BaseUrl = new Uri("https://user:marker@countersign.test") },
    ];

    [Theory]
    [MemberData(nameof(Printable), DisableDiscoveryEnumeration = true)]
    public void Printing_it_shows_no_person_no_token_and_no_secret(object value)
    {
        var text = value.ToString();

        foreach (var hidden in new[] { Some.PhoneNumber, "2001004011", Some.FirstName, Some.LastName, "person@", "marker", Some.Secret })
        {
            Assert.DoesNotContain(hidden, text, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void A_number_keeps_its_first_and_last_two_characters() =>
        Assert.Equal("VerifyRequest { FlowType = mobile, PhoneNumber = +1********11 }", Request.ToString());

    [Theory]
    [InlineData("+491", "***")]
    [InlineData("1234567", "***")]
    [InlineData("12345678", "12****78")]
    [InlineData(null, "")]
    public void A_short_number_is_hidden_whole(string? phoneNumber, string expected) => Assert.Equal(expected, Mask.Phone(phoneNumber));
}
