using Countersign.Core.IdentityMatching;

namespace Countersign.Core.Tests.Fakes;

/// <summary>Knows nothing of any number.</summary>
internal sealed class NoRisk : IPhoneRiskSource
{
    public Task<PhoneRisk> AssessAsync(RiskQuestion question, CancellationToken cancellationToken) => Task.FromResult(PhoneRisk.Unknown);
}
