using System.Globalization;
using Countersign.Core.Audit;
using Countersign.Core.Devices;
using Countersign.Core.Enrolments;
using Countersign.Core.Erasure;
using Countersign.Core.Events;
using Countersign.Core.Flows;
using Countersign.Core.History;
using Countersign.Core.IdentityMatching;
using Countersign.Core.IdentityMatching.Records;
using Countersign.Core.Keys;
using Countersign.Core.Limits;
using Countersign.Core.Projects;
using Countersign.Core.Pumping;
using Countersign.Core.Receipts;
using Countersign.Core.Tests.Fakes;
using Countersign.Core.Texts;

namespace Countersign.Core.Tests.Erasure;

public sealed class PersonExportTests
{
    private static readonly PhoneNumber _other = PhoneNumber.Parse("+12025550199");

    private readonly ErasureStage _stage = new();
    private readonly MemoryDevices _devices = new();
    private readonly MemoryAbuse _abuse = new();
    private readonly Told _events = new();
    private readonly Signed _receipts = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_is_given_all_that_is_held_of_their_line()
    {
        var (flow, outcome) = (Sample.Flow() with { ClientCustomerId = "person-1", ClientRequestId = "order-1" }, Over());
        var person = new ProjectIdentity(
            Guid.CreateVersion7(Sample.Now), flow.ProjectId, ErasureStage.Line, IdentityStatus.Active, Sample.Now, new IdentityDetails());
        var text = new StoredText(TextOf(flow.Id, ErasureStage.Line), TextFate.Queued(Sample.Now));
        var device = new Device(Guid.NewGuid(), flow.ProjectId, "key", [1], Sample.Now, person.Id);
        _stage.Flows.Flows.Kept.Add(flow.Id, flow);
        _stage.Flows.Texts.Kept.AddRange([text, new StoredText(TextOf(flow.Id, _other), TextFate.Queued(Sample.Now))]);
        _stage.Outcomes.Add(outcome);
        _stage.Identities.AddRange([person, person with { Number = _other }]);
        _stage.Records.Add(new KeptRecord(new PersonRecord(ErasureStage.Line, new Person(null, [], [])), SourceName.Parse("crm"), 1));
        _stage.Moments.Add(new KeptMoment(flow.ProjectId, Sample.Now, HasLeft: false));
        _stage.Answered.AddRange([flow.Id, Sample.Flow().Id]);
        _stage.Stops.Add(new Suppression(null, null, Sample.Now));
        _devices.Devices.Add(device.Id, device);
        _receipts.Of.Add(outcome.Id);
        var (first, second) = (_events.Tell(flow.ProjectId, flow.Id), _events.Tell(outcome.ProjectId, outcome.Id));
        var spent = await SpendAsync();
        var found = new PumpingKeys(_stage.Flows.Hasher, new TenDigits()).Abuse(AbuseTarget.Number, ErasureStage.Line.E164);
        await _abuse.TryAddAsync(
            new AbuseEntry(found, AbuseVerdict.Allowed, "", null, LimitMode.Off, "ops", Sample.Now.AddDays(-9), Sample.Now.AddDays(-8)),
            Test);
        var hasher = _stage.Flows.Hasher;
        Remember(1, AuditSubject.OfNumber(hasher, ErasureStage.Line));
        Remember(2, AuditSubject.Of(hasher, "proveId", person.Id.ToString()));
        Remember(3, AuditSubject.Of(hasher, "clientCustomerId", "person-1"));
        Remember(4, AuditSubject.Of(hasher, "clientRequestId", "order-1"));
        Remember(5, AuditSubject.Of(hasher, "clientRequestId", "another's"));
        Remember(6, AuditSubject.OfNumber(hasher, ErasureStage.Line));

        var held = await Export().FindAsync(ErasureStage.Line, Test);

        Assert.Equal(Sample.Now, held.At);
        Assert.Equal(new[] { flow.Id, outcome.Id }.OrderDescending(), held.Flows.Select(row => row.Id));
        Assert.True(held.HasPseudonym);
        Assert.Equal([text], held.Texts);
        Assert.Equal([outcome.Id], held.Receipts);
        Assert.Equal(new[] { first, second }.Order(), held.Events.Select(one => one.Position).Order());
        Assert.Equal([flow.Id], held.Answered);
        Assert.Equal([person], held.Identities);
        Assert.Equal([device.Id], held.Devices.Select(one => one.Device.Id));
        Assert.Single(held.Records);
        Assert.Single(held.Moments);
        Assert.Single(held.Stops);
        Assert.Equal(spent, held.Spent.Select(one => one.Rule));
        // It is over, and still kept.
        Assert.Single(held.Abuse);
        Assert.Equal([6, 4, 3, 2, 1], held.Audit.Select(one => one.Position));
    }

