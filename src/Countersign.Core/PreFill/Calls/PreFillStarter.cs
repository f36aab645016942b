using Countersign.Core.Flows;
using Countersign.Core.IdentityMatching;
using Countersign.Core.Numbers;
using Countersign.Core.Projects;

namespace Countersign.Core.PreFill.Calls;

/// <summary>Begins pre-fill flows.</summary>
public sealed class PreFillStarter(INumberAdmission admission, FlowStarter starter)
{
    /// <param name="answer">Makes the call's answer.</param>
    /// <param name="keyed">The call's idempotency key, or null.</param>
    public async Task<StartOutcome> StartAsync(
        Project project, PreFillRequest request, StartAnswer answer, KeyedCall? keyed, CancellationToken cancellationToken)
    {
        var admitting = (await admission.AdmitAsync(request.PhoneNumber, NumberUse.PreFill, cancellationToken))
            .In(project.Settings).For(request.Start.Type);
        if (admitting is not Admission.Admitted admitted)
        {
            return starter.Refuse(
                project, Product.PreFill, request.Start, request.PhoneNumber, admitting, request.ClientRequestId, request.ClientCustomerId);
        }

        var shape = admitted.Shape ?? project.Settings.StartShape;
        // Without a challenge nobody will ask for them, so they are not kept.
        var (birthDate, ssn) = shape == StartShape.PreFill ? (request.BirthDate, request.Ssn) : (null, null);
        return await starter.StartAsync(
            project, request.Start, admitted, new PreFillProgress(shape, new PreFillState.AwaitingPossession(), birthDate, ssn),
            flow => flow with
            {
                NumberAsGiven = request.PhoneNumber,
                ClientCustomerId = request.ClientCustomerId,
                ClientRequestId = request.ClientRequestId,
            },
            answer, keyed, cancellationToken);
    }
}

/// <summary>A well-formed start call.</summary>
public sealed record PreFillRequest(
    FlowStart Start, string PhoneNumber, PartialDate? BirthDate, Ssn? Ssn, string? ClientCustomerId, string? ClientRequestId)
{
    public override string ToString() => Start.ToString();
}
