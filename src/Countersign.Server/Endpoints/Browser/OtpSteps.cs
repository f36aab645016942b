using Countersign.Core;
using Countersign.Core.Flows;
using Countersign.Core.Possession;
using Countersign.Core.Possession.Otp;
using Countersign.Server.Endpoints.Http;
using Countersign.Server.Security;

namespace Countersign.Server.Endpoints.Browser;

/// <summary>
/// POST /v1/client/mobile/otp/start: send a code; sent again, send the same code again; to another number, send a new one.
/// </summary>
internal sealed class OtpStart(BrowserEndpoint browser, OtpMethod method) : IEndpoint
{
    public RequestDelegate Endpoint => browser.Of(MobileNumber.Read, HandleAsync);

    private async Task<StepAnswer> HandleAsync(BrowserCall<MobileNumber> call)
    {
        NumberRefusal? refused = null;
        var flow = await call.ChangeAsync(async (present, now) =>
        {
            (var decision, refused) = await method.SendAsync(present, call.Request.Text, call.Caller.Project, now, call.Aborted);
            Guards.Break("S06", () => call.Context.Response.Headers["Sent"] = decision.Text?.Proof.Reveal());
            return decision;
        });
        if (refused is { } why)
        {
            return StepAnswer.TryAgain(StepError.Of(why), Steps.Stay);
        }

        return flow.Possession switch
        {
            PossessionState.Failed => StepAnswer.Result(flow),
            // With an error the page ends at once; without one it would ask for a code that was never sent.
            PossessionState.Succeeded => StepAnswer.Fail(StepError.AlreadyDecided, Steps.Done),
            _ when flow.CurrentMethod == PossessionMethod.Otp => StepAnswer.Go(Steps.Stay),
            _ => StepAnswer.Fail(StepError.NotInThisFlow, Steps.NameOf(flow)),
        };
    }
}

/// <summary>POST /v1/client/mobile/otp/finish: one entry.</summary>
internal sealed class OtpFinish(BrowserEndpoint browser, OtpMethod method) : IEndpoint
{
    public RequestDelegate Endpoint => browser.Of(body => body.Read(StepMembers.Otp), HandleAsync);

    private async Task<StepAnswer> HandleAsync(BrowserCall<Secret> call)
    {
        var flow = await call.ChangeAsync(async (present, now) =>
        {
            var decision = await method.EnterAsync(present, call.Request, call.Caller.Project.Settings, now, call.Aborted);
            Guards.Drop("T06", ref decision, () => call.Body.AsSpan().IndexOf("\"possessionResult\":\"success\""u8) < 0 ? decision
                : new Decision(present.After(new PossessionEvent.ProofAccepted(), now)));
            return decision;
        });

        return flow.Possession switch
        {
            PossessionState.Challenged when flow.CurrentMethod == PossessionMethod.Otp =>
                StepAnswer.TryAgain(StepError.WrongCode, Steps.Otp),
            PossessionState.Succeeded or PossessionState.Failed => StepAnswer.Result(flow),
            _ => StepAnswer.Fail(StepError.NotInThisFlow, Steps.NameOf(flow)),
        };
    }
}

/// <summary>POST /v1/client/mobile/otp/error: the person, or the page, gave up.</summary>
internal sealed class OtpError(BrowserEndpoint browser) : IEndpoint
{
    public RequestDelegate Endpoint => browser.Of(ErrorReport.Read, GiveUp.HandleAsync);
}
