using System.Security.Cryptography;
using Countersign.Core.Devices;
using Countersign.Core.Enrolments;
using Countersign.Core.Flows;
using Countersign.Core.Unify;
using static Countersign.Core.Possession.PossessionEvent;

namespace Countersign.Core.Possession.DeviceKey;

/// <summary>
/// Possession by a key that the browser keeps: it proves what its holder has proven in an earlier flow by another method. What it cannot
/// prove, the next method may; the device is remembered then, and tied to whom the flow turns out to be.
/// </summary>
public sealed class DeviceKeyMethod(IDeviceStore devices, IIdentityStore identities, DeviceKeyOptions options)
{
    /// <summary>True for a flow that begins with the device key, wherever it stands now.</summary>
    public static bool IsPartOf(Flow flow) =>
        flow.Type.ToPossession(flow.Product) is PossessionState.Ready { Plan.Method: var first } && first == PossessionMethod.DeviceKey;

    /// <summary>
    /// The id of a key that is registered in this flow. It follows from both, so that a call that is made twice makes one device.
    /// </summary>
    public static Guid IdOf(Flow flow, DevicePublicKey key)
    {
        var flowId = flow.Id.ToBytes();
        Span<byte> id = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData([.. flowId, .. key.Spki], id);

        // A version 7 UUID like all others (RFC 9562), whose time is the flow's: rows append in time order.
        flowId.AsSpan(0, 6).CopyTo(id);
        id[6] = (byte)((id[6] & 0x0f) | 0x70);
        id[8] = (byte)((id[8] & 0x3f) | 0x80);
        return new Guid(id[..16], bigEndian: true);
    }

    /// <summary>
    /// How long a device that shows itself in a flow is kept, if the flow does not tie it: the last tying may end a little after the flow.
    /// </summary>
    public static DateTimeOffset KeptUntil(Flow flow) => flow.ExpiresAt + UnifyMachine.BindTime;

    /// <summary>
    /// Takes a key that the browser has just made and shown to be its own. The first one counts: whoever comes later with the flow's token,
    /// and another key, must not be tied to the person in its stead.
    /// </summary>
    public static Flow Take(Flow flow, Guid device, DateTimeOffset now) =>
        CurrentOf(flow) is { } unify ? Fail(flow with { Tail = unify with { DeviceId = device } }, now) : flow;

    /// <summary>The browser has no key that it could use.</summary>
    public static Flow Fail(Flow flow, DateTimeOffset now) => flow.After(new MethodUnavailable(PossessionMethod.DeviceKey), now);

    /// <summary>The browser says that it holds the key of a device.</summary>
    /// <param name="signature">Over the device's id, a colon and the challenge.</param>
    /// <param name="challenge">From the auth token: a proof of another flow is none of this.</param>
    public async ValueTask<(Flow Flow, DeviceProof Proof)> ProveAsync(
        Flow flow, Guid id, string keyId, string signature, string challenge, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // One that is too old or idle is as one that never was: the browser makes a new one in the same flow.
        if (await devices.FindAsync(id, cancellationToken) is not { IsRevoked: false } device || device.ProjectId != flow.ProjectId
            || !device.IsWithin(options.HorizonAt(now)))
        {
            return (flow, DeviceProof.NoDevice);
        }
        if (device is not { PublicKey: { } spki } || device.KeyId != keyId
            || DevicePublicKey.FromSpki(spki)?.IsSigner($"{id:D}:{challenge}", signature) != true)
        {
            return (Fail(flow, now), DeviceProof.Wrong);
        }
        return await AcceptAsync(flow, device, id, now, cancellationToken);
    }

    /// <summary>A device has shown that it is here, by its key or by its passkey.</summary>
    /// <param name="remembered">The device to be tied to the person: this one, or one that it has brought in.</param>
    public async ValueTask<(Flow Flow, DeviceProof Proof)> AcceptAsync(
        Flow flow, Device shown, Guid remembered, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (CurrentOf(flow) is not { } unify)
        {
            return (flow, (flow.Tail as UnifyProgress)?.DeviceId == remembered ? DeviceProof.Right : DeviceProof.OutOfTurn);
        }

        if (shown.IsUseNews(now))
        {
            await devices.UseAsync(shown.Id, now, cancellationToken);
        }
        var holder = await FindHolderAsync(shown, flow, cancellationToken);
        unify = unify with { DeviceId = remembered, RememberedFor = shown.Id == remembered ? holder?.Id : null };
        if (holder is not null && holder.Number == flow.Number)
        {
            var held = flow with { Tail = unify with { KeyHolder = holder.Id } };
            return (held.After(new ProvenAtOnce(PossessionMethod.DeviceKey), now), DeviceProof.Right);
        }
        // What the next method proves may yet tie it.
        await devices.KeepAsync(shown.Id, KeptUntil(flow), cancellationToken);
        return (Fail(flow with { Tail = unify }, now), DeviceProof.Right);
    }

    /// <summary>Keeps what the answer to a question about a passkey is checked against. A later question replaces an earlier one.</summary>
    public static Flow Ask(Flow flow, AskedPasskey asked) =>
        CurrentOf(flow) is { } unify ? flow with { Tail = unify with { Passkey = asked } } : flow;

    /// <summary>Takes the question away, before its answer is looked at: none is answered twice.</summary>
    public static Flow TakeAsked(Flow flow) => CurrentOf(flow) is { } unify ? flow with { Tail = unify with { Passkey = null } } : flow;

    /// <summary>
    /// The browser has failed and does not say at what: published SDKs report the passkey that a person did not want as they report a key.
    /// While one was asked for it was that, and the key is still to come.
    /// </summary>
    public static Flow FailPasskeyOrKey(Flow flow, DateTimeOffset now) =>
        flow.Tail is UnifyProgress { Passkey: not null } ? TakeAsked(flow) : Fail(flow, now);

    /// <summary>What a flow knows that is at its device key; null when it is elsewhere.</summary>
    private static UnifyProgress? CurrentOf(Flow flow) =>
        flow.CurrentMethod == PossessionMethod.DeviceKey ? flow.Tail as UnifyProgress : null;

    /// <summary>The person to whom the device is tied; null when there is none, or they have lost their number.</summary>
    private async ValueTask<ProjectIdentity?> FindHolderAsync(Device device, Flow flow, CancellationToken cancellationToken) =>
        device.IdentityId is { } identity
        && await identities.FindAsync(flow.ProjectId, identity, cancellationToken) is { HoldsNumber: true } person
            ? person
            : null;
}

/// <summary>What came of a device's proof.</summary>
public enum DeviceProof
{
    /// <summary>No device of the project that could still prove something.</summary>
    NoDevice,

    /// <summary>Not this device's key, or a signature over something else.</summary>
    Wrong,

    /// <summary>The flow has gone on without this device.</summary>
    OutOfTurn,

    /// <summary>The device holds its key. Where the flow goes from here is the flow's to say.</summary>
    Right,
}
