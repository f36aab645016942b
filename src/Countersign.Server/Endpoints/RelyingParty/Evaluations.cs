using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Possession;

namespace Countersign.Server.Endpoints.RelyingParty;

/// <summary>What an answer says under <c>evaluation</c>: written once for all products.</summary>
internal static class Evaluations
{
    public const string Authentication = "authentication";
    public const string Identification = "identification";
    public const string Risk = "risk";

    /// <summary>The kinds that have a reason to fail, each with its reasons; null when none has.</summary>
    public static Dictionary<string, Evaluation>? Of(params IEnumerable<(string Kind, IEnumerable<Reason> Reasons)> failures)
    {
        var evaluation = failures.Where(failure => failure.Reasons.Any())
            .ToDictionary(failure => failure.Kind, failure => Evaluation.Fail(failure.Reasons), StringComparer.Ordinal);
        return evaluation.Count == 0 ? null : evaluation;
    }

    /// <summary>
    /// Why possession was not proven: the published code, and beside it exactly one of ours. Nothing while it is not decided, or proven.
    /// </summary>
    public static IEnumerable<Reason> ReasonsOf(Flow flow) => flow.Possession is PossessionState.Failed failed
        ? [Reason.PossessionIncomplete, failed.IsUndelivered ? Reason.TextNotDelivered : EndOf(failed.Reason, LastMethodOf(flow))]
        : [];

    /// <param name="last">The method after which there was none: only by that one possession fails for what a method found.</param>
    public static Reason EndOf(PossessionFailure failure, PossessionMethod last) => failure switch
    {
        // Its seconds are the network's to answer in, not the person's.
        PossessionFailure.Expired when last == PossessionMethod.MobileAuth => Reason.NoMethodLeft,
        PossessionFailure.Expired => Reason.TimeOver,
        PossessionFailure.GivenUp => Reason.GivenUp,
        PossessionFailure.BudgetSpent => Reason.BudgetSpent,
        PossessionFailure.Declined => Reason.Declined,
        PossessionFailure.Cancelled => Reason.Cancelled,
        PossessionFailure.WrongProof when last == PossessionMethod.Otp => Reason.WrongCode,
        PossessionFailure.WrongProof when last == PossessionMethod.InstantLink => Reason.WrongDigits,
        PossessionFailure.Unavailable when last == PossessionMethod.Otp || last == PossessionMethod.InstantLink => Reason.TextNotDelivered,
        _ => Reason.NoMethodLeft,
    };

    private static PossessionMethod LastMethodOf(Flow flow) =>
        flow.Type.ToPossession(flow.Product, flow.TakesNoText) is PossessionState.Ready ready ? ready.Plan.Last : default;

    /// <summary>The signals that are known to be given. Of two that say the same of a day and a week the stronger is told.</summary>
    public static IEnumerable<Reason> ReasonsOf(PhoneRisk? risk) => risk is null
        ? []
        :
        [
            .. If(risk.WasSimSwapped == true, Reason.SimSwapped),
            .. If(risk is { WasSimSwappedInWeek: true, WasSimSwapped: not true }, Reason.SimSwappedInWeek),
            .. If(risk.IsVeryShortTenure == true, Reason.VeryShortTenure),
            .. If(risk is { IsShortTenure: true, IsVeryShortTenure: not true }, Reason.ShortTenure),
            .. If(risk.WasRecycled == true, Reason.Recycled),
        ];

    /// <summary>Why a possession that was proven is not accepted.</summary>
    public static IEnumerable<Reason> ReasonsOf(RiskRefusal? refusal, PhoneRisk? risk) => refusal is null
        ? []
        : refusal.Signals.Select(signal => risk?.Of(signal) == true ? ReasonOf(signal) : Reason.RiskUnknown).Distinct();

    public static IEnumerable<Reason> If(bool isSo, Reason reason) => isSo ? [reason] : [];

    private static Reason ReasonOf(RiskSignal signal) => signal switch
    {
        RiskSignal.SimSwap => Reason.SimSwapped,
        RiskSignal.SimSwapInWeek => Reason.SimSwappedInWeek,
        RiskSignal.VeryShortTenure => Reason.VeryShortTenure,
        RiskSignal.ShortTenure => Reason.ShortTenure,
        _ => Reason.Recycled,
    };
}
