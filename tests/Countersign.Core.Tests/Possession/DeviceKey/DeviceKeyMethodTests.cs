using System.Security.Cryptography;
using Countersign.Core.Devices;
using Countersign.Core.Domains;
using Countersign.Core.Enrolments;
using Countersign.Core.Flows;
using Countersign.Core.Possession;
using Countersign.Core.Possession.DeviceKey;
using Countersign.Core.PreFill;
using Countersign.Core.Unify;
using Countersign.Core.VerifiedUser;

namespace Countersign.Core.Tests.Possession.DeviceKey;

public sealed class DeviceKeyMethodTests
{
    private static readonly Guid _device = new("019ab3f0-5c1e-7d2a-9b64-3f8e2c71d05a");

    [Theory]
    [InlineData(Product.Unify, FlowType.Mobile, true)]
    [InlineData(Product.Unify, FlowType.None, true)]
    [InlineData(Product.Unify, FlowType.Desktop, false)]
    [InlineData(Product.VerifiedUsers, FlowType.Mobile, false)]
    [InlineData(Product.PreFill, FlowType.Mobile, false)]
    public void Keys_are_for_unify_flows_on_the_phone_or_without_a_check(Product product, FlowType type, bool expected)
    {
        var unify = Unify(type);
        ProductState tail = product switch
        {
            Product.VerifiedUsers => new VerifiedUserState.AwaitingPossession(),
            Product.PreFill => new PreFillProgress(StartShape.PreFill, new PreFillState.AwaitingPossession()),
            _ => unify.Tail,
        };

        Assert.Equal(expected, DeviceKeyMethod.IsPartOf(unify with { Tail = tail }));
    }

    [Fact]
    public void A_key_that_is_taken_is_remembered_and_the_next_method_follows()
    {
        var flow = DeviceKeyMethod.Take(Unify(FlowType.Mobile), _device, Sample.Now);

        Assert.Equal(_device, ((UnifyProgress)flow.Tail).DeviceId);
        Assert.Equal(PossessionMethod.MobileAuth, flow.CurrentMethod);
        Assert.Equal(new FlowEvent(Sample.Now, FlowEventCode.DeviceKeyUnavailable) { Next = "mobile-auth" }, flow.Timeline.Single());
    }

    [Fact]
    public void A_key_that_is_taken_without_a_check_leaves_it_to_the_relying_party()
    {
        var flow = DeviceKeyMethod.Take(Unify(FlowType.None), _device, Sample.Now);

        Assert.Equal(_device, ((UnifyProgress)flow.Tail).DeviceId);
        Assert.IsType<UnifyState.AwaitingOwnCheck>(((UnifyProgress)flow.Tail).State);
        Assert.Null(flow.CurrentMethod);
        Assert.Equal(new FlowEvent(Sample.Now, FlowEventCode.DeviceKeyUnavailable), flow.Timeline.Single());
    }

    [Fact]
    public void A_second_key_and_one_that_comes_too_late_change_nothing()
    {
        var taken = DeviceKeyMethod.Take(Unify(FlowType.Mobile), _device, Sample.Now);
        var begun = Unify(FlowType.Mobile).After(new PossessionEvent.ChallengeSent(PossessionMethod.Otp, Sample.Challenge()), Sample.Now);

        Assert.Same(taken, DeviceKeyMethod.Take(taken, Guid.NewGuid(), Sample.Now));
        Assert.Same(begun, DeviceKeyMethod.Take(begun, _device, Sample.Now));
    }

    [Fact]
    public void A_device_is_kept_until_the_last_tying_of_its_flow_is_over()
    {
        var flow = Unify(FlowType.Mobile);

        Assert.Equal(flow.ExpiresAt + UnifyMachine.BindTime, DeviceKeyMethod.KeptUntil(flow));
    }

    [Fact]
    public void A_browser_that_fails_at_its_passkey_may_still_come_with_its_key()
    {
        var asked = DeviceKeyMethod.Ask(Unify(FlowType.Mobile), new AskedPasskey("https://shop.example", "make"));

        var first = DeviceKeyMethod.FailPasskeyOrKey(asked, Sample.Now);
        var second = DeviceKeyMethod.FailPasskeyOrKey(first, Sample.Now);

        Assert.Equal((PossessionMethod.DeviceKey, null), (first.CurrentMethod, ((UnifyProgress)first.Tail).Passkey));
        Assert.Equal(PossessionMethod.MobileAuth, second.CurrentMethod);
    }

