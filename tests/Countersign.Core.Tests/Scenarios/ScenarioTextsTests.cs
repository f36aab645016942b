namespace Countersign.Core.Tests.Scenarios;

/// <summary>What gateways answered and reported is read out of a flow's texts.</summary>
public sealed class ScenarioTextsTests
{
    private const string Refused = "otp 1 sent: first 1 refused:other 2, second 2";

    [Theory]
    [InlineData("first 1 accepted 2", "2 gateway.answers answer=accepted text=1 gateway=first")]
    [InlineData("first 1 enroute 9",
        "1 gateway.answers answer=accepted text=1 gateway=first | 9 gateway.reports answer=enroute text=1 attempt=1")]
    [InlineData("first 1 delivered 9",
        "1 gateway.answers answer=accepted text=1 gateway=first | 9 gateway.reports answer=delivered text=1 attempt=1")]
    [InlineData("first 1 undelivered 9 word=33",
        "1 gateway.answers answer=accepted text=1 gateway=first | 9 gateway.reports answer=undelivered text=1 attempt=1 word=33")]
    [InlineData("first 1 expired 9 word=0x0000004A",
        "1 gateway.answers answer=accepted text=1 gateway=first | 9 gateway.reports answer=expired text=1 attempt=1 word=0x0000004A")]
    [InlineData("first 1 expired 9 word=0x4A",
        "1 gateway.answers answer=accepted text=1 gateway=first | 9 gateway.reports answer=expired text=1 attempt=1 word=other")]
    [InlineData("first 1 submitting 1", "")]
    [InlineData("first 1 refused:contentRejected 2", "2 gateway.answers answer=refused reason=content-rejected text=1 gateway=first")]
    [InlineData("first 1 refused:throttled 2 again=4.5, first 5 accepted 6",
        "2 gateway.answers answer=refused reason=throttled text=1 gateway=first pause=2.5 | 5 clock.text text=1"
        + " | 6 gateway.answers answer=accepted text=1 gateway=first")]
    [InlineData("first 1 refused:other 2, second 2 accepted 3",
        "2 gateway.answers answer=refused reason=refused text=1 gateway=first | 3 gateway.reports answer=accepted text=1 attempt=2")]
    [InlineData("first 1 accepted 10.5", "10.5 gateway.answers answer=accepted text=1 gateway=first")]
    [InlineData("first 1 accepted 11", "11 gateway.reports answer=accepted text=1 attempt=1")]
    public void A_gateway_answers_and_reports(string attempts, string steps) =>
        AreSteps("1 otp.begun", [$"otp 1 sent: {attempts}"], steps.Length == 0 ? "1 code.begin" : $"1 code.begin | {steps}");

    [Theory]
    [InlineData("1 otp.begun | 9 text.unanswered gateway=first", "first 1 noAnswer 9",
        "9 gateway.answers answer=none text=1 gateway=first")]
    [InlineData("1 otp.begun | 10.999 text.unanswered gateway=first", "first 1 noAnswer 10.999",
        "10.999 gateway.answers answer=none text=1 gateway=first")]
    [InlineData("1 otp.begun | 11 text.unanswered gateway=first", "first 1 noAnswer 11", "11 clock.text text=1")]
    [InlineData("1 otp.begun | 9 text.unanswered gateway=first | 15 text.unknown gateway=first", "first 1 noAnswer 15",
        "9 gateway.answers answer=none text=1 gateway=first | 15 clock.text text=1")]
    [InlineData("1 otp.begun | 9 text.unanswered gateway=first", "first 1 accepted 20",
        "9 gateway.answers answer=none text=1 gateway=first | 20 gateway.reports answer=accepted text=1 attempt=1")]
    [InlineData("1 otp.begun | 9 text.unanswered gateway=first", "first 1 delivered 20",
        "9 gateway.answers answer=none text=1 gateway=first | 20 gateway.reports answer=delivered text=1 attempt=1")]
    [InlineData("1 otp.begun | 9 text.unanswered gateway=first", "first 1 noAnswer 9, second 12 accepted 13",
        "9 gateway.answers answer=none text=1 gateway=first | 12 clock.text text=1"
        + " | 13 gateway.answers answer=accepted text=1 gateway=second")]
    public void A_gateway_keeps_silent(string facts, string attempts, string steps) =>
        AreSteps(facts, [$"otp 1 sent: {attempts}"], $"1 code.begin | {steps}");

