using Countersign.Core;
using Countersign.Core.History;
using Countersign.Core.IdentityMatching;
using Countersign.Server.Pages;
using Countersign.Server.Timeline;

namespace Countersign.Server.Tests.Timeline;

/// <summary>Every end of a flow and every reason for it is told in each language, with what is to be done next.</summary>
public sealed class ExplanationTests
{
    private static readonly DateTimeOffset _now = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Ends => [.. FlowEnd.All];

    public static TheoryData<string> Reasons => [.. FlowReason.All];

    [Theory]
    [MemberData(nameof(Ends))]
    public void Every_end_has_its_sentence_and_its_next_step_in_four_languages(string end) => AssertWhole(Explanations.OfEnd(end));

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Every_reason_has_its_sentence_and_its_next_step_in_four_languages(string reason) =>
        AssertWhole(Explanations.OfReason(reason));

    [Fact]
    public void Nothing_is_explained_that_is_no_end_and_no_reason()
    {
        Assert.Null(Explanations.OfEnd("no-such-end"));
        Assert.Null(Explanations.Of(new Ending("no-such-end", _now), Language.English));
        Assert.Equal(FlowEnd.All.Order(StringComparer.Ordinal), EndMeanings.All.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            FlowReason.All.Order(StringComparer.Ordinal),
            ((IReadOnlyDictionary<string, Meaning>[])[
                NetworkMeanings.All, FlowMeanings.All, TextMeanings.All, PasskeyMeanings.All, AnswerMeanings.All,
            ]).SelectMany(all => all.Keys).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_two_ends_and_no_two_reasons_are_told_alike()
    {
        foreach (var language in Enum.GetValues<Language>())
        {
            var ends = FlowEnd.All.Select(end => Explanations.OfEnd(end)!.What.In(language)).ToList();
            var reasons = FlowReason.All.Select(reason => Explanations.OfReason(reason)!.What.In(language)).ToList();

            Assert.Equal(ends.Count, ends.Distinct().Count());
            Assert.Equal(reasons.Count, reasons.Distinct().Count());
        }
    }

    [Fact]
    public void A_reason_knows_better_than_the_end_what_helps()
    {
        var explained = Explanations.Of(new Ending(FlowEnd.Unavailable, _now, FlowReason.OptedOut), Language.German)!;

        Assert.Equal("de", explained.Language);
        Assert.Equal(
            "Keiner der Wege, den Besitz des Telefons zu zeigen, war gangbar. Die Person hat STOP geschrieben und will keine Nachrichten.",
            explained.What);
        Assert.Equal(NextSteps.Person, explained.By);
        Assert.StartsWith("Schreiben Sie START", explained.Next, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FlowReason.Untrusted, "The answer was no: ", NextSteps.RelyingParty)]
    [InlineData(FlowReason.NothingKnown, "The answer was no: ", NextSteps.RelyingParty)]
    [InlineData(FlowReason.AnotherName, "The answer was no: ", NextSteps.RelyingParty)]
    [InlineData(FlowReason.OnRecord, "Somebody is on record ", NextSteps.Nobody)]
    [InlineData(FlowReason.NameBelongs, "The answer was yes: ", NextSteps.Nobody)]
    [InlineData(FlowReason.ElementBelongs, "The answer was yes: ", NextSteps.Nobody)]
    public void What_a_one_call_verification_was_answered_is_told_with_what_follows_from_it(string reason, string what, string by)
    {
        var ending = new Ending(FlowEnd.Answered, _now, reason);

        var explained = Explanations.Of(ending, Language.English)!;

        Assert.StartsWith("A one-call verification was answered. " + what, explained.What, StringComparison.Ordinal);
        Assert.Equal(by, explained.By);
        Assert.Equal([reason], Explanations.CodesOf(ending));
    }

    [Theory]
    [InlineData("with-device",
        "Number and person are tied together. The browser is remembered, so that its next flow needs no text.")]
    [InlineData("with-device,recycled",
        "Number and person are tied together. The browser is remembered, so that its next flow needs no text. The number was "
        + "given to somebody else since it was last confirmed.")]
    [InlineData("family-differs", "Number and person are tied together.")]
    [InlineData("expired, odd", "Number and person are tied together.")]
    [InlineData(null, "Number and person are tied together.")]
    public void Reasons_stand_behind_the_end_and_what_is_no_code_is_left_out(string? reason, string what) =>
        Assert.Equal(what, Explanations.Of(new Ending(FlowEnd.Bound, _now, reason), Language.English)!.What);

    [Theory]
    [InlineData(FlowEnd.Bound, "with-device,recycled", NextSteps.Nobody)]
    [InlineData(FlowEnd.NotAccepted, FlowReason.RiskUnknown, NextSteps.RelyingParty)]
    [InlineData(FlowEnd.Unavailable, FlowReason.NotOnMobileNetwork, NextSteps.Person)]
    public void Where_it_went_well_no_reason_gives_anybody_something_to_do(string end, string reason, string by) =>
        Assert.Equal(by, Explanations.Of(new Ending(end, _now, reason), Language.English)!.By);

    /// <summary>What was masked in the answer is not told by its explanation either.</summary>
    [Fact]
    public void An_end_that_must_not_say_whether_there_is_a_record_says_neither()
    {
        var masked = IdentityAnswer.SourceDown with { IsSourceDown = false };

        var told = Explanations.Of(new Ending(FlowEnd.Differs, _now, masked.WithoutRecord().Rule), Language.English)!;

        Assert.Equal("Nobody is on record for the number, or another name is.", told.What);
        var known = Explanations.Of(new Ending(FlowEnd.Differs, _now, "family-differs"), Language.English)!;
        Assert.Equal("The number belongs to another name.", known.What);
    }

    [Fact]
    public void A_relying_party_reads_no_gateway_no_source_no_amount_and_no_words_of_an_adapter()
    {
        var gateway = GatewayName.Parse("cheap-one");
        foreach (var code in FlowEventCode.All)
        {
            var happened = new FlowEvent(_now, code)
            {
                Method = "otp", Next = "otp", Reason = "the modem is off", Cause = "modem", Gateway = gateway, OperatorWord = "EC_7",
                Rule = "family-differs", Source = SourceName.Parse("bureau"),
                Limit = new LimitEvidence("texts.line.hour", 6, 6, 3600, _now),
                Cap = new CapEvidence("texts.day", 1.5m, 0.1m, 1.5m, "USD", "day", _now),
            };

            var told = FlowSentences.ForRelyingParty(happened)!;

            Assert.NotEmpty(told);
            Assert.All(
                (string[])["cheap-one", "modem", "EC_7", "family-differs", "bureau", "1.5", "texts.", "Countersign:"],
                word => Assert.DoesNotContain(word, told, StringComparison.Ordinal));
        }
        Assert.Equal(
            "possession proven by otp without a browser", FlowSentences.ForRelyingParty(
                new FlowEvent(_now, FlowEventCode.PossessionProven) { Method = "otp", Reason = FlowReason.WithoutBrowser }));
        Assert.Equal("the gateway has taken the text", FlowSentences.ForRelyingParty(
            new FlowEvent(_now, FlowEventCode.TextAccepted) { Gateway = gateway }));
        Assert.Null(FlowSentences.ForRelyingParty(new FlowEvent(_now, FlowEventCode.BudgetSpent)
        {
            Limit = new LimitEvidence("texts.line.hour", 6, 6, 3600, _now, IsShadow: true),
        }));
    }

    private static void AssertWhole(Meaning? meaning)
    {
        Assert.NotNull(meaning);
        Assert.Contains(meaning.Step.By, Explanations.Actors);
        foreach (var phrase in (Phrase[])[meaning.What, meaning.Step.What])
        {
            var all = Enum.GetValues<Language>().Select(language => phrase.In(language)).ToList();
            Assert.Equal(all.Count, all.Distinct().Count());
            Assert.All(all, sentence => Assert.Matches(@"^\p{Lu}.*[^ ]\.$", sentence));
        }
    }
}
