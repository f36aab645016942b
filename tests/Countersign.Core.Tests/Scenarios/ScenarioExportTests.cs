using System.Text.Json;
using Countersign.Core.History;
using Countersign.Core.Limits;
using Countersign.Core.Possession;
using Countersign.Core.Scenarios;
using Countersign.Core.Texts;

namespace Countersign.Core.Tests.Scenarios;

/// <summary>What happened in a flow is read out of its facts.</summary>
public sealed class ScenarioExportTests
{
    private static readonly DateTimeOffset _begun = Sample.Now;
    private static readonly GatewayName _first = GatewayName.Parse("first");
    private static readonly GatewayName _second = GatewayName.Parse("second");

    /// <summary>Facts that come of what other facts, or the flow's texts, tell.</summary>
    private static readonly string[] _following =
    [
        FlowEventCode.FlowFinished, FlowEventCode.TextAccepted, FlowEventCode.TextDelivered, FlowEventCode.TextRefused,
        FlowEventCode.TextUnanswered, FlowEventCode.TextStuck, FlowEventCode.TextUndelivered, FlowEventCode.TextExpired,
        FlowEventCode.TextUnavailable, FlowEventCode.DeviceTied, FlowEventCode.DeviceLeftOut, FlowEventCode.DeviceNoticeUnsent,
    ];

    // No flow tells these: the methods that they are about have nothing behind them, or end otherwise.
    private static readonly string[] _neverTold =
    [
        FlowEventCode.OtpRefused, FlowEventCode.OtpUnavailable, FlowEventCode.OtpExpired, FlowEventCode.InstantLinkRefused,
        FlowEventCode.InstantLinkUnavailable, FlowEventCode.InstantLinkExpired, FlowEventCode.DeviceKeyBegun,
        FlowEventCode.DeviceKeyRefused, FlowEventCode.DeviceKeyExpired,
    ];

    private static readonly string[] _notPlayed =
    [
        FlowEventCode.CapReached, FlowEventCode.CapUnpriced, FlowEventCode.FlowChanged,
    ];

    [Fact]
    public void Every_fact_is_a_step_follows_from_one_or_is_refused()
    {
        foreach (var code in FlowEventCode.All)
        {
            var fact = At(5, code) with
            {
                Method = "otp",
                Reason = code is FlowEventCode.PossessionFailed ? FlowReason.GivenUp
                    : code is FlowEventCode.PossessionNotAccepted ? FlowReason.SimSwap : null,
                Limit = code is FlowEventCode.BudgetSpent ? Limit(LimitRule.TextsOfLineInHour) : null,
            };

            var exported = ScenarioExport.Of(Account([fact]), new PossessionOptions());

            if (_notPlayed.Contains(code))
            {
                Assert.IsType<ScenarioExported.NotPossible>(exported);
                continue;
            }
            var steps = Made(exported).Steps.Count - 1;
            Assert.True(_following.Contains(code) || _neverTold.Contains(code) ? steps == 0 : steps > 0, $"{code}: {steps} steps");
        }
    }

    [Fact]
    public void What_cannot_be_played_says_why()
    {
        var fifty = Enumerable.Repeat(At(5, FlowEventCode.EntryWrong), FlowEvent.MaxPerFlow).ToList();

        Assert.Equal("the flow still runs", Why(Account([]) with { Ending = null }));
        Assert.Equal("there was no flow", Why(Account([]) with { Ending = new Ending(FlowEnd.RefusedLimit, _begun) }));
        Assert.Equal("only the last 50 things that happened are known of it", Why(Account(fifty)));
        Assert.Equal(
            "a limit was reached that is not of the line alone, so it depends on other flows",
            Why(Account([At(5, FlowEventCode.BudgetSpent) with { Limit = Limit(LimitRule.TextsOfCountry) }])));
        Assert.Equal(
            "two limits were reached, and a scenario has one",
            Why(Account(
            [
                At(5, FlowEventCode.BudgetSpent) with { Limit = Limit(LimitRule.TextsOfLineInHour) },
                At(6, FlowEventCode.BudgetSpent) with { Limit = Limit(LimitRule.TextsOfLineInDay) },
            ])));
        Assert.Equal(
            "a limit was reached that is not of the line alone, so it depends on other flows",
            Why(Account([At(5, FlowEventCode.BudgetSpent) with { Limit = Limit(LimitRule.TextsOfLineInHour) with { IsShadow = true } }])));
        Assert.Equal("a cap on money was reached, which depends on other flows", Why(Account([At(5, FlowEventCode.CapReached)])));
        Assert.Equal("a text had no price, which depends on the server", Why(Account([At(5, FlowEventCode.CapUnpriced)])));
        Assert.Equal("an earlier version did not keep what happened", Why(Account([At(5, FlowEventCode.FlowChanged)])));
        Assert.Equal("a later version wrote its timeline", Why(Account([At(5, FlowEventCode.OtpBegun), At(6, "otp.dreamt")])));
        Assert.Equal("there was no flow", Why(Account([]) with { Product = Product.OneCall }));
        Assert.Equal(
            "an earlier version kept its timeline in sentences", Why(Account([new FlowEvent(_begun, null) { What = "otp begun" }])));
    }

