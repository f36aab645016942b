using Countersign.Core.Flows;
using Countersign.Core.Identity;
using Countersign.Core.Possession;
using Countersign.Core.VerifiedUser;

namespace Countersign.Server.Endpoints.RelyingParty;

/// <summary>The three words the wire has for a verify flow, and the reasons that go with them.</summary>
/// <param name="Success">"true", "false" or "pending": in this family a text.</param>
internal sealed record VerifyOutcome(string Success, string PossessionResult, string VerifyResult, IReadOnlyDictionary<string, Evaluation>? Evaluation)
{
    private const string Pending = "pending";
    private const string Succeeded = "success";
    private const string Failed = "failed";

    public static VerifyOutcome Of(Flow flow)
    {
        var possession = flow.Possession switch
        {
            PossessionState.Succeeded => Succeeded,
            PossessionState.Failed => Failed,
            PossessionState.NotApplicable => "not_applicable",
            _ => Pending,
        };
        // When possession fails nobody is asked, and the guide's list has no better word for that than "failed".
        var verify = flow.VerifiedUser switch
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
        var evaluation = new Dictionary<string, Evaluation>(StringComparer.Ordinal);
        if (flow.Possession is PossessionState.Failed)
        {
            evaluation["authentication"] = RelyingParty.Evaluation.PossessionIncomplete;
        }
        if (flow.VerifiedUser is VerifiedUserState.Done done)
        {
            if (Identification(done.Identity) is { } identification)
            {
                evaluation["identification"] = identification;
            }
            if (done.Risk.WasSimSwapped == true)
            {
                evaluation["risk"] = RelyingParty.Evaluation.SimChanged;
            }
        }
        return evaluation.Count == 0 ? null : evaluation;
    }

    private static Evaluation? Identification(IdentityAnswer? identity) => identity switch
    {
        null or { Match: IdentityMatch.Matched } => null,
        { IsSourceDown: true } => RelyingParty.Evaluation.SourceDown,
        { Match: IdentityMatch.Differs } => RelyingParty.Evaluation.NameDiffers,
        _ => RelyingParty.Evaluation.NoRecord,
    };
}

/// <param name="Result">"pass" or "fail".</param>
/// <param name="FailureReasons">Code to text; only with "fail".</param>
internal sealed record Evaluation(string Result, IReadOnlyDictionary<string, string>? FailureReasons = null)
{
    public static Evaluation Pass { get; } = new("pass");

    // Codes up to 9899 are the published ones; those of 9900 and above are this server's own.
    public static Evaluation NoRecord { get; } = Fail("9003", "identity not found");
    public static Evaluation NameDiffers { get; } = Fail("9014", "name mismatch");
    public static Evaluation PossessionIncomplete { get; } = Fail("9100", "possession check incomplete");
    public static Evaluation SimChanged { get; } = Fail("9135", "SIM changed within the last 24 hours");
    public static Evaluation SourceDown { get; } = Fail("9900", "identity source not available");
    public static Evaluation Untrusted { get; } = Fail("9901", "number or record not to be trusted");

    public static Evaluation Fail(string code, string text) =>
        new("fail", new Dictionary<string, string>(StringComparer.Ordinal) { [code] = text });
}
