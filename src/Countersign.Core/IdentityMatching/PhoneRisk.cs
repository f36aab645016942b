using System.Text.Json.Serialization;

namespace Countersign.Core.IdentityMatching;

/// <summary>What has lately happened to a number: each is null when nobody knows.</summary>
/// <param name="WasSimSwapped">The SIM changed within the last 24 hours.</param>
/// <param name="WasSimSwappedInWeek">The SIM changed within the last seven days.</param>
/// <param name="WasRecycled">The number has gone to somebody else since it was last verified here.</param>
/// <param name="IsVeryShortTenure">The subscriber has had the number for a very short time.</param>
/// <param name="IsShortTenure">The subscriber has had the number for a short time.</param>
public sealed record PhoneRisk(
    bool? WasSimSwapped, bool? WasSimSwappedInWeek = null, bool? WasRecycled = null, bool? IsVeryShortTenure = null,
    bool? IsShortTenure = null)
{
    public static PhoneRisk Unknown { get; } = new((bool?)null);

    /// <summary>
    /// Whether a signal is given. What happened within a day happened within the week too, whoever could not be asked about that.
    /// </summary>
    public bool? Of(RiskSignal signal) => IsImplied(signal) ? true : ToldOf(signal);

    /// <summary>True when a signal is given only because the narrower one is: one fact, told once.</summary>
    public bool IsImplied(RiskSignal signal) => ToldOf(signal) != true && NarrowerOf(signal) is { } narrower && ToldOf(narrower) == true;

    /// <summary>The signal that implies another; null when none does.</summary>
    public static RiskSignal? NarrowerOf(RiskSignal signal) => signal switch
    {
        RiskSignal.SimSwapInWeek => RiskSignal.SimSwap,
        RiskSignal.ShortTenure => RiskSignal.VeryShortTenure,
        _ => null,
    };

    /// <summary>Two sources' knowledge of one number: a yes of either counts, then a no.</summary>
    public PhoneRisk And(PhoneRisk other) => new(
        Either(WasSimSwapped, other.WasSimSwapped), Either(WasSimSwappedInWeek, other.WasSimSwappedInWeek),
        Either(WasRecycled, other.WasRecycled), Either(IsVeryShortTenure, other.IsVeryShortTenure),
        Either(IsShortTenure, other.IsShortTenure));

    private bool? ToldOf(RiskSignal signal) => signal switch
    {
        RiskSignal.SimSwap => WasSimSwapped,
        RiskSignal.SimSwapInWeek => WasSimSwappedInWeek,
        RiskSignal.Recycled => WasRecycled,
        RiskSignal.VeryShortTenure => IsVeryShortTenure,
        RiskSignal.ShortTenure => IsShortTenure,
        _ => throw new ArgumentOutOfRangeException(nameof(signal)),
    };

    private static bool? Either(bool? one, bool? other) => one == true || other == true ? true : one ?? other;
}

/// <summary>Something that may have happened to a number. Stored names are for ever.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RiskSignal>))]
public enum RiskSignal
{
    SimSwap,
    SimSwapInWeek,
    Recycled,
    VeryShortTenure,
    ShortTenure,
}

/// <summary>Why a possession was not accepted although it was proven.</summary>
/// <param name="Signals">At least one.</param>
/// <param name="Unknown">Those of them of which nobody knew whether they are given; null for none, and in what a former version
/// stored.</param>
public sealed record RiskRefusal(
    IReadOnlyList<RiskSignal> Signals,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<RiskSignal>? Unknown = null);
