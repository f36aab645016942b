using System.Text.Json.Serialization;

namespace Countersign.Core.Possession;

/// <summary>The methods of a flow in their order: when one cannot prove, the next is tried.</summary>
/// <param name="Method">The method to use now.</param>
/// <param name="Then">What follows when it proves nothing, or null.</param>
public sealed record PossessionPlan(PossessionMethod Method, PossessionPlan? Then = null)
{
    /// <summary>Instant Link (API guide, "Flow Type": desktop).</summary>
    public static PossessionPlan Desktop { get; } = new(PossessionMethod.InstantLink);

    /// <summary>Mobile Auth, then OTP (API guide, "Flow Type": mobile).</summary>
    public static PossessionPlan Mobile { get; } = new(PossessionMethod.MobileAuth, new(PossessionMethod.Otp));

    /// <summary>The key of a known browser first: it spares the person the rest.</summary>
    public static PossessionPlan KnownDeviceThenMobile { get; } = new(PossessionMethod.DeviceKey, Mobile);

    /// <summary>The key of a known browser, or the relying party's own check.</summary>
    public static PossessionPlan KnownDevice { get; } = new(PossessionMethod.DeviceKey);

    /// <summary>The method after which there is none: who fails by it has failed.</summary>
    [JsonIgnore]
    public PossessionMethod Last => Then?.Last ?? Method;

    /// <summary>The plan without its code by text, which is never all of it: for a line where no text arrives.</summary>
    public PossessionPlan WithoutCode() =>
        this with { Then = Then is null || Then.Method == PossessionMethod.Otp ? null : Then.WithoutCode() };

    /// <summary>The plan from the given method on, or null when the method has no place in what is left of it.</summary>
    public PossessionPlan? From(PossessionMethod method) => Method == method ? this : Then?.From(method);
}
