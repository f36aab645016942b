using Countersign.Core.History;
using Countersign.Core.Texts;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Timeline;

namespace Countersign.Server.Endpoints.Admin;

/// <summary>What became of a flow's text: whom it was for and what it says is left out.</summary>
/// <param name="Kind">"otp", "link" or "notice".</param>
/// <param name="Segments">How many it takes on the air.</param>
/// <param name="Attempts">Oldest first.</param>
internal sealed record FlowText(
    string Kind, string State, int Segments, DateTimeOffset CreatedAt, IReadOnlyList<FlowTextAttempt> Attempts)
{
    public static FlowText Of(OutcomeText kept) => new(
        TextKinds.WordOf(kept.Kind), FlowWords.Of(kept.State), kept.Segments, kept.CreatedAt,
        [.. kept.Attempts.Select(FlowTextAttempt.Of)]);

    public override string ToString() => Kind;
}

/// <summary>One try to hand a text to a gateway.</summary>
/// <param name="At">When its state was last learnt.</param>
/// <param name="Reason">Why it was not taken or not delivered, with the operator's own word; absent when there is none.</param>
/// <param name="Cost">What was counted for it; absent where nothing was, or it was given back.</param>
internal sealed record FlowTextAttempt(string Gateway, string State, DateTimeOffset At, string? Reason, decimal? Cost)
{
    public static FlowTextAttempt Of(TextAttempt attempt) =>
        new(attempt.Gateway.ToString(), WordOf(attempt.State), attempt.ChangedAt, FlowSentences.Of(attempt),
            attempt.Cost?.Amount);

    public static string WordOf(AttemptState state) => state == AttemptState.NoAnswer ? "no_answer" : AdminWords.Of(state);

    public override string ToString() => State;
}
