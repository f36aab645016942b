using Countersign.Core;
using Countersign.Core.Assurance;
using Countersign.Core.Flows;
using Countersign.Core.Identity;
using Countersign.Core.Possession.MobileAuth;

namespace Countersign.Server.Providers.Live;

/// <summary>No operator is configured: OTP follows at once.</summary>
internal sealed class NoOperator : INumberVerifier
{
    private const string Reason = "no operator is configured";

    public Task<NumberCheck> BeginAsync(Flow flow, Secret proof, BrowserConnection browser, CancellationToken cancellationToken) =>
        Task.FromResult<NumberCheck>(new NumberCheck.NotAvailable(Reason));

    public Secret? ReadProof(Flow flow, Secret returned) => null;

    public Task<NumberAnswer> CompleteAsync(Flow flow, Secret returned, CancellationToken cancellationToken) =>
        Task.FromResult<NumberAnswer>(new NumberAnswer.NotAvailable(Reason));
}

/// <summary>No source is configured: nobody is matched, and nobody differs.</summary>
internal sealed class NoIdentitySource : IIdentitySource, IPersonSource, IAssuranceSource, IPhoneRiskSource
{
    public Task<IdentityAnswer> MatchAsync(IdentityQuestion question, CancellationToken cancellationToken) => Task.FromResult(IdentityAnswer.SourceDown);

    public Task<PersonAnswer> FindAsync(PhoneNumber number, PartialDate? birthDate, Ssn? ssn, CancellationToken cancellationToken) =>
        Task.FromResult<PersonAnswer>(new PersonAnswer.SourceDown());

    public Task<PersonCheck> CheckAsync(PhoneNumber number, Person described, CancellationToken cancellationToken) =>
        Task.FromResult<PersonCheck>(new PersonCheck.SourceDown());

    public Task<AssuranceAnswer> AssessAsync(AssuranceQuestion question, CancellationToken cancellationToken) =>
        Task.FromResult<AssuranceAnswer>(new AssuranceAnswer.SourceDown());

    public Task<PhoneRisk> AssessAsync(PhoneNumber number, CancellationToken cancellationToken) => Task.FromResult(PhoneRisk.Unknown);
}