    [Fact]
    public void The_id_of_a_key_follows_from_key_and_flow_and_sorts_by_the_flows_time()
    {
        var (one, two) = (Key(), Key());
        var (flow, later) = (Unify(FlowType.Mobile), Unify(FlowType.Mobile) with { Id = CorrelationId.New(Sample.Now.AddSeconds(1)) });

        var id = DeviceKeyMethod.IdOf(flow, one);

        Assert.Equal(id, DeviceKeyMethod.IdOf(flow, one));
        Assert.Equal(3, new[] { id, DeviceKeyMethod.IdOf(flow, two), DeviceKeyMethod.IdOf(later, one) }.Distinct().Count());
        Assert.Equal((7, 8), (id.Version, id.Variant & 0xc));
        Assert.Equal(flow.Id.ToString()[..13], id.ToString()[..13]);
        Assert.True(string.CompareOrdinal(id.ToString(), DeviceKeyMethod.IdOf(later, one).ToString()) < 0);
    }

    [Theory]
    [InlineData(true, DeviceProof.Right, FlowEventCode.PossessionProven)]
    [InlineData(false, DeviceProof.Right, FlowEventCode.DeviceKeyUnavailable)]
    public async Task A_key_proves_the_number_that_its_device_is_tied_to(bool isSameNumber, DeviceProof expected, string code)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var identity = new ProjectIdentity(
            Guid.NewGuid(), ProjectId.Parse("shop"), PhoneNumber.Parse(isSameNumber ? "+12025550142" : "+12025550143"),
            IdentityStatus.Known, Sample.Now, new IdentityDetails());
        var device = new Device(_device, ProjectId.Parse("shop"), "key-1", key.ExportSubjectPublicKeyInfo(), Sample.Now, identity.Id);
        var method = new DeviceKeyMethod(new OneDevice(device), new OneIdentity(identity), new DeviceKeyOptions());
        var signature = Convert.ToBase64String(key.SignData(
            System.Text.Encoding.UTF8.GetBytes($"{_device}:challenge"), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

        var (flow, proof) = await method.ProveAsync(
            Unify(FlowType.Mobile), _device, "key-1", signature, "challenge", Sample.Now, TestContext.Current.CancellationToken);

        Assert.Equal((expected, code), (proof, flow.Timeline.Single().Code));
        Assert.Equal(_device, ((UnifyProgress)flow.Tail).DeviceId);
        Assert.Equal(isSameNumber, ((UnifyProgress)flow.Tail).State is UnifyState.Binding);
        Assert.Equal(isSameNumber ? identity.Id : null, ((UnifyProgress)flow.Tail).KeyHolder);
        Assert.Equal(identity.Id, ((UnifyProgress)flow.Tail).RememberedFor);
    }

    [Theory]
    [InlineData(399, 0, true)]
    [InlineData(400, 0, false)]
    // Uses are kept to a day: the last one may have been a day later.
    [InlineData(399, 180, true)]
    [InlineData(399, 181, false)]
    [InlineData(180, null, true)]
    [InlineData(181, null, false)]
    [InlineData(30, 0, false, 400)]
    [InlineData(30, 0, true, 399)]
    public async Task A_key_that_is_too_old_or_idle_is_as_unknown_as_one_that_never_was(
        int age, int? idle, bool isGood, int? ageOfPasskey = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var identity = new ProjectIdentity(
            Guid.NewGuid(), ProjectId.Parse("shop"), PhoneNumber.Parse("+12025550142"), IdentityStatus.Known, Sample.Now,
            new IdentityDetails());
        var device = new Device(
            _device, ProjectId.Parse("shop"), "key-1", key.ExportSubjectPublicKeyInfo(), Sample.Now.AddDays(-age), identity.Id,
            LastUsedAt: idle is { } days ? Sample.Now.AddDays(-days) : null,
            AgesFrom: ageOfPasskey is { } old ? Sample.Now.AddDays(-old) : null);
        var devices = new OneDevice(device);
        var method = new DeviceKeyMethod(devices, new OneIdentity(identity), new DeviceKeyOptions());
        var signature = Convert.ToBase64String(key.SignData(
            System.Text.Encoding.UTF8.GetBytes($"{_device}:challenge"), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

        var (flow, proof) = await method.ProveAsync(
            Unify(FlowType.Mobile), _device, "key-1", signature, "challenge", Sample.Now, TestContext.Current.CancellationToken);

        Assert.Equal(isGood ? DeviceProof.Right : DeviceProof.NoDevice, proof);
        Assert.Equal(isGood ? null : PossessionMethod.DeviceKey, flow.CurrentMethod);
        // Its use is kept to a day.
        Assert.Equal(isGood && (idle ?? age) > 0 ? Sample.Now : null, devices.UsedAt);
    }

    [Fact]
    public async Task A_key_of_somebody_whose_number_went_to_somebody_else_proves_nothing()
    {
        var identity = new ProjectIdentity(
            Guid.NewGuid(), ProjectId.Parse("shop"), PhoneNumber.Parse("+12025550142"), IdentityStatus.Known, Sample.Now,
            new IdentityDetails(), LeftNumberAt: Sample.Now);
        var device = new Device(_device, ProjectId.Parse("shop"), "key-1", [], Sample.Now, identity.Id);
        var method = new DeviceKeyMethod(new OneDevice(device), new OneIdentity(identity), new DeviceKeyOptions());

        var (flow, proof) = await method.AcceptAsync(
            Unify(FlowType.Mobile), device, _device, Sample.Now, TestContext.Current.CancellationToken);

        Assert.Equal((DeviceProof.Right, PossessionMethod.MobileAuth), (proof, flow.CurrentMethod));
        Assert.Equal((null, null), (((UnifyProgress)flow.Tail).KeyHolder, ((UnifyProgress)flow.Tail).RememberedFor));
    }

    [Fact]
    public async Task A_key_that_a_passkey_brings_in_is_remembered_for_nobody_yet()
    {
        var identity = new ProjectIdentity(
            Guid.NewGuid(), ProjectId.Parse("shop"), PhoneNumber.Parse("+12025550143"), IdentityStatus.Known, Sample.Now,
            new IdentityDetails());
        var device = new Device(Guid.NewGuid(), ProjectId.Parse("shop"), null, null, Sample.Now, identity.Id);
        var method = new DeviceKeyMethod(new OneDevice(device), new OneIdentity(identity), new DeviceKeyOptions());

        var (flow, _) = await method.AcceptAsync(
            Unify(FlowType.Mobile), device, _device, Sample.Now, TestContext.Current.CancellationToken);

        Assert.Equal((_device, null), (((UnifyProgress)flow.Tail).DeviceId, ((UnifyProgress)flow.Tail).RememberedFor));
    }

    private static Flow Unify(FlowType type) => Sample.Flow(type) with
    {
        Name = null,
        Possession = type.ToPossession(Product.Unify),
        Tail = new UnifyProgress(type == FlowType.None ? new UnifyState.AwaitingOwnCheck() : new UnifyState.AwaitingPossession()),
    };

    private static DevicePublicKey Key()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return DevicePublicKey.FromSpki(key.ExportSubjectPublicKeyInfo())!;
    }

    private sealed class OneDevice(Device device) : IDeviceStore
    {
        public Task<Device?> FindAsync(Guid id, CancellationToken cancellationToken) => Task.FromResult(id == device.Id ? device : null);

        public Task AddAsync(Device added, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> TryBindAsync(Guid id, Guid? from, Guid to, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<bool> RevokeAsync(Guid id, ProjectId projectId, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task ForgetPasskeysAsync(Guid id, ProjectId projectId, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public DateTimeOffset? UsedAt { get; private set; }

        public Task<IReadOnlyList<HeldDevice>> OfIdentityAsync(Guid identity, int limit, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task UseAsync(Guid id, DateTimeOffset at, CancellationToken cancellationToken)
        {
            UsedAt = at;
            return Task.CompletedTask;
        }

        public Task<bool> HasAnyAsync(Guid identity, KeyHorizon horizon, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task KeepAsync(Guid id, DateTimeOffset until, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<int> RemoveUntiedAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }

    private sealed class OneIdentity(ProjectIdentity identity) : IIdentityStore
    {
        public Task<ProjectIdentity?> FindAsync(ProjectId projectId, Guid id, CancellationToken cancellationToken) =>
            Task.FromResult(id == identity.Id && projectId == identity.ProjectId ? identity : null);

        public Task<ProjectId?> FindProjectAsync(Guid id, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ProjectIdentity?> FindAsync(ProjectId projectId, PhoneNumber number, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<ProjectIdentity> ObtainAsync(
            ProjectId projectId, PhoneNumber number, DateTimeOffset now, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<ProjectIdentity> EnrolAsync(
            ProjectId projectId, PhoneNumber number, IdentityDetails details, DateTimeOffset now, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<ProjectIdentity>> ListAsync(
            ProjectId projectId, Guid? after, int limit, bool withInactive, CancellationToken cancellationToken) =>
                throw new NotSupportedException();

        public Task<IReadOnlyList<ProjectIdentity>> ListLinkedAsync(
            ProjectId projectId, PhoneNumber number, LinkScopes scopes, CancellationToken cancellationToken) =>
                throw new NotSupportedException();

        public Task<bool> SetActiveAsync(ProjectId projectId, Guid id, bool isActive, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<bool> RemoveAsync(ProjectId projectId, Guid id, DateTimeOffset now, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<bool> LeaveNumberAsync(ProjectId projectId, Guid id, DateTimeOffset now, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<DateTimeOffset?> FindLeftSinceAsync(ProjectId projectId, PhoneNumber number, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
