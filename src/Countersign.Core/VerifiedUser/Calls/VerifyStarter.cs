using Countersign.Core.Flows;
using Countersign.Core.Numbers;
using Countersign.Core.Projects;

namespace Countersign.Core.VerifiedUser.Calls;

/// <summary>Begins verify flows.</summary>
public sealed class VerifyStarter(INumberAdmission admission, FlowStarter starter)
{
    /// <param name="answer">Makes the call's answer.</param>
    /// <param name="keyed">The call's idempotency key, or null.</param>
    public async Task<StartOutcome> StartAsync(
        Project project, VerifyRequest request, StartAnswer answer, KeyedCall? keyed, CancellationToken cancellationToken)
    {
        var admitting = (await admission.AdmitAsync(request.PhoneNumber, NumberUse.VerifiedUsers, cancellationToken))
            .In(project.Settings).For(request.Start.Type);
        return admitting is not Admission.Admitted admitted
            ? starter.Refuse(
                project, Product.VerifiedUsers, request.Start, request.PhoneNumber, admitting, request.ClientRequestId,
                request.ClientCustomerId)
            : await starter.StartAsync(
                project, request.Start, admitted, new VerifiedUserState.AwaitingPossession(),
                flow => flow with
                {
                    Name = request.Name,
                    ClientCustomerId = request.ClientCustomerId,
                    ClientRequestId = request.ClientRequestId,
                },
                answer, keyed, cancellationToken);
    }
}

/// <summary>A well-formed verify call.</summary>
public sealed record VerifyRequest(
    FlowStart Start, string PhoneNumber, PersonName Name, string? ClientCustomerId, string? ClientRequestId)
{
    public override string ToString() => Start.ToString();
}
