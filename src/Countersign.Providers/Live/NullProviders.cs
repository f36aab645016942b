using Countersign.Core;
using Countersign.Core.Assurance;
using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Names;
using Countersign.Core.Possession.MobileAuth;

namespace Countersign.Providers.Live;

/// <summary>No operator is configured: OTP follows at once.</summary>
internal sealed class NoOperator : INumberVerifier
{
    private const string Reason = FlowReason.NoOperatorConfigured;

    public bool MayVerify(PhoneNumber number) => false;

    public Task<NumberCheck> BeginAsync(Flow flow, Secret proof, BrowserConnection browser, CancellationToken cancellationToken) =>
        Task.FromResult<NumberCheck>(new NumberCheck.NotAvailable(Reason));

    public Secret? ReadProof(Flow flow, Secret returned) => null;

    public Task<NumberAnswer> CompleteAsync(Flow flow, Secret returned, CancellationToken cancellationToken) =>
        Task.FromResult<NumberAnswer>(new NumberAnswer.NotAvailable(Reason));
}

/// <summary>No source is configured: nobody is matched, and nobody differs.</summary>
internal sealed class NoIdentitySource : IIdentitySource, IPersonSource, IAssuranceSource, IPhoneRiskSource
{
    public Task<IdentityAnswer> MatchAsync(IdentityQuestion question, CancellationToken cancellationToken) =>
        Task.FromResult(IdentityAnswer.SourceDown);

    public Task<PersonAnswer> FindAsync(
        PhoneNumber number, ProjectId project, PartialDate? birthDate, Ssn? ssn, CancellationToken cancellationToken) =>
        Task.FromResult<PersonAnswer>(new PersonAnswer.SourceDown());

    public Task<PersonCheck> CheckAsync(
        PhoneNumber number, ProjectId project, Person described, MatchPolicy policy, CancellationToken cancellationToken) =>
        Task.FromResult<PersonCheck>(new PersonCheck.SourceDown());

    public Task<AssuranceAnswer> AssessAsync(AssuranceQuestion question, CancellationToken cancellationToken) =>
        Task.FromResult<AssuranceAnswer>(new AssuranceAnswer.SourceDown());

    public Task<PhoneRisk> AssessAsync(RiskQuestion question, CancellationToken cancellationToken) => Task.FromResult(PhoneRisk.Unknown);
}

/// <summary>No operator can be asked whether a number has changed hands, so it need not be known when it was verified.</summary>
internal sealed class NoVerifiedNumbers : IVerifiedNumbers
{
    public Task<DateTimeOffset?> FindAsync(ProjectId projectId, PhoneNumber number, CancellationToken cancellationToken) =>
        Task.FromResult<DateTimeOffset?>(null);

    public Task RecordAsync(ProjectId projectId, PhoneNumber number, DateTimeOffset now, CancellationToken cancellationToken) =>
        Task.CompletedTask;
}
