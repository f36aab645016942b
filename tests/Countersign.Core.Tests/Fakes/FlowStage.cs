using Countersign.Core.Devices;
using Countersign.Core.Enrolments;
using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Keys;
using Countersign.Core.Limits;
using Countersign.Core.Possession;
using Countersign.Core.Projects;
using Countersign.Core.Pumping;
using Countersign.Core.Texts;
using Countersign.Core.Unify;

namespace Countersign.Core.Tests.Fakes;

/// <summary>All that flows need, in memory: what a test does not name is not asked.</summary>
internal sealed class FlowStage
{
    public static readonly Project Shop = new(ProjectId.Parse("shop"), "Shop", new ProjectSettings());

    /// <param name="limits">How many texts may be sent; null for as many as are wanted.</param>
    /// <param name="machine">How long calls wait for others is measured by it; null for the clock that they all read.</param>
    /// <param name="budget">What may be tried; null for all that is wanted.</param>
    public FlowStage(TextLimitOptions? limits = null, TimeProvider? machine = null, BudgetOptions? budget = null)
    {
        (TextLimits, Budget) = (limits ?? new TextLimitOptions(), budget ?? new BudgetOptions());
        (Flows.Texts, Flows.Counters) = (Texts, Counters);
        var projects = new OneProject(() => Project);
        var risk = new NoRisk();
        var succession = new NumberSuccession(Identities, risk, Clock);
        var gates = new FlowGates(machine ?? Clock);
        Checks = new FlowChecks(
            new Says(this), new Reports(this), projects, new Remembers(LastVerified), succession, new RecordPrivacy(isKept: true), Clock);
        var dispatcher = new TextDispatcher(
            Texts, Gateway, Gateway, Gateway, Gateway, Gateway, Caps.Texts(Gateway), new RandomTextPauses(), gates.Turns,
            Clock);
        Projects = new ProjectDirectory(projects, Clock);
        Hasher = new SecretHasher(new byte[32]);
        Options = new PossessionOptions();
        Counted = new PumpingTraffic(Traffic, Clock);
        Guard = new PumpingGuard(
            Pumping, new PumpingKeys(Hasher, new TenDigits()), Counted, Abuse, new PumpingJournal());
        Runner = new FlowRunner(
            Flows, gates, Texts, dispatcher, Checks,
            new IdentityBinder(Identities, Devices, Clock),
            new DeviceNotices(Projects, new PublicAddress(() => "https://id.example"), Options, Keys),
            new TextLimits(Counters, new CounterKeys(Hasher), TextLimits),
            new TextSourceLimits(new LeasedCounters(Counters, gates.Turns, Clock), new CounterKeys(Hasher), new TenDigits(), TextLimits),
            new EntryLimits(new LeasedCounters(Counters, gates.Turns, Clock), new CounterKeys(Hasher), Budget, Clock),
            Guard, Caps.Texts(Gateway), WakeUps, Journal, Clock);
    }

    public StillClock Clock { get; } = new();

    public MemoryFlows Flows { get; init; } = new();

    public MemoryIdentities Identities { get; } = new();

    public MemoryDevices Devices { get; } = new();

    public MemoryTexts Texts { get; } = new();

    public OneGateway Gateway { get; } = new();

    public Journal Journal { get; } = new();

    public WakeUps WakeUps { get; } = new();

    public ProjectDirectory Projects { get; }

    public Project Project { get; set; } = Shop;

    /// <summary>What the identity source says of everybody.</summary>
    public IdentityAnswer Identity { get; set; } = new(IdentityMatch.Matched);

    /// <summary>What the identity source was asked.</summary>
    public List<IdentityQuestion> IdentityQuestions { get; } = [];

    /// <summary>What is known of every number.</summary>
    public PhoneRisk Risk { get; set; } = PhoneRisk.Unknown;

    /// <summary>What the operator was asked of numbers.</summary>
    public List<RiskQuestion> RiskQuestions { get; } = [];

    /// <summary>How long the operator takes.</summary>
    public Task OperatorAnswers { get; set; } = Task.CompletedTask;

    /// <summary>When numbers were last proven.</summary>
    public Dictionary<PhoneNumber, DateTimeOffset> LastVerified { get; } = [];

    /// <summary>A network can be asked for every number.</summary>
    public bool HasNetworks { get; set; }

    public SecretHasher Hasher { get; }

    public PossessionOptions Options { get; }

    public DeviceKeyOptions Keys { get; } = new();

    public FlowChecks Checks { get; }

    public FlowRunner Runner { get; }

    public MemoryCounters Counters { get; } = new();

    public CapStage Caps { get; } = new();

    public BudgetOptions Budget { get; }

    public TextLimitOptions TextLimits { get; }

    public PumpingOptions Pumping { get; } = new();

    public MemoryTraffic Traffic { get; } = new();

    /// <summary>What was counted for the guard, some of it still to be written.</summary>
    public PumpingTraffic Counted { get; }

