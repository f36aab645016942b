using Countersign.Core.IdentityMatching;

namespace Countersign.Providers.Identity;

/// <summary>Several risk sources as one: all are asked at once, and a yes of one counts.</summary>
internal sealed class RiskSources(IReadOnlyList<IPhoneRiskSource> sources) : IPhoneRiskSource
{
    public async Task<PhoneRisk> AssessAsync(RiskQuestion question, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(sources.Select(source => source.AssessAsync(question, cancellationToken)));
        return answers.Aggregate(PhoneRisk.Unknown, (known, answer) => known.And(answer));
    }
}
