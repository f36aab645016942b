using System.Text.Json.Serialization;
using Countersign.Core.Possession;

namespace Countersign.Core.IdentityMatching;

/// <summary>
/// What a project makes of risk signals. A possession by text is judged by all of them: whoever has taken a number over gets its texts too.
/// One by a key is judged by the number's having changed hands, for it proves who had the number; a SIM has no part in it. The network's
/// own word is not judged.
/// </summary>
public sealed record RiskPolicy
{
    /// <summary>Nothing is refused.</summary>
    public static RiskPolicy Default { get; } = new();

    /// <summary>The SIM changed within 24 hours.</summary>
    /// <value>Reported by default.</value>
    public RiskRule SimSwap { get; init; }

    /// <summary>The SIM changed within seven days.</summary>
    /// <value>Reported by default.</value>
    public RiskRule SimSwapInWeek { get; init; }

    /// <summary>The number has gone to somebody else since it was last verified here.</summary>
    /// <value>Reported by default.</value>
    public RiskRule Recycled { get; init; }

    /// <summary>The subscriber has had the number for a very short time.</summary>
    /// <value>Reported by default.</value>
    public RiskRule VeryShortTenure { get; init; }

    /// <summary>The subscriber has had the number for a short time.</summary>
    /// <value>Reported by default.</value>
    public RiskRule ShortTenure { get; init; }

    /// <summary>A signal that is to be refused counts as given when nobody knows.</summary>
    /// <value>False by default: unknown never blocks.</value>
    public bool RefusesUnknown { get; init; }

    /// <summary>True when something can be refused, so that the signals must be known before anything else is done.</summary>
    [JsonIgnore]
    public bool RefusesAnything => Enum.GetValues<RiskSignal>().Any(signal => RuleOf(signal) == RiskRule.Refuse);

    /// <summary>A policy that says nothing of its own is stored as none.</summary>
    public RiskPolicy? OrNullIfDefault() => this == Default ? null : this;

    /// <summary>What a possession by this method is refused for; null when it is accepted.</summary>
    public RiskRefusal? Judge(PhoneRisk risk, PossessionMethod method)
    {
        RiskSignal[] refused =
        [
            .. SignalsFor(method).Where(signal =>
                RuleOf(signal) == RiskRule.Refuse && (risk.Of(signal) ?? RefusesUnknown) && !IsToldByNarrower(risk, signal)),
        ];
        RiskSignal[] unknown = [.. refused.Where(signal => risk.Of(signal) is null)];
        return refused.Length == 0 ? null : new RiskRefusal(refused, unknown.Length == 0 ? null : unknown);
    }

    private static RiskSignal[] SignalsFor(PossessionMethod method) =>
        method == PossessionMethod.Otp || method == PossessionMethod.InstantLink ? Enum.GetValues<RiskSignal>()
        : method == PossessionMethod.DeviceKey ? [RiskSignal.Recycled]
        : [];

    // One fact is one reason: the narrower signal tells it where that is refused as well.
    private bool IsToldByNarrower(PhoneRisk risk, RiskSignal signal) =>
        risk.IsImplied(signal) && PhoneRisk.NarrowerOf(signal) is { } narrower && RuleOf(narrower) == RiskRule.Refuse;

    private RiskRule RuleOf(RiskSignal signal) => signal switch
    {
        RiskSignal.SimSwap => SimSwap,
        RiskSignal.SimSwapInWeek => SimSwapInWeek,
        RiskSignal.Recycled => Recycled,
        RiskSignal.VeryShortTenure => VeryShortTenure,
        RiskSignal.ShortTenure => ShortTenure,
        _ => throw new ArgumentOutOfRangeException(nameof(signal)),
    };
}

/// <summary>Report: told, decides nothing. Refuse: a possession that the signal speaks against is not accepted.</summary>
public enum RiskRule
{
    Report,
    Refuse,
}
