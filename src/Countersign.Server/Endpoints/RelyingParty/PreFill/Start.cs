using Countersign.Core.Flows;
using Countersign.Core.Identity;
using Countersign.Core.PreFill;
using Countersign.Server.Endpoints.Http;

namespace Countersign.Server.Endpoints.RelyingParty.PreFill;

/// <summary>POST /v3/start: begins a flow that fills in or checks a person's data once they have shown that they hold the phone.</summary>
internal static class Start
{
    /// <summary>What <c>flowType</c> and its alias <c>possessionType</c> may say: there is always a possession check.</summary>
    public static IReadOnlyList<string> FlowTypes { get; } = ["desktop", "mobile"];

    public static RequestDelegate Endpoint { get; } = V3Endpoint.Of(Read, HandleAsync);

    private static StartRequest Read(RequestBody body, HttpContext context, Caller caller)
    {
        var type = FlowStart.ReadType(body, FlowTypes, "flowType", "possessionType");
        var number = body.Text("phoneNumber", isRequired: true, Fields.Phone) ?? "";
        var target = FlowStart.ReadFinalTargetUrl(body, type, context, caller);
        var message = FlowStart.ReadSmsMessage(body, type, context, caller);
        body.Text("emailAddress", check: Fields.Email);
        body.Text("ipAddress", check: Fields.IpAddress);
        var birthDate = PersonFields.ReadBirthDate(body, context);
        var ssn = PersonFields.ReadSsn(body);
        var start = new FlowStart(type ?? FlowType.Mobile, target, message, body.Flag("allowOTPRetry"));
        var clientCustomerId = body.Text("clientCustomerId", check: Fields.ClientId);
        var clientRequestId = body.Text("clientRequestId", check: Fields.ClientId);
        return new StartRequest(start, number, birthDate, ssn, clientCustomerId, clientRequestId);
    }

    private static Task<Answer> HandleAsync(Call<StartRequest> call) =>
        call.Service<Idempotency>().RunAsync(call, async keyed =>
        {
            var request = call.Request;
            var project = call.Caller.Project;
            var admission = (await call.Service<INumberAdmission>().AdmitAsync(request.PhoneNumber, NumberUse.PreFill, call.Aborted))
                .In(project.Settings).For(request.Start.Type);
            if (admission is not Admission.Admitted admitted)
            {
                return call.Refuse(admission.ToFault());
            }

            var shape = admitted.Shape ?? project.Settings.StartShape;
            // Without a challenge nobody will ask for them, so they are not kept.
            var (birthDate, ssn) = shape == StartShape.PreFill ? (request.BirthDate, request.Ssn) : (null, null);
            var (answer, fault) = await call.Service<FlowOpening>().OpenAsync(
                project, Product.PreFill, request.Start, admitted,
                flow => flow with
                {
                    NumberAsGiven = request.PhoneNumber,
                    ClientCustomerId = request.ClientCustomerId,
                    ClientRequestId = request.ClientRequestId,
                    PreFill = new PreFillProgress(shape, new PreFillState.AwaitingPossession(), birthDate, ssn),
                },
                (flow, authToken) => Answer.Ok(
                    new StartResponse(authToken!, flow.Id.ToString(), NextStep.Validate), PreFillJson.Answers.StartResponse),
                keyed,
                call.Aborted);
            return answer ?? call.Refuse(fault!);
        });
}

/// <summary>A well-formed start call.</summary>
internal sealed record StartRequest(
    FlowStart Start, string PhoneNumber, PartialDate? BirthDate, Ssn? Ssn, string? ClientCustomerId, string? ClientRequestId)
{
    public override string ToString() => Start.ToString();
}

internal sealed record StartResponse(string AuthToken, string CorrelationId, IReadOnlyDictionary<string, string> Next)
{
    // The auth token is the browser's credential.
    public override string ToString() => CorrelationId;
}
