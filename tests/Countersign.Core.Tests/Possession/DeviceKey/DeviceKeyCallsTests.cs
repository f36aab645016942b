using System.Security.Cryptography;
using System.Text;
using Countersign.Core.Devices;
using Countersign.Core.Flows;
using Countersign.Core.Possession;
using Countersign.Core.Possession.DeviceKey;
using Countersign.Core.Tests.Fakes;
using Countersign.Core.Unify;

namespace Countersign.Core.Tests.Possession.DeviceKey;

public sealed class DeviceKeyCallsTests : IDisposable
{
    private readonly FlowStage _stage = new();
    private readonly MemoryDevices _devices = new();
    private readonly ECDsa _pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly DeviceKeyCalls _calls;

    public DeviceKeyCallsTests() =>
        _calls = new DeviceKeyCalls(
            _stage.Runner, new DeviceKeyMethod(_devices, _stage.Identities, new DeviceKeyOptions()), _devices, _stage.Clock);

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    private ShownKey Shown => new("key-1", DevicePublicKey.FromSpki(_pair.ExportSubjectPublicKeyInfo()));

    public void Dispose() => _pair.Dispose();

    [Fact]
    public async Task A_key_that_the_flow_has_taken_is_stored_before_the_browser_hears_of_it()
    {
        var flow = _stage.BeginUnify();

        var taken = Assert.IsType<KeyRegistration.Taken>(await _calls.RegisterAsync(flow, Shown, Test));

        var device = Assert.Single(_devices.Devices.Values);
        Assert.Equal((taken.Device, "key-1"), (device.Id, device.KeyId));
        Assert.Equal(DeviceKeyMethod.KeptUntil(flow), device.KeptUntil);
        Assert.Equal(device.Id, ((UnifyProgress)_stage.Flows.Kept[flow.Id].Tail).DeviceId);
        Assert.Equal(PossessionMethod.MobileAuth, taken.Flow.CurrentMethod);
    }

    [Fact]
    public async Task A_call_that_is_made_twice_makes_one_device()
    {
        var flow = _stage.BeginUnify();

        var first = Assert.IsType<KeyRegistration.Taken>(await _calls.RegisterAsync(flow, Shown, Test));
        var second = Assert.IsType<KeyRegistration.Taken>(await _calls.RegisterAsync(flow, Shown, Test));

        Assert.Equal(first.Device, second.Device);
        Assert.Single(_devices.Devices);
    }

    [Fact]
    public async Task A_key_that_the_browser_does_not_hold_is_not_stored_and_the_flow_goes_on()
    {
        var outcome = await _calls.RegisterAsync(_stage.BeginUnify(), new ShownKey("key-1", Proven: null), Test);

        Assert.Equal(PossessionMethod.MobileAuth, Assert.IsType<KeyRegistration.NotProven>(outcome).Flow.CurrentMethod);
        Assert.Empty(_devices.Devices);
    }

    [Fact]
    public async Task A_key_that_the_flow_does_not_take_is_not_stored()
    {
        var flow = _stage.BeginUnify(begun => DeviceKeyMethod.Take(begun, Guid.NewGuid(), Sample.Now));

        Assert.IsType<KeyRegistration.NotInThisFlow>(await _calls.RegisterAsync(flow, Shown, Test));
        Assert.Empty(_devices.Devices);
    }

    [Fact]
    public async Task A_decided_flow_takes_no_key_and_a_flow_without_place_for_one_is_not_changed()
    {
        var decided = _stage.BeginUnify(begun => begun.After(new PossessionEvent.GivenUp(), Sample.Now));
        var verify = Sample.Flow();
        _stage.Flows.Kept[verify.Id] = verify;

        Assert.IsType<KeyRegistration.TooLate>(await _calls.RegisterAsync(decided, Shown, Test));
        Assert.Same(verify, Assert.IsType<KeyRegistration.NotInThisFlow>(await _calls.RegisterAsync(verify, Shown, Test)).Flow);
        Assert.IsType<KeyRegistration.NotInThisFlow>(await _calls.RegisterAsync(verify, new ShownKey("key-1", Proven: null), Test));
        Assert.Empty(_devices.Devices);
        Assert.Equal(verify, _stage.Flows.Kept[verify.Id]);
    }

    [Theory]
    [InlineData("key-1", "challenge", typeof(KeyProof.Proven))]
    [InlineData("key-2", "challenge", typeof(KeyProof.Wrong))]
    [InlineData("key-1", "another flow's", typeof(KeyProof.Wrong))]
    public async Task A_proof_is_of_this_key_and_this_flow(string keyId, string challenge, Type expected)
    {
        var device = Know();

        Assert.IsType(expected, await ProveAsync(_stage.BeginUnify(), device.Id, keyId, challenge));
    }

    [Fact]
    public async Task A_device_that_is_nobodys_is_kept_until_the_flow_may_have_tied_it_and_its_proof_may_be_repeated()
    {
        var device = Know();
        var flow = _stage.BeginUnify();

        var first = Assert.IsType<KeyProof.Proven>(await ProveAsync(flow, device.Id)).Flow;
        var second = Assert.IsType<KeyProof.Proven>(await ProveAsync(first, device.Id)).Flow;

        Assert.Equal((PossessionMethod.MobileAuth, device.Id), (second.CurrentMethod, ((UnifyProgress)second.Tail).DeviceId));
        Assert.Equal(first, second);
        Assert.Equal(DeviceKeyMethod.KeptUntil(flow), _devices.Devices[device.Id].KeptUntil);
    }

    [Fact]
    public async Task A_device_that_is_unknown_revoked_or_no_id_at_all_is_none()
    {
        var revoked = Know(isRevoked: true);

        Assert.IsType<KeyProof.NoDevice>(await ProveAsync(_stage.BeginUnify(), Guid.NewGuid()));
        Assert.IsType<KeyProof.NoDevice>(await ProveAsync(_stage.BeginUnify(), revoked.Id));
        Assert.IsType<KeyProof.NoDevice>(await _calls.ProveAsync(_stage.BeginUnify(), null, "key-1", "", "challenge", Test));
    }

    [Fact]
    public async Task A_proof_that_comes_too_late_proves_nothing()
    {
        var device = Know();

        Assert.IsType<KeyProof.NotInThisFlow>(
            await ProveAsync(_stage.BeginUnify(begun => DeviceKeyMethod.Take(begun, Guid.NewGuid(), Sample.Now)), device.Id));
        Assert.IsType<KeyProof.TooLate>(
            await ProveAsync(_stage.BeginUnify(begun => begun.After(new PossessionEvent.GivenUp(), Sample.Now)), device.Id));
        Assert.IsType<KeyProof.NotInThisFlow>(await ProveAsync(Sample.Flow(), device.Id));
    }

    private Task<KeyProof> ProveAsync(Flow flow, Guid device, string keyId = "key-1", string challenge = "challenge") => _calls.ProveAsync(
        flow, device, keyId,
        Convert.ToBase64String(_pair.SignData(
            Encoding.UTF8.GetBytes($"{device:D}:challenge"), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)),
        challenge, Test);

    private Device Know(bool isRevoked = false)
    {
        var device = new Device(
            Guid.CreateVersion7(Sample.Now), ProjectId.Parse("shop"), "key-1", _pair.ExportSubjectPublicKeyInfo(), Sample.Now,
            IsRevoked: isRevoked);
        _devices.Devices.Add(device.Id, device);
        return device;
    }
}