    [Fact]
    public void One_limit_that_is_told_twice_is_one() => Made(ScenarioExport.Of(
        Account(
        [
            At(5, FlowEventCode.BudgetSpent) with { Limit = Limit(LimitRule.TextsOfLineInHour) },
            At(6, FlowEventCode.BudgetSpent) with { Limit = Limit(LimitRule.TextsOfLineInHour) },
        ]),
        new PossessionOptions()));

    [Theory]
    [InlineData(null, null)]
    [InlineData("expired", "expired")]
    [InlineData("sim-swap,luck", "sim-swap,other")]
    [InlineData("other-name", "other-name")]
    [InlineData("no-record-or-other-name", "no-record-or-other-name")]
    [InlineData("asked-initial", "asked-initial")]
    [InlineData("other-operator", "other-operator")]
    [InlineData("operator-has-no-name", "operator-has-no-name")]
    [InlineData("id-document-required", "id-document-required")]
    [InlineData("given-other-name,family-no-name", "given-other-name,family-no-name")]
    [InlineData("given-luck", "other")]
    [InlineData("middle-other-name", "other")]
    public void Codes_of_reasons_and_rules_are_known(string? codes, string? expected) =>
        Assert.Equal(expected, ScenarioFacts.CodesOf(codes));

    [Theory]
    [InlineData(0.0009, 0)]
    [InlineData(1.2345, 1.234)]
    [InlineData(-1, 0)]
    public void Offsets_are_counted_in_whole_thousandths_from_the_beginning(double seconds, decimal expected) =>
        Assert.Equal(expected, ScenarioTime.Between(_begun, _begun.AddTicks((long)(seconds * TimeSpan.TicksPerSecond))));

    [Fact]
    public void A_number_of_seconds_is_a_time() => Assert.Equal(TimeSpan.FromMilliseconds(1500), ScenarioTime.ToTime(1.5m));

    [Fact]
    public void A_word_of_the_file_has_one_meaning()
    {
        Assert.Equal("unify", ScenarioWords.Of(ScenarioWords.Products, Product.Unify));
        Assert.Equal("desktop", ScenarioWords.Of(ScenarioWords.Types, FlowType.Desktop));
        Assert.Equal("start at 0", new ScenarioStep(0, ScenarioActs.Start).ToString());
    }

