namespace Countersign.Core;

/// <summary>
/// What a relying party may be told of: a closed set. The names are on the wire and stored, so they are for ever; docs/webhooks.md has a
/// line for each.
/// </summary>
public static class AnnouncementType
{
    public const string FlowStarted = "flow.started";
    public const string PossessionSucceeded = "possession.succeeded";
    public const string PossessionFailed = "possession.failed";
    public const string FlowFinished = "flow.finished";
    public const string TextSent = "text.sent";
    public const string TextDelivered = "text.delivered";
    public const string TextFailed = "text.failed";
    public const string NumberRecycled = "number.recycled";
    public const string DeviceTied = "device.tied";
    public const string DeviceRevoked = "device.revoked";
    public const string BudgetSpent = "budget.spent";
    public const string CapReached = "cap.reached";

    /// <summary>Whether a receiver can be reached: sent when somebody asks for it, and kept nowhere.</summary>
    public const string Test = "webhook.test";

    /// <summary>Those that happen; a test does not.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        FlowStarted, PossessionSucceeded, PossessionFailed, FlowFinished, TextSent, TextDelivered, TextFailed, NumberRecycled, DeviceTied,
        DeviceRevoked, BudgetSpent, CapReached,
    ];
}
