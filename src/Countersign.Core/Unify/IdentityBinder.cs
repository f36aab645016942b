using Countersign.Core.Devices;
using Countersign.Core.Flows;
using Countersign.Core.Identities;

namespace Countersign.Core.Unify;

/// <summary>Ties a flow's number, its identity and the device that took part together. May be done twice: the second time changes nothing.</summary>
public sealed class IdentityBinder(IIdentityStore identities, IDeviceStore devices, TimeProvider time)
{
    public async Task<BoundIdentity> BindAsync(Flow flow, CancellationToken cancellationToken)
    {
        var identity = await identities.ObtainAsync(flow.ProjectId, flow.Number, time.GetUtcNow(), cancellationToken);
        var device = flow.Unify is { DeviceId: { } id, Rebinds: var rebinds } && await IsTiedAsync(id, identity.Id, rebinds, cancellationToken) ? id : (Guid?)null;
        return new BoundIdentity(identity.Id, device);
    }

    private async Task<bool> IsTiedAsync(Guid id, Guid identity, bool rebinds, CancellationToken cancellationToken)
    {
        while (await devices.FindAsync(id, cancellationToken) is { IsRevoked: false } device)
        {
            // A key tied to another person stays theirs unless the relying party asked for a change.
            if (device.IdentityId == identity || (device.IdentityId is not null && !rebinds))
            {
                return device.IdentityId == identity;
            }
            if (await devices.TryBindAsync(id, device.IdentityId, identity, cancellationToken))
            {
                return true;
            }
        }
        return false;
    }
}