    public MemoryAbuse Abuse { get; } = new();

    public PumpingGuard Guard { get; }

    public MemoryChallenges Challenges { get; } = new();

    public StartLimits StartLimits => new(
        new TextLimits(Counters, new CounterKeys(Hasher), TextLimits),
        new TextSourceLimits(new LeasedCounters(Counters, new Turns(Clock), Clock), new CounterKeys(Hasher), new TenDigits(), TextLimits),
        Guard, Caps.Texts(Gateway), new GuessLimits(Counters, new CounterKeys(Hasher), Budget),
        new EntryLimits(new LeasedCounters(Counters, new Turns(Clock), Clock), new CounterKeys(Hasher), Budget, Clock),
        new GuessBudget(Options, Budget.GuessProbability), new Networks(HasNetworks), Identities, Devices,
        new DeviceKeyOptions());

    public NameLimits Names => new(Counters, new CounterKeys(Hasher), new Turns(Clock), Budget);

    public FlowStarter Starter => new(Flows, Runner, StartLimits, Names, Challenges, Hasher, Options, Journal, Clock);

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

    private sealed class Networks(bool areThere) : IMobileNetworks
    {
        public bool MayVerify(PhoneNumber number) => areThere;
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

        public Task<bool> TryChangeAsync(
            ProjectId projectId, Func<Project, Project?> change, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task StoreKeptAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> RemoveProjectAsync(ProjectId projectId, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> RemoveClientAsync(ClientId clientId, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class Says(FlowStage stage) : IIdentitySource
    {
        public Task<IdentityAnswer> MatchAsync(IdentityQuestion question, CancellationToken cancellationToken)
        {
            stage.IdentityQuestions.Add(question);
            return Task.FromResult(stage.Identity);
        }
    }

    private sealed class Reports(FlowStage stage) : IPhoneRiskSource
    {
        public async Task<PhoneRisk> AssessAsync(RiskQuestion question, CancellationToken cancellationToken)
        {
            stage.RiskQuestions.Add(question);
            await stage.OperatorAnswers;
            return stage.Risk;
        }
    }

    private sealed class Remembers(Dictionary<PhoneNumber, DateTimeOffset> days) : IVerifiedNumbers
    {
        public Task<DateTimeOffset?> FindAsync(ProjectId projectId, PhoneNumber number, CancellationToken cancellationToken) =>
            Task.FromResult<DateTimeOffset?>(days.TryGetValue(number, out var day) ? day : null);

        public Task RecordAsync(ProjectId projectId, PhoneNumber number, DateTimeOffset now, CancellationToken cancellationToken)
        {
            days[number] = now;
            return Task.CompletedTask;
        }
    }
}

/// <summary>Keeps whose flows were signalled.</summary>
internal sealed class WakeUps : IWakeUp
{
    public List<CorrelationId> Signalled { get; } = [];

    /// <summary>Those that other nodes heard of, too.</summary>
    public List<CorrelationId> SignalledEverywhere { get; } = [];

    /// <summary>What happens while somebody waits, in its order; whoever waits longer fails.</summary>
    public Queue<Action> WhileWaiting { get; } = new();

    public IWakeUpSubscription Subscribe(CorrelationId id) => new Subscription(WhileWaiting);

    public Task SignalAsync(CorrelationId id, bool everywhere, CancellationToken cancellationToken)
    {
        Signalled.Add(id);
        if (everywhere)
        {
            SignalledEverywhere.Add(id);
        }
        return Task.CompletedTask;
    }

    public void SignalAllHere() => throw new NotSupportedException();

    private sealed class Subscription(Queue<Action> whileWaiting) : IWakeUpSubscription
    {
        public Task WaitAsync(CancellationToken cancellationToken)
        {
            whileWaiting.Dequeue()();
            return Task.CompletedTask;
        }

        public Task WaitAsync(long seen, CancellationToken cancellationToken) => throw new NotSupportedException();

        public void LookFailed(Exception exception) => throw new NotSupportedException();

        public void Dispose() { }
    }
}

/// <summary>Keeps what it hears.</summary>
internal sealed class Journal : IFlowJournal
{
    public List<Flow> Begun { get; } = [];

    void IFlowJournal.Begun(Flow flow) => Begun.Add(flow);

    public List<Reached> Limits { get; } = [];

    public List<RefusedCall> Refused { get; } = [];

    void IFlowJournal.Refused(RefusedCall call)
    {
        Refused.Add(call);
        if (call.Reached is { } reached)
        {
            Limits.Add(reached);
        }
    }

    public List<SourceLimitReached> WrongCodes { get; } = [];

    void IFlowJournal.TooManyWrongCodes(ProjectId project, SourceLimitReached over) => WrongCodes.Add(over);

    public List<FlowEvent> News { get; } = [];

    void IFlowJournal.Changed(Flow flow, IEnumerable<FlowEvent> news) => News.AddRange(news);
}
