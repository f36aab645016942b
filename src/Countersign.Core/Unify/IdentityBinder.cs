using Countersign.Core.Devices;
using Countersign.Core.Enrolments;

namespace Countersign.Core.Unify;

/// <summary>
/// Ties a flow's number, its identity and the device that took part together. May be done twice: the second time changes nothing.
/// </summary>
public sealed class IdentityBinder(IIdentityStore identities, IDeviceStore devices, TimeProvider time)
{
    /// <param name="projectId">The flow's project.</param>
    /// <param name="number">The flow's number.</param>
    /// <param name="unify">What the flow knows beside its possession.</param>
    /// <param name="restsOnKey">The flow's possession was proven by a device key.</param>
    public async Task<BindOutcome> BindAsync(
        ProjectId projectId, PhoneNumber number, UnifyProgress unify, bool restsOnKey, CancellationToken cancellationToken)
    {
        // Where it has to be somebody who is known, nobody is made: the number of a person who was forgotten meanwhile would be back,
        // without an owner.
        var identity = unify.AskedFor is null && !(restsOnKey && unify.KeyHolder is not null)
            ? await identities.ObtainAsync(projectId, number, time.GetUtcNow(), cancellationToken)
            : await identities.FindAsync(projectId, number, cancellationToken);
        if (unify.AskedFor is { } asked && !await IsAsync(identity, asked, cancellationToken))
        {
            return new BindOutcome.Obstructed(BindingObstacle.AnotherPerson);
        }

        // Attack: the number changes hands between the former holder's proof and this moment, and their key is tied to the new holder.
        if (identity is null || (restsOnKey && unify.KeyHolder is { } holder && !await IsAsync(identity, holder, cancellationToken)))
        {
            return new BindOutcome.Obstructed(BindingObstacle.KeyProvesNothing);
        }

        if (unify.DeviceId is not { } id)
        {
            return new BindOutcome.Bound(new BoundIdentity(identity.Id, null));
        }
        var isTied = await IsTiedAsync(id, identity, unify.Rebinds, cancellationToken);
        return isTied || !restsOnKey
            ? new BindOutcome.Bound(new BoundIdentity(identity.Id, isTied ? id : null))
            : new BindOutcome.Obstructed(BindingObstacle.KeyProvesNothing);
    }

    /// <summary>
    /// An identity may answer to more than one id, since this moment too: it may have been joined with another of its line after it was
    /// read. Who was forgotten answers to none.
    /// </summary>
    private async Task<bool> IsAsync(ProjectIdentity? identity, Guid id, CancellationToken cancellationToken) =>
        identity is not null
        && await identities.FindAsync(identity.ProjectId, id, cancellationToken) is { } named
        && (named.Id == identity.Id || named.Id == (await identities.FindAsync(identity.ProjectId, identity.Id, cancellationToken))?.Id);

    private async Task<bool> IsTiedAsync(Guid id, ProjectIdentity identity, bool rebinds, CancellationToken cancellationToken)
    {
        Guid? former = null;
        while (await devices.FindAsync(id, cancellationToken) is { IsRevoked: false } device)
        {
            if (device.IdentityId is { } holder && (holder == identity.Id || await IsAsync(identity, holder, cancellationToken)))
            {
                return true;
            }
            // A key tied to another person stays theirs unless the relying party asked for a change, or has forgotten them, or they lost
            // their number.
            if (device.IdentityId is { } other && !rebinds
                && await identities.FindAsync(identity.ProjectId, other, cancellationToken) is { HoldsNumber: true })
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

/// <summary>What came of tying. A closed set.</summary>
public abstract record BindOutcome
{
    private BindOutcome() { }

    public sealed record Bound(BoundIdentity Identity) : BindOutcome;

    public sealed record Obstructed(BindingObstacle Why) : BindOutcome;
}
