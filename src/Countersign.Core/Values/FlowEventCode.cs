namespace Countersign.Core;

/// <summary>
/// What may happen to a flow: a closed set. The codes are stored, counted and told to others, so they are for ever; docs/flow-events.md has
/// a line for each.
/// </summary>
public static class FlowEventCode
{
    public const string MobileAuthBegun = "mobile-auth.begun";
    public const string MobileAuthRefused = "mobile-auth.refused";
    public const string MobileAuthUnavailable = "mobile-auth.unavailable";
    public const string MobileAuthExpired = "mobile-auth.expired";
    public const string OtpBegun = "otp.begun";
    public const string OtpRefused = "otp.refused";
    public const string OtpUnavailable = "otp.unavailable";
    public const string OtpExpired = "otp.expired";
    public const string InstantLinkBegun = "instant-link.begun";
    public const string InstantLinkRefused = "instant-link.refused";
    public const string InstantLinkUnavailable = "instant-link.unavailable";
    public const string InstantLinkExpired = "instant-link.expired";
    public const string DeviceKeyBegun = "device-key.begun";
    public const string DeviceKeyRefused = "device-key.refused";
    public const string DeviceKeyUnavailable = "device-key.unavailable";
    public const string DeviceKeyExpired = "device-key.expired";
    public const string PasskeyRefused = "passkey.refused";

    public const string EntryWrong = "entry.wrong";
    public const string NumberChanged = "number.changed";
    public const string TextResent = "text.resent";

    public const string PossessionProven = "possession.proven";
    public const string PossessionFailed = "possession.failed";
    public const string PossessionNotAccepted = "possession.not-accepted";
    public const string PossessionReported = "possession.reported";
    public const string FlowChanged = "flow.changed";
    public const string FlowFinished = "flow.finished";
    public const string FlowCancelled = "flow.cancelled";

    public const string TextAccepted = "text.accepted";
    public const string TextDelivered = "text.delivered";
    public const string TextRefused = "text.refused";
    public const string TextUnanswered = "text.unanswered";
    public const string TextStuck = "text.stuck";
    public const string TextUndelivered = "text.undelivered";
    public const string TextExpired = "text.expired";
    public const string TextUnknown = "text.unknown";
    public const string TextUnavailable = "text.unavailable";

    public const string IdentityMatched = "identity.matched";
    public const string IdentityDiffers = "identity.differs";
    public const string IdentityNotComparable = "identity.not-comparable";
    public const string IdentityNoRecord = "identity.no-record";
    public const string IdentitySourceUnavailable = "identity.source-unavailable";

    public const string ChallengeAccepted = "challenge.accepted";
    public const string ChallengeAnswered = "challenge.answered";
    public const string CompleteAccepted = "complete.accepted";
    public const string CompleteAnswered = "complete.answered";

    public const string OwnCheckPassed = "own-check.passed";
    public const string BindingDone = "binding.done";
    public const string BindingAnotherPerson = "binding.another-person";
    public const string BindingKeyVoid = "binding.key-void";
    public const string BindingExpired = "binding.expired";

    /// <summary>A device was tied to a person.</summary>
    public const string DeviceTied = "device.tied";

    /// <summary>A device was not tied: the network was asked without anybody seeing it.</summary>
    public const string DeviceLeftOut = "device.left-out";

    /// <summary>The text that tells a person of a device could not be sent.</summary>
    public const string DeviceNoticeUnsent = "device.notice-unsent";

    /// <summary>A limit on what may be tried for a line, or sent to it, is reached.</summary>
    public const string BudgetSpent = "budget.spent";

    /// <summary>A cap on what texts may cost is reached.</summary>
    public const string CapReached = "cap.reached";

    /// <summary>There is a cap, and no price of the gateway: the text is not sent.</summary>
    public const string CapUnpriced = "cap.unpriced";

    /// <summary>The project may not do what was asked.</summary>
    public const string PermissionMissing = "permission.missing";

    public static IReadOnlyList<string> All { get; } =
    [
        MobileAuthBegun, MobileAuthRefused, MobileAuthUnavailable, MobileAuthExpired, OtpBegun, OtpRefused, OtpUnavailable, OtpExpired,
        InstantLinkBegun, InstantLinkRefused, InstantLinkUnavailable, InstantLinkExpired, DeviceKeyBegun, DeviceKeyRefused,
        DeviceKeyUnavailable, DeviceKeyExpired, PasskeyRefused, EntryWrong, NumberChanged, TextResent, PossessionProven, PossessionFailed,
        PossessionNotAccepted, PossessionReported, FlowChanged, FlowFinished, FlowCancelled, TextAccepted, TextDelivered, TextRefused,
        TextUnanswered, TextStuck, TextUndelivered, TextExpired, TextUnknown, TextUnavailable, IdentityMatched, IdentityDiffers,
        IdentityNotComparable, IdentityNoRecord, IdentitySourceUnavailable, ChallengeAccepted, ChallengeAnswered, CompleteAccepted,
        CompleteAnswered, OwnCheckPassed, BindingDone, BindingAnotherPerson, BindingKeyVoid, BindingExpired, DeviceTied, DeviceLeftOut,
        DeviceNoticeUnsent, BudgetSpent, CapReached, CapUnpriced, PermissionMissing,
    ];
}
