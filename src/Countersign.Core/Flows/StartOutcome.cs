using Countersign.Core.Limits;
using Countersign.Core.Numbers;

namespace Countersign.Core.Flows;

/// <summary>What becomes of a call that begins a flow: a closed set.</summary>
public abstract record StartOutcome
{
    private StartOutcome() { }

    /// <summary>The flow is stored.</summary>
    /// <param name="Answer">What the call's <see cref="StartAnswer"/> made of it.</param>
    public sealed record Started(CorrelationId Flow, byte[] Answer) : StartOutcome
    {
        // The answer holds the browser's credential.
        public override string ToString() => Flow.ToString();
    }

    /// <summary>Nothing was stored: another call with the same idempotency key was first.</summary>
    public sealed record Repeated(Remembered First) : StartOutcome;

    /// <summary>What would have to be done for the line next is more than may be done. Nothing was stored.</summary>
    public sealed record Limited(Reached Reached) : StartOutcome;

    /// <summary>Another call has named the challenge before. Nothing was stored.</summary>
    public sealed record ChallengeTaken : StartOutcome;

    /// <summary>The number may not be used; never <see cref="Admission.Admitted"/>.</summary>
    public sealed record Refused(Admission Why) : StartOutcome;

    /// <summary>The project has no identity with the id that was asked for.</summary>
    public sealed record NoSuchIdentity : StartOutcome;

    /// <summary>The number of the identity that was asked for has gone to somebody else.</summary>
    public sealed record NumberHasGone : StartOutcome;

    /// <summary>The identity that was asked for has another number.</summary>
    public sealed record OtherNumber : StartOutcome;
}

/// <summary>
/// Makes the bytes that a call is answered, credentials in them: they are kept together with the flow when the call has an idempotency key.
/// </summary>
/// <param name="flow">The flow as it is to be told.</param>
/// <param name="matchDigits">For the desktop to show; null unless the project matches links.</param>
public delegate ValueTask<byte[]> StartAnswer(Flow flow, Secret? matchDigits, CancellationToken cancellationToken);
