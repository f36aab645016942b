using Countersign.Core.Devices;
using Countersign.Core.Flows;
using Countersign.Core.Unify;

namespace Countersign.Core.Possession.DeviceKey;

/// <summary>Takes the keys that browsers make, and the proofs that they hold one: in which order flow and device are changed.</summary>
public sealed class DeviceKeyCalls(FlowRunner flows, DeviceKeyMethod method, IDeviceStore devices, TimeProvider time)
{
    /// <summary>Takes a key that the browser has just made.</summary>
    public async Task<KeyRegistration> RegisterAsync(Flow flow, ShownKey shown, CancellationToken cancellationToken)
    {
        if (!DeviceKeyMethod.IsPartOf(flow))
        {
            return new KeyRegistration.NotInThisFlow(flow);
        }
        if (shown.Proven is not { } key)
        {
            // The flow goes on without a key: published SDKs drop one that was refused.
            return new KeyRegistration.NotProven(await flows.ChangeAndSettleAsync(flow, Always(DeviceKeyMethod.Fail), cancellationToken));
        }

        var id = DeviceKeyMethod.IdOf(flow, key);
        var after = await flows.ChangeAndSettleAsync(
            flow, Always((present, now) => DeviceKeyMethod.Take(present, id, now)), cancellationToken);
        if (after.IsDecided)
        {
            return new KeyRegistration.TooLate(after);
        }
        if ((after.Tail as UnifyProgress)?.DeviceId != id)
        {
            return new KeyRegistration.NotInThisFlow(after);
        }

        // Only what the flow has taken is stored, and before the browser hears of it. Who remembers a device that was never stored ties
        // none.
        var device = new Device(
            id, after.ProjectId, shown.KeyId, key.Spki, time.GetUtcNow(), KeptUntil: DeviceKeyMethod.KeptUntil(after));
        await devices.AddAsync(device, CancellationToken.None);
        return new KeyRegistration.Taken(after, id);
    }

    /// <summary>Takes the proof that the browser holds the key of a device.</summary>
    /// <param name="device">Null when what the browser says is no device's id.</param>
    /// <param name="signature">Over the device's id, a colon and the challenge.</param>
    /// <param name="challenge">From the auth token.</param>
    public async Task<KeyProof> ProveAsync(
        Flow flow, Guid? device, string keyId, string signature, string challenge, CancellationToken cancellationToken)
    {
        if (!DeviceKeyMethod.IsPartOf(flow))
        {
            return new KeyProof.NotInThisFlow(flow);
        }
        if (device is not { } id)
        {
            return new KeyProof.NoDevice(flow);
        }

        var proof = DeviceProof.NoDevice;
        var after = await flows.ChangeAndSettleAsync(
            flow,
            async (present, now) =>
            {
                (var changed, proof) = await method.ProveAsync(present, id, keyId, signature, challenge, now, cancellationToken);
                return new Decision(changed);
            },
            cancellationToken);
        return proof switch
        {
            DeviceProof.Right => new KeyProof.Proven(after),
            DeviceProof.NoDevice => new KeyProof.NoDevice(after),
            DeviceProof.Wrong => new KeyProof.Wrong(after),
            _ => after.IsDecided ? new KeyProof.TooLate(after) : new KeyProof.NotInThisFlow(after),
        };
    }

    private static Func<Flow, DateTimeOffset, ValueTask<Decision>> Always(Func<Flow, DateTimeOffset, Flow> decide) =>
        (flow, now) => ValueTask.FromResult(new Decision(decide(flow, now)));
}

/// <summary>What came of a key that a browser made: a closed set. Each has the flow as it stands now.</summary>
public abstract record KeyRegistration
{
    private KeyRegistration() { }

    public sealed override string ToString() => GetType().Name;

    /// <summary>The flow remembers the device, and it is stored.</summary>
    /// <param name="Device">The id by which the browser knows itself from now on.</param>
    public sealed record Taken(Flow Flow, Guid Device) : KeyRegistration;

    /// <summary>The browser has not shown that it holds the key.</summary>
    public sealed record NotProven(Flow Flow) : KeyRegistration;

    /// <summary>The flow has no place for a key, or has gone on without this one.</summary>
    public sealed record NotInThisFlow(Flow Flow) : KeyRegistration;

    /// <summary>The flow is decided.</summary>
    public sealed record TooLate(Flow Flow) : KeyRegistration;
}

/// <summary>What came of the proof of a key: a closed set. Each has the flow as it stands now.</summary>
public abstract record KeyProof
{
    private KeyProof() { }

    public sealed override string ToString() => GetType().Name;

    /// <summary>The device holds its key. Where the flow goes from here is the flow's to say.</summary>
    public sealed record Proven(Flow Flow) : KeyProof;

    /// <summary>No device of the project that could still prove something.</summary>
    public sealed record NoDevice(Flow Flow) : KeyProof;

    /// <summary>Not this device's key, or a signature over something else.</summary>
    public sealed record Wrong(Flow Flow) : KeyProof;

    /// <summary>The flow has no place for a key, or has gone on without this device.</summary>
    public sealed record NotInThisFlow(Flow Flow) : KeyProof;

    /// <summary>The flow is decided.</summary>
    public sealed record TooLate(Flow Flow) : KeyProof;
}
