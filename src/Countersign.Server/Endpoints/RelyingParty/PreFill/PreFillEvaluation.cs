using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Possession;
using Countersign.Core.PreFill;

namespace Countersign.Server.Endpoints.RelyingParty.PreFill;

/// <summary>Why a call of this family came out as it did; null where there is nothing to say.</summary>
internal static class PreFillEvaluation
{
    public static IReadOnlyDictionary<string, Evaluation>? Of(Flow flow) => Evaluations.Of(
        (Evaluations.Authentication,
        [
            .. Evaluations.ReasonsOf(flow),
            // Possession was proven, and the flow was cancelled all the same.
            .. Evaluations.If(
                flow is { Possession: PossessionState.Succeeded, Tail: PreFillProgress { State: PreFillState.Failed } }, Reason.Cancelled),
        ]));

    public static IReadOnlyDictionary<string, Evaluation>? Of(PersonAnswer answer, PhoneRisk risk) =>
        Evaluations.Of((Evaluations.Identification, ReasonsOf(answer)), (Evaluations.Risk, Evaluations.ReasonsOf(risk)));

    public static IReadOnlyDictionary<string, Evaluation>? Of(PersonCheck check, PhoneRisk risk) =>
        Evaluations.Of((Evaluations.Identification, ReasonsOf(check)), (Evaluations.Risk, Evaluations.ReasonsOf(risk)));

    /// <summary>Possession was proven and is not accepted: nobody was asked.</summary>
    public static IReadOnlyDictionary<string, Evaluation>? Of(RiskRefusal refusal, PhoneRisk risk) =>
        Evaluations.Of((Evaluations.Authentication, Evaluations.ReasonsOf(refusal, risk)), (Evaluations.Risk, Evaluations.ReasonsOf(risk)));

    private static IEnumerable<Reason> ReasonsOf(PersonAnswer answer) => answer switch
    {
        PersonAnswer.Differs differs =>
            [.. Evaluations.If(differs.IsInSsn, Reason.Ssn), .. Evaluations.If(differs.IsInBirthDate, Reason.BirthDate)],
        PersonAnswer.NotFound => [Reason.NotFound],
        PersonAnswer.SourceDown => [Reason.SourceDown],
        _ => [],
    };

    private static IEnumerable<Reason> ReasonsOf(PersonCheck check) => check switch
    {
        PersonCheck.Compared { Comparison: { IsConfirmed: false } compared } =>
        [
            .. Evaluations.If(compared.WholeSsn == false || compared.LastFour == false, Reason.Ssn),
            .. Evaluations.If(compared.BirthDate == false, Reason.BirthDate),
            .. Evaluations.If(compared.GivenName == false || compared.FamilyName == false, Reason.Name),
            .. Evaluations.If(compared.Address is { Agreements: 0 }, Reason.Address),
        ],
        PersonCheck.NotFound => [Reason.NotFound],
        PersonCheck.SourceDown => [Reason.SourceDown],
        _ => [],
    };
}
