namespace Countersign.Core.Money;

/// <summary>Keeps what texts have cost. Every write is durable before its task completes.</summary>
public interface ISpendingStore
{
    /// <summary>What two owners at most have spent in the month of this moment, in their order.</summary>
    Task<IReadOnlyList<Spent>> ReadAsync(IReadOnlyList<SpendingOwner> owners, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>All that was spent in the month of this moment, by owner.</summary>
    Task<IReadOnlyList<Spent>> ListAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Counts the cost of a text that is stored nowhere, or nothing of it. For others see <see cref="Texts.ITextStore.TryClaimAsync"/>.
    /// </summary>
    Task<ClaimOutcome> TryChargeAsync(SpendingCharge charge, CancellationToken cancellationToken);

    /// <summary>Gives back what was counted by <see cref="TryChargeAsync"/>.</summary>
    Task GiveBackAsync(SpendingCharge charge, CancellationToken cancellationToken);

    /// <summary>How long a month is kept after its end, for who compares it with a bill.</summary>
    static TimeSpan Memory { get; } = TimeSpan.FromDays(400);

    /// <summary>Removes what was spent in months that were over before this moment, at most <paramref name="limit"/> rows.</summary>
    /// <returns>How many.</returns>
    Task<int> RemoveAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>Notes that operators are told of an amount. False when they have been told of it, or of more, by somebody else.</summary>
    Task<bool> TryTellAsync(
        SpendingOwner owner, CapWindow window, decimal amount, DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary>What is to be counted for one try to hand over a text.</summary>
/// <param name="Amount">What it may cost.</param>
/// <param name="At">Says in which day and month.</param>
/// <param name="Owners">For whom, and up to how much; one or two, the server first.</param>
public sealed record SpendingCharge(decimal Amount, DateTimeOffset At, IReadOnlyList<CappedOwner> Owners)
{
    public override string ToString() => Amounts.InWords(Amount);
}

/// <param name="Caps">Null where it is counted without a cap of its own.</param>
public sealed record CappedOwner(SpendingOwner Owner, Caps? Caps);

/// <summary>What has become of a charge: a closed set.</summary>
public abstract record ClaimOutcome
{
    private ClaimOutcome() { }

    /// <summary>It is counted.</summary>
    /// <param name="Spent">What is spent now, in the order of the charge's owners.</param>
    public sealed record Counted(IReadOnlyList<Spent> Spent) : ClaimOutcome;

    /// <summary>There is no room for it; nothing is stored.</summary>
    public sealed record Over : ClaimOutcome;

    /// <summary>Somebody was first at the text, or it is gone; nothing is stored.</summary>
    public sealed record Taken : ClaimOutcome;
}
