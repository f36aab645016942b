namespace Countersign.Core.Flows;

/// <summary>Keeps flows. Every write is durable before its task completes.</summary>
public interface IFlowStore
{
    Task AddAsync(Flow flow, CancellationToken cancellationToken);

    /// <summary>
    /// Adds the flow of a call with an idempotency key and keeps the call's answer, in one transaction: neither is ever there without the
    /// other. Returns null, or, having stored nothing, what another call with the key was answered first.
    /// </summary>
    Task<Remembered?> AddAsync(Flow flow, KeyedAnswer answer, CancellationToken cancellationToken);

    /// <summary>Returns null when there is no such flow, or no more.</summary>
    Task<Flow?> FindAsync(CorrelationId id, CancellationToken cancellationToken);

    /// <summary>
    /// Returns null when there is no such flow, when it has expired, or is another project's or product's: all at the same cost.
    /// </summary>
    Task<Flow?> FindAsync(CorrelationId id, ProjectId projectId, Product product, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Finds the flow whose present Instant Link has this hash; null when none has.</summary>
    Task<Flow?> FindByLinkAsync(SecretHash link, CancellationToken cancellationToken);

    /// <summary>The flows that have not expired and fit, newest first.</summary>
    Task<IReadOnlyList<Flow>> FindAsync(FlowSearch search, DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Saves the flow if its stored version is still <see cref="Flow.Version"/>, and with it, in the same transaction, the text it wants
    /// sent and what is counted. Returns false, and stores nothing, if somebody was first, at the flow or at the counter, or the flow is
    /// gone.
    /// </summary>
    Task<bool> TrySaveAsync(Decision decision, CancellationToken cancellationToken);

    /// <summary>The flows whose <see cref="Flow.NextDeadline"/> has come, oldest deadline first.</summary>
    Task<IReadOnlyList<CorrelationId>> FindDueAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>Removes flows that expired before the given moment, at most <paramref name="limit"/> of them, and says how many.</summary>
    Task<int> RemoveExpiredAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);
}
