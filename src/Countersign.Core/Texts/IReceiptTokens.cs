namespace Countersign.Core.Texts;

/// <summary>Makes and reads the tokens by which receipts find their text.</summary>
public interface IReceiptTokens
{
    /// <param name="attempt">From 1.</param>
    Secret Issue(Guid text, int attempt, GatewayName gateway);

    /// <summary>What a token was issued for; null when it was not, or for another gateway.</summary>
    (Guid Text, int Attempt)? Read(Secret token, GatewayName gateway);
}
