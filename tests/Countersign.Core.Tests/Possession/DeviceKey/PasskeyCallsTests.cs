using System.Security.Cryptography;
using Countersign.Core.Devices;
using Countersign.Core.Enrolments;
using Countersign.Core.Flows;
using Countersign.Core.Possession;
using Countersign.Core.Possession.DeviceKey;
using Countersign.Core.Projects;
using Countersign.Core.Tests.Fakes;
using Countersign.Core.Unify;

namespace Countersign.Core.Tests.Possession.DeviceKey;

public sealed class PasskeyCallsTests
{
    private static readonly PasskeyPage _page = PasskeyPage.Of("https://shop.example")!;
    private static readonly Project _shop = FlowStage.Shop with { Settings = new ProjectSettings { Passkeys = Passkeys.Preferred } };
    private static readonly Device _device = new(Guid.CreateVersion7(Sample.Now), ProjectId.Parse("shop"), null, null, Sample.Now);
    private static readonly Passkey _passkey = new(
        [1, 2, 3], [4], DeviceIds.Print(_device.Id), 7, IsBackupEligible: false, IsBackedUp: false, []);

    private readonly FlowStage _stage = new() { Project = _shop };
    private readonly Authenticator _authenticator = new();
    private readonly Heard _journal = new();
    private MemoryDevices _devices = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    private PasskeyCalls Calls => new(
        _authenticator, _stage.Runner, new DeviceKeyMethod(_devices, _stage.Identities, new DeviceKeyOptions()), _devices, _devices,
        _stage.Identities, _journal, new DeviceKeyOptions(), _stage.Clock);

    [Fact]
    public async Task Who_has_no_passkey_is_asked_to_make_one()
    {
        var flow = _stage.BeginUnify();

        Assert.Equal(new PasskeyQuestion.Make("make", null), await AskAsync(flow));
        Assert.Equal(new AskedPasskey(_page.Origin, "make-state"), ((UnifyProgress)_stage.Flows.Kept[flow.Id].Tail).Passkey);
    }

    [Fact]
    public async Task Who_has_one_is_asked_to_use_it()
    {
        var flow = _stage.BeginUnify();
        var lori = new ProjectIdentity(Guid.CreateVersion7(Sample.Now), ProjectId.Parse("shop"), flow.Number, IdentityStatus.Known,
            Sample.Now, new IdentityDetails());
        _stage.Identities.Kept.Add(lori);
        Know(_device with { IdentityId = lori.Id });

        Assert.Equal(new PasskeyQuestion.Use("use"), await AskAsync(flow));
    }

    [Fact]
    public async Task A_browser_that_is_known_may_use_the_passkey_it_has_instead_of_making_one()
    {
        Know(_device);

        Assert.Equal(new PasskeyQuestion.Make("make", "use"), await AskAsync(_stage.BeginUnify(), browser: _device.Id));
    }

    [Fact]
    public async Task A_passkey_is_asked_for_where_the_project_the_flow_and_the_page_want_one()
    {
        var desktop = _stage.BeginUnify() with { Type = FlowType.Desktop };

        Assert.Equal(new PasskeyQuestion.NotOffered(), await Calls.AskAsync(_stage.BeginUnify(), FlowStage.Shop, _page, null, null, Test));
        Assert.Equal(new PasskeyQuestion.NotOffered(), await Calls.AskAsync(desktop, _shop, _page, null, null, Test));
        Assert.Equal(new PasskeyQuestion.NotHere(), await Calls.AskAsync(_stage.BeginUnify(), _shop, null, null, null, Test));
        Assert.IsType<PasskeyQuestion.OutOfTurn>(await AskAsync(_stage.BeginUnify(flow => DeviceKeyMethod.Fail(flow, Sample.Now))));
    }

    [Theory]
    [InlineData(Passkeys.Required, UserVerification.Required)]
    [InlineData(Passkeys.Preferred, UserVerification.Preferred)]
    public async Task The_authenticator_checks_who_uses_it_where_the_project_requires_that(Passkeys setting, UserVerification expected)
    {
        var project = _shop with { Settings = new ProjectSettings { Passkeys = setting } };

        await Calls.AskAsync(_stage.BeginUnify(), project, _page, "Lori", null, Test);
        await Calls.AskAsync(_stage.BeginUnify(), project, _page, null, null, Test);

        Assert.Equal([("Lori", expected), (Sample.Flow().Number.ToString(), expected)], _authenticator.Asked);
    }

