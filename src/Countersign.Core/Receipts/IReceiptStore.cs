namespace Countersign.Core.Receipts;

/// <summary>Keeps receipts that were asked for, so that each flow has one and the same, and the public halves of the keys that signed
/// them.</summary>
public interface IReceiptStore
{
    /// <summary>
    /// Keeps a receipt and its key, unless the flow has a receipt, and returns the one that it has now: of many who ask at once, one wins
    /// and all get its.
    /// </summary>
    Task<string> GetOrAddAsync(KeptReceipt receipt, CancellationToken cancellationToken);

    /// <summary>Returns null when none was asked for yet.</summary>
    Task<string?> FindAsync(CorrelationId flow, CancellationToken cancellationToken);

    /// <summary>Removes receipts whose time is over, at most <paramref name="limit"/> of them, and says how many.</summary>
    Task<int> RemoveAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>Keeps the key of something else that is to be checked as long as a receipt: a proof of an erasure.</summary>
    Task KeepKeyAsync(ReceiptKey key, CancellationToken cancellationToken);

    /// <summary>The keys that have signed receipts.</summary>
    Task<IReadOnlyList<ReceiptKey>> ListKeysAsync(CancellationToken cancellationToken);

    /// <summary>Removes keys whose time is over, at most <paramref name="limit"/> of them, and says how many.</summary>
    Task<int> RemoveKeysAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken);
}

/// <param name="Jws">The receipt itself.</param>
/// <param name="KeptUntil">As long as the flow can be asked for.</param>
/// <param name="Key">The one that signed it.</param>
public sealed record KeptReceipt(CorrelationId Flow, ProjectId Project, string Jws, DateTimeOffset KeptUntil, ReceiptKey Key)
{
    public override string ToString() => Flow.ToString();
}

/// <summary>The public half of a key that has signed receipts.</summary>
/// <param name="Id">Its <c>kid</c>.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo.</param>
/// <param name="PublishedUntil">From then on receipts that it signed cannot be checked any more.</param>
public sealed record ReceiptKey(string Id, byte[] PublicKey, DateTimeOffset PublishedUntil)
{
    public override string ToString() => Id;
}
