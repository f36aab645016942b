using Countersign.Core.Devices;
using Countersign.Core.Possession.DeviceKey;
using Microsoft.AspNetCore.Identity;

namespace Countersign.Server.Security.WebAuthn;

/// <summary>The accounts that the framework's handler knows during one call: one owner and their passkeys. It keeps nothing.</summary>
internal sealed class OneOwnerStore(PasskeyOwner owner, IReadOnlyList<Passkey> passkeys) : IUserPasskeyStore<PasskeyOwner>
{
    public Task<string> GetUserIdAsync(PasskeyOwner user, CancellationToken cancellationToken) => Task.FromResult(user.Id);

    public Task<PasskeyOwner?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        Task.FromResult(userId == owner.Id ? owner : null);

    public Task<IList<UserPasskeyInfo>> GetPasskeysAsync(PasskeyOwner user, CancellationToken cancellationToken) =>
        Task.FromResult<IList<UserPasskeyInfo>>([.. passkeys.Select(Describe)]);

    public Task<UserPasskeyInfo?> FindPasskeyAsync(PasskeyOwner user, byte[] credentialId, CancellationToken cancellationToken) =>
        Task.FromResult(
            passkeys.Where(passkey => passkey.CredentialId.AsSpan().SequenceEqual(credentialId)).Select(Describe).FirstOrDefault());

    // Whether an id was registered before is decided where passkeys are stored, by the insert itself: between a look and an insert another
    // may come.
    public Task<PasskeyOwner?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        Task.FromResult<PasskeyOwner?>(null);

    public void Dispose()
    {
        // It holds nothing that wants to be given back.
    }

    public Task AddOrUpdatePasskeyAsync(PasskeyOwner user, UserPasskeyInfo passkey, CancellationToken cancellationToken) =>
        throw NotAsked();

    public Task RemovePasskeyAsync(PasskeyOwner user, byte[] credentialId, CancellationToken cancellationToken) => throw NotAsked();

    public Task<string?> GetUserNameAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw NotAsked();

    public Task SetUserNameAsync(PasskeyOwner user, string? userName, CancellationToken cancellationToken) => throw NotAsked();

    public Task<string?> GetNormalizedUserNameAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw NotAsked();

    public Task SetNormalizedUserNameAsync(PasskeyOwner user, string? normalizedName, CancellationToken cancellationToken) =>
        throw NotAsked();

    public Task<PasskeyOwner?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => throw NotAsked();

    public Task<IdentityResult> CreateAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw NotAsked();

    public Task<IdentityResult> UpdateAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw NotAsked();

    public Task<IdentityResult> DeleteAsync(PasskeyOwner user, CancellationToken cancellationToken) => throw NotAsked();

    // The counter is withheld: the handler would refuse a wrong one with nothing to tell it from a wrong signature (see PasskeyCeremonies).
    private static UserPasskeyInfo Describe(Passkey passkey) => new(
        passkey.CredentialId, passkey.PublicKey, createdAt: default, signCount: 0, [.. passkey.Transports], isUserVerified: false,
        passkey.IsBackupEligible, passkey.IsBackedUp, attestationObject: [], clientDataJson: []);

    private static NotSupportedException NotAsked() => new("A passkey ceremony neither names nor changes accounts.");
}
