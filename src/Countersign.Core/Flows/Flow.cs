using Countersign.Core.Limits;
using Countersign.Core.Possession;
using Countersign.Core.PreFill;
using Countersign.Core.Pumping;
using Countersign.Core.Unify;
using Countersign.Core.VerifiedUser;

namespace Countersign.Core.Flows;

/// <summary>One run from its first call to its result. Immutable: every change is a new value, saved if nobody was first.</summary>
public sealed record Flow
{
    public required CorrelationId Id { get; init; }
    public required ProjectId ProjectId { get; init; }
    public required FlowType Type { get; init; }

    /// <summary>The API client that began it; null in what a version stored that did not keep it.</summary>
    public ClientId? Client { get; init; }

    public required PhoneNumber Number { get; init; }

    /// <summary>The number as it was written, for answering it so; null where no answer repeats it.</summary>
    public string? NumberAsGiven { get; init; }

    /// <summary>The name to match; null in products that match none.</summary>
    public PersonName? Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From this moment on the flow is unknown to everyone.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Where the phone's browser goes after an Instant Link is confirmed. Null unless the flow is a desktop flow.</summary>
    public string? FinalTargetUrl { get; init; }

    /// <summary>The relying party's own wording, with its placeholder; null for ours.</summary>
    public string? SmsMessage { get; init; }

    /// <summary>Three entries of the code instead of one.</summary>
    public bool AllowsOtpRetry { get; init; }

    /// <summary>No text arrives at the flow's line: what needs none may prove it, and its number cannot be changed.</summary>
    public bool TakesNoText { get; init; }

    /// <summary>Whether the person may give another number.</summary>
    public NumberChangeTerms NumberChange { get; init; }

    /// <summary>The person gave another number than the flow began with, also if they came back to it.</summary>
    public bool IsNumberChanged { get; init; }

    /// <summary>The relying party says that a person asks: what looks like pumping does not stop the flow's texts.</summary>
    public bool IsChallengePassed { get; init; }

    /// <summary>The relying party wants to be told how its answers came about.</summary>
    public bool TellsAssurance { get; init; }

    /// <summary>Of the first text to the present number; null before it, and where nothing is counted.</summary>
    public PumpingMark? Pumping { get; init; }

    public string? ClientRequestId { get; init; }
    public string? ClientCustomerId { get; init; }

    /// <summary>What the salts of the flow's receipt are made of; null in what a version stored that knew no receipts.</summary>
    public Secret? ReceiptSeed { get; init; }

    /// <summary>Hash of the digits that the desktop shows and the phone must repeat; null when a tap is enough.</summary>
    public SecretHash? MatchDigits { get; init; }

    /// <summary>The browser that asked for the flow's first link; null when none has.</summary>
    public SeenBrowser? BegunBy { get; init; }

    /// <summary>The link was confirmed by the very browser that asked for it, at the same address.</summary>
    public bool IsSameDevice { get; init; }

    public required PossessionState Possession { get; init; }

    /// <summary>What follows the possession: of its product alone.</summary>
    public required ProductState Tail { get; init; }

    public Product Product => Tail.Product;

    /// <summary>What is told of it with everything that happens to it.</summary>
    public FlowSubject Subject => new(Product, Type, ClientRequestId is not null);

    /// <summary>What happened, for the person who operates this at night: no personal data in it.</summary>
    public IReadOnlyList<FlowEvent> Timeline { get; init; } = [];

    /// <summary>Counts the saves; a save that expects another version is refused.</summary>
    public long Version { get; init; }

    /// <inheritdoc cref="ProductState.IsDecided"/>
    public bool IsDecided => Tail.IsDecided;

    /// <inheritdoc cref="ProductState.IsBusy"/>
    public bool IsBusy => Tail.IsBusy;

    /// <summary>The method the browser is at or is to begin; null when possession is decided.</summary>
    public PossessionMethod? CurrentMethod => PlanLeft?.Method;

    /// <summary>The methods that may still prove, the current one first; null when possession is decided.</summary>
    public PossessionPlan? PlanLeft => Possession switch
    {
        PossessionState.Ready r => r.Plan,
        PossessionState.Challenged c => c.Plan,
        _ => null,
    };

    /// <summary>
    /// When something is due without anybody calling: the running challenge's deadline, or that of who is busy with the flow.
    /// </summary>
    public DateTimeOffset? NextDeadline => Tail.Deadline ?? (Possession as PossessionState.Challenged)?.Challenge.Deadline;

