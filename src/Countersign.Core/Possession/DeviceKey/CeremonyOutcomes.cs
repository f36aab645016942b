using Countersign.Core.Devices;

namespace Countersign.Core.Possession.DeviceKey;

/// <summary>How the registration of a passkey ended.</summary>
public abstract record RegistrationOutcome
{
    private RegistrationOutcome() { }

    /// <summary>The authenticator made a passkey. It is registered once it is stored, and its id must not be there already.</summary>
    public sealed record Registered(Passkey Passkey) : RegistrationOutcome;

    public sealed record Refused(PasskeyRefusal Reason) : RegistrationOutcome;
}

/// <summary>How a proof with a passkey ended.</summary>
public abstract record AssertionOutcome
{
    private AssertionOutcome() { }

    /// <param name="Passkey">With its new counter, to be stored instead of the known one: an old counter would let a copy of the key
    /// pass.</param>
    public sealed record Proven(Passkey Passkey) : AssertionOutcome;

    public sealed record Refused(PasskeyRefusal Reason) : AssertionOutcome;
}

/// <summary>Why an authenticator's answer counts for nothing.</summary>
public enum PasskeyRefusal
{
    /// <summary>No JSON of a credential, or a member that is missing, too long or no base64url.</summary>
    Malformed,

    /// <summary>The state belongs to no ceremony, to one of the other kind, or to one of another domain.</summary>
    OtherCeremony,

    /// <summary>
    /// The page that asked is not one of the relying party's, or stood in a frame of another's. If it repeats, look at the project's
    /// settings.
    /// </summary>
    OriginNotAllowed,

    /// <summary>Challenge, domain, flags, key, owner or signature do not fit.</summary>
    NotProven,

    /// <summary>
    /// All is right but that nobody looked at who uses it, which is required here. Only whoever holds the key is told so: another's proof
    /// is <see cref="NotProven"/>.
    /// </summary>
    NotVerified,

    /// <summary>
    /// All is right but the counter, which did not grow since the passkey was asked for: there may be a copy of the key, or its keychain
    /// has given up counting and will be refused for ever.
    /// </summary>
    CounterWentBack,

    /// <summary>
    /// All is right, but another proof of the passkey, with a higher counter, was accepted since it was asked for: refused this once.
    /// </summary>
    Overtaken,

    /// <summary>
    /// All is right but what the passkey says of itself: whether it may be copied has changed since it was registered, which must not be
    /// (WebAuthn, "Verifying an Authentication Assertion"). It will be refused for ever.
    /// </summary>
    BackupEligibilityChanged,
}
