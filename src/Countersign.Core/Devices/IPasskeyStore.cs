namespace Countersign.Core.Devices;

/// <summary>
/// Keeps passkeys, each with the device that is its owner. Browsers bind a passkey to a domain, so nobody finds it under another. Those of
/// a revoked device are as good as gone, and so are those of one beyond the horizon where one is given. Every write is durable before its
/// task completes.
/// </summary>
public interface IPasskeyStore
{
    /// <summary>
    /// Stores a new passkey and the device that owns it. Returns false, and stores neither, when there is one of this credential id
    /// already, whosever it is.
    /// </summary>
    Task<bool> TryAddAsync(Device owner, string domain, Passkey passkey, CancellationToken cancellationToken);

    /// <summary>Returns null when the project has no such passkey for the domain.</summary>
    Task<Passkey?> FindAsync(
        ProjectId projectId, string domain, byte[] credentialId, KeyHorizon horizon, CancellationToken cancellationToken);

    /// <summary>The passkeys of the devices tied to an identity of the project, newest first.</summary>
    Task<IReadOnlyList<Passkey>> OfIdentityAsync(
        ProjectId projectId, string domain, Guid identity, KeyHorizon horizon, int limit, CancellationToken cancellationToken);

    /// <summary>The passkeys of a device of the project, newest first.</summary>
    Task<IReadOnlyList<Passkey>> OfDeviceAsync(
        ProjectId projectId, string domain, Guid device, KeyHorizon horizon, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps what a proof has told. Returns false, and changes nothing, when another proof has counted since, or the passkey proves nothing
    /// any more.
    /// </summary>
    /// <param name="proven">With its new counter.</param>
    /// <param name="formerCounter">The counter that the proof was checked against.</param>
    Task<bool> TryCountAsync(Passkey proven, uint formerCounter, CancellationToken cancellationToken);

    /// <summary>Forgets a passkey of the project; one that is not there is forgotten already.</summary>
    Task ForgetAsync(ProjectId projectId, string domain, byte[] credentialId, CancellationToken cancellationToken);
}
