using Countersign.Core.Identity;
using Countersign.Core.PreFill;

namespace Countersign.Server.Endpoints.RelyingParty.PreFill;

/// <summary>Why a call of this family came out as it did; null where there is nothing to say.</summary>
internal static class PreFillEvaluation
{
    public static IReadOnlyDictionary<string, Evaluation>? Of(PreFillState state) =>
        state is PreFillState.Failed ? Map(("authentication", [Reason.PossessionIncomplete])) : null;

    public static IReadOnlyDictionary<string, Evaluation>? Of(PersonAnswer answer, PhoneRisk risk) =>
        Map(("identification", ReasonsOf(answer)), ("risk", ReasonsOf(risk)));

    public static IReadOnlyDictionary<string, Evaluation>? Of(PersonCheck check, PhoneRisk risk) =>
        Map(("identification", ReasonsOf(check)), ("risk", ReasonsOf(risk)));

    private static IEnumerable<Reason> ReasonsOf(PersonAnswer answer) => answer switch
    {
        PersonAnswer.Differs differs => [.. If(differs.IsInSsn, Reason.Ssn), .. If(differs.IsInBirthDate, Reason.BirthDate)],
        PersonAnswer.NotFound => [Reason.NotFound],
        PersonAnswer.SourceDown => [Reason.SourceDown],
        _ => [],
    };

    private static IEnumerable<Reason> ReasonsOf(PersonCheck check) => check switch
    {
        PersonCheck.Compared { Comparison: { IsConfirmed: false } compared } =>
        [
            .. If(compared.WholeSsn == false || compared.LastFour == false, Reason.Ssn),
            .. If(compared.BirthDate == false, Reason.BirthDate),
            .. If(compared.GivenName == false || compared.FamilyName == false, Reason.Name),
            .. If(compared.Address is { Agreements: 0 }, Reason.Address),
        ],
        PersonCheck.NotFound => [Reason.NotFound],
        PersonCheck.SourceDown => [Reason.SourceDown],
        _ => [],
    };

    private static IEnumerable<Reason> ReasonsOf(PhoneRisk risk) => If(risk.WasSimSwapped == true, Reason.SimSwapped);

    private static IEnumerable<Reason> If(bool applies, Reason reason) => applies ? [reason] : [];

    private static Dictionary<string, Evaluation>? Map(params IEnumerable<(string Kind, IEnumerable<Reason> Reasons)> failures)
    {
        var evaluation = failures.Where(failure => failure.Reasons.Any())
            .ToDictionary(failure => failure.Kind, failure => Evaluation.Fail(failure.Reasons), StringComparer.Ordinal);
        return evaluation.Count == 0 ? null : evaluation;
    }
}
