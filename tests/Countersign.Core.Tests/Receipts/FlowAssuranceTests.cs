using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Possession;
using Countersign.Core.Receipts;
using Countersign.Core.Unify;
using Countersign.Core.VerifiedUser;

namespace Countersign.Core.Tests.Receipts;

public sealed class FlowAssuranceTests
{
    [Theory]
    [InlineData("otp", false, "text", "code", false)]
    [InlineData("instant-link", false, "text", "tap", false)]
    [InlineData("instant-link", true, "text", "digits", false)]
    [InlineData("mobile-auth", false, "mobile-network", "network", false)]
    [InlineData("device-key", false, "browser", "key", true)]
    [InlineData("somebody-elses", false, null, null, false)]
    public void A_method_says_what_it_came_over_what_binds_it_and_whether_an_imitated_page_can_pass_it_on(
        string method, bool isMatched, string? channel, string? binding, bool isResistant)
    {
        var flow = Proven(new PossessionMethod(method)) with { MatchDigits = isMatched ? Sample.Hash(1) : null };

        var assurance = FlowAssurance.Of(flow, LineKind.Mobile);

        Assert.Equal(
            (method, channel, binding, isResistant),
            (assurance.Method, assurance.Channel, assurance.Binding, assurance.IsPhishingResistant));
    }

    [Fact]
    public void What_was_not_proven_was_proven_by_nothing()
    {
        var open = FlowAssurance.Of(Sample.Challenged(PossessionMethod.Otp), LineKind.Mobile);
        var failed = FlowAssurance.Of(Sample.Flow() with { Possession = new PossessionState.Failed(PossessionFailure.Declined) }, default);

        Assert.All([open, failed], one => Assert.Equal(
            (null, null, null, (bool?)null), (one.Method, one.Channel, one.Binding, one.IsPhishingResistant)));
    }

    [Fact]
    public void The_same_device_is_said_or_nothing_is()
    {
        var flow = Proven(PossessionMethod.InstantLink);

        Assert.True(FlowAssurance.Of(flow with { IsSameDevice = true }, default).IsSameDevice);
        Assert.Null(FlowAssurance.Of(flow, default).IsSameDevice);
    }

    [Theory]
    [InlineData(true, null, "within-day")]
    [InlineData(true, false, "within-day")]
    [InlineData(false, true, "within-week")]
    [InlineData(null, true, "within-week")]
    [InlineData(false, false, "not-within-week")]
    [InlineData(null, false, "not-within-week")]
    [InlineData(false, null, "not-within-day")]
    [InlineData(null, null, "unknown")]
    public void A_change_of_the_SIM_is_as_fresh_as_it_is_known_to_be(bool? day, bool? week, string word)
    {
        var risk = new PhoneRisk(day, week, WasRecycled: false);
        var verified = Sample.Flow() with { Tail = new VerifiedUserState.Done(null, risk) };
        var unified = Sample.Flow() with { Tail = new UnifyProgress(new UnifyState.Done(null, risk)) };

        var all = new[]
        {
            FlowAssurance.Of(verified, default), FlowAssurance.Of(unified, default), FlowAssurance.Of(Sample.Flow(), default, risk),
        };

        Assert.All(all, one => Assert.Equal((word, false), (one.SimSwap, one.WasRecycled)));
    }

    [Theory]
    [InlineData(LineKind.Unknown, "unknown")]
    [InlineData(LineKind.Mobile, "mobile")]
    [InlineData(LineKind.Fixed, "fixed")]
    [InlineData(LineKind.FixedOrMobile, "fixed-or-mobile")]
    [InlineData(LineKind.Voip, "voip")]
    [InlineData(LineKind.Other, "other")]
    public void The_kind_of_line_has_a_word(LineKind line, string word) =>
        Assert.Equal(word, FlowAssurance.Of(Sample.Flow(), line).Line);

    [Fact]
    public void Names_that_were_compared_have_a_rule_a_score_and_the_version_of_who_compared_them()
    {
        Assert.Equal(
            new NameAssurance("given-nickname", 92, 2), Of(new(IdentityMatch.Matched, Rule: "given-nickname", Score: 92, Matcher: 2)));
        Assert.Equal(new NameAssurance("theirs"), Of(new(IdentityMatch.Differs, Rule: "theirs")));
        Assert.Null(Of(new(IdentityMatch.NotAvailable)));
        Assert.Null(Of(IdentityAnswer.SourceDown with { Rule = "theirs" }));
        Assert.Null(Of(null));
    }

    private static NameAssurance? Of(IdentityAnswer? identity) =>
        FlowAssurance.Of(Sample.Flow() with { Tail = new VerifiedUserState.Done(identity, PhoneRisk.Unknown) }, default).Names;

    private static Flow Proven(PossessionMethod method) => Sample.Flow() with { Possession = new PossessionState.Succeeded(method) };
}
