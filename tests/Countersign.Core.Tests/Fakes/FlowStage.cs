using Countersign.Core.Devices;
using Countersign.Core.Enrolments;
using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Keys;
using Countersign.Core.Limits;
using Countersign.Core.Possession;
using Countersign.Core.Projects;
using Countersign.Core.Texts;
using Countersign.Core.Unify;

namespace Countersign.Core.Tests.Fakes;

/// <summary>All that flows need, in memory: what a test does not name is not asked.</summary>
internal sealed class FlowStage
{
    public static readonly Project Shop = new(ProjectId.Parse("shop"), "Shop", new ProjectSettings());

    public FlowStage()
    {
        var projects = new OneProject(() => Project);
        var risk = new NoRisk();
        var succession = new NumberSuccession(Identities, risk, Clock);
        var gates = new FlowGates(Clock);
        Checks = new FlowChecks(
            new Says(() => Identity), new Reports(() => Risk), projects, new NeverVerified(), succession, new RecordPrivacy(isKept: true),
            Clock);
        var dispatcher = new TextDispatcher(
            NotAsked.Port<ITextStore>(), NotAsked.Port<ITextGateways>(), NotAsked.Port<ITextRoutes>(), NotAsked.Port<ISuppressions>(),
            NotAsked.Port<IReceiptTokens>(), NotAsked.Port<ITextJournal>(), gates.Turns, Clock);
        Hasher = new SecretHasher(new byte[32]);
        Options = new PossessionOptions();
        Runner = new FlowRunner(
            Flows, gates, NotAsked.Port<ITextStore>(), dispatcher, Checks,
            new IdentityBinder(Identities, NotAsked.Port<IDeviceStore>(), Clock),
            new TextLimits(Counters, new CounterKeys(Hasher), TextLimits),
            new TextSourceLimits(new LeasedCounters(Counters, gates.Turns, Clock), new CounterKeys(Hasher), TextLimits), WakeUps, Journal,
            Clock);
        Projects = new ProjectDirectory(projects, Clock);
    }

    public StillClock Clock { get; } = new();

    public MemoryFlows Flows { get; init; } = new();

    public MemoryIdentities Identities { get; } = new();

    public Journal Journal { get; } = new();

    public WakeUps WakeUps { get; } = new();

    public ProjectDirectory Projects { get; }

    public Project Project { get; set; } = Shop;

    /// <summary>What the identity source says of everybody.</summary>
    public IdentityAnswer Identity { get; set; } = new(IdentityMatch.Matched);

    /// <summary>What is known of every number.</summary>
    public PhoneRisk Risk { get; set; } = PhoneRisk.Unknown;

    public SecretHasher Hasher { get; }

    public PossessionOptions Options { get; }

    public FlowChecks Checks { get; }

    public FlowRunner Runner { get; }

    public MemoryCounters Counters { get; } = new();

    public BudgetOptions Budget { get; } = new();

    public TextLimitOptions TextLimits { get; } = new();

    /// <summary>Nobody has a device, and no network can be asked.</summary>
    public StartLimits StartLimits => new(
        new TextLimits(Counters, new CounterKeys(Hasher), TextLimits),
        new TextSourceLimits(new LeasedCounters(Counters, new Turns(Clock), Clock), new CounterKeys(Hasher), TextLimits),
        new GuessLimits(Counters, new CounterKeys(Hasher), Budget),
        new GuessBudget(Options, Budget.GuessProbability), new NoNetwork(), Identities, new MemoryDevices());

    public NameLimits Names => new(Counters, new CounterKeys(Hasher), new Turns(Clock), Budget);

    public FlowStarter Starter => new(Flows, Runner, StartLimits, Names, Hasher, Options, Journal, Clock);

    /// <summary>Stores a new flow of unify.</summary>
    public Flow BeginUnify(Func<Flow, Flow>? change = null)
    {
        var flow = Sample.Flow() with
        {
            Name = null,
            Possession = FlowType.Mobile.ToPossession(Product.Unify),
            Tail = new UnifyProgress(new UnifyState.AwaitingPossession()),
        };
        flow = change?.Invoke(flow) ?? flow;
        Flows.Kept[flow.Id] = flow;
        return flow;
    }

    private sealed class NoNetwork : IMobileNetworks
    {
        public bool MayVerify(PhoneNumber number) => false;
    }

    private sealed class OneProject(Func<Project> project) : IProjectStore
    {
        public Task<Project?> FindProjectAsync(ProjectId projectId, CancellationToken cancellationToken) =>
            Task.FromResult(project() is var only && only.Id == projectId ? only : null);

        public Task PutAsync(Project project, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task PutAsync(ApiClient client, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ApiClient?> FindClientAsync(ClientId clientId, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<bool> TryAddAsync(Project project, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> TryAddAsync(ApiClient client, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> TryRotateAsync(ApiClient client, SecretHash read, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<bool> TrySetKeysAsync(ClientId clientId, ClientKeys keys, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<Project>> ListProjectsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<ApiClient>> ListClientsAsync(ProjectId? projectId, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task StoreKeptAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> RemoveProjectAsync(ProjectId projectId, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> RemoveClientAsync(ClientId clientId, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class Says(Func<IdentityAnswer> answer) : IIdentitySource
    {
        public Task<IdentityAnswer> MatchAsync(IdentityQuestion question, CancellationToken cancellationToken) => Task.FromResult(answer());
    }

    private sealed class Reports(Func<PhoneRisk> risk) : IPhoneRiskSource
    {
        public Task<PhoneRisk> AssessAsync(RiskQuestion question, CancellationToken cancellationToken) => Task.FromResult(risk());
    }

    private sealed class NeverVerified : IVerifiedNumbers
    {
        public Task<DateTimeOffset?> FindAsync(ProjectId projectId, PhoneNumber number, CancellationToken cancellationToken) =>
            Task.FromResult<DateTimeOffset?>(null);

        public Task RecordAsync(ProjectId projectId, PhoneNumber number, DateTimeOffset now, CancellationToken cancellationToken) =>
            Task.CompletedTask;

        public Task<int> RemoveAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}

/// <summary>Keeps whose flows were signalled; nobody waits.</summary>
internal sealed class WakeUps : IWakeUp
{
    public List<CorrelationId> Signalled { get; } = [];

    public IWakeUpSubscription Subscribe(CorrelationId id) => throw new NotSupportedException();

    public Task SignalAsync(CorrelationId id, bool everywhere, CancellationToken cancellationToken)
    {
        Signalled.Add(id);
        return Task.CompletedTask;
    }

    public void SignalAllHere() => throw new NotSupportedException();
}

/// <summary>Keeps what it hears.</summary>
internal sealed class Journal : IFlowJournal
{
    public List<Flow> Begun { get; } = [];

    void IFlowJournal.Begun(Flow flow) => Begun.Add(flow);

    public List<LimitReached> Limits { get; } = [];

    void IFlowJournal.Refused(ProjectId project, LimitReached reached) => Limits.Add(reached);

    void IFlowJournal.Changed(Flow flow, IEnumerable<FlowEvent> news) { }
}
