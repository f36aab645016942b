using System.Text.Json.Serialization;
using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Possession;
using Countersign.Core.Unify;
using Countersign.Core.VerifiedUser;

namespace Countersign.Core.Receipts;

/// <summary>
/// What is known of how a flow's answer came about, so that who relies on it can decide by it. Words and names are stored and told to
/// others, so they are for ever; docs/receipts.md has a line for each. Nothing personal in it.
/// </summary>
public sealed record FlowAssurance
{
    /// <summary>The possession method that proved; null where none did.</summary>
    public string? Method { get; init; }

    /// <summary>What the proof came over: "text", "mobile-network" or "browser"; null where there is none.</summary>
    public string? Channel { get; init; }

    /// <summary>What ties the proof to whoever began: "code", "tap", "digits", "network" or "key"; null where there is none.</summary>
    public string? Binding { get; init; }

    /// <summary>
    /// Whether a page that imitates the relying party's cannot pass the proof on; null where there is none. Only a key of the browser is
    /// bound to the page: a code is told, a link is pressed and a network answers to whoever makes the person do it.
    /// </summary>
    [JsonPropertyName("phishingResistant")]
    public bool? IsPhishingResistant { get; init; }

    /// <summary>True: the link was confirmed in the browser that began. Null where it was not, or it is not known.</summary>
    [JsonPropertyName("sameDevice")]
    public bool? IsSameDevice { get; init; }

    /// <summary>When the SIM was last changed: "within-day", "within-week", "not-within-day", "not-within-week" or "unknown".</summary>
    public required string SimSwap { get; init; }

    /// <summary>Whether the number has gone to somebody else since it was last verified; null when nobody knows.</summary>
    [JsonPropertyName("recycled")]
    public bool? WasRecycled { get; init; }

    /// <summary>"mobile", "fixed", "fixed-or-mobile", "voip", "other" or "unknown": see <see cref="LineKind"/>.</summary>
    public required string Line { get; init; }

    /// <summary>Null where no names were compared.</summary>
    public NameAssurance? Names { get; init; }

    /// <param name="line">Of the flow's number.</param>
    /// <param name="risk">What is known of the number, where the flow itself does not keep it.</param>
    public static FlowAssurance Of(Flow flow, LineKind line, PhoneRisk? risk = null)
    {
        var method = (flow.Possession as PossessionState.Succeeded)?.Method;
        var known = risk ?? RiskOf(flow) ?? PhoneRisk.Unknown;
        var identity = (flow.Tail as VerifiedUserState.Done)?.Identity;
        return new FlowAssurance
        {
            Method = method?.Name,
            Channel = method is { } proven ? ChannelOf(proven) : null,
            Binding = method is { } by ? BindingOf(by, flow) : null,
            IsPhishingResistant = method is null ? null : method == PossessionMethod.DeviceKey,
            IsSameDevice = flow.IsSameDevice ? true : null,
            SimSwap = FreshnessOf(known),
            WasRecycled = known.WasRecycled,
            Line = WordOf(line),
            Names = identity is { IsSourceDown: false, Rule: not null } ? new NameAssurance(identity.Rule, identity.Score, identity.Matcher)
                : null,
        };
    }

    public override string ToString() => Method ?? "";

    private static PhoneRisk? RiskOf(Flow flow) => flow.Tail switch
    {
        VerifiedUserState.Done done => done.Risk,
        UnifyProgress { State: UnifyState.Done done } => done.Risk,
        _ => null,
    };

    private static string? ChannelOf(PossessionMethod method) =>
        method == PossessionMethod.Otp || method == PossessionMethod.InstantLink ? "text"
        : method == PossessionMethod.MobileAuth ? "mobile-network"
        : method == PossessionMethod.DeviceKey ? "browser"
        : null;

    private static string? BindingOf(PossessionMethod method, Flow flow) =>
        method == PossessionMethod.Otp ? "code"
        : method == PossessionMethod.InstantLink ? (flow.MatchDigits is null ? "tap" : "digits")
        : method == PossessionMethod.MobileAuth ? "network"
        : method == PossessionMethod.DeviceKey ? "key"
        : null;

    // What happened within a day happened within the week; what did not within the week did not within the day.
    private static string FreshnessOf(PhoneRisk risk) =>
        risk.WasSimSwapped == true ? "within-day"
        : risk.WasSimSwappedInWeek == true ? "within-week"
        : risk.WasSimSwappedInWeek == false ? "not-within-week"
        : risk.WasSimSwapped == false ? "not-within-day"
        : "unknown";

    private static string WordOf(LineKind line) => line switch
    {
        LineKind.Mobile => "mobile",
        LineKind.Fixed => "fixed",
        LineKind.FixedOrMobile => "fixed-or-mobile",
        LineKind.Voip => "voip",
        LineKind.Other => "other",
        _ => "unknown",
    };
}

/// <summary>How names were compared. Nothing of them.</summary>
/// <param name="Rule">The rule that decided, in a word of whoever compared.</param>
/// <param name="Score">0 to 100; null where the source does not tell.</param>
/// <param name="Matcher">The version of this server's own rules and table; null where another source compared.</param>
public sealed record NameAssurance(string Rule, int? Score = null, int? Matcher = null)
{
    public override string ToString() => Rule;
}