    [Fact]
    public async Task A_passkey_that_was_made_is_stored_with_its_device_and_the_flow_remembers_it()
    {
        var flow = await AskedAsync();

        var taken = Assert.IsType<PasskeyOutcome.Taken>(await Calls.RegisterAsync(flow, _shop, "made", key: null, Test));

        Assert.Equal(_device.Id, taken.Device);
        Assert.Equal(_device.Id, ((UnifyProgress)_stage.Flows.Kept[flow.Id].Tail).DeviceId);
        Assert.Single(_devices.Passkeys);
        Assert.True(_devices.Devices.ContainsKey(_device.Id));
    }

    [Fact]
    public async Task None_is_answered_twice()
    {
        var flow = await AskedAsync();
        await Calls.RegisterAsync(flow, _shop, "wrong", key: null, Test);

        Assert.IsType<PasskeyOutcome.Refused>(await Calls.RegisterAsync(flow, _shop, "made", key: null, Test));
        Assert.Empty(_devices.Passkeys);
    }

    [Fact]
    public async Task A_key_beside_it_that_the_browser_does_not_hold_spoils_it()
    {
        var flow = await AskedAsync();

        Assert.IsType<PasskeyOutcome.Refused>(await Calls.RegisterAsync(flow, _shop, "made", new ShownKey("key", Proven: null), Test));
        Assert.Empty(_devices.Passkeys);
        Assert.Empty(_journal.Refusals);
    }

    [Fact]
    public async Task Why_one_is_refused_is_told_to_who_operates_this()
    {
        var flow = await AskedAsync();

        Assert.IsType<PasskeyOutcome.Refused>(await Calls.RegisterAsync(flow, _shop, "wrong", key: null, Test));

        Assert.Equal([PasskeyRefusal.NotProven], _journal.Refusals);
        Assert.Equal((FlowEventCode.PasskeyRefused, FlowReason.PasskeyNotProven), Last(flow));
    }

    [Fact]
    public async Task A_key_that_a_passkey_brings_in_is_stored_and_vouched_for()
    {
        Know(_device);
        var flow = await AskedAsync(browser: _device.Id);

        var taken = Assert.IsType<PasskeyOutcome.Taken>(await Calls.ProveAsync(flow, _shop, "used", new ShownKey("key", Key()), Test));

        var broughtIn = _devices.Devices[taken.Device!.Value];
        Assert.Equal((_device.Id, "key"), (broughtIn.VouchedBy!.Value, broughtIn.KeyId));
        Assert.Equal(broughtIn.Id, ((UnifyProgress)_stage.Flows.Kept[flow.Id].Tail).DeviceId);
    }

    [Theory]
    [InlineData(null, -3)]
    [InlineData(-10, -10)]
    public async Task A_key_that_a_passkey_brings_in_is_as_old_as_what_vouches_for_it(int? agesFrom, int expected)
    {
        Know(_device with
        {
            CreatedAt = Sample.Now.AddDays(-3), AgesFrom = agesFrom is { } days ? Sample.Now.AddDays(days) : null,
        });
        var flow = await AskedAsync(browser: _device.Id);

        var taken = Assert.IsType<PasskeyOutcome.Taken>(await Calls.ProveAsync(flow, _shop, "used", new ShownKey("key", Key()), Test));

        Assert.Equal(Sample.Now.AddDays(expected), _devices.Devices[taken.Device!.Value].AgesFrom);
    }

    [Fact]
    public async Task A_proof_that_another_has_overtaken_counts_for_nothing()
    {
        _devices = new MemoryDevices { LosesRaces = true };
        Know(_device);
        var flow = await AskedAsync(browser: _device.Id);

        Assert.IsType<PasskeyOutcome.Refused>(await Calls.ProveAsync(flow, _shop, "used", key: null, Test));
        Assert.Null(((UnifyProgress)_stage.Flows.Kept[flow.Id].Tail).DeviceId);
    }

    [Theory]
    [InlineData(PasskeyRefusal.CounterWentBack, 0)]
    [InlineData(PasskeyRefusal.BackupEligibilityChanged, 0)]
    [InlineData(PasskeyRefusal.NotProven, 1)]
    public async Task A_passkey_that_would_fail_again_is_forgotten(PasskeyRefusal why, int left)
    {
        Know(_device);
        var flow = await AskedAsync(browser: _device.Id);
        _authenticator.Refuses = why;

        Assert.IsType<PasskeyOutcome.Refused>(await Calls.ProveAsync(flow, _shop, "used", key: null, Test));

        Assert.Equal(left, _devices.Passkeys.Count);
        Assert.Equal([why], _journal.Refusals);
    }

