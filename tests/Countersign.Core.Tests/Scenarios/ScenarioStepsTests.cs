using Countersign.Core.History;
using Countersign.Core.Limits;
using Countersign.Core.Scenarios;

namespace Countersign.Core.Tests.Scenarios;

/// <summary>Of what was done in a flow, what its facts say becomes a step.</summary>
public sealed class ScenarioStepsTests
{
    private const string ByLimit = "budget.spent limit=texts.line.hour";

    [Theory]
    [InlineData("1 mobile-auth.begun | 3 possession.proven method=mobile-auth",
        "1 mobile-auth.begin answer=open | 3 mobile-auth.return answer=same-number")]
    [InlineData("1 mobile-auth.begun | 3 device.left-out", "1 mobile-auth.begin silent answer=open")]
    [InlineData("1 mobile-auth.begun | 2 mobile-auth.unavailable reason=browser-failed",
        "1 mobile-auth.begin answer=open | 2 mobile-auth.fail")]
    [InlineData("1 mobile-auth.begun | 2 mobile-auth.unavailable reason=operator-failing",
        "1 mobile-auth.begin answer=open | 2 mobile-auth.return answer=unavailable reason=operator-failing")]
    [InlineData("1 mobile-auth.unavailable reason=browser-failed", "1 mobile-auth.fail")]
    [InlineData("1 mobile-auth.unavailable reason=page-not-allowed", "1 mobile-auth.begin answer=page-not-allowed")]
    [InlineData("1 mobile-auth.unavailable reason=no-operator", "1 mobile-auth.begin answer=unavailable reason=no-operator")]
    [InlineData("1 mobile-auth.begun | 2 mobile-auth.refused reason=another-number",
        "1 mobile-auth.begin answer=open | 2 mobile-auth.return answer=another-number")]
    [InlineData("1 mobile-auth.begun | 2 mobile-auth.refused reason=another-flow",
        "1 mobile-auth.begin answer=open | 2 mobile-auth.return answer=another-flow")]
    [InlineData("1 mobile-auth.begun | 2 mobile-auth.refused reason=wrong-nonce",
        "1 mobile-auth.begin answer=open | 2 mobile-auth.return answer=unavailable reason=wrong-nonce")]
    [InlineData("1 mobile-auth.begun | 7 mobile-auth.expired", "1 mobile-auth.begin answer=open | 7 clock.flow")]
    [InlineData("1 mobile-auth.begun | 2 possession.failed method=mobile-auth reason=wrong-entries cause=another-number",
        "1 mobile-auth.begin answer=open | 2 mobile-auth.return answer=another-number")]
    [InlineData("1 mobile-auth.begun | 2 possession.failed method=mobile-auth reason=no-text cause=operator-denied",
        "1 mobile-auth.begin answer=open | 2 mobile-auth.return answer=unavailable reason=operator-denied")]
    [InlineData("2 possession.failed method=mobile-auth reason=no-text cause=no-operator",
        "2 mobile-auth.begin answer=unavailable reason=no-operator")]
    public void What_the_network_is_asked_and_answers(string facts, string steps) => AreSteps(facts, steps);

    [Theory]
    [InlineData("2 mobile-auth.unavailable reason=browser-failed", "2 mobile-auth.fail")]
    [InlineData("2 mobile-auth.unavailable reason=operator-failed", "2 mobile-auth.return answer=unavailable reason=operator-failed")]
    [InlineData("2 mobile-auth.refused reason=another-number", "2 mobile-auth.return answer=another-number")]
    [InlineData("2 mobile-auth.expired", "2 clock.flow")]
    [InlineData("2 binding.expired", "2 clock.flow")]
    public void A_network_that_has_answered_is_asked_anew(string answered, string step) => AreSteps(
        $"1 mobile-auth.begun | {answered} | 3 mobile-auth.unavailable reason=no-operator",
        $"1 mobile-auth.begin answer=open | {step} | 3 mobile-auth.begin answer=unavailable reason=no-operator");

