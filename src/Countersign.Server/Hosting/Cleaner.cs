using Countersign.Core;
using Countersign.Core.Audit;
using Countersign.Core.Devices;
using Countersign.Core.Events;
using Countersign.Core.Flows;
using Countersign.Core.Limits;
using Countersign.Core.Money;
using Countersign.Core.Possession;
using Countersign.Core.Projects;
using Countersign.Core.Pumping;
using Countersign.Core.Texts;
using Countersign.Server.Security;

namespace Countersign.Server.Hosting;

/// <summary>
/// Gives storage back, in bulk and in pieces small enough that nobody waits for it. What it removes was out of reach before.
/// </summary>
internal sealed class Cleaner(
    FlowUpkeep flows, ITextStore texts, IIdempotencyStore idempotency, IDeviceStore devices, ITakenRequests taken,
    IEventLog events, EventOptions eventOptions, IRevokedTokenStore revocations, ITakenAssertions assertions, ICounterStore counters,
    LeasedCounters leases, ITrafficStore counted, PumpingTraffic traffic, IAbuseStore abuse, ITakenChallenges challenges,
    ISpendingStore spending, AuditChainer audit, AuditOptions auditOptions, RecordUpkeep records,
    RevokedTokens revoked, Tokens tokens, ServerOptions server, PossessionOptions possession, FailureLog failures, TimeProvider time,
    ILogger<Cleaner> logger)
    : BackgroundService
{
    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(1);
    // Small, since on SQLite a removal holds the one writer: a few hundred rows take some milliseconds.
    private const int AtOnce = 256;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        new PeriodicWorker(_interval, CleanAsync, failure => Log.CleaningFailed(logger, failures.Record(failure))) { WaitsFirst = true }
            .RunAsync(time, stoppingToken);

    private async Task CleanAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        // First, since it needs no store.
        tokens.ForgetExpired();
        leases.ForgetExpired(now);
        traffic.ForgetExpired();
        revoked.ForgetExpired();
        // Before the texts: what became of them goes into the outcomes of their flows.
        var areFlowsDone = await flows.TryCleanAsync(RemoveAsync, now, cancellationToken);
        await RemoveAsync("idempotency keys", limit => idempotency.RemoveAsync(now - IIdempotencyStore.Memory, limit, cancellationToken));
        await RemoveAsync("requests of text providers", limit => taken.RemoveAsync(now, limit, cancellationToken));
        await RemoveAsync("revocations of tokens", limit => revocations.RemoveExpiredAsync(now, limit, cancellationToken));
        await RemoveAsync("assertions of clients", limit => assertions.RemoveExpiredAsync(now, limit, cancellationToken));
        await RemoveAsync("counters", limit => counters.RemoveExpiredAsync(now, limit, cancellationToken));
        await RemoveAsync("counts of texts", limit => counted.RemoveExpiredAsync(now, limit, cancellationToken));
        await RemoveAsync("holds", limit => abuse.RemoveExpiredAsync(now - AbuseEntry.Memory, limit, cancellationToken));
        await RemoveAsync("challenges", limit => challenges.RemoveExpiredAsync(now, limit, cancellationToken));
        await RemoveAsync("months of costs", limit => spending.RemoveAsync(now - ISpendingStore.Memory, limit, cancellationToken));
        await RemoveAsync(
            "entries of the audit", limit => audit.PruneAsync(now - auditOptions.Retention, limit, cancellationToken));
        await RemoveAsync("events", limit => events.RemoveAsync(now - eventOptions.Retention, limit, cancellationToken));
        await RemoveAsync("devices tied to nobody", limit => devices.RemoveUntiedAsync(now, limit, cancellationToken));
        if (server.Mode != Mode.Sandbox)
        {
            await records.CleanAsync(RemoveAsync, now, cancellationToken);
        }
        if (server.Mode != Mode.Sandbox && areFlowsDone)
        {
            // The sandbox's texts are its users' test results and stay.
            await RemoveAsync("texts", limit => texts.RemoveAsync(now - possession.FlowLife, limit, cancellationToken));
        }
    }

    private async Task RemoveAsync(string what, Func<int, Task<int>> remove)
    {
        var all = 0;
        int removed;
        do
        {
            all += removed = await remove(AtOnce);
        }
        while (removed >= AtOnce);

        if (all > 0)
        {
            Log.Removed(logger, all, what);
        }
    }
}
