using Countersign.Core.Flows;
using Countersign.Core.Possession;
using Countersign.Core.Texts;

namespace Countersign.Core.Tests.Fakes;

/// <summary>Flows in memory, with the answers of keyed calls.</summary>
internal sealed class MemoryFlows : IFlowStore
{
    public Dictionary<CorrelationId, Flow> Kept { get; } = [];

    public List<KeyedAnswer> Answers { get; } = [];

    /// <summary>Where what is counted is counted; null where nothing is.</summary>
    public MemoryCounters? Counters { get; set; }

    /// <summary>Where texts are kept that flows want sent; null where none are.</summary>
    public MemoryTexts? Texts { get; set; }

    /// <summary>How often one flow was looked for.</summary>
    public int Reads { get; private set; }

    /// <summary>What somebody else does just before each save.</summary>
    public Action<Flow> BeforeSave { get; set; } = _ => { };

    /// <summary>What another call with the key was answered first; null when there was none.</summary>
    public Remembered? First { get; init; }

    public Task AddAsync(Flow flow, CancellationToken cancellationToken)
    {
        Kept.Add(flow.Id, flow);
        return Task.CompletedTask;
    }

    public Task<Remembered?> AddAsync(Flow flow, KeyedAnswer answer, CancellationToken cancellationToken)
    {
        if (First is null)
        {
            Kept.Add(flow.Id, flow);
            Answers.Add(answer);
        }
        return Task.FromResult(First);
    }

    public Task<Flow?> FindAsync(CorrelationId id, CancellationToken cancellationToken)
    {
        Reads++;
        return Task.FromResult(Kept.GetValueOrDefault(id));
    }

    public async Task<bool> TrySaveAsync(Decision decision, CancellationToken cancellationToken)
    {
        var flow = decision.Flow;
        BeforeSave(flow);
        var isUnchanged = Kept.TryGetValue(flow.Id, out var stored) && stored.Version == flow.Version
            && (decision.Charge is not { } charge || Counters is null || await Counters.TrySaveAsync(charge, cancellationToken));
        if (isUnchanged)
        {
            Kept[flow.Id] = flow with { Version = flow.Version + 1 };
            if (decision.Text is { } text)
            {
                Texts?.Kept.Add(new StoredText(text, TextFate.Queued(text.CreatedAt)));
            }
        }
        return isUnchanged;
    }

    public Task<Flow?> FindAsync(
        CorrelationId id, ProjectId projectId, Product product, DateTimeOffset now, CancellationToken cancellationToken) =>
        Task.FromResult(
            Kept.TryGetValue(id, out var flow) && flow.ProjectId == projectId && flow.Product == product && now < flow.ExpiresAt
                ? flow : null);

    public Task<Flow?> FindByLinkAsync(SecretHash link, CancellationToken cancellationToken) =>
        Task.FromResult(Kept.Values.FirstOrDefault(flow =>
            flow.Possession is PossessionState.Challenged { Challenge.Proof: var proof } && proof == link));

    public Task<IReadOnlyList<Flow>> FindAsync(FlowSearch search, DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Flow>>([.. Kept.Values.Where(flow =>
            now < flow.ExpiresAt && search is FlowSearch.ByNumber { Number: var number } && flow.Number == number).Take(limit)]);

    public Task<IReadOnlyList<CorrelationId>> FindDueAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<int> RemoveExpiredAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
