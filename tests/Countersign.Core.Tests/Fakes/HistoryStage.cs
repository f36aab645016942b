using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.Money;
using Countersign.Core.Texts;

namespace Countersign.Core.Tests.Fakes;

/// <summary>Flows in memory, what is kept of them when they are over, and who finds and ends them.</summary>
internal sealed class HistoryStage : IOutcomeStore, ILinePseudonyms, IStatisticsStore
{
    private readonly Dictionary<PhoneNumber, LinePseudonym> _lines = [];

    public HistoryStage()
    {
        var caps = new ServerCaps(CapStage.List, Caps: null);
        History = new FlowHistory(Flows.Flows, Flows.Texts, this, this, this, new TenDigits(), caps, Options);
        Finder = new FlowFinder(History, Flows.Flows, Flows.Texts, this, this, new TenDigits(), caps, Options, Flows.Clock);
    }

    public FlowStage Flows { get; } = new();

    public HistoryOptions Options { get; } = new();

    public FlowHistory History { get; }

    public FlowFinder Finder { get; }

    public List<Outcome> Kept { get; } = [];

    /// <summary>What was announced with what was kept.</summary>
    public List<Announcement> News { get; } = [];

    /// <summary>What the pseudonyms answer with; null where they answer.</summary>
    public Exception? PseudonymsFail { get; set; }

    /// <summary>What was to be removed or made ready, and up to when.</summary>
    public List<(string What, DateTimeOffset Moment, int Limit)> Asked { get; } = [];

    /// <summary>How many rows each look at the lists was to give at most.</summary>
    public List<int> Looks { get; } = [];

    public LinePseudonym LineOf(string number) => _lines[PhoneNumber.Parse(number)];

    /// <summary>Stores a flow as it stands.</summary>
    public Flow Add(Flow flow)
    {
        Flows.Flows.Kept.Add(flow.Id, flow);
        return flow;
    }

    /// <summary>Stores a text of a flow, which is still to be sent.</summary>
    public void AddText(Flow flow)
    {
        var text = new OutgoingText(
            Guid.CreateVersion7(Sample.Now), flow.Id, flow.Number, TextKind.Otp, new Secret("9876 is your code"), new Secret("9876"),
            Sample.Now, Sample.Deadline);
        Flows.Texts.Kept.Add(new StoredText(text, TextFate.Queued(Sample.Now)));
    }

    public Task<EndedFlows> ListEndedAsync(
        DateTimeOffset before, CorrelationId? after, int limit, CancellationToken cancellationToken)
    {
        List<EndedFlow> page =
        [
            .. Flows.Flows.Kept.Values.Where(flow => flow.ExpiresAt <= before && !(flow.Id <= after)).OrderBy(flow => flow.Id).Take(limit)
                .Select(flow => new EndedFlow(flow, [.. Flows.Texts.Kept.Where(text => text.Text.Flow == flow.Id)])),
        ];
        return Task.FromResult(new EndedFlows(page, page.Count == limit ? page[^1].Flow.Id : null));
    }

    public Task<int> ReplaceAsync(IReadOnlyList<ReplacedFlow> flows, CancellationToken cancellationToken)
    {
        var gone = flows.Where(one => Flows.Flows.Kept.TryGetValue(one.Outcome.Id, out var flow) && flow.Version == one.Version).ToList();
        foreach (var one in gone)
        {
            Flows.Flows.Kept.Remove(one.Outcome.Id);
            News.AddRange(one.News);
        }
        Kept.AddRange(gone.Where(one => one.IsKept).Select(one => one.Outcome));
        return Task.FromResult(gone.Count);
    }

    public Task<Outcome?> FindAsync(CorrelationId id, CancellationToken cancellationToken) =>
        Task.FromResult(Kept.Find(kept => kept.Id == id));

    public Task<IReadOnlyList<ListedFlow>> ListAsync(
        FlowQuery query, ProjectId? project, int limit, CancellationToken cancellationToken)
    {
        Looks.Add(limit);
        var number = (query.Search as FlowSearch.ByNumber)?.Number;
        var flows = Flows.Flows.Kept.Values
            .Where(flow => (project is null || flow.ProjectId == project) && (number is null || flow.Number == number))
            .Select(flow => new ListedFlow(flow.Id, flow, null));
        var outcomes = Kept
            .Where(kept => (project is null || kept.ProjectId == project) && (number is null || kept.Line == query.Line))
            .Select(kept => new ListedFlow(kept.Id, null, kept));
        return Task.FromResult<IReadOnlyList<ListedFlow>>(
            [.. flows.Concat(outcomes).Where(row => !(row.Id >= query.Before)).OrderByDescending(row => row.Id).Take(limit)]);
    }

    public Task<IReadOnlyDictionary<PhoneNumber, LinePseudonym>> ObtainAsync(
        IReadOnlyCollection<PhoneNumber> numbers, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (PseudonymsFail is { } failure)
        {
            throw failure;
        }
        foreach (var number in numbers)
        {
            _lines.TryAdd(number, LinePseudonym.New());
        }
        return Task.FromResult<IReadOnlyDictionary<PhoneNumber, LinePseudonym>>(
            numbers.Distinct().ToDictionary(one => one, one => _lines[one]));
    }

    public Task<LinePseudonym?> FindAsync(PhoneNumber number, CancellationToken cancellationToken) =>
        Task.FromResult(_lines.TryGetValue(number, out var line) ? line : (LinePseudonym?)null);

    public Task PrepareAsync(DateTimeOffset now, CancellationToken cancellationToken) => Ask("prepare", now, 0);

    public Task<int> RemoveUnusedAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        Ask("lines", before, limit);

    Task<int> IOutcomeStore.RemoveAsync(DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken) =>
        Ask("outcomes", endedBefore, limit);

    Task<int> IStatisticsStore.RemoveAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        Ask("counts", before, limit);

    public Task AddAsync(IReadOnlyList<Outcome> outcomes, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<ListedFlow>> ListAsync(IReadOnlyCollection<CorrelationId> flows, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<ScannedOutcomes> ScanAsync(
        DateTimeOffset from, CorrelationId? after, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<OutcomeCount>> ReadAsync(
        CountedBy by, ProjectId? project, DateTimeOffset from, DateTimeOffset to, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    private Task<int> Ask(string what, DateTimeOffset moment, int limit)
    {
        Asked.Add((what, moment, limit));
        return Task.FromResult(limit);
    }
}