    [Theory]
    [InlineData("2 text.refused gateway=first | 3 text.accepted gateway=second", "accepted 3",
        "3 gateway.answers answer=accepted text=1 gateway=second")]
    [InlineData("2 text.refused gateway=first | 3 text.accepted gateway=second", "delivered 9",
        "3 gateway.answers answer=accepted text=1 gateway=second | 9 gateway.reports answer=delivered text=1 attempt=2")]
    [InlineData("2 text.refused gateway=first | 8 text.delivered gateway=second", "delivered 9",
        "2 gateway.answers answer=accepted text=1 gateway=second | 8 gateway.reports answer=delivered text=1 attempt=2")]
    [InlineData("2 text.refused gateway=first | 8 text.expired gateway=second", "expired 9",
        "2 gateway.answers answer=accepted text=1 gateway=second | 8 gateway.reports answer=expired text=1 attempt=2")]
    [InlineData("2 text.refused gateway=first | 8 text.undelivered gateway=second", "undelivered 9 word=7",
        "2 gateway.answers answer=accepted text=1 gateway=second | 8 gateway.reports answer=undelivered text=1 attempt=2 word=7")]
    public void The_next_gateway_is_asked_at_once_after_a_refusal(string facts, string second, string steps) => AreSteps(
        $"1 otp.begun | {facts}", [$"{Refused} {second}"],
        $"1 code.begin | 2 gateway.answers answer=refused reason=refused text=1 gateway=first | {steps}");

    [Theory]
    [InlineData("1 otp.begun | 12 text.stuck gateway=first | 13 text.accepted gateway=second",
        "first 1 accepted 2 handover, second 12 accepted 13",
        "2 gateway.answers answer=accepted text=1 gateway=first | 12 clock.text text=1"
        + " | 13 gateway.answers answer=accepted text=1 gateway=second")]
    [InlineData("1 otp.begun | 12 text.stuck gateway=first | 13 text.delivered gateway=first",
        "first 1 delivered 13 handover, second 12 accepted 14",
        "1 gateway.answers answer=accepted text=1 gateway=first | 12 clock.text text=1"
        + " | 13 gateway.reports answer=delivered text=1 attempt=1 | 14 gateway.answers answer=accepted text=1 gateway=second")]
    [InlineData("1 otp.begun | 12 text.stuck gateway=first reason=no-gateway-left", "first 1 accepted 2 handover",
        "2 gateway.answers answer=accepted text=1 gateway=first | 12 clock.text text=1")]
    public void A_gateway_that_is_stuck_is_passed_over_when_somebody_looks(string facts, string attempts, string steps) =>
        AreSteps(facts, [$"otp 1 sent: {attempts}"], $"1 code.begin | {steps}");

    [Theory]
    [InlineData("first 1 refused:other 5 word=12", "1 gateway.answers answer=accepted text=1 gateway=first"
        + " | 5 gateway.reports answer=refused text=1 attempt=1 word=12")]
    [InlineData("first 1 refused:other 5, second 5.5 accepted 6", "1 gateway.answers answer=accepted text=1 gateway=first"
        + " | 5 gateway.reports answer=refused text=1 attempt=1 | 5.5 clock.text text=1"
        + " | 6 gateway.answers answer=accepted text=1 gateway=second")]
    [InlineData("first 1 refused:throttled 5, second 5.5 accepted 5.5", "5 gateway.answers answer=refused reason=throttled text=1"
        + " gateway=first | 5.5 gateway.reports answer=accepted text=1 attempt=2")]
    [InlineData("first 1 refused:other 5 again=6, first 6 accepted 7",
        "5 gateway.answers answer=refused reason=refused text=1 gateway=first pause=1 | 6 clock.text text=1"
        + " | 7 gateway.answers answer=accepted text=1 gateway=first")]
    [InlineData("first 1 refused:other 5, first 6 accepted 7",
        "5 gateway.answers answer=refused reason=refused text=1 gateway=first | 6 clock.text text=1"
        + " | 7 gateway.answers answer=accepted text=1 gateway=first")]
    public void A_refusal_that_the_operator_reports_is_a_receipt(string attempts, string steps) =>
        AreSteps("1 otp.begun", [$"otp 1 sent: {attempts}"], $"1 code.begin | {steps}");

