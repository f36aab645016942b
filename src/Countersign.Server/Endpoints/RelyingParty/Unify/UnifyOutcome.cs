using Countersign.Core.Flows;
using Countersign.Core.Unify;

namespace Countersign.Server.Endpoints.RelyingParty;

/// <summary>The word the wire has for a unify flow, and the reasons that go with it.</summary>
/// <param name="Success">"true", "false", "pending" or "possession_required": in this family a text.</param>
/// <param name="Identity">Who it has turned out to be; only with "true".</param>
internal sealed record UnifyOutcome(string Success, BoundIdentity? Identity, IReadOnlyDictionary<string, Evaluation>? Evaluation)
{
    public const string Pending = "pending";
    public const string PossessionRequired = "possession_required";

    public static UnifyOutcome Of(Flow flow) => flow.Unify?.State switch
    {
        UnifyState.AwaitingOwnCheck => new(PossessionRequired, null, null),
        UnifyState.Done { Identity: { } identity } done => new("true", identity, Signals(done)),
        UnifyState.Done => new("false", null, Because("authentication", Reason.PossessionIncomplete)),
        _ => new(Pending, null, null),
    };

    // Signals are told and decide nothing.
    private static Dictionary<string, Evaluation>? Signals(UnifyState.Done done) => done.Risk?.WasSimSwapped == true
        ? Because("risk", Reason.SimSwapped)
        : null;

    private static Dictionary<string, Evaluation> Because(string key, Reason reason) =>
        new(StringComparer.Ordinal) { [key] = RelyingParty.Evaluation.Fail(reason) };
}
