using System.Collections.Concurrent;

namespace Countersign.Soak;

internal enum Product
{
    VerifyDesktop,
    VerifyMobile,
    VerifyOperator,
    PreFill,
    Unify,

    /// <summary>A unify flow in which the browser registers a key.</summary>
    Device,

    /// <summary>The same browser again, which shows its key. Follows from the former.</summary>
    Visit,

    /// <summary>Answered at once, without a flow.</summary>
    OneCall,
}

/// <summary>One flow, and what was done in it: what may have come of it follows from that.</summary>
/// <param name="former">The flow of the same person that it follows on; null for a person of its own.</param>
internal sealed class Flow(int number, Product product, bool hasRightName, Flow? former = null)
{
    // So far from each other are the numbers of a flow and of the one that follows.
    private const int Next = 1_000_000;

    public int Number => number;

    public Product Product => product;

    public bool HasRightName => hasRightName;

    public Flow? Former => former;

    /// <summary>What followed on it; null for nothing.</summary>
    public Flow? Following { get; private set; }

    /// <summary>Each person has a line that nobody else has.</summary>
    public string Phone { get; } = former?.Phone
        ?? (product == Product.VerifyOperator ? $"+1303{2_000_000 + number}" : $"+1202{2_000_000 + number}");

    public string Key { get; } = $"soak-{number}";

    /// <summary>All correlation ids that a start with the one idempotency key has brought.</summary>
    public ConcurrentDictionary<string, bool> Ids { get; } = new(StringComparer.Ordinal);

    public string Id => Ids.Keys.First();

    public string AuthToken { get; set; } = "";

    /// <summary>What the browser has registered; null without a key.</summary>
    public DeviceKey? Device { get; set; } = former?.Device;

    /// <summary>When a call that has no flow was answered.</summary>
    public DateTime? AnsweredAt { get; set; }

    /// <summary>The right code was entered, the right link confirmed, the operator's proof brought, or the key shown.</summary>
    public bool IsProofSent { get; set; }

    public bool IsCancelled { get; set; }

    /// <summary>How often something was asked for that sends a text.</summary>
    public int TextsAskedFor => _textsAskedFor;

    /// <summary>What was answered by the product's own status call at the end of what the person did.</summary>
    public Reply? Status { get; set; }

    private int _textsAskedFor;

    public Flow Follow() => Following = new Flow(number + Next, Product.Visit, hasRightName, this);

    public void AskForText() => Interlocked.Increment(ref _textsAskedFor);

    public override string ToString() => $"flow {number} ({product}, {(Ids.IsEmpty ? "not begun" : Id)})";
}