    [Theory]
    [InlineData("1 otp.begun", "otp 1 queued:", "gateway isLost", "")]
    [InlineData("1 otp.begun | 1 text.unavailable reason=no-gateway", "otp 1 refused:", "-", "")]
    [InlineData("1 otp.begun | 1 possession.failed method=otp reason=no-text cause=no-gateway", "otp 1 refused:", "-", "")]
    [InlineData("1 otp.begun | 1 text.unavailable reason=opted-out", "otp 1 refused:", "gateway optedOut=gateway", "")]
    [InlineData("1 otp.begun | 5.999 text.unavailable reason=opted-out", "otp 1 refused:", "gateway optedOut=gateway", "")]
    [InlineData("1 otp.begun | 6 text.unavailable reason=opted-out", "otp 1 refused:", "gateway optedOut=gateway isLost",
        "6 clock.text text=1")]
    [InlineData("1 otp.begun | 6 text.unavailable reason=no-gateway", "otp 1 refused:", "- isLost", "6 clock.text text=1")]
    [InlineData("1 otp.begun | 101 text.unavailable reason=too-little-time", "otp 1 expired:", "gateway isLost", "101 clock.text text=1")]
    [InlineData("1 otp.begun | 2 text.unavailable reason=opted-out", "otp 1 refused: first 1 refused:other 2",
        "first,another-gateway optedOut=another-gateway", "2 gateway.answers answer=refused reason=refused text=1 gateway=first")]
    [InlineData("1 otp.begun | 2 text.unavailable reason=refused", "otp 1 refused: first 1 refused:other 2", "first",
        "2 gateway.answers answer=refused reason=refused text=1 gateway=first")]
    [InlineData("1 otp.begun | 7 text.unavailable reason=refused", "otp 1 refused: first 1 refused:other 2", "first",
        "2 gateway.answers answer=refused reason=refused text=1 gateway=first | 7 clock.text text=1")]
    [InlineData("1 otp.begun | 6.9 text.unavailable reason=refused", "otp 1 refused: first 1 refused:other 2", "first",
        "2 gateway.answers answer=refused reason=refused text=1 gateway=first")]
    [InlineData("1 otp.begun | 2.5 text.unavailable reason=throttled", "otp 1 refused: first 1 refused:throttled 2 again=4", "first",
        "2 gateway.answers answer=refused reason=throttled text=1 gateway=first pause=2 | 2.5 clock.text text=1")]
    [InlineData("1 otp.begun | 2.4 text.unavailable reason=throttled", "otp 1 refused: first 1 refused:throttled 2 again=4", "first",
        "2 gateway.answers answer=refused reason=throttled text=1 gateway=first pause=2")]
    [InlineData("1 otp.begun", "otp 1 expired: first 1 refused:other 2", "first,another-gateway",
        "2 gateway.answers answer=refused reason=refused text=1 gateway=first")]
    [InlineData("1 otp.begun", "otp 1 expired: first 1 refused:throttled 2 again=4", "first",
        "2 gateway.answers answer=refused reason=throttled text=1 gateway=first pause=2")]
    [InlineData("1 otp.begun", "otp 1 refused: first 1 refused:other 2", "first",
        "2 gateway.answers answer=refused reason=refused text=1 gateway=first")]
    [InlineData("1 otp.begun | 101 text.unavailable reason=too-little-time", "otp 1 expired: first 1 refused:other 2", "first",
        "2 gateway.answers answer=refused reason=refused text=1 gateway=first | 101 clock.text text=1")]
    [InlineData("1 otp.begun", "otp 1 sent: first 1 accepted 2 handover", "first handover=first",
        "2 gateway.answers answer=accepted text=1 gateway=first")]
    [InlineData("1 otp.begun", "otp 1 sent: first 6 accepted 7", "first isLost",
        "6 clock.text text=1 | 7 gateway.answers answer=accepted text=1 gateway=first")]
    public void The_way_of_a_text(string facts, string text, string way, string steps)
    {
        Assert.Equal(way, WrittenFlow.Of(facts, text).Texts());
        AreSteps(facts, [text], steps.Length == 0 ? "1 code.begin" : $"1 code.begin | {steps}");
    }

