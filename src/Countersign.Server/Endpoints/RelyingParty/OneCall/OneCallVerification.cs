using Countersign.Core;
using Countersign.Core.Assurance;
using Countersign.Core.Flows;
using Countersign.Core.Identities;
using Countersign.Core.Identity;
using Countersign.Core.Keys;
using Countersign.Core.Projects;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.OneCall;

/// <summary>Answers questions of the one-call contract: for the single call and for each item of a batch.</summary>
internal sealed class OneCallVerification(
    INumberAdmission admission, IAssuranceSource source, IPhoneRiskSource risk, IIdentityStore identities, RecordPrivacy privacy, SecretHasher hasher,
    TimeProvider time)
{
    public async Task<(OneCallOutcome? Outcome, Fault? Fault)> AnswerAsync(Project project, OneCallRequest request, CancellationToken cancellationToken)
    {
        var use = NumberUse.OneCall(request.Verification);
        if ((await admission.AdmitAsync(request.PhoneNumber, use, cancellationToken)).In(project.Settings) is var admitting
            && admitting is not Admission.Admitted { Number: var number })
        {
            return (null, admitting.ToFault());
        }

        var question = new AssuranceQuestion(number, request.Verification, request.Name, request.EmailAddress, request.Elements, FlowChecks.PolicyOf(project.Settings));
        var asking = source.AssessAsync(question, cancellationToken);
        var signals = risk.AssessAsync(new RiskQuestion(number), cancellationToken);
        var (answer, phone) = (await asking, await signals);
        if (AssuranceTable.AsksForName(request.Verification) && privacy.Hides(project.Settings, isPossessionProven: false))
        {
            answer = answer.WithoutRecord();
        }

        var now = time.GetUtcNow();
        // A person gets an id once they are known to be one: a question that came to nothing leaves nothing behind.
        var identity = AssuranceTable.IsEnough(answer.Verdict, request.Verification)
            ? await identities.ObtainAsync(project.Id, number, now, cancellationToken)
            : null;
        return (OneCallOutcome.Of(request.Verification, answer, phone, identity, AliasOf(project, number), now), null);
    }

    /// <summary>Names a number to one project and to nobody else, without telling it.</summary>
    private string AliasOf(Project project, PhoneNumber number) => hasher.Hash($"phone-alias:{project.Id}", new Secret(number.E164)).Hex;
}
