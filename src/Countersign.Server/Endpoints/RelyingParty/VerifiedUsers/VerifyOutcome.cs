using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Possession;
using Countersign.Core.VerifiedUser;

namespace Countersign.Server.Endpoints.RelyingParty.VerifiedUsers;

/// <summary>The three words the wire has for a verify flow, and the reasons that go with them.</summary>
/// <param name="Success">"true", "false" or "pending": in this family a text.</param>
internal sealed record VerifyOutcome(
    string Success, string PossessionResult, string VerifyResult, IReadOnlyDictionary<string, Evaluation>? Evaluation)
{
    private const string Pending = "pending";
    private const string Succeeded = "success";
    private const string Failed = "failed";

    public static VerifyOutcome Of(Flow flow)
    {
        var possession = flow.Possession switch
        {
            // Proven and not accepted is not passed.
            PossessionState.Succeeded when flow.Tail is VerifiedUserState.Done { Refusal: not null } => Failed,
            PossessionState.Succeeded => Succeeded,
            PossessionState.Failed => Failed,
            PossessionState.NotApplicable => "not_applicable",
            _ => Pending,
        };
        // When possession fails nobody is asked, and the guide's list has no better word for that than "failed".
        var verify = flow.Tail switch
        {
            VerifiedUserState.Done { Identity.Match: IdentityMatch.Matched } => Succeeded,
            VerifiedUserState.Done => Failed,
            _ => Pending,
        };
        var success = verify switch
        {
            Succeeded => "true",
            Failed => "false",
            _ => Pending,
        };
        return new VerifyOutcome(success, possession, verify, Evaluate(flow));
    }

    private static Dictionary<string, Evaluation>? Evaluate(Flow flow)
    {
        var done = flow.Tail as VerifiedUserState.Done;
        return Evaluations.Of(
            (Evaluations.Authentication,
            [
                .. Evaluations.ReasonsOf(flow),
                .. Evaluations.ReasonsOf(done?.Refusal, done?.Risk),
            ]),
            (Evaluations.Identification, ReasonsOf(done?.Identity)),
            (Evaluations.Risk, Evaluations.ReasonsOf(done?.Risk)));
    }

    private static Reason[] ReasonsOf(IdentityAnswer? identity) => identity switch
    {
        null or { Match: IdentityMatch.Matched } => [],
        { IsSourceDown: true } => [Reason.SourceDown],
        { Match: IdentityMatch.Differs } => [Reason.Name],
        _ => [Reason.NotFound],
    };
}