    [Theory]
    [InlineData("1 otp.begun | 40 text.resent | 50 number.changed | 60 permission.missing",
        "1 code.begin | 40 code.begin | 50 code.begin number=another | 60 code.begin number=another")]
    [InlineData("1 otp.begun | 9 entry.wrong | 12 possession.proven method=otp",
        "1 code.begin | 9 code.enter entry=wrong | 12 code.enter entry=right")]
    [InlineData("1 otp.begun | 9 possession.failed method=otp reason=wrong-entries", "1 code.begin | 9 code.enter entry=wrong")]
    [InlineData("1 otp.begun | 121 possession.failed method=otp reason=expired", "1 code.begin | 121 clock.flow")]
    [InlineData("1 otp.begun | 9 possession.failed method=otp reason=given-up", "1 code.begin | 9 give-up")]
    [InlineData("1 otp.begun | 9 possession.failed method=otp reason=cancelled", "1 code.begin | 9 cancel")]
    [InlineData("1 possession.proven method=device-key", "1 device.prove")]
    [InlineData("1 passkey.refused reason=counter-did-not-grow", "1 passkey.answer reason=counter-did-not-grow")]
    [InlineData("1 possession.proven method=otp reason=without-browser", "")]
    public void What_a_person_does_on_a_phone(string facts, string steps) => AreSteps(facts, steps);

    [Theory]
    [InlineData("1 instant-link.begun | 40 text.resent | 50 number.changed",
        "1 link.begin | 40 link.begin again | 50 link.begin number=another")]
    [InlineData("1 instant-link.begun | 9 entry.wrong | 12 possession.proven method=instant-link",
        "1 link.begin | 9 link.confirm entry=wrong | 12 link.confirm entry=right")]
    [InlineData("1 instant-link.begun | 9 possession.failed method=instant-link reason=declined", "1 link.begin | 9 link.decline")]
    public void What_a_person_does_on_a_desktop(string facts, string steps) =>
        Assert.Equal(WithStart(steps), WrittenFlow.Of(facts).OnDesktop().Steps());

    [Theory]
    [InlineData("9 device-key.unavailable", "device.fail")]
    [InlineData("9 device-key.unavailable | 10 device.left-out", "device.register")]
    [InlineData("9 device-key.unavailable | 10 binding.done reason=recycled,with-device", "device.register")]
    [InlineData("9 device-key.unavailable | 10 binding.done reason=recycled", "device.fail")]
    [InlineData("9 device-key.unavailable | 10 own-check.passed reason=with-device", "device.fail")]
    [InlineData("1 possession.proven method=device-key | 9 device-key.unavailable | 10 device.left-out", "device.fail")]
    [InlineData("1 possession.proven method=device-key reason=without-browser | 9 device-key.unavailable | 10 device.left-out",
        "device.register")]
    [InlineData("1 possession.proven method=otp | 9 device-key.unavailable | 10 device.left-out", "device.register")]
    public void A_browser_without_its_key_registers_one_where_a_device_is_tied(string facts, string act) =>
        Assert.Equal(act, Assert.Single(WrittenFlow.Of(facts).Exported().Steps, step => step.At == 9).Do);

    [Fact]
    public void A_notice_of_a_device_shows_that_one_was_tied() => Assert.Equal(
        "0 start | 9 device.register | 10 clock.text text=1 | 11 gateway.answers answer=accepted text=1 gateway=first",
        WrittenFlow.Of("9 device-key.unavailable", "deviceNotice 9 sent: first 10 accepted 11").Steps());

    [Theory]
    [InlineData("9 possession.reported", "9 validate")]
    [InlineData("9 flow.cancelled", "9 cancel")]
    [InlineData("8 possession.failed reason=cancelled method=otp | 9 flow.cancelled", "8 cancel")]
    [InlineData("9 own-check.passed", "9 own-check")]
    [InlineData("8 challenge.accepted | 9 challenge.answered source=records", "8 challenge | 9 source.answers answer=found source=records")]
    [InlineData("8 complete.accepted | 9 complete.answered source=records", "8 complete | 9 source.answers answer=found source=records")]
    [InlineData("9 identity.matched rule=extra-name source=records", "9 source.answers answer=matched rule=extra-name source=records")]
    [InlineData("9 identity.differs rule=other-name", "9 source.answers answer=differs rule=other-name")]
    [InlineData("9 identity.not-comparable", "9 source.answers answer=not-comparable")]
    [InlineData("9 identity.no-record", "9 source.answers answer=no-record")]
    [InlineData("9 identity.source-unavailable", "9 source.answers answer=down")]
    [InlineData("900 identity.source-unavailable", "900 clock.flow")]
    [InlineData("9 binding.done", "9 risk.answers")]
    [InlineData("9 binding.done reason=recycled", "9 risk.answers given=recycled")]
    [InlineData("9 binding.another-person", "9 number.lost | 9 risk.answers")]
    [InlineData("9 binding.key-void", "9 number.lost | 9 risk.answers")]
    [InlineData("9 flow.finished | 10 device.tied", "")]
    public void What_a_relying_party_asks_and_its_sources_answer(string facts, string steps) => AreSteps(facts, steps);

