using System.Globalization;
using Countersign.Core.Flows;
using Countersign.Core.Keys;
using Countersign.Core.Numbers;
using Countersign.Core.Possession;
using Countersign.Core.Possession.Otp;
using Countersign.Core.PreFill;
using Countersign.Core.Projects;
using Countersign.Core.Tests.Fakes;
using Countersign.Core.Texts;

namespace Countersign.Core.Tests.Possession.Otp;

public sealed class OtpMethodTests
{
    private static readonly PhoneNumber _other = PhoneNumber.Parse("+12025550143");
    private static readonly ProjectSettings _settings = new();

    private readonly MemoryTexts _texts = new();
    private readonly OtpMethod _method;

    public OtpMethodTests()
    {
        var options = new PossessionOptions();
        var numbers = new NumberChange(new Admits(new Admission.Admitted(_other)), new TenDigits(), options);
        _method = new OtpMethod(new Counted(), _texts, numbers, new SecretHasher(new byte[32]), options, GuessBudget.None);
    }

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 3)]
    public async Task A_code_goes_out_with_its_life_and_its_limits(bool allowsRetry, int entries)
    {
        var (flow, text) = await SendAsync(AtCode() with { AllowsOtpRetry = allowsRetry }, Sample.Now);

        var challenge = Assert.IsType<PossessionState.Challenged>(flow.Possession).Challenge;
        Assert.Equal((Sample.Now, Sample.Now.AddMinutes(2)), (challenge.SentAt, challenge.Deadline));
        Assert.Equal((entries, 3, 0), (challenge.Limits.Entries, challenge.Limits.Resends, challenge.Limits.NumberChanges));
        Assert.Equal((flow.Number, TextKind.Otp, challenge.Deadline), (text!.To, text.Kind, text.ExpiresAt));
        Assert.Equal("000001 is your verification code, valid for 2 minutes. Never read it to anyone.", text.Text.Reveal());
    }

    [Theory]
    [InlineData("Shop: ####", null, "Shop: 0001")]
    [InlineData("Shop: #####", "shop.example", "Shop: 00001\n\n@shop.example #00001")]
    public async Task A_text_of_the_relying_party_says_how_long_the_code_is(string wording, string? host, string expected)
    {
        var (decision, _) = await _method.SendAsync(
            AtCode() with { SmsMessage = wording }, null, new ProjectSettings { WebOtpHost = host }, Sample.Now, Test);

        Assert.Equal(expected, decision.Text!.Text.Reveal());
    }

    [Theory]
    [InlineData("000001", true, typeof(PossessionState.Succeeded))]
    [InlineData("000001", false, typeof(PossessionState.Succeeded))]
    [InlineData("000002", true, typeof(PossessionState.Challenged))]
    [InlineData("000002", false, typeof(PossessionState.Failed))]
    public async Task An_entry_is_right_or_counted(string entry, bool allowsRetry, Type expected)
    {
        var (flow, _) = await SendAsync(AtCode() with { AllowsOtpRetry = allowsRetry }, Sample.Now);

        Assert.IsType(expected, _method.Enter(flow, new Secret(entry), Sample.Now).Possession);
    }

    [Fact]
    public async Task A_code_is_of_one_flow_and_of_its_time()
    {
        var (flow, _) = await SendAsync(AtCode(), Sample.Now);
        var (another, _) = await SendAsync(AtCode() with { Id = CorrelationId.New(Sample.Now) }, Sample.Now);
        var crossed = flow with { Possession = another.Possession };

        Assert.IsType<PossessionState.Failed>(_method.Enter(crossed, new Secret("000002"), Sample.Now).Possession);
        Assert.IsNotType<PossessionState.Succeeded>(_method.Enter(flow, new Secret("000001"), Sample.Now.AddMinutes(2)).Possession);
        Assert.Equal(AtCode().Possession, _method.Enter(AtCode(), new Secret("000001"), Sample.Now).Possession);
        var elsewhere = Sample.Challenged(PossessionMethod.InstantLink);
        Assert.Same(elsewhere, _method.Enter(elsewhere, new Secret("000001"), Sample.Now));
    }

    [Theory]
    [InlineData(29, false)]
    [InlineData(30, true)]
    public async Task The_same_code_goes_out_again_after_a_while(int seconds, bool isSent)
    {
        var (flow, first) = await SendAsync(AtCode(), Sample.Now);
        _texts.Kept.Add(new StoredText(first!, TextFate.Queued(Sample.Now)));

        var (after, again) = await SendAsync(flow, Sample.Now.AddSeconds(seconds));

        Assert.Equal(isSent, again is not null);
        Assert.Equal(isSent ? first!.Proof : null, again?.Proof);
        Assert.Equal(isSent ? 1 : 0, ((PossessionState.Challenged)after.Possession).Resends);
    }

    [Fact]
    public async Task A_code_that_is_nowhere_any_more_cannot_go_out_again()
    {
        var (flow, _) = await SendAsync(AtCode(), Sample.Now);

        Assert.Equal((flow, null), await SendAsync(flow, Sample.Now.AddMinutes(1)));
    }

    [Fact]
    public async Task Another_number_gets_another_code_and_the_former_one_is_dead()
    {
        var (flow, _) = await SendAsync(PreFill(), Sample.Now);

        var (decision, refused) = await _method.SendAsync(flow, "202 555 0143", _settings, Sample.Now, Test);

        Assert.Null(refused);
        Assert.Equal((_other, _other), (decision.Flow.Number, decision.Text!.To));
        Assert.Equal("000002", decision.Text.Proof.Reveal());
        Assert.IsNotType<PossessionState.Succeeded>(_method.Enter(decision.Flow, new Secret("000001"), Sample.Now).Possession);
    }

    [Fact]
    public async Task A_number_that_is_not_taken_sends_nothing()
    {
        var (decision, refused) = await _method.SendAsync(AtCode(), "202 555 0143", _settings, Sample.Now, Test);

        Assert.Equal((NumberRefusal.Fixed, null), (refused, decision.Text));
    }

    private static Flow AtCode() => Sample.Flow() with { Possession = new PossessionState.Ready(new PossessionPlan(PossessionMethod.Otp)) };

    private static Flow PreFill() => AtCode() with
    {
        Name = null,
        Tail = new PreFillProgress(StartShape.PreFill, new PreFillState.AwaitingPossession()),
    };

    private async Task<(Flow Flow, OutgoingText? Text)> SendAsync(Flow flow, DateTimeOffset now)
    {
        var (decision, refused) = await _method.SendAsync(flow, null, _settings, now, Test);
        Assert.Null(refused);
        return (decision.Flow, decision.Text);
    }

    /// <summary>Makes 1, 2, 3 and so on.</summary>
    private sealed class Counted : ICodeGenerator
    {
        private int _made;

        public OneTimeCode NewCode(PhoneNumber to, int length) =>
            new(new Secret((++_made).ToString(CultureInfo.InvariantCulture).PadLeft(length, '0')));
    }
}
