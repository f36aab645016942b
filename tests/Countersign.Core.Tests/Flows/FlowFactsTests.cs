using System.Reflection;
using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Possession;
using Countersign.Core.Texts;
using Countersign.Core.Unify;
using Countersign.Core.VerifiedUser;

namespace Countersign.Core.Tests.Flows;

/// <summary>What can happen to a flow, and why, is said in codes of the two closed sets alone.</summary>
public sealed class FlowFactsTests
{
    private static readonly HashSet<string> _reasons =
        [.. typeof(FlowReason).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetValue(null)!)];

    public static TheoryData<string> Methods =>
    [
        .. typeof(PossessionMethod).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Select(property => ((PossessionMethod)property.GetValue(null)!).Name),
    ];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Each_way_in_which_a_method_begins_or_ends_has_its_code(string name)
    {
        var method = new PossessionMethod(name);
        var ready = Sample.Flow() with
        {
            Possession = new PossessionState.Ready(new PossessionPlan(method, new PossessionPlan(new PossessionMethod("another")))),
        };
        var challenge = Sample.Challenge() with { Limits = new ChallengeLimits(Entries: 1) };
        var begun = ready.After(new PossessionEvent.ChallengeSent(method, challenge), Sample.Now);

        Flow[] all =
        [
            begun,
            begun.After(new PossessionEvent.ProofRejected(), Sample.Now),
            begun.After(new PossessionEvent.Expired(), Sample.Deadline),
            ready.After(new PossessionEvent.MethodUnavailable(method), Sample.Now),
            ready.After(new PossessionEvent.BudgetSpent(method), Sample.Now),
        ];

        Assert.Equal(
            [$"{name}.begun", $"{name}.refused", $"{name}.expired", $"{name}.unavailable", $"{name}.unavailable"],
            all.Select(flow => flow.Timeline[^1].Code));
        Assert.All(all, flow => Assert.Contains(flow.Timeline[^1].Code, FlowEventCode.All));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void However_the_last_method_ends_the_flow_says_so_with_a_code_and_a_reason(string name)
    {
        var method = new PossessionMethod(name);
        var ready = Sample.Flow() with { Possession = new PossessionState.Ready(new PossessionPlan(method)) };
        var challenge = Sample.Challenge() with { Limits = new ChallengeLimits(Entries: 1) };
        var begun = ready.After(new PossessionEvent.ChallengeSent(method, challenge), Sample.Now);

        Flow[] all =
        [
            begun.After(new PossessionEvent.ProofRejected(), Sample.Now),
            begun.After(new PossessionEvent.Expired(), Sample.Deadline),
            begun.After(new PossessionEvent.TextUndelivered(method), Sample.Now).After(new PossessionEvent.Expired(), Sample.Deadline),
            begun.After(new PossessionEvent.GivenUp(), Sample.Now),
            begun.After(new PossessionEvent.Declined(), Sample.Now),
            ready.After(new PossessionEvent.MethodUnavailable(method), Sample.Now),
            ready.After(new PossessionEvent.MethodUnavailable(method, FlowReason.NoGateway), Sample.Now),
        ];

        Assert.All(all.SelectMany(flow => flow.Timeline), HoldsCodes);
    }

    [Fact]
    public void Every_signal_for_which_possession_is_not_accepted_has_its_code()
    {
        var matching = Sample.Flow().After(new PossessionEvent.ProvenAtOnce(PossessionMethod.MobileAuth), Sample.Now);

        foreach (var signal in Enum.GetValues<RiskSignal>())
        {
            var refused = matching.After(
                new VerifiedUserEvent.IdentityAnswered(null, PhoneRisk.Unknown, new RiskRefusal([signal])), Sample.Now);
            HoldsCodes(refused.Timeline[^1]);
            Assert.NotNull(refused.Timeline[^1].Reason);
        }
    }

    [Fact]
    public void What_nobody_knows_is_not_told_as_a_fact()
    {
        var matching = Sample.Challenged(PossessionMethod.Otp).After(new PossessionEvent.ProofAccepted(), Sample.Now);
        var policy = new RiskPolicy
        {
            SimSwap = RiskRule.Refuse, Recycled = RiskRule.Refuse, VeryShortTenure = RiskRule.Refuse, RefusesUnknown = true,
        };
        var risk = new PhoneRisk(WasSimSwapped: null, WasRecycled: true);

        var refused = matching.After(
            new VerifiedUserEvent.IdentityAnswered(null, risk, policy.Judge(risk, PossessionMethod.Otp)), Sample.Now);

        Assert.Equal($"{FlowReason.RiskUnknown},{FlowReason.Recycled}", refused.Timeline[^1].Reason);
    }

    [Fact]
    public void Every_refusal_of_a_text_has_its_code() =>
        Assert.All(
            Enum.GetValues<SmsRefusal>().Cast<SmsRefusal?>().Append(null), why => Assert.Contains(TextNews.CodeOf(why), _reasons));

    [Theory]
    [InlineData(true, FlowReason.Undelivered)]
    [InlineData(false, null)]
    public void A_code_that_was_never_delivered_is_why_its_time_ran_out(bool isUndelivered, string? cause)
    {
        var flow = Sample.Challenged(PossessionMethod.Otp);
        flow = isUndelivered ? flow.After(new PossessionEvent.TextUndelivered(PossessionMethod.Otp), Sample.Now) : flow;

        var failed = flow.At(Sample.Deadline).Timeline[^2];

        Assert.Equal(
            (FlowEventCode.PossessionFailed, FlowReason.Expired, cause), (failed.Code, failed.Reason, failed.Cause));
    }

    [Fact]
    public void A_match_names_the_source_that_decided_and_its_rule()
    {
        var source = SourceName.Parse("register");
        var answer = new IdentityAnswer(IdentityMatch.Differs, Source: source, Rule: "family-differs");

        var answered = Sample.Flow().After(new PossessionEvent.ProvenAtOnce(PossessionMethod.MobileAuth), Sample.Now)
            .After(new VerifiedUserEvent.IdentityAnswered(answer, PhoneRisk.Unknown), Sample.Now);

        Assert.Equal(
            new FlowEvent(Sample.Now, FlowEventCode.IdentityDiffers) { Source = source, Rule = "family-differs" }, answered.Timeline[^1]);
    }

    [Theory]
    [InlineData(false, null, null)]
    [InlineData(false, false, null)]
    [InlineData(true, false, FlowReason.WithDevice)]
    [InlineData(false, true, FlowReason.Recycled)]
    [InlineData(true, true, FlowReason.WithDevice + "," + FlowReason.Recycled)]
    public void A_binding_says_whether_a_device_is_in_it_and_whether_the_number_changed_hands(
        bool hasDevice, bool? wasRecycled, string? reason)
    {
        var bound = new BoundIdentity(Guid.NewGuid(), hasDevice ? Guid.NewGuid() : null);
        var binding = Sample.Flow() with { Tail = new UnifyProgress(new UnifyState.Binding(Sample.Deadline)) };

        var done = binding.After(new UnifyEvent.Bound(bound, PhoneRisk.Unknown with { WasRecycled = wasRecycled }), Sample.Now);

        Assert.Equal(new FlowEvent(Sample.Now, FlowEventCode.BindingDone) { Reason = reason }, done.Timeline[^1]);
    }

    private static void HoldsCodes(FlowEvent happened)
    {
        Assert.Contains(happened.Code, FlowEventCode.All);
        Assert.All((happened.Reason ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries), reason => Assert.Contains(reason, _reasons));
        Assert.True(happened.Cause is null || _reasons.Contains(happened.Cause), happened.Cause);
    }
}