    [Theory]
    [InlineData("9 possession.not-accepted reason=sim-swap", "given=sim-swap", "sim-swap", false)]
    [InlineData("9 possession.not-accepted reason=sim-swap,recycled", "given=sim-swap,recycled", "sim-swap,recycled", false)]
    [InlineData("9 possession.not-accepted reason=risk-unknown", "unknown=sim-swap", "sim-swap", true)]
    [InlineData("9 possession.not-accepted reason=sim-swap,risk-unknown", "given=sim-swap unknown=sim-swap-in-week",
        "sim-swap,sim-swap-in-week", true)]
    [InlineData("9 possession.not-accepted reason=risk-unknown,recycled", "given=recycled unknown=sim-swap", "recycled,sim-swap", true)]
    [InlineData("9 possession.not-accepted reason=sim-swap,sim-swap-in-week,risk-unknown,short-tenure",
        "given=sim-swap,sim-swap-in-week,short-tenure unknown=recycled", "sim-swap,sim-swap-in-week,short-tenure,recycled", true)]
    [InlineData("1 possession.proven method=device-key | 9 possession.not-accepted reason=risk-unknown", "unknown=recycled", "recycled",
        true)]
    public void What_a_possession_was_refused_for_is_what_the_project_refuses(
        string facts, string answer, string refuses, bool refusesUnknown)
    {
        var account = WrittenFlow.Of(facts);

        Assert.EndsWith($"9 risk.answers {answer}", account.Steps(), StringComparison.Ordinal);
        Assert.Equal(refuses, string.Join(',', account.Exported().Flow.Refuses!));
        Assert.Equal(refusesUnknown, account.Exported().Flow.RefusesUnknown);
    }

    [Fact]
    public void A_project_that_refuses_signals_asks_for_them_before_it_asks_a_source() => AreSteps(
        "8 possession.not-accepted reason=sim-swap | 9 complete.answered source=records",
        "8 risk.answers given=sim-swap | 9 risk.answers | 9 source.answers answer=found source=records");

