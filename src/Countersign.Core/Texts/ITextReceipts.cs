namespace Countersign.Core.Texts;

/// <summary>Takes receipts, in whatever order and as often as they come.</summary>
public interface ITextReceipts
{
    /// <summary>Keeps what a receipt says, and does what follows from it. One for a text that is gone is passed over.</summary>
    /// <param name="token">The <see cref="SmsSubmission.ReceiptToken"/> of the submission.</param>
    /// <param name="gateway">The gateway that the receipt came from.</param>
    /// <param name="networkError">The operator's own word for why; null without.</param>
    /// <returns>False when this server never gave out the token, or for another gateway.</returns>
    Task<bool> ReceiveAsync(
        Secret token, GatewayName gateway, ReceiptState state, string? networkError, CancellationToken cancellationToken);
}
