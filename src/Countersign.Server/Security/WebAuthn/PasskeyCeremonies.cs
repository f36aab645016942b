using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Core.Devices;
using Countersign.Core.Possession.DeviceKey;
using Microsoft.AspNetCore.Identity;

namespace Countersign.Server.Security.WebAuthn;

/// <summary>
/// Registering a passkey and proving one, by WebAuthn. The checks are ASP.NET Core Identity's: challenge, origin, domain, flags, key,
/// owner, signature. Attestation statements are neither asked for nor checked: which make of authenticator holds a key is not known.
/// </summary>
internal static class PasskeyCeremonies
{
    // WebAuthn, "user handle": at most 64 bytes.
    private const int MaxOwnerBytes = 64;

    /// <summary>Asks for a new passkey, ES256 or RS256, without attestation.</summary>
    /// <param name="excluded">Passkeys that are there already: an authenticator that holds one of them makes no second one.</param>
    /// <exception cref="ArgumentException">The owner's id is empty or longer than 64 bytes.</exception>
    public static async Task<BegunCeremony> BeginRegistrationAsync(
        PasskeyRelyingParty relyingParty, PasskeyOwner owner, IReadOnlyList<Passkey> excluded, UserVerification verification)
    {
        if (Encoding.UTF8.GetByteCount(owner.Id) is 0 or > MaxOwnerBytes)
        {
            throw new ArgumentException("An owner's id takes 1 to 64 bytes.", nameof(owner));
        }

        using var call = new OneCallHandler(relyingParty, verification, owner, excluded);
        var user = new PasskeyUserEntity { Id = owner.Id, Name = owner.DisplayName, DisplayName = owner.DisplayName };
        var made = await call.Handler.MakeCreationOptionsAsync(user, NoRequest);

        var options = JsonNode.Parse(made.CreationOptionsJson)!.AsObject();
        options["rp"]!["name"] = relyingParty.Name;
        options["excludeCredentials"] = new JsonArray([.. excluded.Select(Describe)]);
        return new BegunCeremony(
            options.ToJsonString(),
            new CeremonyState(Ceremony.Registration, relyingParty.Id, verification, made.AttestationState!).Write());
    }

    /// <param name="state">As <see cref="BeginRegistrationAsync"/> gave it.</param>
    /// <param name="credential">JSON from the browser; any text may be passed.</param>
    public static async Task<RegistrationOutcome> FinishRegistrationAsync(PasskeyRelyingParty relyingParty, string state, string credential)
    {
        if (BrowserCredential.Read(credential, Ceremony.Registration) is not { } answer)
        {
            return new RegistrationOutcome.Refused(PasskeyRefusal.Malformed);
        }
        if (CeremonyState.Read(state, Ceremony.Registration, relyingParty) is not { } begun)
        {
            return new RegistrationOutcome.Refused(PasskeyRefusal.OtherCeremony);
        }

        var (result, reason) = await PerformAsync(relyingParty, begun, answer);
        if (!result.Succeeded)
        {
            return new RegistrationOutcome.Refused(
                begun.Verification == UserVerification.Required
                    && (await PerformAsync(relyingParty, begun with { Verification = UserVerification.Preferred }, answer)).Result.Succeeded
                    ? PasskeyRefusal.NotVerified
                    : reason);
        }

        var made = result.Passkey;
        return new RegistrationOutcome.Registered(new Passkey(
            made.CredentialId, made.PublicKey, result.UserEntity.Id, made.SignCount, made.IsBackupEligible, made.IsBackedUp,
            made.Transports ?? []));
    }

    /// <summary>Asks for a proof with one of the passkeys.</summary>
    /// <param name="allowed">Of one owner or of several. None: any passkey that the authenticator has for the relying party; it then names
    /// its owner.</param>
    public static async Task<BegunCeremony> BeginAssertionAsync(
        PasskeyRelyingParty relyingParty, IReadOnlyList<Passkey> allowed, UserVerification verification)
    {
        var owner = allowed.Select(passkey => passkey.Owner).Distinct(StringComparer.Ordinal).ToArray() is [var only]
            ? new PasskeyOwner(only, "") : null;
        using var call = new OneCallHandler(relyingParty, verification, owner ?? _nobody, allowed);
        var made = await call.Handler.MakeRequestOptionsAsync(owner, NoRequest);

        var options = JsonNode.Parse(made.RequestOptionsJson)!.AsObject();
        if (allowed.Count == 0)
        {
            // Published browser SDKs take an empty list for "none of them".
            options.Remove("allowCredentials");
        }
        else
        {
            options["allowCredentials"] = new JsonArray([.. allowed.Select(Describe)]);
        }
        var state = new CeremonyState(
            Ceremony.Assertion, relyingParty.Id, verification, made.AssertionState!,
            allowed.Count == 0 ? null : [.. allowed.Select(passkey => Base64Url.EncodeToString(passkey.CredentialId))],
            allowed.Count == 0 ? null : [.. allowed.Select(passkey => passkey.Counter)]);
        return new BegunCeremony(options.ToJsonString(), state.Write());
    }

