using Countersign.Core.Devices;
using Countersign.Core.Possession.DeviceKey;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Countersign.Server.Security.WebAuthn;

/// <summary>
/// ASP.NET Core Identity's passkey handler for one call. It takes its settings at construction and ours differ with each relying party; it
/// is cheap to make, and of the accounts it is made for only <see cref="OneOwnerStore"/> is there.
/// </summary>
internal sealed class OneCallHandler : IDisposable
{
    // COSE's numbers of ES256 and RS256, which WebAuthn recommends and all authenticators know (RFC 9053, RFC 8812).
    private const int Es256 = -7;
    private const int Rs256 = -257;

    private static readonly PasswordHasher<PasskeyOwner> _noPasswords = new();
    private static readonly UpperInvariantLookupNormalizer _names = new();
    private static readonly IdentityErrorDescriber _errors = new();
    private static readonly NoServices _noServices = new();

    private readonly UserManager<PasskeyOwner> _accounts;

    public OneCallHandler(
        PasskeyRelyingParty relyingParty, UserVerification verification, PasskeyOwner owner, IReadOnlyList<Passkey> passkeys)
    {
        _accounts = new UserManager<PasskeyOwner>(
            new OneOwnerStore(owner, passkeys), Options.Create(new IdentityOptions()), _noPasswords, [], [], _names, _errors, _noServices,
            NullLogger<UserManager<PasskeyOwner>>.Instance);
        Handler = new PasskeyHandler<PasskeyOwner>(_accounts, Options.Create(new IdentityPasskeyOptions
        {
            ServerDomain = relyingParty.Id,
            AttestationConveyancePreference = "none",
            UserVerificationRequirement = verification == UserVerification.Required ? "required" : "preferred",
            IsAllowedAlgorithm = algorithm => algorithm is Es256 or Rs256,
            ValidateOrigin = page =>
            {
                // A page in a stranger's frame shows the person another address than that of whom they prove themselves to.
                var isAllowed = !page.CrossOrigin && page.TopOrigin is null
                    && relyingParty.Origins.Contains(page.Origin, StringComparer.Ordinal);
                HasRefusedOrigin |= !isAllowed;
                return ValueTask.FromResult(isAllowed);
            },
        }));
    }

    public PasskeyHandler<PasskeyOwner> Handler { get; }

    /// <summary>True when a call failed because of the page that asked: the handler's failures differ in their words only.</summary>
    public bool HasRefusedOrigin { get; private set; }

    public void Dispose() => _accounts.Dispose();

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
