using Countersign.Core;
using Countersign.Core.Texts;

namespace Countersign.Providers.Tests.Sms;

/// <summary>
/// What every text gateway promises, whatever stands behind it. An adapter's tests begin with a class of their own that inherits this.
/// </summary>
public abstract class SmsGatewayContract
{
    /// <summary>A number of nobody that stands in no other test, so that it can be looked for.</summary>
    protected static readonly PhoneNumber Number = PhoneNumber.Parse("+12025559917");

    protected static readonly Secret Token = new("dG9rZW4tb2YtYS1yZWNlaXB0_-AQ");

    private protected abstract ISmsGateway Gateway { get; }

    protected static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public void Its_name_is_the_one_in_the_configuration() => Assert.Matches("^[a-z0-9-]{1,64}$", Gateway.Name.ToString());

    [Fact]
    public virtual async Task A_text_is_taken()
    {
        Assert.IsType<SmsResult.Accepted>(await Gateway.SubmitAsync(Submission("Your code is 1234."), Test));
    }

    [Fact]
    public virtual async Task Many_texts_at_once_are_each_answered()
    {
        var results = await Task.WhenAll(
            Enumerable.Range(0, 32).Select(i => Gateway.SubmitAsync(Submission($"Your code is {i:D4}."), Test)));

        Assert.All(results, result => Assert.IsType<SmsResult.Accepted>(result));
    }

    [Fact]
    public virtual async Task Who_has_no_time_is_answered_and_nothing_is_thrown()
    {
        var result = await Gateway.SubmitAsync(Submission("Your code is 1234."), new CancellationToken(canceled: true));

        Assert.NotNull(result);
    }

    private protected static SmsSubmission Submission(string text, TimeSpan? validity = null, string? sender = null, int attempt = 1)
    {
        var now = new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);
        var life = validity ?? TimeSpan.FromMinutes(2);
        return new SmsSubmission(
            new OutgoingText(
                Guid.CreateVersion7(now), CorrelationId.New(now), Number, TextKind.Otp, new Secret(text), new Secret("1234"), now,
                now + life),
            attempt, sender, life, Token);
    }
}
