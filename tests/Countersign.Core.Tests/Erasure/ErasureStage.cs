using Countersign.Core.Enrolments;
using Countersign.Core.Erasure;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Keys;
using Countersign.Core.Money;
using Countersign.Core.Tests.Fakes;
using Countersign.Core.Texts;

namespace Countersign.Core.Tests.Erasure;

/// <summary>All that is held of persons, in memory, with the secrets that lead to it.</summary>
internal sealed class ErasureStage : IPersonStore, IOutcomeStore, ILinePseudonyms, ILineSecrets, IBareRows, ISuppressionList
{
    public static readonly PhoneNumber Line = PhoneNumber.Parse("+12025550142");
    public static readonly DateTimeOffset KeyedSince = Sample.Now.AddDays(-40);

    private readonly Hurry _hurry;

    public ErasureStage() => _hurry = new Hurry(this);

    public FlowStage Flows { get; } = new();

    public MemoryAudit Audit { get; } = new();

    public List<Outcome> Outcomes { get; } = [];

    public List<ProjectIdentity> Identities { get; } = [];

    /// <summary>What is found by the number alone.</summary>
    public List<DataClass> OfLine { get; } = [];

    public List<KeptRecord> Records { get; } = [];

    public List<KeptMoment> Moments { get; } = [];

    public List<CorrelationId> Answered { get; } = [];

    /// <summary>What was written under the key that the line had, before whoever wrote it could see that it was destroyed.</summary>
    public List<DataClass> Late { get; } = [];

    /// <inheritdoc cref="Late"/>
    public List<ProjectIdentity> LateIdentities { get; } = [];

    public List<Suppression> Stops { get; } = [];

    public LineKey? Key { get; set; } = LineKey.New();

    public LinePseudonym? Pseudonym { get; set; } = LinePseudonym.New();

    /// <summary>What was done with secrets, in its order.</summary>
    public List<string> Done { get; } = [];

    /// <summary>Flows as they were when they were erased.</summary>
    public List<Flow> ErasedFlows { get; } = [];

    public List<TimeSpan> Pauses { get; } = [];

    /// <summary>What others do in each pause.</summary>
    public Action Meanwhile { get; set; } = () => { };

    /// <summary>What others do just before a project's key is destroyed.</summary>
    public Action OnKeyDestroyed { get; set; } = () => { };

    public Eraser Eraser
    {
        get
        {
            var caps = new ServerCaps(null, null);
            var options = new HistoryOptions();
            var history = new FlowHistory(
                Flows.Flows, Flows.Texts, this, this, NotAsked.Port<IStatisticsStore>(), new TenDigits(), caps, options);
            var finder = new FlowFinder(history, Flows.Flows, Flows.Texts, this, this, new TenDigits(), caps, options, Flows.Clock);
            return new Eraser(
                this, this, Flows.Flows, this, this, Audit, this, this, new FlowCancelling(Flows.Runner, finder), Flows.Hasher,
                ErasureOptions.Of(_hurry), Flows.Clock);
        }
    }

    public Task<IReadOnlyList<ListedFlow>> ListAsync(
        FlowQuery query, ProjectId? project, int limit, CancellationToken cancellationToken)
    {
        var isOfLine = query.Search is FlowSearch.ByNumber;
        var flows = Flows.Flows.Kept.Values
            .Where(flow => (!isOfLine || flow.Number == Line) && (project is null || flow.ProjectId == project)
                && (query.To is null || flow.CreatedAt < query.To))
            .Select(flow => new ListedFlow(flow.Id, flow, null));
        var outcomes = Outcomes
            .Where(outcome => (!isOfLine || (query.Line is not null && outcome.Line == query.Line))
                && (project is null || outcome.ProjectId == project) && (query.To is null || outcome.BegunAt < query.To))
            .Select(outcome => new ListedFlow(outcome.Id, null, outcome));
        return Task.FromResult<IReadOnlyList<ListedFlow>>(
        [
            .. flows.Concat(outcomes).Where(row => query.Before is not { } before || row.Id.CompareTo(before) < 0)
                .OrderByDescending(row => row.Id).Take(limit),
        ]);
    }

    public Task<Outcome?> FindAsync(CorrelationId id, CancellationToken cancellationToken) =>
        Task.FromResult(Outcomes.Find(outcome => outcome.Id == id));

    public Task<ErasedCounts> EraseFlowsAsync(IReadOnlyCollection<CorrelationId> ids, CancellationToken cancellationToken)
    {
        var counts = new ErasedCounts();
        foreach (var id in ids)
        {
            if (Flows.Flows.Kept.Remove(id, out var flow))
            {
                ErasedFlows.Add(flow);
                counts.Add(DataClass.Flows, 1);
            }
        }
        counts.Add(DataClass.Outcomes, Outcomes.RemoveAll(outcome => ids.Contains(outcome.Id)));
        return Task.FromResult(counts);
    }

    public Task<IReadOnlyList<ProjectIdentity>> ListIdentitiesAsync(
        PhoneNumber line, LineKey? former, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ProjectIdentity>>(
            [.. (former is null ? Identities : LateIdentities).Where(identity => identity.Number == line)]);

    public Task<ErasedCounts> EraseIdentitiesAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) => Counted(
        DataClass.Identities,
        Identities.RemoveAll(one => ids.Contains(one.Id)) + LateIdentities.RemoveAll(one => ids.Contains(one.Id)));

