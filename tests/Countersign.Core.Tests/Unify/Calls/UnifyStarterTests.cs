using Countersign.Core.Devices;
using Countersign.Core.Enrolments;
using Countersign.Core.Flows;
using Countersign.Core.Numbers;
using Countersign.Core.Possession;
using Countersign.Core.Tests.Fakes;
using Countersign.Core.Unify;
using Countersign.Core.Unify.Calls;

namespace Countersign.Core.Tests.Unify.Calls;

public sealed class UnifyStarterTests
{
    private static readonly PhoneNumber _line = PhoneNumber.Parse("+12025550142");
    private static readonly Admission.Admitted _admitted = new(_line);
    private static readonly ProjectIdentity _lori =
        new(Guid.CreateVersion7(Sample.Now), ProjectId.Parse("shop"), _line, IdentityStatus.Active, Sample.Now, new IdentityDetails());

    private readonly FlowStage _stage = new();

    [Fact]
    public async Task A_person_who_is_named_brings_their_number_along()
    {
        _stage.Identities.Kept.Add(_lori);
        var admission = new Admits(_admitted);

        var outcome = await StartAsync(FlowType.Mobile, number: null, _lori.Id, admission);

        Assert.IsType<StartOutcome.Started>(outcome);
        Assert.Equal([(_line.E164, NumberUse.Unify)], admission.Asked);
        Assert.Equal(_lori.Id, ((UnifyProgress)Assert.Single(_stage.Flows.Kept.Values).Tail).AskedFor);
    }

    [Fact]
    public async Task Whom_nobody_knows_nothing_is_begun_for()
    {
        _stage.Identities.Kept.Add(_lori with { ProjectId = ProjectId.Parse("another") });
        var admission = new Admits(_admitted);

        var outcome = await StartAsync(FlowType.Mobile, number: null, _lori.Id, admission);

        Assert.Equal(new StartOutcome.NoSuchIdentity(), outcome);
        Assert.Empty(admission.Asked);
    }

    [Fact]
    public async Task Who_has_lost_their_number_cannot_be_asked_for()
    {
        _stage.Identities.Kept.Add(_lori with { LeftNumberAt = Sample.Now });

        Assert.Equal(new StartOutcome.NumberHasGone(), await StartAsync(FlowType.Mobile, number: null, _lori.Id));
    }

    [Fact]
    public async Task A_person_and_a_number_belong_together()
    {
        _stage.Identities.Kept.Add(_lori with { Number = PhoneNumber.Parse("+12025550143") });

        Assert.Equal(new StartOutcome.OtherNumber(), await StartAsync(FlowType.Mobile, "2025550142", _lori.Id));
        Assert.Empty(_stage.Flows.Kept);
    }

    [Fact]
    public async Task An_own_check_is_awaited_even_of_a_number_that_proves_itself()
    {
        await StartAsync(FlowType.None, "2025550142", admission: new Admits(_admitted with { ProvesItself = true }));

        var flow = Assert.Single(_stage.Flows.Kept.Values);
        Assert.IsType<UnifyState.AwaitingOwnCheck>(((UnifyProgress)flow.Tail).State);
        Assert.IsType<PossessionState.Ready>(flow.Possession);
    }

    [Theory]
    [InlineData(FlowType.Mobile, true, true)]
    [InlineData(FlowType.Mobile, false, false)]
    [InlineData(FlowType.Desktop, true, false)]
    public async Task At_a_line_without_texts_a_key_may_prove_it_that_is_there_already(FlowType type, bool hasKey, bool begins)
    {
        _stage.Identities.Kept.Add(_lori);

        var outcome = await StartAsync(
            type, "2025550142", admission: new Admits(_admitted with { NoText = "a fixed line" }),
            devices: new Keys(hasKey ? _lori.Id : Guid.Empty));

        Assert.Equal(begins, outcome is StartOutcome.Started);
    }

    [Fact]
    public async Task What_the_call_said_is_kept_with_the_flow_and_with_a_refusal()
    {
        var request = new UnifyRequest(
            new FlowStart(FlowType.Mobile, null, null, AllowsOtpRetry: false), "202-555-0142", Identity: null, "customer-1", "human-1",
            "order-1", Rebinds: true);
        var refused = new Admission.Refused("no such line");

        await StartAsync(request, new Admits(_admitted));
        await StartAsync(request, new Admits(refused));

        var flow = Assert.Single(_stage.Flows.Kept.Values);
        Assert.Equal(
            ("202-555-0142", "customer-1", "order-1"), (flow.NumberAsGiven, flow.ClientCustomerId, flow.ClientRequestId));
        Assert.Equal(
            new UnifyProgress(new UnifyState.AwaitingPossession(), Rebinds: true, ClientHumanId: "human-1"), flow.Tail);
        Assert.Equal(
            new RefusedCall(FlowStage.Shop.Id, Product.Unify, FlowType.Mobile, "202-555-0142", Sample.Now)
            {
                ClientRequestId = "order-1", ClientCustomerId = "customer-1", Admission = refused,
            },
            Assert.Single(_stage.Journal.Refused));
    }

    [Fact]
    public Task A_call_that_names_neither_a_number_nor_a_person_is_a_programmers_fault() =>
        Assert.ThrowsAsync<ArgumentException>(() => StartAsync(FlowType.Mobile, number: null));

    private Task<StartOutcome> StartAsync(
        FlowType type, string? number, Guid? identity = null, INumberAdmission? admission = null, IDeviceStore? devices = null) =>
        StartAsync(
            new UnifyRequest(new FlowStart(type, "https://shop.example/", null, AllowsOtpRetry: false), number, identity, null, null, null,
                Rebinds: false),
            admission ?? new Admits(_admitted), devices);

    private Task<StartOutcome> StartAsync(UnifyRequest request, INumberAdmission admission, IDeviceStore? devices = null) =>
        new UnifyStarter(
            admission, _stage.Identities, devices ?? NotAsked.Port<IDeviceStore>(), new DeviceKeyOptions(), _stage.Starter,
            _stage.Clock).StartAsync(
            FlowStage.Shop,
            request,
            (_, _, _) => ValueTask.FromResult<byte[]>([]),
            keyed: null,
            TestContext.Current.CancellationToken);

    private sealed class Keys(Guid owner) : IDeviceStore
    {
        public Task<IReadOnlyList<HeldDevice>> OfIdentityAsync(Guid identity, int limit, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task UseAsync(Guid id, DateTimeOffset at, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> HasAnyAsync(Guid identity, KeyHorizon horizon, CancellationToken cancellationToken) =>
            Task.FromResult(identity == owner);

        public Task<Device?> FindAsync(Guid id, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task AddAsync(Device added, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> TryBindAsync(Guid id, Guid? from, Guid to, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<bool> RevokeAsync(Guid id, ProjectId projectId, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task ForgetPasskeysAsync(Guid id, ProjectId projectId, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task KeepAsync(Guid id, DateTimeOffset until, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<int> RemoveUntiedAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
