using Countersign.Core.Devices;
using Countersign.Core.Domains;
using Countersign.Core.Enrolments;
using Countersign.Core.Flows;
using Countersign.Core.Possession;
using Countersign.Core.Unify;

namespace Countersign.Core.Tests.Unify;

public sealed class IdentityBinderTests
{
    private static readonly Guid _lori = Guid.CreateVersion7(Sample.Now);
    private static readonly Guid _gone = Guid.CreateVersion7(Sample.Now);
    private static readonly Guid _other = Guid.CreateVersion7(Sample.Now);
    private static readonly Guid _alias = Guid.CreateVersion7(Sample.Now);
    private static readonly Guid _moved = Guid.CreateVersion7(Sample.Now);
    private static readonly Device _device = new(Guid.CreateVersion7(Sample.Now), ProjectId.Parse("shop"), "key", [1], Sample.Now);

    [Fact]
    public async Task A_new_device_is_tied_to_the_person_whose_number_was_proven()
    {
        var store = new OneDevice(_device);

        var bound = await BindAsync(store, PossessionMethod.Otp);

        Assert.Equal(new BoundIdentity(_lori, _device.Id), bound);
        Assert.Equal(_lori, store.Device.IdentityId);
    }

    [Fact]
    public async Task A_device_that_was_revoked_while_its_proof_was_taken_proves_nothing()
    {
        var store = new OneDevice(_device with { IdentityId = _lori, IsRevoked = true });

        Assert.Null(await BindAsync(store, PossessionMethod.DeviceKey));
        Assert.Equal(new BoundIdentity(_lori, null), await BindAsync(store, PossessionMethod.Otp));
    }

    [Fact]
    public async Task A_device_of_another_person_stays_theirs_unless_the_relying_party_says_otherwise()
    {
        var store = new OneDevice(_device with { IdentityId = _other });

        Assert.Equal(new BoundIdentity(_lori, null), await BindAsync(store, PossessionMethod.Otp));
        Assert.Equal(new BoundIdentity(_lori, _device.Id), await BindAsync(store, PossessionMethod.Otp, rebinds: true));
    }