    /// <summary>The id by which the known passkey is to be found; null when the text is no proof at all.</summary>
    public static byte[]? CredentialIdOf(string credential) => BrowserCredential.Read(credential, Ceremony.Assertion)?.Id;

    /// <param name="state">As <see cref="BeginAssertionAsync"/> gave it.</param>
    /// <param name="credential">JSON from the browser; any text may be passed.</param>
    /// <param name="known">As it is stored now. A proof with another passkey, or with one of another owner than was asked for, is
    /// refused.</param>
    public static async Task<AssertionOutcome> FinishAssertionAsync(
        PasskeyRelyingParty relyingParty, string state, string credential, Passkey known)
    {
        if (BrowserCredential.Read(credential, Ceremony.Assertion) is not { } answer)
        {
            return new AssertionOutcome.Refused(PasskeyRefusal.Malformed);
        }
        if (CeremonyState.Read(state, Ceremony.Assertion, relyingParty) is not { } begun)
        {
            return new AssertionOutcome.Refused(PasskeyRefusal.OtherCeremony);
        }

        // WebAuthn, "Verifying an Authentication Assertion", step 5. The handler has seen the passkeys of one owner only.
        if (begun.Allowed?.Contains(Base64Url.EncodeToString(answer.Id), StringComparer.Ordinal) == false)
        {
            return new AssertionOutcome.Refused(PasskeyRefusal.NotProven);
        }

        var (result, reason) = await PerformAsync(relyingParty, begun, answer, known);
        if (!result.Succeeded)
        {
            // The handler looks at these flags before the signature. Only whoever holds the key can bring a proof that is right but for
            // one.
            var (otherwise, _) = await PerformAsync(relyingParty, begun, answer, known with { IsBackupEligible = !known.IsBackupEligible });
            if (otherwise.Succeeded)
            {
                return new AssertionOutcome.Refused(PasskeyRefusal.BackupEligibilityChanged);
            }
            return new AssertionOutcome.Refused(
                begun.Verification == UserVerification.Required
                    && (await PerformAsync(
                        relyingParty, begun with { Verification = UserVerification.Preferred }, answer, known)).Result.Succeeded
                    ? PasskeyRefusal.NotVerified
                    : reason);
        }

        // WebAuthn, "Verifying an Authentication Assertion", step 22. Only now, when the signature is known to be right, does the counter
        // mean anything.
        var counter = result.Passkey.SignCount;
        var counts = counter != 0 || known.Counter != 0;
        if (!counts || counter > known.Counter)
        {
            return new AssertionOutcome.Proven(known with { Counter = counter, IsBackedUp = result.Passkey.IsBackedUp });
        }
        // Two pages may ask at once, and the later proof come first. Whoever holds the one key has counted on since it was asked.
        return new AssertionOutcome.Refused(
            begun.CounterOf(Base64Url.EncodeToString(answer.Id)) is { } asked && counter <= asked ? PasskeyRefusal.CounterWentBack
                : PasskeyRefusal.Overtaken);
    }

    private static async Task<(PasskeyAttestationResult Result, PasskeyRefusal Reason)> PerformAsync(
        PasskeyRelyingParty relyingParty, CeremonyState begun, BrowserCredential answer)
    {
        using var call = new OneCallHandler(relyingParty, begun.Verification, _nobody, []);
        var result = await call.Handler.PerformAttestationAsync(
            new PasskeyAttestationContext { HttpContext = NoRequest, AttestationState = begun.Challenge, CredentialJson = answer.Json });
        return (result, ReasonOf(call));
    }

    private static async Task<(PasskeyAssertionResult<PasskeyOwner> Result, PasskeyRefusal Reason)> PerformAsync(
        PasskeyRelyingParty relyingParty, CeremonyState begun, BrowserCredential answer, Passkey known)
    {
        using var call = new OneCallHandler(relyingParty, begun.Verification, new PasskeyOwner(known.Owner, ""), [known]);
        var result = await call.Handler.PerformAssertionAsync(new PasskeyAssertionContext
        {
            HttpContext = NoRequest,
            AssertionState = begun.Challenge,
            // One of those that were asked for says by its id whose it is; authenticators may then keep silent about the owner.
            CredentialJson = begun.Allowed is null ? answer.Json : answer.WithOwner(known.Owner),
        });
        return (result, ReasonOf(call));
    }

    // The handler would look here for its own domain and for the calling page; both are told to it instead.
    private static DefaultHttpContext NoRequest => new();

    private static readonly PasskeyOwner _nobody = new("", "");

    private static PasskeyRefusal ReasonOf(OneCallHandler call) =>
        call.HasRefusedOrigin ? PasskeyRefusal.OriginNotAllowed : PasskeyRefusal.NotProven;

    private static JsonObject Describe(Passkey passkey)
    {
        var described = new JsonObject { ["type"] = "public-key", ["id"] = Base64Url.EncodeToString(passkey.CredentialId) };
        // What is not known is left out, as everywhere: WebAuthn says of a list of ways to reach an authenticator what it means, but not of
        // an empty one.
        if (passkey.Transports.Count > 0)
        {
            described["transports"] = new JsonArray([.. passkey.Transports.Select(transport => (JsonNode)transport)]);
        }
        return described;
    }
}
