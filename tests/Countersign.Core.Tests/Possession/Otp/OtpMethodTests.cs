using System.Globalization;
using Countersign.Core.Flows;
using Countersign.Core.Keys;
using Countersign.Core.Limits;
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

    private readonly MemoryCounters _counters = new();
    private readonly BudgetOptions _budget = new()
    {
        GuessProbability = 0.00001m, WrongCodesPerProject = 2, WrongCodes = LimitMode.Enforce,
    };
    private readonly MemoryTexts _texts = new();
    private readonly EntryLimits _entries;
    private readonly OtpMethod _method;

    public OtpMethodTests()
    {
        var options = new PossessionOptions();
        var numbers = new NumberChange(new Admits(new Admission.Admitted(_other)), new TenDigits(), options);
        var hasher = new SecretHasher(new byte[32]);
        var keys = new CounterKeys(hasher);
        var clock = new StillClock();
        _entries = new EntryLimits(new LeasedCounters(_counters, new Turns(clock), clock), keys, _budget, clock);
        _method = new OtpMethod(
            new Counted(), _texts, numbers, hasher, options, GuessBudget.None, new GuessLimits(_counters, keys, _budget), _entries);
    }

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Theory]
    [Trait("attack", "S11")]
    [InlineData(false, 1)]
    [InlineData(true, 3)]
    public async Task A_code_goes_out_with_its_life_and_its_limits(bool allowsRetry, int entries)
    {
        var (flow, text) = await SendAsync(AtCode() with { AllowsOtpRetry = allowsRetry }, Sample.Now);

        var challenge = Assert.IsType<PossessionState.Challenged>(flow.Possession).Challenge;
        Assert.Equal((Sample.Now, Sample.Now.AddMinutes(2)), (challenge.SentAt, challenge.Deadline));
        Assert.Equal((entries, 3, 0), (challenge.Limits.Entries, challenge.Limits.Resends, challenge.Limits.NumberChanges));
        Assert.Equal(
            new OutgoingText(
                text!.Id, flow.Id, flow.Number, TextKind.Otp,
                new Secret("000001 is your Shop verification code, valid for 2 minutes. Never read it to anyone."), new Secret("000001"),
                Sample.Now, challenge.Deadline)
            {
                Project = flow.ProjectId, Subject = flow.Subject,
            },
            text);
    }

    [Theory]
    [InlineData("Shop: ####", null, "Shop: 0001")]
    [InlineData("Shop: #####", "shop.example", "Shop: 00001\n\n@shop.example #00001")]
    public async Task A_text_of_the_relying_party_says_how_long_the_code_is(string wording, string? host, string expected)
    {
        var (decision, _) = await _method.SendAsync(
            AtCode() with { SmsMessage = wording }, null, Shop(new ProjectSettings { WebOtpHost = host, GuessProbability = 0.01m }),
            Sample.Now, Test);

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

        Assert.IsType(expected, (await EnterAsync(flow, entry, Sample.Now)).Possession);
    }

    [Fact]
    public async Task A_code_is_of_one_flow_and_of_its_time()
    {
        var (flow, _) = await SendAsync(AtCode(), Sample.Now);
        var (another, _) = await SendAsync(AtCode() with { Id = CorrelationId.New(Sample.Now) }, Sample.Now);
        var crossed = flow with { Possession = another.Possession };

        Assert.IsType<PossessionState.Failed>((await EnterAsync(crossed, "000002", Sample.Now)).Possession);
        Assert.IsNotType<PossessionState.Succeeded>((await EnterAsync(flow, "000001", Sample.Now.AddMinutes(2))).Possession);
        Assert.Equal(AtCode().Possession, (await EnterAsync(AtCode(), "000001", Sample.Now)).Possession);
        var elsewhere = Sample.Challenged(PossessionMethod.InstantLink);
        Assert.Same(elsewhere, (await EnterAsync(elsewhere, "000001", Sample.Now)));
    }

    [Theory]
    [InlineData(60, 60)]
    [InlineData(600, 120)]
    public async Task No_code_outlives_its_flow(int secondsLeft, int seconds)
    {
        var (flow, text) = await SendAsync(AtCode() with { ExpiresAt = Sample.Now.AddSeconds(secondsLeft) }, Sample.Now);

        Assert.Equal([Sample.Now.AddSeconds(seconds), Sample.Now.AddSeconds(seconds)], [text!.ExpiresAt, flow.NextDeadline!.Value]);
    }

    /// <summary>An entry, the wrong ones before it, and whether it is compared and charged.</summary>
    [Theory]
    [InlineData("000002", 0, true, 1)]
    [InlineData("000001", 0, true, 0)]
    [InlineData("000002", 5, false, 5)]
    [InlineData("000001", 5, false, 5)]
    [InlineData("00001", 5, true, 5)]
    [InlineData("00000a", 5, true, 5)]
    [InlineData("\u0660\u0660\u0660\u0660\u0660\u0661", 5, true, 5)]
    [InlineData("", 0, true, 0)]
    public async Task A_wrong_entry_is_charged_to_its_line_and_none_is_compared_when_nothing_is_left(
        string entry, int before, bool isCompared, int charged)
    {
        var (flow, _) = await SendAsync(AtCode() with { AllowsOtpRetry = true }, Sample.Now);
        for (var i = 0; i < before; i++)
        {
            await SaveAsync(await _method.EnterAsync(flow, new Secret("999999"), _settings, Sample.Now, Test));
        }

        var decision = await _method.EnterAsync(flow, new Secret(entry), _settings, Sample.Now, Test);
        await SaveAsync(decision);

        var isSpent = decision.Flow.Possession is PossessionState.Failed { Reason: PossessionFailure.BudgetSpent };
        Assert.Equal(isCompared, !isSpent);
        Assert.Equal(
            isSpent ? [FlowEventCode.BudgetSpent, FlowEventCode.PossessionFailed, FlowEventCode.FlowFinished] : [],
            decision.Flow.Timeline.Skip(flow.Timeline.Count).Select(fact => fact.Code).Where(_ => isSpent));
        var key = new CounterKeys(new SecretHasher(new byte[32])).OfGuesses(flow.Number);
        Assert.Equal(charged, (await _counters.ReadAsync(key, Test)).Charges.Count);
        // A right one has to queue with the others, too.
        Assert.Equal(isCompared && entry.Length == 6 && entry.All(char.IsAsciiDigit), decision.Charge is not null);
    }

    /// <summary>Where nothing is left of what a line or a project may enter.</summary>
    [Theory]
    [Trait("attack", "S04")]
    [InlineData(LimitRule.EntriesOfProject)]
    [InlineData(LimitRule.GuessesOfProject)]
    public async Task A_code_that_could_not_be_entered_is_neither_compared_nor_sent(string rule)
    {
        var (flow, first) = await SendAsync(PreFill(), Sample.Now);
        _texts.Kept.Add(new StoredText(first!, TextFate.Queued(Sample.Now)));
        var later = Sample.Now.AddMinutes(1);
        for (var n = 0; rule == LimitRule.EntriesOfProject && n < 2; n++)
        {
            Assert.Null(await _entries.CountAsync(flow.ProjectId));
        }
        foreach (var line in rule == LimitRule.GuessesOfProject ? [flow.Number, _other] : Array.Empty<PhoneNumber>())
        {
            var key = new CounterKeys(new SecretHasher(new byte[32]));
            var read = await _counters.ReadAsync(key.OfGuesses(line), Test);
            var charge = new Charge(Sample.Now, GuessLimits.Day, key.TagOf(flow.ProjectId));
            Assert.True(await _counters.TrySaveAsync(
                new CounterChange(read, read.With(charge, TimeSpan.FromDays(1), Sample.Now), TimeSpan.FromDays(1)), Test));
        }

        Decision[] decisions =
        [
            await _method.EnterAsync(flow, new Secret("000001"), _settings, later, Test),
            (await _method.SendAsync(PreFill(), null, Shop(_settings), later, Test)).Decision,
            (await _method.SendAsync(flow, null, Shop(_settings), later, Test)).Decision,
            (await _method.SendAsync(flow, "202 555 0143", Shop(_settings), later, Test)).Decision,
        ];

        Assert.All(decisions, decision =>
        {
            Assert.Equal((null, false), (decision.Text, decision.IsWrongEntry));
            var failed = Assert.IsType<PossessionState.Failed>(decision.Flow.Possession);
            Assert.Equal(PossessionFailure.BudgetSpent, failed.Reason);
            Assert.Equal(rule, decision.Flow.Timeline.Single(fact => fact.Code == FlowEventCode.BudgetSpent).Limit!.Rule);
        });
    }

    [Theory]
    [InlineData(29, false)]
    [InlineData(30, true)]
    public async Task The_same_code_goes_out_again_after_a_while(int seconds, bool isSent)
    {
        var (flow, first) = await SendAsync(AtCode(), Sample.Now);
        _texts.Kept.Add(new StoredText(first!, TextFate.Queued(Sample.Now)));

        var (decision, _) = await _method.SendAsync(flow, null, Shop(_settings), Sample.Now.AddSeconds(seconds), Test);
        var (after, again) = (decision.Flow, decision.Text);

        Assert.Equal((isSent, isSent), (again is not null, decision.IsResend));
        Assert.Equal(isSent ? (first!.Proof, first.Text) : (null, null), (again?.Proof, again?.Text));
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

        var (decision, refused) = await _method.SendAsync(flow, "202 555 0143", Shop(_settings), Sample.Now, Test);

        Assert.Null(refused);
        Assert.Equal((_other, _other), (decision.Flow.Number, decision.Text!.To));
        Assert.Equal("000002", decision.Text.Proof.Reveal());
        Assert.IsNotType<PossessionState.Succeeded>((await EnterAsync(decision.Flow, "000001", Sample.Now)).Possession);
    }

    [Fact]
    public async Task A_number_that_can_be_changed_no_more_gets_nothing()
    {
        var (flow, _) = await SendAsync(PreFill(), Sample.Now);
        var first = flow.Number;
        for (var change = 0; change < 3; change++)
        {
            var (changed, _) = await _method.SendAsync(flow, "202 555 0143", Shop(_settings), Sample.Now, Test);
            flow = changed.Flow with { Number = first };
        }

        var (decision, _) = await _method.SendAsync(flow, "202 555 0143", Shop(_settings), Sample.Now, Test);

        Assert.Equal((null, first), (decision.Text, decision.Flow.Number));
    }

    /// <summary>A former version did not keep how many digits a code has: such an entry is compared where it may be one.</summary>
    [Theory]
    [InlineData("123", false)]
    [InlineData("1234", true)]
    [InlineData("123456", true)]
    [InlineData("1234567", false)]
    public async Task What_can_be_no_code_is_not_charged_to_the_line(string entry, bool isCharged)
    {
        var flow = AtCode().After(
            new PossessionEvent.ChallengeSent(PossessionMethod.Otp, Sample.Challenge() with { Digits = null }), Sample.Now);

        var decision = await _method.EnterAsync(
            flow, new Secret(entry), new ProjectSettings { GuessProbability = 0.01m }, Sample.Now, Test);

        Assert.Equal(isCharged, decision.Charge is not null);
        Assert.Equal(1, Assert.IsType<PossessionState.Challenged>(decision.Flow.Possession).WrongEntries);
    }

    [Fact]
    public async Task A_flow_that_proves_by_no_code_sends_none()
    {
        var (decision, refused) = await _method.SendAsync(Sample.Flow(FlowType.Desktop), null, Shop(_settings), Sample.Now, Test);

        Assert.Equal((null, null), (decision.Text, refused));
        Assert.Equal(Sample.Flow(FlowType.Desktop).Possession, decision.Flow.Possession);
    }

    [Fact]
    public async Task A_number_that_is_not_taken_sends_nothing()
    {
        var (decision, refused) = await _method.SendAsync(AtCode(), "202 555 0143", Shop(_settings), Sample.Now, Test);

        Assert.Equal((NumberRefusal.Fixed, null), (refused, decision.Text));
    }

    private static Flow AtCode() => Sample.Flow() with { Possession = new PossessionState.Ready(new PossessionPlan(PossessionMethod.Otp)) };

    private static Flow PreFill() => AtCode() with
    {
        Name = null,
        Tail = new PreFillProgress(StartShape.PreFill, new PreFillState.AwaitingPossession()),
    };

    private async Task SaveAsync(Decision decision)
    {
        if (decision.Charge is { } charge)
        {
            Assert.True(await _counters.TrySaveAsync(charge, Test));
        }
    }

    private async Task<Flow> EnterAsync(Flow flow, string entry, DateTimeOffset now) =>
        (await _method.EnterAsync(flow, new Secret(entry), _settings, now, Test)).Flow;

    private async Task<(Flow Flow, OutgoingText? Text)> SendAsync(Flow flow, DateTimeOffset now)
    {
        var (decision, refused) = await _method.SendAsync(flow, null, Shop(_settings), now, Test);
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

    private static Project Shop(ProjectSettings settings) => new(ProjectId.Parse("shop"), "Shop", settings);
}