    [Fact]
    public void Words_that_are_no_codes_are_left_out()
    {
        var account = Account(
        [
            At(1, FlowEventCode.MobileAuthUnavailable) with { Reason = "Lori Montgomery has no contract", Next = "otp" },
            At(2, FlowEventCode.OtpBegun),
            At(9, FlowEventCode.TextUndelivered) with { Gateway = _first, OperatorWord = "Montgomery" },
            At(20, FlowEventCode.PossessionProven) with { Method = "otp" },
            At(21, FlowEventCode.IdentityDiffers) with { Rule = "not-lori" },
        ]) with
        {
            Ending = new Ending(FlowEnd.Differs, _begun.AddSeconds(21), "not-lori"),
            Texts =
            [
                new OutcomeText(TextKind.Otp, _begun.AddSeconds(2), TextState.Undelivered, 1,
                [
                    new TextAttempt(
                        _first, _begun.AddSeconds(2), false, AttemptState.Undelivered, _begun.AddSeconds(9), NetworkError: "Montgomery"),
                ]),
            ],
        };

        var file = JsonSerializer.Serialize(Made(ScenarioExport.Of(account, new PossessionOptions())), ScenarioJson.Default.Scenario);

        Assert.DoesNotContain("Lori", file, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Montgomery", file, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("2026", file, StringComparison.Ordinal);
        Assert.Equal(4, file.Split("\"other\"").Length - 1 - 3);
    }

    [Fact]
    public void A_life_that_was_set_otherwise_is_the_one_that_the_flow_shows()
    {
        var late = Made(ScenarioExport.Of(
            Account([At(0, FlowEventCode.OtpBegun), At(300, FlowEventCode.PossessionProven) with { Method = "otp" }]),
            new PossessionOptions()));
        var early = Made(ScenarioExport.Of(
            Account(
            [
                At(10, FlowEventCode.OtpBegun),
                At(50, FlowEventCode.PossessionFailed) with { Method = "otp", Reason = FlowReason.Expired },
            ]),
            new PossessionOptions()));

        Assert.Equal((300.001m, 40m), (late.Flow.CodeLife, early.Flow.CodeLife));
        Assert.Equal(180, late.Flow.LinkLife);
    }

    [Theory]
    [InlineData(0.4, false)]
    [InlineData(0.7, false)]
    [InlineData(4.9, false)]
    [InlineData(5.2, true)]
    public void A_text_that_was_handed_over_late_is_lost_only_where_another_process_may_have_taken_it_up(double seconds, bool isLost)
    {
        var account = Account([At(1, FlowEventCode.OtpBegun)]) with
        {
            Texts =
            [
                new OutcomeText(TextKind.Otp, _begun.AddSeconds(1), TextState.Sent, 1,
                    [new TextAttempt(_first, _begun.AddSeconds(1 + seconds), false, AttemptState.Accepted, _begun.AddSeconds(7))]),
            ],
        };

        var made = Made(ScenarioExport.Of(account, new PossessionOptions()));

        Assert.Equal(isLost, Assert.Single(made.Texts!).IsLost);
        Assert.Equal(isLost, made.Steps.Any(step => step.Do == ScenarioActs.ClockText));
    }

    [Fact]
    public void A_refusal_after_silence_is_a_receipt_and_the_next_gateway_waits_until_somebody_looks()
    {
        var account = Account(
        [
            At(1, FlowEventCode.OtpBegun),
            At(9, FlowEventCode.TextUnanswered) with { Gateway = _first },
            At(20, FlowEventCode.TextRefused) with { Gateway = _first, Reason = FlowReason.Refused },
        ]) with
        {
            Texts =
            [
                new OutcomeText(TextKind.Otp, _begun.AddSeconds(1), TextState.Sent, 1,
                [
                    new TextAttempt(
                        _first, _begun.AddSeconds(1), false, AttemptState.Refused, _begun.AddSeconds(20), SmsRefusal.Other),
                    new TextAttempt(_second, _begun.AddSeconds(22), false, AttemptState.Accepted, _begun.AddSeconds(23)),
                ]),
            ],
        };

        var steps = Made(ScenarioExport.Of(account, new PossessionOptions())).Steps;

        (decimal, string, string?)[] expected =
        [
            (0, ScenarioActs.Start, null), (1, ScenarioActs.CodeBegin, null),
            (9, ScenarioActs.GatewayAnswers, ScenarioActs.Silence), (20, ScenarioActs.GatewayReports, ScenarioActs.Refused),
            (22, ScenarioActs.ClockText, null), (23, ScenarioActs.GatewayAnswers, ScenarioActs.Accepted),
        ];
        Assert.Equal(expected, steps.Select(step => (step.At, step.Do, step.Answer)));
    }

    [Fact]
    public void A_receipt_that_overtook_its_answer_is_played_before_it()
    {
        var steps = Made(ScenarioExport.Of(
            OfTwoGateways(
                new(_second, _begun.AddSeconds(2), false, AttemptState.Undelivered, _begun.AddSeconds(5)),
                At(5, FlowEventCode.TextUndelivered) with { Gateway = _second },
                At(2, FlowEventCode.TextRefused) with { Gateway = _first, Reason = FlowReason.Refused }),
            new PossessionOptions())).Steps;

        (decimal, string, string?)[] expected =
        [
            (0, ScenarioActs.Start, null), (1, ScenarioActs.CodeBegin, null),
            (2, ScenarioActs.GatewayAnswers, ScenarioActs.Refused), (5, ScenarioActs.GatewayReports, ScenarioActs.Undelivered),
            (5, ScenarioActs.GatewayAnswers, ScenarioActs.Accepted),
        ];
        Assert.Equal(expected, steps.Select(step => (step.At, step.Do, step.Answer)));
    }

    [Fact]
    public void A_process_that_died_while_it_asked_gets_no_answer_and_others_look()
    {
        // It would have told the refusal after the answer.
        var steps = Made(ScenarioExport.Of(
            OfTwoGateways(
                new(_second, _begun.AddSeconds(2), false, AttemptState.NoAnswer, _begun.AddSeconds(14)),
                At(14, FlowEventCode.TextUnanswered) with { Gateway = _second }),
            new PossessionOptions())).Steps;

        (decimal, string, string?)[] expected =
        [
            (0, ScenarioActs.Start, null), (1, ScenarioActs.CodeBegin, null),
            (2, ScenarioActs.GatewayAnswers, ScenarioActs.Refused), (14, ScenarioActs.ClockText, null),
        ];
        Assert.Equal(expected, steps.Select(step => (step.At, step.Do, step.Answer)));
    }

    [Fact]
    public void A_text_for_which_nothing_is_left_after_a_refusal_is_given_up_without_anybody_looking()
    {
        var account = Account(
        [
            At(1, FlowEventCode.OtpBegun),
            At(12, FlowEventCode.TextStuck) with { Gateway = _first },
            At(13, FlowEventCode.TextRefused) with { Gateway = _second, Reason = FlowReason.Refused },
            At(13, FlowEventCode.TextStuck) with { Gateway = _first, Reason = FlowReason.NoGatewayLeft },
        ]) with
        {
            Texts =
            [
                new OutcomeText(TextKind.Otp, _begun.AddSeconds(1), TextState.Sent, 1,
                [
                    new TextAttempt(_first, _begun.AddSeconds(1), true, AttemptState.Accepted, _begun.AddSeconds(2)),
                    new TextAttempt(_second, _begun.AddSeconds(12), false, AttemptState.Refused, _begun.AddSeconds(13), SmsRefusal.Other),
                ]),
            ],
        };

        var steps = Made(ScenarioExport.Of(account, new PossessionOptions())).Steps;

        Assert.Equal([12], steps.Where(step => step.Do == ScenarioActs.ClockText).Select(step => step.At));
    }

    [Fact]
    public void A_life_that_ended_before_the_flow_or_was_longer_than_it_is_seen_near_the_flows_end()
    {
        var ended = Made(ScenarioExport.Of(
            Account(
            [
                At(850, FlowEventCode.OtpBegun),
                At(890, FlowEventCode.PossessionFailed) with { Method = "otp", Reason = FlowReason.Expired },
            ]),
            new PossessionOptions()));
        var open = Made(ScenarioExport.Of(
            Account([At(880, FlowEventCode.MobileAuthBegun)]) with
            {
                Ending = new Ending(FlowEnd.RanOutChallenged, _begun.AddMinutes(15)),
            },
            new PossessionOptions()));

        Assert.Equal((40m, 20.001m), (ended.Flow.CodeLife, open.Flow.MobileAuthLife));
    }

    private static LimitEvidence Limit(string rule) => new(rule, 12, 12, 3600, _begun.AddMinutes(30));

    private static FlowEvent At(double seconds, string code) => new(_begun.AddSeconds(seconds), code);

    /// <summary>The first refuses a second after it was asked.</summary>
    private static FlowAccount OfTwoGateways(TextAttempt second, params FlowEvent[] facts) =>
        Account([At(1, FlowEventCode.OtpBegun), .. facts]) with
        {
            Texts =
            [
                new OutcomeText(TextKind.Otp, _begun.AddSeconds(1), TextState.Sent, 1,
                [
                    new TextAttempt(_first, _begun.AddSeconds(1), false, AttemptState.Refused, _begun.AddSeconds(2), SmsRefusal.Other),
                    second,
                ]),
            ],
        };

    private static FlowAccount Account(IReadOnlyList<FlowEvent> facts) => new()
    {
        Id = CorrelationId.New(_begun), ProjectId = ProjectId.Parse("shop"), Product = Product.VerifiedUsers, Type = FlowType.Mobile,
        BegunAt = _begun, ExpiresAt = _begun.AddMinutes(15), Ending = new Ending(FlowEnd.RanOutReady, _begun.AddMinutes(15)),
        IsDecided = true, Possession = PossessionVerdict.Open, Facts = facts, Texts = [],
    };

    private static Scenario Made(ScenarioExported exported) => Assert.IsType<ScenarioExported.Made>(exported).Scenario;

    private static string Why(FlowAccount account) =>
        Assert.IsType<ScenarioExported.NotPossible>(ScenarioExport.Of(account, new PossessionOptions())).Why;
}
