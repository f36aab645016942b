using Countersign.Core.Limits;

namespace Countersign.Core.Texts;

/// <summary>The flow that a text belongs to, as far as the text's way concerns it.</summary>
public interface ITextOwner
{
    /// <summary>True while the person still waits for this text: its flow has neither gone on nor sent another in its place.</summary>
    Task<bool> WantsAsync(OutgoingText text, CancellationToken cancellationToken);

    /// <summary>Tells the flow what happened.</summary>
    /// <param name="unavailable">Why the text will not be sent at all; null while it is, or may be, on its way.</param>
    /// <param name="isUndelivered">The text's stored fate says that it has not reached the phone and will not.</param>
    Task TellAsync(
        OutgoingText text, IReadOnlyList<FlowEvent> news, string? unavailable, bool isUndelivered, CancellationToken cancellationToken);

    /// <summary>Tells the flow what happened, and that the text is not sent because of a cap.</summary>
    Task TellAsync(OutgoingText text, IReadOnlyList<FlowEvent> news, Reached reached);
}