    [Fact]
    public async Task A_device_that_is_tied_to_another_id_of_the_person_is_theirs()
    {
        Assert.Equal(new BoundIdentity(_lori, _device.Id),
            await BindAsync(new OneDevice(_device with { IdentityId = _alias }), PossessionMethod.Otp));
        Assert.Equal(new BoundIdentity(_lori, _device.Id),
            await BindAsync(new OneDevice(_device with { IdentityId = _alias }), PossessionMethod.DeviceKey));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_person_who_was_joined_with_another_meanwhile_is_both(bool restsOnKey)
    {
        // Who was found by the number has become an id of whom the device is tied to.
        var persons = new Persons { ByNumber = _alias };
        var flow = Flow(restsOnKey ? PossessionMethod.DeviceKey : PossessionMethod.Otp);
        flow = flow with { Tail = (UnifyProgress)flow.Tail with { AskedFor = _lori, KeyHolder = _lori } };

        var outcome = await BindAsync(
            new IdentityBinder(persons, new OneDevice(_device with { IdentityId = _lori }), TimeProvider.System), flow);

        Assert.Equal(new BindOutcome.Bound(new BoundIdentity(_alias, _device.Id)), outcome);
    }

    [Fact]
    public async Task A_device_of_somebody_who_was_forgotten_is_free()
    {
        var store = new OneDevice(_device with { IdentityId = _gone });

        Assert.Equal(new BoundIdentity(_lori, _device.Id), await BindAsync(store, PossessionMethod.Otp));
    }

    [Fact]
    public async Task A_device_that_may_not_be_tied_is_not_waited_for()
    {
        var store = new OneDevice(_device) { Refuses = true };

        Assert.Equal(new BoundIdentity(_lori, null), await BindAsync(store, PossessionMethod.Otp));
        Assert.Null(await BindAsync(store, PossessionMethod.DeviceKey));
    }

    [Fact]
    public async Task Without_a_device_there_is_none_to_tie()
    {
        var flow = Flow(PossessionMethod.DeviceKey) with { Tail = new UnifyProgress(new UnifyState.Binding(Sample.Now)) };

        var bound = await BindAsync(new IdentityBinder(new Persons(), new OneDevice(_device), TimeProvider.System), flow);

        Assert.Equal(new BindOutcome.Bound(new BoundIdentity(_lori, null)), bound);
    }

    [Fact]
    public async Task A_flow_that_is_about_one_person_is_tied_to_nobody_else()
    {
        Assert.Equal(new BindOutcome.Bound(new BoundIdentity(_lori, null)), await OutcomeAsync(unify => unify with { AskedFor = _lori }));
        Assert.Equal(
            new BindOutcome.Obstructed(BindingObstacle.AnotherPerson), await OutcomeAsync(unify => unify with { AskedFor = _other }));
        Assert.Equal(
            new BindOutcome.Obstructed(BindingObstacle.AnotherPerson), await OutcomeAsync(unify => unify with { AskedFor = _gone }));
    }

    [Fact]
    public async Task A_person_answers_to_each_id_they_have()
    {
        Assert.Equal(new BindOutcome.Bound(new BoundIdentity(_lori, null)), await OutcomeAsync(unify => unify with { AskedFor = _alias }));
        Assert.Equal(
            new BindOutcome.Bound(new BoundIdentity(_lori, null)),
            await OutcomeAsync(unify => unify with { KeyHolder = _alias }, PossessionMethod.DeviceKey));
    }

    [Fact]
    public async Task A_key_whose_holder_lost_the_number_while_its_proof_was_taken_is_not_tied_to_who_has_it_now()
    {
        var store = new OneDevice(_device);
        var flow = Flow(PossessionMethod.DeviceKey);
        flow = flow with { Tail = (UnifyProgress)flow.Tail with { KeyHolder = _other } };

        var outcome = await BindAsync(new IdentityBinder(new Persons(), store, TimeProvider.System), flow);

        Assert.Equal(new BindOutcome.Obstructed(BindingObstacle.KeyProvesNothing), outcome);
        Assert.Null(store.Device.IdentityId);
    }

    [Fact]
    public async Task Where_it_has_to_be_somebody_who_is_known_nobody_is_made()
    {
        var persons = new Persons { IsNumberFree = true };

        Assert.Equal(
            new BindOutcome.Obstructed(BindingObstacle.AnotherPerson),
            await OutcomeAsync(unify => unify with { AskedFor = _gone }, persons: persons));
        Assert.Equal(
            new BindOutcome.Obstructed(BindingObstacle.AnotherPerson),
            await OutcomeAsync(unify => unify with { AskedFor = _gone, KeyHolder = _gone }, PossessionMethod.DeviceKey, persons));
        Assert.Equal(
            new BindOutcome.Obstructed(BindingObstacle.KeyProvesNothing),
            await OutcomeAsync(unify => unify with { KeyHolder = _gone }, PossessionMethod.DeviceKey, persons));
        Assert.Equal(0, persons.Made);
        Assert.IsType<BindOutcome.Bound>(await OutcomeAsync(unify => unify with { KeyHolder = _gone }, PossessionMethod.Otp, persons));
        Assert.Equal(1, persons.Made);
    }

    [Fact]
    public async Task A_device_of_somebody_who_lost_their_number_is_free()
    {
        var store = new OneDevice(_device with { IdentityId = _moved });

        Assert.Equal(new BoundIdentity(_lori, _device.Id), await BindAsync(store, PossessionMethod.Otp));
    }

    private static async Task<BoundIdentity?> BindAsync(OneDevice store, PossessionMethod method, bool rebinds = false) =>
        (await BindAsync(new IdentityBinder(new Persons(), store, TimeProvider.System), Flow(method, rebinds))
            as BindOutcome.Bound)?.Identity;

    private static Task<BindOutcome> OutcomeAsync(
        Func<UnifyProgress, UnifyProgress> with, PossessionMethod? method = null, Persons? persons = null)
    {
        var flow = Flow(method ?? PossessionMethod.Otp);
        return BindAsync(
            new IdentityBinder(persons ?? new Persons(), new OneDevice(_device), TimeProvider.System),
            flow with { Tail = with((UnifyProgress)flow.Tail with { DeviceId = null }) });
    }

    private static Task<BindOutcome> BindAsync(IdentityBinder binder, Flow flow) => binder.BindAsync(
        flow.ProjectId, flow.Number, (UnifyProgress)flow.Tail,
        restsOnKey: flow.Possession == new PossessionState.Succeeded(PossessionMethod.DeviceKey), TestContext.Current.CancellationToken);

    private static Flow Flow(PossessionMethod method, bool rebinds = false) => Sample.Flow() with
    {
        Possession = new PossessionState.Succeeded(method),
        Tail = new UnifyProgress(new UnifyState.Binding(Sample.Now), _device.Id, rebinds),
    };

    private sealed class OneDevice(Device device) : IDeviceStore
    {
        public Device Device { get; private set; } = device;

        public bool Refuses { get; init; }

        public Task<Device?> FindAsync(Guid id, CancellationToken cancellationToken) => Task.FromResult(id == Device.Id ? Device : null);

        public Task<bool> TryBindAsync(Guid id, Guid? from, Guid to, CancellationToken cancellationToken)
        {
            var isTied = !Refuses && !Device.IsRevoked && Device.IdentityId == from;
            Device = isTied ? Device with { IdentityId = to } : Device;
            return Task.FromResult(isTied);
        }

        public Task AddAsync(Device added, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> RevokeAsync(Guid id, ProjectId projectId, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task ForgetPasskeysAsync(Guid id, ProjectId projectId, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<HeldDevice>> OfIdentityAsync(Guid identity, int limit, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task UseAsync(Guid id, DateTimeOffset at, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> HasAnyAsync(Guid identity, KeyHorizon horizon, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task KeepAsync(Guid id, DateTimeOffset until, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<int> RemoveUntiedAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }

    private sealed class Persons : IIdentityStore
    {
        public bool IsNumberFree { get; init; }

        public Guid ByNumber { get; init; } = _lori;

        public int Made { get; private set; }

        public Task<ProjectIdentity> ObtainAsync(
            ProjectId projectId, PhoneNumber number, DateTimeOffset now, CancellationToken cancellationToken)
        {
            Made += IsNumberFree ? 1 : 0;
            return Task.FromResult(Person(_lori));
        }

        public Task<ProjectId?> FindProjectAsync(Guid id, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ProjectIdentity?> FindAsync(ProjectId projectId, Guid id, CancellationToken cancellationToken) =>
            Task.FromResult<ProjectIdentity?>(
                id == _gone ? null : id == _moved ? Person(id) with { LeftNumberAt = Sample.Now } : Person(id == _alias ? _lori : id));

        public Task<ProjectIdentity?> FindAsync(ProjectId projectId, PhoneNumber number, CancellationToken cancellationToken) =>
            Task.FromResult(IsNumberFree ? null : Person(ByNumber));

        public Task<ProjectIdentity> EnrolAsync(
            ProjectId projectId, PhoneNumber number, IdentityDetails details, DateTimeOffset now, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<ProjectIdentity>> ListAsync(
            ProjectId projectId, Guid? after, int limit, bool withInactive, CancellationToken cancellationToken) =>
                throw new NotSupportedException();

        public Task<IReadOnlyList<ProjectIdentity>> ListLinkedAsync(
            ProjectId projectId, PhoneNumber number, LinkScopes scope, CancellationToken cancellationToken) =>
                throw new NotSupportedException();

        public Task<bool> SetActiveAsync(ProjectId projectId, Guid id, bool isActive, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<bool> RemoveAsync(ProjectId projectId, Guid id, DateTimeOffset now, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<bool> LeaveNumberAsync(ProjectId projectId, Guid id, DateTimeOffset now, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<DateTimeOffset?> FindLeftSinceAsync(ProjectId projectId, PhoneNumber number, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        private static ProjectIdentity Person(Guid id) =>
            new(id, ProjectId.Parse("shop"), PhoneNumber.Parse("+12025550142"), IdentityStatus.Known, Sample.Now, new IdentityDetails());
    }
}