    [Fact]
    public void A_text_that_three_tries_at_one_gateway_did_not_bring_to_anybody_would_have_had_another()
    {
        var tries = "first 1 refused:throttled 2 again=3, first 3 refused:throttled 4 again=5, first 5 refused:throttled 6 again=7";

        Assert.Equal("first,another-gateway", WrittenFlow.Of("1 otp.begun", $"otp 1 expired: {tries}").Texts());
    }

    [Theory]
    [InlineData("", "deviceNotice 9 queued:", "gateway", "")]
    [InlineData("9 device.notice-unsent reason=no-gateway", "deviceNotice 9 refused:", "-", " | 9 clock.text text=1")]
    [InlineData("", "deviceNotice 9 sent: first 9 accepted 10", "first",
        " | 9 clock.text text=1 | 10 gateway.answers answer=accepted text=1 gateway=first")]
    [InlineData("", "deviceNotice 9 sent: first 20 accepted 21", "first",
        " | 20 clock.text text=1 | 21 gateway.answers answer=accepted text=1 gateway=first")]
    public void A_notice_of_a_device_waits_until_somebody_looks(string fact, string text, string way, string steps)
    {
        var facts = fact.Length == 0 ? "8 binding.done reason=with-device" : $"8 binding.done reason=with-device | {fact}";

        Assert.Equal(way, WrittenFlow.Of(facts, text).Texts());
        AreSteps(facts, [text], $"8 risk.answers{steps}");
    }

    [Fact]
    public void Facts_of_several_texts_are_of_the_text_whose_gateway_was_at_it() => AreSteps(
        "1 otp.begun | 9 text.unanswered gateway=first | 40 text.resent | 45 text.unanswered gateway=first | 60 text.unknown gateway=first"
        + " | 61 text.unknown gateway=first",
        ["otp 1 unknown: first 1 noAnswer 9", "otp 40 unknown: first 40 noAnswer 45"],
        "1 code.begin | 9 gateway.answers answer=none text=1 gateway=first | 40 code.begin"
        + " | 45 gateway.answers answer=none text=2 gateway=first | 60 clock.text text=1 | 61 clock.text text=2");

    [Fact]
    public void A_text_is_given_up_of_which_nothing_was_learnt_later() => AreSteps(
        "1 otp.begun | 9 text.unanswered gateway=first | 40 text.resent | 45 text.unanswered gateway=first | 60 text.unknown gateway=first",
        ["otp 1 delivered: first 1 delivered 70", "otp 40 unknown: first 40 noAnswer 45"],
        "1 code.begin | 9 gateway.answers answer=none text=1 gateway=first | 40 code.begin"
        + " | 45 gateway.answers answer=none text=2 gateway=first | 60 clock.text text=2"
        + " | 70 gateway.reports answer=delivered text=1 attempt=1");

    [Fact]
    public void A_refusal_after_which_nothing_is_left_gives_the_text_up_by_itself() => AreSteps(
        "1 otp.begun | 9 text.unanswered gateway=first | 12 text.refused gateway=second | 12.4 text.unknown gateway=first",
        ["otp 1 unknown: first 1 noAnswer 9, second 11 refused:throttled 12"],
        "1 code.begin | 9 gateway.answers answer=none text=1 gateway=first | 11 clock.text text=1"
        + " | 12 gateway.answers answer=refused reason=throttled text=1 gateway=second");

    [Fact]
    public void A_refusal_long_before_the_text_was_given_up_is_no_last_word() => AreSteps(
        "1 otp.begun | 9 text.unanswered gateway=first | 12 text.refused gateway=second | 12.5 text.unknown gateway=first",
        ["otp 1 unknown: first 1 noAnswer 9, second 11 refused:throttled 12"],
        "1 code.begin | 9 gateway.answers answer=none text=1 gateway=first | 11 clock.text text=1"
        + " | 12 gateway.answers answer=refused reason=throttled text=1 gateway=second | 12.5 clock.text text=1");

    private static void AreSteps(string facts, string[] texts, string steps) =>
        Assert.Equal($"0 start | {steps}", WrittenFlow.Of(facts, texts).Steps());
}
