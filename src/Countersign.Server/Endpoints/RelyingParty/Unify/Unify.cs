using System.Text.Json.Serialization;
using Countersign.Core;
using Countersign.Core.Devices;
using Countersign.Core.Flows;
using Countersign.Core.Identities;
using Countersign.Core.Projects;
using Countersign.Core.Unify;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty;

/// <summary>POST /v3/unify: begins a flow at whose end a number, an identity and, where one took part, a device belong together.</summary>
internal static class Unify
{
    public static RequestDelegate Endpoint { get; } = V3Endpoint.Of(Read, HandleAsync);

    private static UnifyRequest Read(RequestBody body, HttpContext context, Caller caller)
    {
        var type = FlowStart.ReadType(body, Fields.FlowTypes, "possessionType", "flowType");
        // An identity that is named brings its number along.
        var number = body.Text("phoneNumber", isRequired: !body.IsGiven("proveId"), Fields.Phone);
        var proveId = body.Text("proveId", check: Fields.Uuid);
        // The browser's key says which device it is: what the relying party remembers of it decides nothing.
        body.Text("deviceId", check: Fields.ClientId);
        var target = FlowStart.ReadFinalTargetUrl(body, type, context, caller);
        var message = FlowStart.ReadSmsMessage(body, type, context, caller);
        var clientCustomerId = body.Text("clientCustomerId", check: Fields.ClientId);
        var clientHumanId = body.Text("clientHumanId", check: Fields.ClientId);
        var clientRequestId = body.Text("clientRequestId", check: Fields.ClientId);
        body.Text("emailAddress", check: Fields.Email);
        body.Text("ipAddress", check: Fields.IpAddress);
        var start = new FlowStart(type ?? FlowType.None, target, message, body.Flag("allowOTPRetry"));
        var rebinds = body.Flag("rebind");
        // Signals about the number are reported in every flow.
        body.Flag("checkReputation");
        return new UnifyRequest(
            start, number, Guid.TryParse(proveId, out var id) ? id : null, clientCustomerId, clientHumanId, clientRequestId, rebinds);
    }

    private static Task<Answer> HandleAsync(Call<UnifyRequest> call) => call.Service<Idempotency>().RunAsync(call, async keyed =>
    {
        var (answer, fault) = await call.Service<UnifyFlows>().BeginAsync(call.Caller.Project, call.Request, keyed, call.Aborted);
        return answer ?? call.Refuse(fault!);
    });
}

/// <summary>Begins unify flows.</summary>
internal sealed class UnifyFlows(INumberAdmission admission, IIdentityStore identities, IDeviceStore devices, FlowOpening opening)
{
    /// <param name="keyed">The call's idempotency key, or null.</param>
    public async Task<(Answer? Answer, Fault? Fault)> BeginAsync(
        Project project, UnifyRequest request, KeyedCall? keyed, CancellationToken cancellationToken)
    {
        ProjectIdentity? identity = null;
        if (request.ProveId is { } id && (identity = await identities.FindAsync(project.Id, id, cancellationToken)) is null)
        {
            return (null, Fault.NotFound);
        }
        if (identity is { HoldsNumber: false })
        {
            return (null, Fault.Invalid("proveId", "the number of this person has gone to somebody else"));
        }

        var number = request.PhoneNumber ?? identity!.Number.E164;
        if (await AdmitAsync(project, number, request.Start.Type, cancellationToken) is var answer && answer is not Admission.Admitted admitted)
        {
            return (null, answer.ToFault());
        }
        if (identity is not null && identity.Number != admitted.Number)
        {
            return (null, Fault.Invalid("phoneNumber", "is not the number of this proveId"));
        }

        var isOwnCheck = request.Start.Type == FlowType.None;
        return await opening.OpenAsync(
            project, Product.Unify, request.Start,
            // Nobody but the relying party says how its own check came out.
            admitted with { ProvesItself = admitted.ProvesItself && !isOwnCheck },
            flow => flow with
            {
                NumberAsGiven = number,
                ClientCustomerId = request.ClientCustomerId,
                ClientRequestId = request.ClientRequestId,
                Unify = new UnifyProgress(
                    isOwnCheck ? new UnifyState.AwaitingOwnCheck() : new UnifyState.AwaitingPossession(),
                    Rebinds: request.Rebinds, ClientHumanId: request.ClientHumanId, AskedFor: identity?.Id),
            },
            (flow, authToken) => Answer.Ok(
                new UnifyResponse(authToken!, flow.Id.ToString(), UnifyOutcome.Pending), UnifyJson.Answers.UnifyResponse),
            keyed,
            cancellationToken);
    }

    private async Task<Admission> AdmitAsync(Project project, string number, FlowType type, CancellationToken cancellationToken)
    {
        var admitting = (await admission.AdmitAsync(number, NumberUse.Unify, cancellationToken)).In(project.Settings);
        // Where no text arrives a key that is there already may prove it; only browsers of mobile flows have one.
        return type == FlowType.Mobile
            && admitting is Admission.Admitted { NoText: not null, Number: var line }
            && await identities.FindAsync(project.Id, line, cancellationToken) is { } person
            && await devices.HasAnyAsync(person.Id, cancellationToken)
                ? admitting
                : admitting.For(type);
    }
}

/// <summary>A well-formed unify call.</summary>
/// <param name="PhoneNumber">Null only beside a <paramref name="ProveId"/>.</param>
internal sealed record UnifyRequest(
    FlowStart Start, string? PhoneNumber, Guid? ProveId, string? ClientCustomerId, string? ClientHumanId, string? ClientRequestId, bool Rebinds)
{
    public override string ToString() => Start.ToString();
}

internal sealed record UnifyResponse(string AuthToken, string CorrelationId, string Success)
{
    // The auth token is the browser's credential.
    public override string ToString() => CorrelationId;
}

[JsonSerializable(typeof(UnifyResponse))]
[JsonSerializable(typeof(UnifyStatusResponse))]
[JsonSerializable(typeof(DeviceRevokeResponse))]
internal sealed partial class UnifyJson : JsonSerializerContext
{
    public static UnifyJson Answers { get; } = new(HttpJson.NewOptions());
}
