using Countersign.Core.Money;
using Countersign.Core.Texts;

namespace Countersign.Core.Tests.Fakes;

/// <summary>Texts and their fates in memory, oldest first.</summary>
internal sealed class MemoryTexts : ITextStore
{
    public MemorySpending Spending { get; } = new();

    public List<StoredText> Kept { get; } = [];

    /// <summary>What was announced with the saves.</summary>
    public List<Announcement> News { get; } = [];

    /// <summary>Another process is always first.</summary>
    public bool LosesRaces { get; set; }

    public int Saves { get; private set; }

    public Task<StoredText?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        Task.FromResult(Kept.Find(stored => stored.Text.Id == id));

    public Task<StoredText?> FindLastAsync(CorrelationId flow, CancellationToken cancellationToken) =>
        Task.FromResult(Kept.FindLast(stored => stored.Text.Flow == flow));

    public Task<IReadOnlyList<StoredText>> ListAsync(CorrelationId flow, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<StoredText>>(Kept.FindAll(stored => stored.Text.Flow == flow));

    public Task<IReadOnlyList<StoredText>> ListAsync(PhoneNumber to, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<StoredText>>(Kept.FindAll(stored => stored.Text.To == to));

    public Task<bool> TrySaveAsync(StoredText text, CancellationToken cancellationToken)
    {
        var at = Kept.FindIndex(stored => stored.Text.Id == text.Text.Id && stored.Version == text.Version);
        var isFirst = at >= 0 && !LosesRaces;
        if (isFirst)
        {
            Kept[at] = text with { Version = text.Version + 1, News = [] };
            News.AddRange(text.News);
            Saves++;
        }
        return Task.FromResult(isFirst);
    }

    public async Task<ClaimOutcome> TryClaimAsync(StoredText text, SpendingCharge charge, CancellationToken cancellationToken)
    {
        var outcome = await Spending.TryChargeAsync(charge, cancellationToken);
        if (outcome is not ClaimOutcome.Counted || await TrySaveAsync(text, cancellationToken))
        {
            return outcome;
        }
        await Spending.GiveBackAsync(charge, cancellationToken);
        return new ClaimOutcome.Taken();
    }

    public async Task<bool> TrySaveAsync(StoredText text, SpendingCharge back, CancellationToken cancellationToken)
    {
        var isSaved = await TrySaveAsync(text, cancellationToken);
        if (isSaved)
        {
            await Spending.GiveBackAsync(back, cancellationToken);
        }
        return isSaved;
    }

    public Task<IReadOnlyList<Guid>> FindDueAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<int> RemoveAsync(DateTimeOffset createdBefore, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
