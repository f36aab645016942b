using Countersign.Core.Devices;
using Countersign.Core.Enrolments;
using Countersign.Core.Flows;
using Countersign.Core.Numbers;
using Countersign.Core.Projects;

namespace Countersign.Core.Unify.Calls;

/// <summary>Begins unify flows.</summary>
public sealed class UnifyStarter(
    INumberAdmission admission, IIdentityStore identities, IDeviceStore devices, DeviceKeyOptions keys, FlowStarter starter,
    TimeProvider time)
{
    /// <param name="answer">Makes the call's answer.</param>
    /// <param name="keyed">The call's idempotency key, or null.</param>
    public async Task<StartOutcome> StartAsync(
        Project project, UnifyRequest request, StartAnswer answer, KeyedCall? keyed, CancellationToken cancellationToken)
    {
        ProjectIdentity? identity = null;
        if (request.Identity is { } id && (identity = await identities.FindAsync(project.Id, id, cancellationToken)) is null)
        {
            return new StartOutcome.NoSuchIdentity();
        }
        if (identity is { HoldsNumber: false })
        {
            return new StartOutcome.NumberHasGone();
        }

        var number = request.PhoneNumber ?? identity?.Number.E164
            ?? throw new ArgumentException("A call that names no identity has a number.", nameof(request));
        var admitting = await AdmitAsync(project, number, request.Start.Type, cancellationToken);
        if (admitting is not Admission.Admitted admitted)
        {
            return starter.Refuse(
                project, Product.Unify, request.Start, number, admitting, request.ClientRequestId, request.ClientCustomerId);
        }
        if (identity is not null && identity.Number != admitted.Number)
        {
            return new StartOutcome.OtherNumber();
        }

        var isOwnCheck = request.Start.Type == FlowType.None;
        return await starter.StartAsync(
            project, request.Start,
            // Nobody but the relying party says how its own check came out.
            admitted with { ProvesItself = admitted.ProvesItself && !isOwnCheck },
            new UnifyProgress(
                isOwnCheck ? new UnifyState.AwaitingOwnCheck() : new UnifyState.AwaitingPossession(),
                Rebinds: request.Rebinds, ClientHumanId: request.ClientHumanId, AskedFor: identity?.Id),
            flow => flow with
            {
                NumberAsGiven = number,
                ClientCustomerId = request.ClientCustomerId,
                ClientRequestId = request.ClientRequestId,
            },
            answer, keyed, cancellationToken);
    }

    private async Task<Admission> AdmitAsync(Project project, string number, FlowType type, CancellationToken cancellationToken)
    {
        var admitting = (await admission.AdmitAsync(number, NumberUse.Unify, cancellationToken)).In(project.Settings);
        // Where no text arrives a key that is there already may prove it; only browsers of mobile flows have one.
        return type == FlowType.Mobile
            && admitting is Admission.Admitted { NoText: not null, Number: var line }
            && await identities.FindAsync(project.Id, line, cancellationToken) is { } person
            && await devices.HasAnyAsync(person.Id, keys.HorizonAt(time.GetUtcNow()), cancellationToken)
                ? admitting
                : admitting.For(type);
    }
}

/// <summary>A well-formed unify call.</summary>
/// <param name="PhoneNumber">Null only beside an <paramref name="Identity"/>.</param>
public sealed record UnifyRequest(
    FlowStart Start, string? PhoneNumber, Guid? Identity, string? ClientCustomerId, string? ClientHumanId, string? ClientRequestId,
    bool Rebinds)
{
    public override string ToString() => Start.ToString();
}
