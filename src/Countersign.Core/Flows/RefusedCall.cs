using Countersign.Core.Limits;
using Countersign.Core.Numbers;

namespace Countersign.Core.Flows;

/// <summary>A call that came to no flow and no answer, since its number may not be used or a limit is reached.</summary>
/// <param name="Number">As it was written, or in its line's one form; null where the call named none.</param>
/// <param name="At">When it was refused.</param>
public sealed record RefusedCall(ProjectId ProjectId, Product Product, FlowType Type, string? Number, DateTimeOffset At)
{
    public ClientId? Client { get; init; }
    public string? ClientRequestId { get; init; }
    public string? ClientCustomerId { get; init; }

    /// <summary>The limit; null where it is the number.</summary>
    public Reached? Reached { get; init; }

    /// <summary>Why the number may not be used; null where it is a limit.</summary>
    public Admission? Admission { get; init; }

    // The number is a person's.
    public override string ToString() => $"{ProjectId}: {Product}";
}
