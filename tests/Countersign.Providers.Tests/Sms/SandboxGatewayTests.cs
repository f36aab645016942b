using Countersign.Core;
using Countersign.Core.Texts;
using Countersign.Providers.Sandbox;

namespace Countersign.Providers.Tests.Sms;

public sealed class SandboxGatewayTests : SmsGatewayContract
{
    private readonly TestUsers _users = TestUsers.Load();

    private protected override ISmsGateway Gateway => new SandboxGateway(_users, new SandboxHandset());

    [Fact]
    public async Task A_text_is_with_its_phone_at_once()
    {
        Assert.Equal(new SmsResult.Accepted(ReceiptState.Delivered), await Gateway.SubmitAsync(Submission("Your code is 1234."), Test));
    }

    [Fact]
    public async Task The_test_user_whose_texts_are_refused_gets_none()
    {
        var refused = _users.All.First(user => user.Role == Roles.TextRefused);
        var submission = Submission("Your code is 1234.");
        Assert.True(PhoneNumber.TryParse(refused.Number, out var number));

        var result = await Gateway.SubmitAsync(submission with { Text = submission.Text with { To = number } }, Test);

        Assert.Equal(new SmsResult.Rejected(SmsRefusal.BlockedDestination), result);
    }
}
