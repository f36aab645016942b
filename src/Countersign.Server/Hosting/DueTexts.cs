using Countersign.Core;
using System.Collections.Concurrent;
using Countersign.Core.Flows;
using Countersign.Core.Texts;
using Countersign.Server.Endpoints.Sandbox;

namespace Countersign.Server.Hosting;

/// <summary>
/// Looks after texts that nobody is at: one that its process left behind, one that a gateway keeps silent about, one that is to be tried
/// again. A gateway that takes its time holds up its own texts and no others.
/// </summary>
internal sealed class DueTexts(ITextStore texts, FlowRunner runner, FailureLog failures, TimeProvider time, ILogger<DueTexts> logger)
    : BackgroundService, IDueWork
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);
    private const int MaxAtOnce = 128;

    private readonly ConcurrentDictionary<Guid, Lazy<Task>> _running = [];

    /// <summary>Looks after everything that is due now. A text whose gateway does not answer is waited for.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        var seen = new HashSet<Guid>();
        while (true)
        {
            var due = await BeginAsync(cancellationToken);
            // Also what this server's own look has begun: a text that a gateway is being called for is not due, and not done either.
            await Task.WhenAll(_running.Values.Select(work => work.Value).Concat(due.Select(text => text.Work)));
            // One that is still due cannot be looked after, for the moment.
            var isOver = seen.IsSupersetOf(due.Select(text => text.Id));
            seen.UnionWith(due.Select(text => text.Id));
            if (isOver)
            {
                return;
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await new PeriodicWorker(_interval, BeginAsync, failure => Log.DueTextsFailed(logger, failures.Record(failure)))
                .RunAsync(time, stoppingToken);
        }
        finally
        {
            // Whoever calls a gateway finishes: what it says is kept.
            await Task.WhenAll(_running.Values.Select(work => work.Value));
        }
    }

    /// <summary>Begins to look after texts that are due and are not being looked after yet.</summary>
    private async Task<(Guid Id, Task Work)[]> BeginAsync(CancellationToken cancellationToken)
    {
        var due = await texts.FindDueAsync(time.GetUtcNow(), MaxAtOnce, cancellationToken);
        return [.. due.Select(id => (id, Begin(id)))];
    }

    private Task Begin(Guid id) => _running.TryGetValue(id, out var running) ? running.Value
        : _running.Count >= MaxAtOnce ? Task.CompletedTask
        : _running.GetOrAdd(id, new Lazy<Task>(() => LookAfterAsync(id))).Value;

    private async Task LookAfterAsync(Guid id)
    {
        // So that it stands in the list before it can be taken out of it.
        await Task.Yield();
        try
        {
            await runner.CatchUpTextAsync(id, CancellationToken.None);
        }
        catch (Exception exception)
        {
            Log.TextNotLookedAfter(logger, id, failures.Record(exception));
        }
        finally
        {
            _running.TryRemove(id, out _);
        }
    }
}
