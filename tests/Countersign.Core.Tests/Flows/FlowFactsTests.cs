using System.Reflection;
using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Possession;
using Countersign.Core.Texts;
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
        ];

        Assert.Equal(
            [$"{name}.begun", $"{name}.refused", $"{name}.expired", $"{name}.unavailable"], all.Select(flow => flow.Timeline[^1].Code));
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
    public void Every_refusal_of_a_text_has_its_code() =>
        Assert.All(
            Enum.GetValues<SmsRefusal>().Cast<SmsRefusal?>().Append(null), why => Assert.Contains(TextNews.CodeOf(why), _reasons));

    private static void HoldsCodes(FlowEvent happened)
    {
        Assert.Contains(happened.Code, FlowEventCode.All);
        Assert.All((happened.Reason ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries), reason => Assert.Contains(reason, _reasons));
        Assert.True(happened.Cause is null || _reasons.Contains(happened.Cause), happened.Cause);
    }
}
