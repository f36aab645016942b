using static Countersign.Core.Possession.PossessionEvent;
using static Countersign.Core.Possession.PossessionState;

namespace Countersign.Core.Possession;

/// <summary>
/// The rules of the possession check: state, event and time in, state out. A pair that is not in the table changes nothing;
/// the tests hold a list of those, each with its reason.
/// </summary>
public static class PossessionMachine
{
    public static PossessionState Next(PossessionState state, PossessionEvent happened, DateTimeOffset now) => (state, happened) switch
    {
        (Ready r, ChallengeSent e) when r.Plan.From(e.Method) is { } plan      => new Challenged(plan, e.Challenge),
        // Without a challenge out yet: what the person typed is another number than the flow began with.
        (Ready r, NumberChanged e) when e.Challenge.Limits.NumberChanges > 0 && r.Plan.From(e.Method) is { } plan
                                                                               => new Challenged(plan, e.Challenge, NumberChanges: 1),
        (Ready r, ProvenAtOnce e) when r.Plan.Method == e.Method               => new Succeeded(e.Method),
        (Ready r, MethodUnavailable e) when r.Plan.Method == e.Method          => Advance(r.Plan, PossessionFailure.Unavailable),
        (Ready r, BudgetSpent e) when r.Plan.From(e.Method) is { } plan        => Advance(plan, PossessionFailure.BudgetSpent),
        (Ready, GivenUp)                                                       => new Failed(PossessionFailure.GivenUp),
        (Ready, Declined)                                                      => new Failed(PossessionFailure.Declined),
        (Ready, Cancelled)                                                     => new Failed(PossessionFailure.Cancelled),

        (Challenged c, Expired) when now >= c.Challenge.Deadline               =>
            Advance(c.Plan, PossessionFailure.Expired, isUndelivered: c.HasArrived == false),
        (Challenged c, ProofAccepted) when now < c.Challenge.Deadline          => new Succeeded(c.Plan.Method),
        (Challenged c, ProofRejected) when c.WrongEntries + 1 < c.Challenge.Limits.Entries
                                                                               => c with { WrongEntries = c.WrongEntries + 1,
                                                                                   HasArrived = true },
        (Challenged c, ProofRejected)                                          => Advance(c.Plan, PossessionFailure.WrongProof),
        (Challenged c, Resent e) when c.Resends < c.Challenge.Limits.Resends                 =>
            c with { Challenge = e.Challenge, Resends = c.Resends + 1, HasArrived = c.HasArrived == true ? true : null },
        // Entries already made for another number still count.
        (Challenged c, NumberChanged e) when c.NumberChanges < e.Challenge.Limits.NumberChanges && c.Plan.From(e.Method) is { } plan
                                                                               => new Challenged(
                                                                                   plan, e.Challenge, plan == c.Plan ? c.WrongEntries : 0,
                                                                                   c.Resends, c.NumberChanges + 1),
        // A method begun anew replaces its own challenge; entries already made still count.
        (Challenged c, ChallengeSent e) when c.Plan.Method == e.Method         => c with { Challenge = e.Challenge, HasArrived = null },
        // A later method of the plan may be begun early: the page fell back without saying so.
        (Challenged c, ChallengeSent e) when c.Plan.From(e.Method) is { } plan => new Challenged(plan, e.Challenge),
        // The person may ask for another text: the code stays good to its deadline.
        (Challenged c, TextUndelivered e) when c.Plan.Method == e.Method && c.HasArrived is null
                                                                               => c with { HasArrived = false },
        (Challenged c, MethodUnavailable e) when c.Plan.Method == e.Method     => Advance(c.Plan, PossessionFailure.Unavailable),
        (Challenged c, BudgetSpent e) when c.Plan.From(e.Method) is { } plan   => Advance(plan, PossessionFailure.BudgetSpent),
        (Challenged, GivenUp)                                                  => new Failed(PossessionFailure.GivenUp),
        (Challenged, Declined)                                                 => new Failed(PossessionFailure.Declined),
        (Challenged, Cancelled)                                                => new Failed(PossessionFailure.Cancelled),

        _ => state,
    };

    private static PossessionState Advance(PossessionPlan plan, PossessionFailure reason, bool isUndelivered = false) =>
        plan.Then is { } next ? new Ready(next) : new Failed(reason, isUndelivered);
}
