using System.Collections.Concurrent;
using Countersign.Core.History;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Core.Tests.Fakes;

/// <summary>Keeps outcomes and pseudonyms in memory.</summary>
internal sealed class MemoryHistory : IOutcomeStore, ILinePseudonyms
{
    private readonly Dictionary<PhoneNumber, LinePseudonym> _lines = [];
    private readonly ConcurrentQueue<HeldWrite> _held = [];

    public MemoryHistory() => Calls = new CallHistory(this, this, new TenDigits(), Options, new Turns(Machine));

    public HistoryOptions Options { get; } = new();

    public FakeTimeProvider Machine { get; } = new();

    public CallHistory Calls { get; }

    public List<Outcome> Kept { get; } = [];

    /// <summary>How many of the next writes fail.</summary>
    public int Failing { get; set; }

    /// <summary>What happens meanwhile, in each write.</summary>
    public Action Meanwhile { get; set; } = () => { };

    /// <summary>How many outcomes came in each write.</summary>
    public List<int> Writes { get; } = [];

    /// <summary>Keeps one write from ending, after those that are held already.</summary>
    public HeldWrite HoldNext()
    {
        var held = new HeldWrite();
        _held.Enqueue(held);
        return held;
    }

    /// <summary>What was kept of calls, once it is written.</summary>
    public async Task<IReadOnlyList<Outcome>> WrittenAsync()
    {
        await Calls.FlushAsync(TestContext.Current.CancellationToken);
        return Kept;
    }

    public async Task AddAsync(IReadOnlyList<Outcome> outcomes, CancellationToken cancellationToken)
    {
        if (_held.TryDequeue(out var held))
        {
            held.Begun.SetResult();
            await held.End.Task;
        }
        cancellationToken.ThrowIfCancellationRequested();
        Meanwhile();
        if (Failing > 0)
        {
            Failing--;
            throw new IOException("The store is away.");
        }
        Writes.Add(outcomes.Count);
        Kept.AddRange(outcomes.Where(outcome => !Kept.Exists(kept => kept.Id == outcome.Id)));
    }

    public Task<IReadOnlyDictionary<PhoneNumber, LinePseudonym>> ObtainAsync(
        IReadOnlyCollection<PhoneNumber> numbers, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var number in numbers)
        {
            _lines.TryAdd(number, LinePseudonym.New());
        }
        return Task.FromResult<IReadOnlyDictionary<PhoneNumber, LinePseudonym>>(
            numbers.Distinct().ToDictionary(one => one, one => _lines[one]));
    }

    public Task<LinePseudonym?> FindAsync(PhoneNumber number, CancellationToken cancellationToken) =>
        Task.FromResult(_lines.TryGetValue(number, out var line) ? line : (LinePseudonym?)null);

    public Task<int> RemoveUnusedAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<Outcome?> FindAsync(CorrelationId id, CancellationToken cancellationToken) =>
        Task.FromResult(Kept.Find(kept => kept.Id == id));

    public Task<EndedFlows> ListEndedAsync(
        DateTimeOffset before, CorrelationId? after, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<ListedFlow>> ListAsync(
        FlowQuery query, ProjectId? project, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<ListedFlow>> ListAsync(IReadOnlyCollection<CorrelationId> flows, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<ScannedOutcomes> ScanAsync(
        DateTimeOffset from, CorrelationId? after, int limit, CancellationToken cancellationToken)
    {
        var page = Kept.Where(kept => kept.BegunAt >= from && (after is not { } last || kept.Id.CompareTo(last) > 0))
            .OrderBy(kept => kept.Id).Take(limit).ToList();
        return Task.FromResult(new ScannedOutcomes(page, page.Count == limit ? page[^1].Id : null));
    }

    public Task<int> ReplaceAsync(IReadOnlyList<ReplacedFlow> flows, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task PrepareAsync(DateTimeOffset now, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<int> RemoveAsync(DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}

internal sealed class HeldWrite
{
    public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
