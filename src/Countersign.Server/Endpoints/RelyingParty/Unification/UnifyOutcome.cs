using Countersign.Core.Flows;
using Countersign.Core.Unify;

namespace Countersign.Server.Endpoints.RelyingParty.Unification;

/// <summary>The word the wire has for a unify flow, and the reasons that go with it.</summary>
/// <param name="Success">"true", "false", "pending" or "possession_required": in this family a text.</param>
/// <param name="Identity">Who it has turned out to be; only with "true".</param>
internal sealed record UnifyOutcome(string Success, BoundIdentity? Identity, IReadOnlyDictionary<string, Evaluation>? Evaluation)
{
    public const string Pending = "pending";
    public const string PossessionRequired = "possession_required";

    public static UnifyOutcome Of(Flow flow) => (flow.Tail as UnifyProgress)?.State switch
    {
        UnifyState.AwaitingOwnCheck => new(PossessionRequired, null, null),
        UnifyState.Done { Identity: { } identity } done =>
            new("true", identity, Evaluations.Of((Evaluations.Risk, Evaluations.ReasonsOf(done.Risk)))),
        UnifyState.Done done => new("false", null, Evaluate(flow, done)),
        _ => new(Pending, null, null),
    };

    private static Dictionary<string, Evaluation>? Evaluate(Flow flow, UnifyState.Done done) => Evaluations.Of(
        (Evaluations.Authentication,
        [
            .. done.Obstacle == BindingObstacle.Cancelled ? [Reason.PossessionIncomplete, Reason.Cancelled] : Evaluations.ReasonsOf(flow),
            .. Evaluations.ReasonsOf(done.Refusal, done.Risk),
            .. done.Obstacle == BindingObstacle.KeyProvesNothing ? [Reason.PossessionIncomplete, Reason.NoMethodLeft]
                : Array.Empty<Reason>(),
        ]),
        // Who was asked for by their id is not who holds the phone.
        (Evaluations.Identification, Evaluations.If(done.Obstacle == BindingObstacle.AnotherPerson, Reason.NotFound)),
        (Evaluations.Risk, Evaluations.ReasonsOf(done.Risk)));
}
