using Countersign.Core.Devices;

namespace Countersign.Core.Tests.Fakes;

/// <summary>Devices and their passkeys in memory.</summary>
internal sealed class MemoryDevices : IDeviceStore, IPasskeyStore
{
    public Dictionary<Guid, Device> Devices { get; } = [];

    public List<Passkey> Passkeys { get; } = [];

    /// <summary>What happens while a device is being tied.</summary>
    public Func<Task> WhenTied { get; set; } = () => Task.CompletedTask;

    /// <summary>What happens just before a device is revoked.</summary>
    public Action<Guid> WhenRevoked { get; set; } = _ => { };

    /// <summary>Another proof has always counted before.</summary>
    public bool LosesRaces { get; init; }

    public Task AddAsync(Device device, CancellationToken cancellationToken)
    {
        Devices.TryAdd(device.Id, device);
        return Task.CompletedTask;
    }

    public Task<Device?> FindAsync(Guid id, CancellationToken cancellationToken) => Task.FromResult(Devices.GetValueOrDefault(id));

    public Task KeepAsync(Guid id, DateTimeOffset until, CancellationToken cancellationToken)
    {
        if (Devices.TryGetValue(id, out var device))
        {
            Devices[id] = device with { KeptUntil = until };
        }
        return Task.CompletedTask;
    }

    public Task<bool> TryAddAsync(Device owner, string domain, Passkey passkey, CancellationToken cancellationToken)
    {
        var isNew = !Passkeys.Exists(known => known.CredentialId.SequenceEqual(passkey.CredentialId));
        if (isNew)
        {
            Passkeys.Add(passkey);
            Devices.Add(owner.Id, owner);
        }
        return Task.FromResult(isNew);
    }

    public Task<Passkey?> FindAsync(
        ProjectId projectId, string domain, byte[] credentialId, KeyHorizon horizon, CancellationToken cancellationToken) =>
        Task.FromResult(Passkeys.Find(known =>
            known.CredentialId.SequenceEqual(credentialId) && Devices[Guid.Parse(known.Owner)].IsWithin(horizon)));

    public Task<IReadOnlyList<Passkey>> OfIdentityAsync(
        ProjectId projectId, string domain, Guid identity, KeyHorizon horizon, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Passkey>>([.. Passkeys.Where(known =>
            Devices[Guid.Parse(known.Owner)] is var owner && owner.IdentityId == identity && owner.IsWithin(horizon))]);

    public Task<IReadOnlyList<Passkey>> OfDeviceAsync(
        ProjectId projectId, string domain, Guid device, KeyHorizon horizon, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Passkey>>([.. Passkeys.Where(known =>
            Guid.Parse(known.Owner) == device && Devices[device].IsWithin(horizon))]);

    public Task<bool> TryCountAsync(Passkey proven, uint formerCounter, CancellationToken cancellationToken) =>
        Task.FromResult(!LosesRaces);

    public Task ForgetAsync(ProjectId projectId, string domain, byte[] credentialId, CancellationToken cancellationToken)
    {
        Passkeys.RemoveAll(known => known.CredentialId.SequenceEqual(credentialId));
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<HeldDevice>> OfIdentityAsync(Guid identity, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<HeldDevice>>(
            [.. Devices.Values.Where(device => device.IdentityId == identity).Select(device => new HeldDevice(device, 0))]);

    public Task UseAsync(Guid id, DateTimeOffset at, CancellationToken cancellationToken)
    {
        Devices[id] = Devices[id] with { LastUsedAt = at };
        return Task.CompletedTask;
    }

    public Task<bool> HasAnyAsync(Guid identity, KeyHorizon horizon, CancellationToken cancellationToken) =>
        Task.FromResult(Devices.Values.Any(device => device.IdentityId == identity && device.IsWithin(horizon)));

    public async Task<bool> TryBindAsync(Guid id, Guid? from, Guid to, CancellationToken cancellationToken)
    {
        Devices[id] = Devices[id] with { IdentityId = to };
        await WhenTied();
        return true;
    }

    public Task<bool> RevokeAsync(Guid id, ProjectId projectId, CancellationToken cancellationToken)
    {
        WhenRevoked(id);
        Devices[id] = Devices[id] with { IsRevoked = true };
        return Task.FromResult(true);
    }

    public Task ForgetPasskeysAsync(Guid id, ProjectId projectId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<int> RemoveUntiedAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