    /// <summary>Lets something happen to possession, and what follows from it to the flow.</summary>
    public Flow After(PossessionEvent happened, DateTimeOffset now)
    {
        var possession = PossessionMachine.Next(Possession, happened, now);
        if (possession == Possession)
        {
            return this;
        }

        var changed = this with { Possession = possession };
        if (FlowFacts.Of(Possession, happened, possession, now) is { } fact)
        {
            changed = changed.With(fact);
        }
        return possession switch
        {
            PossessionState.Succeeded => changed.PossessionSettled(now),
            PossessionState.Failed => changed.PossessionFailed(now),
            _ => changed,
        };
    }

    /// <summary>Lets something happen to a verify flow itself; to any other, nothing does.</summary>
    public Flow After(VerifiedUserEvent happened, DateTimeOffset now)
    {
        if (Tail is not VerifiedUserState state || VerifiedUserMachine.Next(state, happened, now) is var next && next == state)
        {
            return this;
        }

        var changed = this with { Tail = next };
        return next is VerifiedUserState.Done done ? changed.With(FlowFacts.Of(done, now)) : changed;
    }

    /// <summary>Lets something happen to a pre-fill flow itself; to any other, nothing does.</summary>
    public Flow After(PreFillEvent happened, DateTimeOffset now)
    {
        if (Tail is not PreFillProgress known || PreFillMachine.Next(known.State, happened, now) is var next && next == known.State)
        {
            return this;
        }

        // What the person was asked for is not kept a moment longer than it is needed.
        var isAnswered = happened is PreFillEvent.ChallengeAnswered || next is PreFillState.Failed;
        var changed = this with { Tail = isAnswered ? new PreFillProgress(known.Shape, next) : known with { State = next } };
        return FlowFacts.Of(happened, now) is { } fact ? changed.With(fact) : changed;
    }

    /// <summary>Lets something happen to a unify flow itself; to any other, nothing does.</summary>
    public Flow After(UnifyEvent happened, DateTimeOffset now)
    {
        if (Tail is not UnifyProgress known || UnifyMachine.Next(known.State, happened, now) is var next && next == known.State)
        {
            return this;
        }

        var changed = this with
        {
            Tail = known with { State = next },
            // Whose check it was is the relying party's word: the browser has nothing left to prove.
            Possession = happened is UnifyEvent.OwnCheckPassed ? new PossessionState.NotApplicable() : Possession,
        };
        return FlowFacts.Of(happened, now) is { } fact ? changed.With(fact) : changed;
    }

    /// <summary>
    /// What the relying party cancels ends, unless it has ended, or somebody is busy with what follows from possession.
    /// </summary>
    public Flow Cancelled(DateTimeOffset now)
    {
        var cancelled = After(new PossessionEvent.Cancelled(), now)
            .After(new PreFillEvent.Cancelled(), now)
            .After(new UnifyEvent.Cancelled(), now);
        return cancelled == this ? this : cancelled.With(new FlowEvent(now, FlowEventCode.FlowCancelled));
    }

    /// <summary>Records what happened beside it.</summary>
    public Flow With(IEnumerable<FlowEvent> news) => news.Aggregate(this, (flow, fact) => flow.With(fact));

    /// <inheritdoc cref="With(IEnumerable{FlowEvent})"/>
    public Flow With(FlowEvent fact) => this with { Timeline = [.. Timeline.TakeLast(FlowEvent.MaxPerFlow - 1), fact] };

    /// <summary>Records of a limit or cap that it is reached; once for each time that it is, since a button may be pressed often.</summary>
    public Flow Told(Reached reached, FlowEvent fact, DateTimeOffset now) =>
        Timeline.Any(former => reached.IsToldBy(former, now)) ? this : With(fact);

    /// <summary>The flow as it is at this moment: a deadline that has passed has passed, whether a timer fired or not.</summary>
    public Flow At(DateTimeOffset now) => After(new PossessionEvent.Expired(), now);

    /// <summary>
    /// Possession taken as proven by the plan's first method: for the sandbox's users who reach their result by themselves.
    /// </summary>
    public Flow ProvenWithoutBrowser() => CurrentMethod is { } method
        ? (this with { Possession = new PossessionState.Succeeded(method) })
            .With(new FlowEvent(CreatedAt, FlowEventCode.PossessionProven) { Method = method.Name, Reason = FlowReason.WithoutBrowser })
            .PossessionSettled(CreatedAt)
        : this;

    /// <summary>The id: all else is personal, or long.</summary>
    public override string ToString() => Id.ToString();

    private Flow PossessionSettled(DateTimeOffset now) => this
        .After(new VerifiedUserEvent.PossessionSettled(), now)
        .After(new PreFillEvent.PossessionSettled(), now)
        .After(new UnifyEvent.PossessionSettled(), now);

    private Flow PossessionFailed(DateTimeOffset now) => this
        .After(new VerifiedUserEvent.PossessionFailed(), now)
        .After(new PreFillEvent.PossessionFailed(), now)
        .After(new UnifyEvent.PossessionFailed(), now);
}
