using Countersign.Core;
using Countersign.Core.Devices;
using Countersign.Core.Flows;
using Countersign.Core.Possession.DeviceKey;
using Countersign.Core.Unify;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>POST /v1/client/device/passive/register: the browser has made a key and shows that it holds it.</summary>
internal sealed class DeviceKeyRegister(BrowserEndpoint browser, IDeviceStore devices, TimeProvider time) : IEndpoint
{
    public RequestDelegate Endpoint => browser.Of(DeviceKeyRegistration.Read, HandleAsync);

    private async Task<StepAnswer> HandleAsync(BrowserCall<DeviceKeyRegistration> call)
    {
        if (!DeviceKeyMethod.IsPartOf(call.Caller.Flow))
        {
            return StepAnswer.Fail(StepError.NotInThisFlow, Steps.NameOf(call.Caller.Flow));
        }

        var request = call.Request;
        if (request.KeyProvenFor(call.Caller.Challenge) is not { } key)
        {
            // The flow goes on without a key: published SDKs drop one that was refused.
            return StepAnswer.Fail(StepError.KeyNotProven, Steps.NameOf(await call.ChangeAsync(DeviceKeyMethod.Fail)));
        }

        var id = DeviceKeyMethod.IdOf(call.Caller.Flow, key);
        var flow = await call.ChangeAsync((present, now) => DeviceKeyMethod.Take(present, id, now));
        if (flow.IsDecided || (flow.Tail as UnifyProgress)?.DeviceId != id)
        {
            return StepAnswer.Fail(flow.IsDecided ? StepError.AlreadyDecided : StepError.NotInThisFlow, Steps.NameOf(flow));
        }

        // Only what the flow has taken is stored, and before the browser hears of it. Who remembers a device that was never stored ties
        // none.
        var device = new Device(
            id, flow.ProjectId, request.KeyId, key.Spki, time.GetUtcNow(), KeptUntil: DeviceKeyMethod.KeptUntil(flow));
        await devices.AddAsync(device, CancellationToken.None);
        return new StepAnswer(Steps.NameOf(flow), Data: new StepData(DeviceId: DeviceIds.Print(id)));
    }
}

/// <param name="KeyId">Given by the browser.</param>
/// <param name="Key">PEM, as it came.</param>
/// <param name="Signature">Over the auth token's challenge.</param>
internal sealed record DeviceKeyRegistration(string KeyId, string Key, string Signature)
{
    public static DeviceKeyRegistration Read(RequestBody body)
    {
        ReadBrowser(body);
        return ReadKey(body.Read(DeviceMembers.Registrations) is [{ } only] ? only : null);
    }

    /// <summary>
    /// What a browser says of itself. Of no use here and not kept, like <c>signals</c>; but what is there must be well formed.
    /// </summary>
    public static void ReadBrowser(RequestMembers body)
    {
        body.Read(DeviceMembers.DeviceName);
        body.Read(DeviceMembers.DeviceCapabilities);
    }

    /// <param name="registration">Null when it is bad, which the answer says already.</param>
    public static DeviceKeyRegistration ReadKey(RequestMembers? registration)
    {
        var publicKey = registration?.Read(DeviceMembers.PublicKey);
        var keyId = publicKey?.Read(DeviceMembers.IdOfKey);
        publicKey?.Read(DeviceMembers.Algorithm);
        var key = publicKey?.Read(DeviceMembers.Pem);
        var signature = registration?.Read(DeviceMembers.Proof);
        return new DeviceKeyRegistration(keyId ?? "", key ?? "", signature ?? "");
    }

    /// <summary>The key, if the browser has shown that it holds it; else null.</summary>
    /// <param name="challenge">From the auth token.</param>
    public DevicePublicKey? KeyProvenFor(string challenge) =>
        DevicePublicKey.FromPem(Key) is { } key && key.IsSigner(challenge, Signature) ? key : null;

    public override string ToString() => "***";
}

/// <summary>POST /v1/client/device/passive/verify: the browser says that it holds the key of a device.</summary>
internal sealed class DeviceKeyVerify(BrowserEndpoint browser, DeviceKeyMethod method) : IEndpoint
{
    public RequestDelegate Endpoint => browser.Of(
        body => new DeviceKeyProof(body.Read(DeviceMembers.DeviceId), body.Read(DeviceMembers.KeyId), body.Read(DeviceMembers.Signature)),
            HandleAsync);

    private async Task<StepAnswer> HandleAsync(BrowserCall<DeviceKeyProof> call)
    {
        if (!DeviceKeyMethod.IsPartOf(call.Caller.Flow))
        {
            return StepAnswer.Fail(StepError.NotInThisFlow, Steps.NameOf(call.Caller.Flow));
        }
        if (!DeviceIds.TryParse(call.Request.DeviceId, out var id))
        {
            return StepAnswer.Fail(StepError.NoDevice, Steps.NameOf(call.Caller.Flow));
        }

        var proof = DeviceProof.NoDevice;
        var flow = await call.ChangeAsync(async (present, now) =>
        {
            (var changed, proof) = await method.ProveAsync(
                present, id, call.Request.KeyId, call.Request.Signature, call.Caller.Challenge, now, call.Aborted);
            return new Decision(changed);
        });

        return proof switch
        {
            DeviceProof.Right when flow.CurrentMethod is null && flow.Type != FlowType.None => StepAnswer.Result(flow),
            DeviceProof.Right => StepAnswer.Go(Steps.NameOf(flow)),
            // The browser forgets its key and takes the step again, as one that has none.
            DeviceProof.NoDevice => StepAnswer.Fail(StepError.NoDevice, Steps.NameOf(flow)),
            DeviceProof.Wrong => StepAnswer.Fail(StepError.KeyNotProven, Steps.NameOf(flow)),
            _ => StepAnswer.Fail(flow.IsDecided ? StepError.AlreadyDecided : StepError.NotInThisFlow, Steps.NameOf(flow)),
        };
    }
}

internal sealed record DeviceKeyProof(string DeviceId, string KeyId, string Signature)
{
    public override string ToString() => "***";
}

/// <summary>
/// POST /v1/client/device/passive/error: the browser cannot keep or use a key, or its person did not want the passkey that came first.
/// </summary>
internal sealed class DeviceKeyError(BrowserEndpoint browser) : IEndpoint
{
    public RequestDelegate Endpoint => browser.Of(
        ErrorReport.Read, async call => StepAnswer.Go(Steps.NameWithoutPasskey(await call.ChangeAsync(DeviceKeyMethod.FailPasskeyOrKey))));
}