    [Fact]
    public async Task Every_refusal_of_a_passkey_has_its_reason()
    {
        Know(_device);
        var reasons = new List<string?>();
        foreach (var why in Enum.GetValues<PasskeyRefusal>())
        {
            _devices.Passkeys.Clear();
            _devices.Passkeys.Add(_passkey);
            var flow = await AskedAsync(browser: _device.Id);
            _authenticator.Refuses = why;
            await Calls.ProveAsync(flow, _shop, "used", key: null, Test);
            reasons.Add(Last(flow).Reason);
        }

        var known = typeof(FlowReason).GetFields().Select(field => (string?)field.GetValue(null));
        Assert.All(reasons, reason => Assert.Contains(reason, known));
        Assert.Distinct(reasons);
    }

    [Fact]
    public async Task A_device_that_was_revoked_meanwhile_proves_nothing()
    {
        Know(_device with { IsRevoked = true });
        var flow = await AskedAsync(browser: _device.Id);

        Assert.IsType<PasskeyOutcome.OutOfTurn>(await Calls.ProveAsync(flow, _shop, "used", key: null, Test));
    }

    [Theory]
    [InlineData(399, true)]
    [InlineData(400, false)]
    public async Task How_old_a_device_is_is_looked_at_when_it_is_read_however_its_passkey_was_found(int days, bool proves)
    {
        Know(_device);
        var flow = await AskedAsync(browser: _device.Id);
        _authenticator.Meanwhile = () => _devices.Devices[_device.Id] = _device with
        {
            CreatedAt = Sample.Now.AddDays(-days), LastUsedAt = Sample.Now,
        };

        var outcome = await Calls.ProveAsync(flow, _shop, "used", key: null, Test);

        Assert.Equal(proves, outcome is PasskeyOutcome.Taken);
    }

    private void Know(Device device)
    {
        _devices.Devices.Add(device.Id, device);
        _devices.Passkeys.Add(_passkey);
    }

    private async Task<Flow> AskedAsync(Guid? browser = null)
    {
        var flow = _stage.BeginUnify();
        await AskAsync(flow, browser);
        return flow;
    }

    private Task<PasskeyQuestion> AskAsync(Flow flow, Guid? browser = null) => Calls.AskAsync(flow, _shop, _page, "Lori", browser, Test);

    private (string? Code, string? Reason) Last(Flow flow)
    {
        var last = _stage.Flows.Kept[flow.Id].Timeline[^1];
        return (last.Code, last.Reason);
    }

    private static DevicePublicKey Key()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return DevicePublicKey.FromSpki(key.ExportSubjectPublicKeyInfo())!;
    }

    /// <summary>Made and used are right, whatever they stand for; all else is wrong.</summary>
    private sealed class Authenticator : IPasskeyCeremony
    {
        public PasskeyRefusal? Refuses { get; set; }

        /// <summary>What happens while a proof is checked.</summary>
        public Action Meanwhile { get; set; } = () => { };

        /// <summary>What was to be made: whose name it shows, and whether it checks who uses it.</summary>
        public List<(string Name, UserVerification Verification)> Asked { get; } = [];

        public Task<BegunCeremony> BeginRegistrationAsync(
            PasskeyRelyingParty relyingParty, PasskeyOwner owner, IReadOnlyList<Passkey> excluded, UserVerification verification)
        {
            Asked.Add((owner.DisplayName, verification));
            return Task.FromResult(new BegunCeremony("make", "make-state"));
        }

        public Task<RegistrationOutcome> FinishRegistrationAsync(PasskeyRelyingParty relyingParty, string state, string credential) =>
            Task.FromResult<RegistrationOutcome>(state == "make-state" && credential == "made"
                ? new RegistrationOutcome.Registered(_passkey)
                : new RegistrationOutcome.Refused(PasskeyRefusal.NotProven));

        public Task<BegunCeremony> BeginAssertionAsync(
            PasskeyRelyingParty relyingParty, IReadOnlyList<Passkey> allowed, UserVerification verification) =>
            Task.FromResult(new BegunCeremony("use", "use-state"));

        public byte[]? CredentialIdOf(string credential) => credential == "used" ? _passkey.CredentialId : null;

        public Task<AssertionOutcome> FinishAssertionAsync(
            PasskeyRelyingParty relyingParty, string state, string credential, Passkey known)
        {
            Meanwhile();
            return Task.FromResult<AssertionOutcome>(Refuses is { } why
                ? new AssertionOutcome.Refused(why)
                : new AssertionOutcome.Proven(known with { Counter = known.Counter + 1 }));
        }
    }

    private sealed class Heard : IPasskeyJournal
    {
        public List<PasskeyRefusal> Refusals { get; } = [];

        public void Refused(CorrelationId flow, PasskeyRefusal why) => Refusals.Add(why);
    }
}
