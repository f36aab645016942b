using Countersign.Core.Devices;
using Countersign.Core.Flows;
using Countersign.Core.Identities;
using Countersign.Core.Possession;

namespace Countersign.Core.Unify;

/// <summary>Ties a flow's number, its identity and the device that took part together. May be done twice: the second time changes nothing.</summary>
public sealed class IdentityBinder(IIdentityStore identities, IDeviceStore devices, TimeProvider time)
{
    /// <summary>Returns null when possession rests on a device that has been revoked meanwhile: then nothing is proven.</summary>
    public async Task<BoundIdentity?> BindAsync(Flow flow, CancellationToken cancellationToken)
    {
        var identity = await identities.ObtainAsync(flow.ProjectId, flow.Number, time.GetUtcNow(), cancellationToken);
        if (flow.Unify is not { DeviceId: { } id, Rebinds: var rebinds })
        {
            return new BoundIdentity(identity.Id, null);
        }
        var isTied = await IsTiedAsync(id, identity, rebinds, cancellationToken);
        return isTied || flow.Possession is not PossessionState.Succeeded { Method: var method } || method != PossessionMethod.DeviceKey
            ? new BoundIdentity(identity.Id, isTied ? id : null)
            : null;
    }

    private async Task<bool> IsTiedAsync(Guid id, ProjectIdentity identity, bool rebinds, CancellationToken cancellationToken)
    {
        Guid? former = null;
        while (await devices.FindAsync(id, cancellationToken) is { IsRevoked: false } device)
        {
            if (device.IdentityId == identity.Id)
            {
                return true;
            }
            // A key tied to another person stays theirs unless the relying party asked for a change, or has forgotten them.
            if (device.IdentityId is { } other && !rebinds && await identities.FindAsync(identity.ProjectId, other, cancellationToken) is not null)
            {
                return false;
            }
            if (await devices.TryBindAsync(id, device.IdentityId, identity.Id, cancellationToken))
            {
                return true;
            }
            // Somebody was first, and what they left is looked at; who finds all as it was is not to have it.
            if (former is not null && former == (device.IdentityId ?? Guid.Empty))
            {
                return false;
            }
            former = device.IdentityId ?? Guid.Empty;
        }
        return false;
    }
}
