namespace Countersign.Core;

/// <summary>What a one-call verification asks for.</summary>
public enum VerificationType
{
    /// <summary>Does this name belong to this number?</summary>
    VerifiedUser,

    /// <summary>The same, before an account is opened.</summary>
    AccountOpening,

    /// <summary>Is there a real person behind this number?</summary>
    HumanAssurance,

    /// <summary>Whose number is this?</summary>
    Prefill,

    /// <summary>Which businesses does this number belong to?</summary>
    PrefillForBiz,

    /// <summary>All persons known behind this number.</summary>
    IdentityResolution,
}