    [Fact]
    public async Task Of_a_line_that_nobody_knows_nothing_is_held()
    {
        _stage.Pseudonym = null;

        var held = await Export().FindAsync(ErasureStage.Line, Test);

        Assert.False(held.HasPseudonym);
        Assert.Empty(held.Flows);
        Assert.Empty(held.Spent);
        Assert.Empty(held.Audit);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(450)]
    public async Task However_much_is_held_nothing_is_left_out_and_nothing_is_there_twice(int count)
    {
        for (var i = 1; i <= count; i++)
        {
            _stage.Outcomes.Add(Over());
            Remember(i, AuditSubject.OfNumber(_stage.Flows.Hasher, ErasureStage.Line));
        }

        var held = await Export().FindAsync(ErasureStage.Line, Test);

        Assert.Equal(_stage.Outcomes.Select(one => one.Id).OrderDescending(), held.Flows.Select(row => row.Id));
        Assert.Equal(Enumerable.Range(1, count).Reverse().Select(i => (long)i), held.Audit.Select(one => one.Position));
    }

    private static OutgoingText TextOf(CorrelationId flow, PhoneNumber to) => new(
        Guid.CreateVersion7(Sample.Now), flow, to, TextKind.Otp, new Secret("1234 is your code"), new Secret("1234"), Sample.Now,
        Sample.Deadline);

    private Outcome Over() => Outcome.Of(Sample.Flow(), [], "US", null) with { Line = _stage.Pseudonym };

    private void Remember(long position, AuditSubject subject)
    {
        var act = new AuditAct(AuditKind.Admin, "admin-key:ops", position.ToString(CultureInfo.InvariantCulture)) { Subject = subject };
        _stage.Audit.Found.Add(new FoundAudit(position, AuditEntry.Of("run", position, Sample.Now, act)));
    }

    /// <summary>Counts a text to the line, and says the rules of which something is spent by it.</summary>
    private async Task<IReadOnlyList<string>> SpendAsync()
    {
        var keys = new CounterKeys(_stage.Flows.Hasher);
        var none = Counter.Empty(keys.OfTexts(ErasureStage.Line));
        var one = none.With(new Charge(Sample.Now, 1, keys.TagOf(FlowStage.Shop.Id)), TimeSpan.FromDays(1));
        await _stage.Flows.Counters.TrySaveAsync(new CounterChange(none, one, TimeSpan.FromDays(1)), Test);
        return [LimitRule.TextsOfProjectInHour, LimitRule.TextsOfLineInHour];
    }

    private PersonExport Export()
    {
        var (flows, hasher) = (_stage.Flows, _stage.Flows.Hasher);
        var (keys, turns) = (new CounterKeys(hasher), new Turns(flows.Clock));
        var budgets = new LineBudgets(
            new GuessLimits(flows.Counters, keys, flows.Budget), new NameLimits(flows.Counters, keys, turns, flows.Budget),
            new TextLimits(flows.Counters, keys, new TextLimitOptions { PerHour = 2 }), keys, flows.Counters, turns, flows.Clock);
        return new PersonExport(
            _stage, _stage, _stage, flows.Texts, _receipts, _events, _devices, _stage, budgets, _abuse,
            new PumpingKeys(hasher, new TenDigits()), _stage.Audit, new MemoryProjects(FlowStage.Shop), hasher, flows.Clock);
    }

    private sealed class Signed : IReceiptStore
    {
        public HashSet<CorrelationId> Of { get; } = [];

        public Task<string?> FindAsync(CorrelationId flow, CancellationToken cancellationToken) =>
            Task.FromResult(Of.Contains(flow) ? "a receipt" : null);

        public Task<string> GetOrAddAsync(KeptReceipt receipt, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<int> RemoveAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task KeepKeyAsync(ReceiptKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<ReceiptKey>> ListKeysAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<int> RemoveKeysAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }

    private sealed class Told : IEventLog
    {
        private readonly List<PublishedEvent> _kept = [];

        public long Tell(ProjectId project, CorrelationId flow)
        {
            var position = _kept.Count + 1;
            _kept.Add(new PublishedEvent(
                new Announcement
                {
                    Id = Guid.CreateVersion7(Sample.Now), Type = AnnouncementType.FlowStarted, At = Sample.Now, Project = project,
                    Flow = flow,
                },
                position, 1));
            return position;
        }

        public Task<EventPage> ListAsync(
            ProjectId project, long after, CorrelationId? flow, int limit, CancellationToken cancellationToken) =>
            Task.FromResult(new EventPage(
                [.. _kept.Where(one => one.Announcement.Project == project && one.Announcement.Flow == flow).Take(limit)], null, false));

        public Task PublishAsync(DateTimeOffset now, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<long?> FindPlaceAsync(ProjectId project, Guid id, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<int> RemoveAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