    public Task<ErasedCounts> EraseLineAsync(PhoneNumber line, LineKey? former, bool keepsStop, CancellationToken cancellationToken)
    {
        var (counts, rows) = (new ErasedCounts(), former is null ? OfLine : Late);
        foreach (var row in rows.ToList().Where(row => !keepsStop || row != DataClass.Stops))
        {
            counts.Add(row, 1);
            rows.Remove(row);
        }
        return Task.FromResult(counts);
    }

    public Task<ErasedCounts> EraseProjectAsync(ProjectId project, CancellationToken cancellationToken)
    {
        Done.Add($"{project}'s rows");
        return Counted(DataClass.Identities, Identities.RemoveAll(one => one.ProjectId == project));
    }

    public Task<LinePseudonym?> FindAsync(PhoneNumber number, CancellationToken cancellationToken) => Task.FromResult(Pseudonym);

    public Task<DestroyedSecrets> DestroyAsync(PhoneNumber line, LineKey? successor, CancellationToken cancellationToken)
    {
        Done.Add(successor is null ? "key destroyed" : "key replaced");
        var destroyed = new DestroyedSecrets(Pseudonym is null ? 0 : 1, Key);
        (Key, Pseudonym) = (successor, null);
        return Task.FromResult(destroyed);
    }

    public Task<bool> DestroyUnreadableAsync(PhoneNumber line, CancellationToken cancellationToken)
    {
        Done.Add("unreadable key destroyed");
        return Task.FromResult(false);
    }

    public Task DestroyAsync(ProjectId project, CancellationToken cancellationToken)
    {
        OnKeyDestroyed();
        Done.Add($"{project}'s key destroyed");
        return Task.CompletedTask;
    }

    public Task ScrubAsync()
    {
        Done.Add("scrubbed");
        return Task.CompletedTask;
    }

    public Task<IReadOnlyDictionary<DataClass, DateTimeOffset>> AbsentSinceAsync(ErasureOf of, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<DataClass, DateTimeOffset>>(new Dictionary<DataClass, DateTimeOffset>
        {
            [of == ErasureOf.Number ? DataClass.Records : DataClass.Outcomes] = KeyedSince,
        });

    public async Task KeepAsync(PhoneNumber number, Func<LineKey?, Task<LineKey?>> change, CancellationToken cancellationToken) =>
        await change(Stops.Count > 0 ? LineKey.New() : null);

    public Task<IReadOnlyList<Suppression>> ListAsync(PhoneNumber? number, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Suppression>>([.. Stops.Take(limit)]);

    public Task<IReadOnlyList<KeptRecord>> ListRecordsAsync(PhoneNumber line, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<KeptRecord>>(Records);

    public Task<IReadOnlyList<KeptMoment>> ListMomentsAsync(PhoneNumber line, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<KeptMoment>>(Moments);

    public Task<IReadOnlyList<CorrelationId>> ListAnsweredAsync(
        IReadOnlyCollection<CorrelationId> ids, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<CorrelationId>>([.. Answered.Where(ids.Contains)]);

    private static Task<ErasedCounts> Counted(DataClass of, int rows)
    {
        var counts = new ErasedCounts();
        counts.Add(of, rows);
        return Task.FromResult(counts);
    }

    Task<bool> ISuppressions.IsSuppressedAsync(PhoneNumber to, string? sender, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task ISuppressionList.SuppressAsync(PhoneNumber number, string? sender, DateTimeOffset at, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task ISuppressionList.LiftAsync(PhoneNumber number, string? sender, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task<IReadOnlyDictionary<PhoneNumber, LinePseudonym>> ILinePseudonyms.ObtainAsync(
        IReadOnlyCollection<PhoneNumber> numbers, DateTimeOffset now, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task<int> ILinePseudonyms.RemoveUnusedAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task<EndedFlows> IOutcomeStore.ListEndedAsync(
        DateTimeOffset before, CorrelationId? after, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task IOutcomeStore.PrepareAsync(DateTimeOffset now, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<int> IOutcomeStore.ReplaceAsync(IReadOnlyList<ReplacedFlow> flows, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    Task IOutcomeStore.AddAsync(IReadOnlyList<Outcome> outcomes, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<IReadOnlyList<ListedFlow>> IOutcomeStore.ListAsync(
        IReadOnlyCollection<CorrelationId> flows, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<ScannedOutcomes> IOutcomeStore.ScanAsync(
        DateTimeOffset from, CorrelationId? after, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<int> IOutcomeStore.RemoveAsync(DateTimeOffset endedBefore, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>A pause is over as soon as it begins, and its time has gone by.</summary>
    private sealed class Hurry(ErasureStage stage) : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            stage.Pauses.Add(dueTime);
            stage.Flows.Clock.Now += dueTime;
            stage.Meanwhile();
            callback(state);
            return new Over();
        }

        private sealed class Over : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => false;

            public void Dispose() { }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
