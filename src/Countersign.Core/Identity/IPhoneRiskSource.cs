namespace Countersign.Core.Identity;

/// <summary>Knows what has lately happened to a number. Its signals are reported; by default they decide nothing.</summary>
public interface IPhoneRiskSource
{
    Task<PhoneRisk> AssessAsync(PhoneNumber number, CancellationToken cancellationToken);
}

/// <param name="WasSimSwapped">The SIM changed within the last 24 hours; null when nobody knows.</param>
public sealed record PhoneRisk(bool? WasSimSwapped)
{
    public static PhoneRisk Unknown { get; } = new((bool?)null);
}
