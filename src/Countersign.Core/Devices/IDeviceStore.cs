namespace Countersign.Core.Devices;

/// <summary>Keeps devices. Every write is durable before its task completes.</summary>
public interface IDeviceStore
{
    /// <summary>A device that is there already stays as it is.</summary>
    Task AddAsync(Device device, CancellationToken cancellationToken);

    /// <summary>Returns null when there is no such device; a revoked one is returned and says so.</summary>
    Task<Device?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>
    /// Ties the device to an identity of its project, if it is tied to the given one now. Returns false, and changes nothing, if not, if
    /// the identity is gone, or if the device was brought in by the passkey of one that is revoked.
    /// </summary>
    /// <param name="from">Null when the device is tied to none yet.</param>
    Task<bool> TryBindAsync(Guid id, Guid? from, Guid to, CancellationToken cancellationToken);

    /// <summary>True when a device that could prove something is tied to the identity: one that was not revoked, within the
    /// horizon.</summary>
    Task<bool> HasAnyAsync(Guid identity, KeyHorizon horizon, CancellationToken cancellationToken);

    /// <summary>The devices that are tied to the identity, revoked ones too, newest first.</summary>
    Task<IReadOnlyList<HeldDevice>> OfIdentityAsync(Guid identity, int limit, CancellationToken cancellationToken);

    /// <summary>Keeps that the device has proven something, if no later use is on file.</summary>
    Task UseAsync(Guid id, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps a device that is tied to no identity at least until the given moment: a flow has just shown an interest in it.
    /// </summary>
    Task KeepAsync(Guid id, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>
    /// Revokes the device, and forgets the passkey that belongs to it or has brought it in. Returns false when the project has no such
    /// device; true when it is revoked, by this call or before.
    /// </summary>
    Task<bool> RevokeAsync(Guid id, ProjectId projectId, CancellationToken cancellationToken);

    /// <summary>Forgets the passkeys that belong to the project's device or have brought it in; its key stays.</summary>
    Task ForgetPasskeysAsync(Guid id, ProjectId projectId, CancellationToken cancellationToken);

    /// <summary>
    /// Removes devices that are tied to no identity and whose time is over (<see cref="Device.KeptUntil"/>), with their passkeys: at most
    /// <paramref name="limit"/> of them. Returns how many. Unties those whose identity has left its number.
    /// </summary>
    Task<int> RemoveUntiedAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken);
}

/// <param name="Passkeys">How many are kept with it.</param>
public sealed record HeldDevice(Device Device, int Passkeys)
{
    public override string ToString() => Device.ToString();
}
