namespace Countersign.Core.History;

/// <summary>
/// How a flow may end: a closed set, with a code for each end of each table, and for each place where a flow's life may run out; beside it
/// the ends of calls that have no flow. The codes are stored, counted and told to others, so they are for ever; docs/flow-events.md has a
/// line for each.
/// </summary>
public static class FlowEnd
{
    // A verify flow's identity was asked for.
    public const string Matched = FlowEventCode.IdentityMatched;
    public const string Differs = FlowEventCode.IdentityDiffers;
    public const string NotComparable = FlowEventCode.IdentityNotComparable;
    public const string NoRecord = FlowEventCode.IdentityNoRecord;
    public const string SourceUnavailable = FlowEventCode.IdentitySourceUnavailable;

    /// <summary>A pre-fill flow's last call was answered.</summary>
    public const string Completed = FlowEventCode.CompleteAnswered;

    // A unify flow was tied, or was not.
    public const string Bound = FlowEventCode.BindingDone;
    public const string AnotherPerson = FlowEventCode.BindingAnotherPerson;
    public const string KeyVoid = FlowEventCode.BindingKeyVoid;

    /// <summary>Possession was proven, and not accepted for what has happened to the number.</summary>
    public const string NotAccepted = FlowEventCode.PossessionNotAccepted;

    // Possession failed: in every product.
    public const string Expired = $"possession.{FlowReason.Expired}";
    public const string Undelivered = $"possession.{FlowReason.Undelivered}";
    public const string WrongEntries = $"possession.{FlowReason.WrongEntries}";
    public const string Unavailable = "possession.unavailable";
    public const string GivenUp = $"possession.{FlowReason.GivenUp}";
    public const string Declined = $"possession.{FlowReason.Declined}";
    public const string BudgetSpent = $"possession.{FlowReason.BudgetSpent}";

    /// <summary>The relying party cancelled it: in every product.</summary>
    public const string Cancelled = FlowEventCode.FlowCancelled;

    // The flow's life ran out while somebody was waited for: the browser, the person, the relying party, or this server.
    public const string RanOutReady = "ran-out.ready";
    public const string RanOutChallenged = "ran-out.challenged";
    public const string RanOutMatching = "ran-out.matching";
    public const string RanOutProven = "ran-out.proven";
    public const string RanOutAwaitingChallenge = "ran-out.awaiting-challenge";
    public const string RanOutChallenging = "ran-out.challenging";
    public const string RanOutAwaitingComplete = "ran-out.awaiting-complete";
    public const string RanOutCompleting = "ran-out.completing";
    public const string RanOutAwaitingOwnCheck = "ran-out.awaiting-own-check";
    public const string RanOutBinding = "ran-out.binding";

    /// <summary>A one-call verification was answered; the reason is that of its assurance level.</summary>
    public const string Answered = "one-call.answered";

    // There was no flow: the call was refused.
    public const string RefusedLimit = "refused.limit";
    public const string RefusedNumber = "refused.number";
    public const string RefusedUnknownTestUser = "refused.unknown-test-user";
    public const string RefusedOtherProduct = "refused.other-product";

    /// <summary>Nothing had come of the flow when its life ended.</summary>
    public static bool IsRanOut(string end) => end.StartsWith("ran-out.", StringComparison.Ordinal);

    public static IReadOnlyList<string> All => [.. OfFlows, .. OfCalls];

    /// <summary>Ends of what has no flow.</summary>
    public static IReadOnlyList<string> OfCalls { get; } =
        [Answered, RefusedLimit, RefusedNumber, RefusedUnknownTestUser, RefusedOtherProduct];

    public static IReadOnlyList<string> OfFlows { get; } =
    [
        Matched, Differs, NotComparable, NoRecord, SourceUnavailable, Completed, Bound, AnotherPerson, KeyVoid, NotAccepted, Expired,
        Undelivered, WrongEntries, Unavailable, GivenUp, Declined, BudgetSpent, Cancelled, RanOutReady, RanOutChallenged, RanOutMatching,
        RanOutProven, RanOutAwaitingChallenge, RanOutChallenging, RanOutAwaitingComplete, RanOutCompleting, RanOutAwaitingOwnCheck,
        RanOutBinding,
    ];
}
