namespace Countersign.Core.Texts;

/// <summary>Hears what those who operate this should know of texts and gateways.</summary>
public interface ITextJournal
{
    /// <summary>A text is taken up that its process has left behind.</summary>
    void TakenUp(Guid text, TextState state);

    /// <summary>A gateway says of one attempt what it has denied before; the first word stands.</summary>
    void Contradicted(Guid text, GatewayName gateway, AttemptState stands);

    /// <summary>A gateway has refused a text for a reason that only its owner can mend.</summary>
    void MustAct(GatewayName gateway, SmsRefusal why);
}
