using System.Text;
using System.Text.Json.Nodes;
using Countersign.Core.Devices;
using Microsoft.AspNetCore.Identity;

namespace Countersign.Server.Security.WebAuthn;

/// <summary>
/// Registering a passkey and proving one, by WebAuthn. The checks are ASP.NET Core Identity's: challenge, origin, domain, flags, key, owner,
/// signature. Attestation statements are neither asked for nor checked: which make of authenticator holds a key is not known.
/// </summary>
internal static class PasskeyCeremonies
{
    // WebAuthn, "user handle": at most 64 bytes.
    private const int MostOwnerBytes = 64;

    /// <summary>Asks for a new passkey, ES256 or RS256, without attestation.</summary>
    /// <param name="excluded">Passkeys that are there already: an authenticator that holds one of them makes no second one.</param>
    /// <exception cref="ArgumentException">The owner's id is empty or longer than 64 bytes.</exception>
    public static async Task<BegunCeremony> BeginRegistrationAsync(
        PasskeyRelyingParty relyingParty, PasskeyOwner owner, IReadOnlyList<Passkey> excluded, UserVerification verification)
    {
        if (Encoding.UTF8.GetByteCount(owner.Id) is 0 or > MostOwnerBytes)
        {
            throw new ArgumentException("An owner's id takes 1 to 64 bytes.", nameof(owner));
        }

        using var call = new OneCallHandler(relyingParty, verification, owner, excluded);
        var user = new PasskeyUserEntity { Id = owner.Id, Name = owner.DisplayName, DisplayName = owner.DisplayName };
        var made = await call.Handler.MakeCreationOptionsAsync(user, NoRequest);

        var options = JsonNode.Parse(made.CreationOptionsJson)!.AsObject();
        options["rp"]!["name"] = relyingParty.Name;
        LeaveOutUnknownTransports(options["excludeCredentials"]!.AsArray());
        return new BegunCeremony(
            options.ToJsonString(), new CeremonyState(Ceremony.Registration, relyingParty.Id, verification, made.AttestationState!).Write());
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

        using var call = new OneCallHandler(relyingParty, begun.Verification, _nobody, []);
        var result = await call.Handler.PerformAttestationAsync(
            new PasskeyAttestationContext { HttpContext = NoRequest, AttestationState = begun.Challenge, CredentialJson = answer.Json });
        if (!result.Succeeded)
        {
            return new RegistrationOutcome.Refused(ReasonOf(call));
        }

        var made = result.Passkey;
        return new RegistrationOutcome.Registered(new Passkey(
            made.CredentialId, made.PublicKey, result.UserEntity.Id, made.SignCount, made.IsBackupEligible, made.IsBackedUp, made.Transports ?? []));
    }

    /// <summary>Asks for a proof with one of the passkeys.</summary>
    /// <param name="allowed">All of one owner. None: any passkey that the authenticator has for the relying party; it then names its owner.</param>
    /// <exception cref="ArgumentException">The passkeys have different owners.</exception>
    public static async Task<BegunCeremony> BeginAssertionAsync(
        PasskeyRelyingParty relyingParty, IReadOnlyList<Passkey> allowed, UserVerification verification)
    {
        var owner = allowed.Count == 0 ? null : new PasskeyOwner(allowed[0].Owner, "");
        if (allowed.Any(passkey => passkey.Owner != owner!.Id))
        {
            throw new ArgumentException("The passkeys have different owners.", nameof(allowed));
        }

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
            LeaveOutUnknownTransports(options["allowCredentials"]!.AsArray());
        }
        return new BegunCeremony(
            options.ToJsonString(), new CeremonyState(Ceremony.Assertion, relyingParty.Id, verification, made.AssertionState!).Write());
    }

    /// <summary>The id by which the known passkey is to be found; null when the text is no proof at all.</summary>
    public static byte[]? CredentialIdOf(string credential) => BrowserCredential.Read(credential, Ceremony.Assertion)?.Id;

    /// <param name="state">As <see cref="BeginAssertionAsync"/> gave it.</param>
    /// <param name="credential">JSON from the browser; any text may be passed.</param>
    /// <param name="known">As it is stored now. A proof with another passkey, or with one of another owner than was asked for, is refused.</param>
    public static async Task<AssertionOutcome> FinishAssertionAsync(PasskeyRelyingParty relyingParty, string state, string credential, Passkey known)
    {
        if (BrowserCredential.Read(credential, Ceremony.Assertion) is not { } answer)
        {
            return new AssertionOutcome.Refused(PasskeyRefusal.Malformed);
        }
        if (CeremonyState.Read(state, Ceremony.Assertion, relyingParty) is not { } begun)
        {
            return new AssertionOutcome.Refused(PasskeyRefusal.OtherCeremony);
        }

        using var call = new OneCallHandler(relyingParty, begun.Verification, new PasskeyOwner(known.Owner, ""), [known]);
        var result = await call.Handler.PerformAssertionAsync(
            new PasskeyAssertionContext { HttpContext = NoRequest, AssertionState = begun.Challenge, CredentialJson = answer.Json });
        if (!result.Succeeded)
        {
            return new AssertionOutcome.Refused(ReasonOf(call));
        }

        // WebAuthn, "Verifying an Authentication Assertion", step 22. Only now, when the signature is known to be right, does the counter mean anything.
        var counter = result.Passkey.SignCount;
        var counts = counter != 0 || known.Counter != 0;
        return counts && counter <= known.Counter
            ? new AssertionOutcome.Refused(PasskeyRefusal.CounterWentBack)
            : new AssertionOutcome.Proven(known with { Counter = counter, IsBackedUp = result.Passkey.IsBackedUp });
    }

    // The handler would look here for its own domain and for the calling page; both are told to it instead.
    private static DefaultHttpContext NoRequest => new();

    private static readonly PasskeyOwner _nobody = new("", "");

    private static PasskeyRefusal ReasonOf(OneCallHandler call) => call.HasRefusedOrigin ? PasskeyRefusal.OriginNotAllowed : PasskeyRefusal.NotProven;

    // What is not known is left out, as everywhere: WebAuthn says of a list of ways to reach an authenticator what it means, but not of an empty one.
    private static void LeaveOutUnknownTransports(JsonArray credentials)
    {
        foreach (var credential in credentials)
        {
            if (credential!["transports"] is JsonArray { Count: 0 })
            {
                credential.AsObject().Remove("transports");
            }
        }
    }
}
