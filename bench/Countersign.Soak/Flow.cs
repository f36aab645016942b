using System.Collections.Concurrent;

namespace Countersign.Soak;

internal enum Product
{
    VerifyDesktop,
    VerifyMobile,
    VerifyOperator,
    PreFill,
    Unify,
}

/// <summary>One flow, and what was done in it: what may have come of it follows from that.</summary>
internal sealed class Flow(int number, Product product, bool hasRightName)
{
    public int Number => number;

    public Product Product => product;

    public bool HasRightName => hasRightName;

    /// <summary>Each person has a line that nobody else has.</summary>
    public string Phone { get; } = product == Product.VerifyOperator ? $"+1303{2_000_000 + number}" : $"+1202{2_000_000 + number}";

    public string Key { get; } = $"soak-{number}";

    /// <summary>All correlation ids that a start with the one idempotency key has brought.</summary>
    public ConcurrentDictionary<string, bool> Ids { get; } = new(StringComparer.Ordinal);

    public string Id => Ids.Keys.First();

    public string AuthToken { get; set; } = "";

    /// <summary>The right code was entered, the right link confirmed, or the operator's proof brought.</summary>
    public bool IsProofSent { get; set; }

    public bool IsCancelled { get; set; }

    /// <summary>How often something was asked for that sends a text.</summary>
    public int TextsAskedFor => _textsAskedFor;

    /// <summary>What was answered by the product's own status call at the end of what the person did.</summary>
    public Reply? Status { get; set; }

    private int _textsAskedFor;

    public void AskForText() => Interlocked.Increment(ref _textsAskedFor);

    public override string ToString() => $"flow {number} ({product}, {(Ids.IsEmpty ? "not begun" : Id)})";
}
