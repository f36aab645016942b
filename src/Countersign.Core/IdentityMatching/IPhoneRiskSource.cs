namespace Countersign.Core.IdentityMatching;

/// <summary>Knows what has lately happened to a number. Its signals are reported; by default they decide nothing.</summary>
public interface IPhoneRiskSource
{
    /// <summary>Never throws for what the world may do and never takes long: what is not known in time is unknown.</summary>
    Task<PhoneRisk> AssessAsync(RiskQuestion question, CancellationToken cancellationToken);
}

/// <param name="LastVerifiedAt">
/// When possession of the number was last proven to the project that asks, or else since when an identity of that project holds it; null
/// when neither is known.
/// </param>
public sealed record RiskQuestion(PhoneNumber Number, DateTimeOffset? LastVerifiedAt = null);