    [Theory]
    [InlineData($"9 {ByLimit}", "code.begin", "link.begin")]
    [InlineData($"1 otp.begun | 9 {ByLimit}", "code.begin", "link.begin again")]
    [InlineData($"1 instant-link.begun | 9 {ByLimit}", "code.begin", "link.begin again")]
    [InlineData($"1 number.changed | 9 {ByLimit}", "code.begin", "link.begin again")]
    [InlineData($"1 text.resent | 9 {ByLimit}", "code.begin", "link.begin again")]
    [InlineData($"9 {ByLimit} | 9 possession.failed reason=budget-spent", "code.begin", "link.begin")]
    [InlineData($"1 otp.begun | 9 {ByLimit} | 9 possession.failed reason=budget-spent", "code.begin number=another",
        "link.begin number=another")]
    [InlineData("1 otp.begun | 9 budget.spent limit=guesses.line", "code.enter entry=wrong", "link.confirm entry=wrong")]
    [InlineData("1 otp.begun | 9 budget.spent limit=guesses.project", "code.enter entry=wrong", "link.confirm entry=wrong")]
    [InlineData("9 budget.spent limit=guesses.line", "code.begin", "link.begin")]
    [InlineData("9 budget.spent limit=guesses.project", "code.begin", "link.begin")]
    public void A_limit_is_reached_and_somebody_asks_for_one_more(string facts, string onPhone, string onDesktop)
    {
        var account = WrittenFlow.Of(facts);
        var limit = account.Facts.Single(fact => fact.Limit is not null).Limit!.Rule;

        Assert.EndsWith($" | 9 limit.reached limit={limit} | 9 {onPhone}", account.Steps(), StringComparison.Ordinal);
        Assert.EndsWith($" | 9 limit.reached limit={limit} | 9 {onDesktop}", account.OnDesktop().Steps(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9 possession.failed reason=budget-spent", "9 code.begin")]
    [InlineData($"9 {ByLimit} | 10 possession.failed reason=budget-spent",
        "9 limit.reached limit=texts.line.hour | 9 code.begin | 10 code.begin")]
    [InlineData($"1 otp.begun | 9 {ByLimit} | 10 possession.failed reason=budget-spent",
        "1 code.begin | 9 limit.reached limit=texts.line.hour | 9 code.begin | 10 code.begin number=another")]
    [InlineData("9 entry.wrong | 9 possession.failed reason=budget-spent", "9 code.enter entry=wrong | 9 code.begin")]
    public void A_limit_that_was_told_before_ends_the_flow_of_whoever_asks_again(string facts, string steps) => AreSteps(facts, steps);

    [Fact]
    public void A_limit_is_told_with_what_was_counted_and_until_when()
    {
        var scenario = WrittenFlow.Of($"9 {ByLimit}").Exported();

        var limit = new ScenarioLimit(LimitRule.TextsOfLineInHour, 12, 13, 3600, 1800);
        Assert.Equal(limit, scenario.Steps[1].Limit);
        Assert.Equal(limit, Assert.Single(scenario.Expected.Timeline).Limit);
    }

    [Theory]
    [InlineData(Product.VerifiedUsers, FlowType.None, "0.004 identity.matched", "0 source.answers answer=matched")]
    [InlineData(Product.VerifiedUsers, FlowType.None, "0.004 identity.matched | 0.007 identity.matched",
        "0 source.answers answer=matched | 0.007 source.answers answer=matched")]
    [InlineData(Product.VerifiedUsers, FlowType.None, "900 identity.matched", "900 source.answers answer=matched")]
    [InlineData(Product.VerifiedUsers, FlowType.Mobile, "0.004 identity.matched", "0.004 source.answers answer=matched")]
    [InlineData(Product.PreFill, FlowType.None, "0.004 challenge.answered", "0.004 source.answers answer=found")]
    [InlineData(Product.Unify, FlowType.Mobile, "0 possession.proven method=otp reason=without-browser | 0.004 binding.done",
        "0 risk.answers")]
    public void What_is_settled_before_the_flow_is_stored_happens_as_it_begins(
        Product product, FlowType type, string facts, string steps) =>
        Assert.Equal(WithStart(steps), (WrittenFlow.Of(facts) with { Product = product, Type = type }).Steps());

    [Fact]
    public void News_of_what_happened_before_are_told_when_they_came() => AreSteps(
        "5 otp.begun | 4 entry.wrong | 6 possession.proven method=otp",
        "5 code.begin | 5 code.enter entry=wrong | 6 code.enter entry=right");

    [Fact]
    public void At_one_moment_a_flow_is_asked_before_its_text_is_answered() => Assert.Equal(
        "0 start | 1 code.begin | 1 gateway.answers answer=accepted text=1 gateway=first | 2 code.enter entry=right",
        WrittenFlow.Of("1 otp.begun | 2 possession.proven method=otp", "otp 1 sent: first 1 accepted 1").Steps());

    [Fact]
    public void A_fact_stands_at_the_moment_of_the_step_that_it_follows_from()
    {
        var expected = (WrittenFlow.Of("1 otp.begun | 9.5 flow.finished next=otp | 20.25 identity.differs rule=other-name") with
        {
            Ending = new Ending(FlowEnd.Differs, WrittenFlow.Begun.AddSeconds(20.5), "other-name"), Possession = PossessionVerdict.Proven,
            Method = "otp",
        }).Exported().Expected;

        Assert.Equal(
            [
                new ScenarioFact(1, FlowEventCode.OtpBegun), new ScenarioFact(1, FlowEventCode.FlowFinished) { Next = "otp" },
                new ScenarioFact(20.25m, FlowEventCode.IdentityDiffers) { Rule = "other-name" },
            ],
            expected.Timeline);
        Assert.Equal((FlowEnd.Differs, 20.25m, "other-name"), (expected.End, expected.At, expected.Reason));
        Assert.Equal(("proven", "otp"), (expected.Possession, expected.Method));
    }

    [Fact]
    public void A_flow_whose_life_ran_out_ends_when_it_did() =>
        Assert.Equal(900, WrittenFlow.Of("1 otp.begun").Exported().Expected.At);

    private static void AreSteps(string facts, string steps) => Assert.Equal(WithStart(steps), WrittenFlow.Of(facts).Steps());

    private static string WithStart(string steps) => steps.Length == 0 ? "0 start" : $"0 start | {steps}";
}
